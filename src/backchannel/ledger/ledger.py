"""The ledger itself: one SQLite file that only ever grows, and that a team can share.

Every entry is one transaction: killed at any moment, it is there whole or not at all. SQLite's
locks belong to the process and are gone with it, so a crash leaves none behind.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from backchannel.errors import CommandError
from backchannel.ledger.tables import APPLICATION, SCRIPTS, VERSION
from backchannel.names import NodeName, Value, did_you_mean

WAIT = 30.0
"""Seconds to wait for another process that is writing."""


@dataclass(frozen=True)
class Logged:
    """One node's forecast, as it is entered."""

    node: NodeName
    title: str
    due: date | None
    resolves: str
    values: tuple[Value, ...]
    probabilities: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]


@dataclass(frozen=True)
class RunEntry:
    """What the forecasts of one run have in common."""

    case_name: str
    case_title: str
    case_hash: str
    as_of: date
    draws: int
    effective_draws: float
    seed: int
    version: str
    by: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a node."""

    id: int
    case_name: str
    node: NodeName
    value: Value
    date: date
    source: str
    corrects: int | None
    why: str


@dataclass(frozen=True)
class Forecasted:
    """A node that was forecast, as its last forecast has it."""

    node: NodeName
    title: str
    due: date | None
    resolves: str
    """By what test it will be known; empty if the case states none."""
    values: tuple[Value, ...]
    outcome: Outcome | None
    """What came of it, if that was entered."""


class Ledger:
    """Forecasts and outcomes, entered once and never changed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Ledger(Path(folder) / "team.ledger").runs()
    []
    """

    def __init__(self, path: str | Path) -> None:
        """Open a ledger, make it, or take an older one to this version.

        Raises:
            CommandError: The file is no ledger, of a newer version, or cannot be opened.
        """
        self.path = Path(path)
        if not self.path.parent.is_dir():
            raise CommandError(f"{path}: there is no folder {self.path.parent} to keep it in.")
        # Whoever only reads needs no right to write, and waits for nobody.
        if not self._is_current():
            with self._writing("opened"):
                pass

    def log(self, run: RunEntry, forecasts: Sequence[Logged]) -> int:
        """Enter the forecasts of one run; all of them, or none.

        Returns:
            The number of the run.
        """
        with self._writing("written") as base:
            cursor = base.execute(
                "INSERT INTO runs (logged_at, case_name, case_title, case_hash, as_of, draws, "
                "effective_draws, seed, version, by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    _now(), run.case_name, run.case_title, run.case_hash, run.as_of.isoformat(),
                    run.draws, run.effective_draws, run.seed, run.version, run.by,
                ),
            )  # fmt: skip
            number = int(cursor.lastrowid or 0)
            for one in forecasts:
                cursor = base.execute(
                    "INSERT INTO forecasts (run, node, title, due, resolves) VALUES (?, ?, ?, ?, ?)",
                    (
                        number, one.node, one.title, one.due.isoformat() if one.due else None,
                        one.resolves,
                    ),
                )  # fmt: skip
                rows = zip(one.values, one.probabilities, one.lows, one.highs, strict=True)
                base.executemany(
                    "INSERT INTO chances VALUES (?, ?, ?, ?, ?, ?)",
                    [
                        (cursor.lastrowid, i, json.dumps(value), *numbers)
                        for i, (value, *numbers) in enumerate(rows)
                    ],
                )
        return number

    def resolve(
        self,
        case_name: str,
        values: Mapping[NodeName, Value],
        *,
        on: date,
        source: str,
        correct: bool = False,
        why: str = "",
    ) -> None:
        """Enter what came of nodes; all of them, or none.

        Args:
            case_name: The case that forecast them.
            values: What each node turned out to be; one of the values that were forecast.
            on: The day on which it came about.
            source: Who says so.
            correct: Correct outcomes that were entered before; the old entries stay.
            why: Why they are corrected.

        Raises:
            CommandError: Nothing was forecast of that name, a value is none of the node's, or an
                outcome was entered before and this is no correction. Every problem is told.
        """
        with self._writing("written") as base:
            rows = _checked(base, case_name, values, correct=correct, why=why)
            base.executemany(
                "INSERT INTO outcomes (entered_at, case_name, node, value, date, source, corrects, "
                "why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (_now(), case_name, node, value, on.isoformat(), source, corrected, why)
                    for node, value, corrected in rows
                ],
            )

    def check(
        self, case_name: str, values: Mapping[NodeName, Value], *, correct: bool, why: str
    ) -> None:
        """See whether outcomes could be entered, and write nothing.

        Raises:
            CommandError: As `resolve`.
        """
        with self._reading() as base:
            _checked(base, case_name, values, correct=correct, why=why)

    def withdraw(self, run: int, *, why: str) -> None:
        """Withdraw a run that was logged by mistake: it stays, and no longer counts.

        Raises:
            CommandError: There is no such run, it is withdrawn already, or no reason is given.
        """
        if not why:
            raise CommandError("Say why the run is withdrawn (--why TEXT).")
        with self._writing("written") as base:
            if not base.execute("SELECT 1 FROM runs WHERE id = ?", (run,)).fetchone():
                raise CommandError(f"No run has the number {run}; `backchannel ledger` lists them.")
            if base.execute("SELECT 1 FROM withdrawals WHERE run = ?", (run,)).fetchone():
                raise CommandError(f"Run {run} is withdrawn already.")
            base.execute("INSERT INTO withdrawals VALUES (?, ?, ?)", (run, _now(), why))

    def runs(self) -> list[dict[str, Any]]:
        """Every run: when, which case and version, how many forecasts, withdrawn or not."""
        return self.rows(
            "SELECT runs.*, count(forecasts.id) AS forecasts, withdrawals.why AS withdrawn "
            "FROM runs LEFT JOIN forecasts ON forecasts.run = runs.id "
            "LEFT JOIN withdrawals ON withdrawals.run = runs.id GROUP BY runs.id ORDER BY runs.id"
        )

    def forecasted(self, case_name: str) -> list[Forecasted]:
        """Every node of a case that was forecast, first due first, with the test that resolves it.

        Raises:
            CommandError: Nothing was logged of a case of that name.
        """
        with self._reading() as base:
            _check_case(base, case_name)
            standing = _standing(base, case_name)
            last = base.execute(
                "SELECT id, node, title, due, resolves FROM forecasts WHERE id IN (SELECT max(f.id) "
                "FROM forecasts f JOIN runs r ON r.id = f.run WHERE r.case_name = ? GROUP BY f.node) "
                "ORDER BY due IS NULL, due, id",
                (case_name,),
            ).fetchall()
            return [
                Forecasted(
                    node, title, date.fromisoformat(due) if due else None, resolves,
                    tuple(_values(base, number)), standing.get(node),
                )
                for number, node, title, due, resolves in last
            ]  # fmt: skip

    def outcomes(self, case_name: str | None = None) -> list[Outcome]:
        """What came of every resolved node; of corrections the last."""
        with self._reading() as base:
            found = {
                name: _standing(base, name)
                for (name,) in base.execute("SELECT DISTINCT case_name FROM outcomes").fetchall()
                if case_name in (None, name)
            }
        return [outcome for standing in found.values() for outcome in standing.values()]

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Read rows, as mappings of column names to values."""
        with self._reading() as base:
            base.row_factory = sqlite3.Row
            return [dict(row) for row in base.execute(query, values).fetchall()]

    def _is_current(self) -> bool:
        if not self.path.exists():
            return False
        with self._reading() as base:
            return _version(base, self.path) == VERSION

    @contextmanager
    def _writing(self, done: str) -> Iterator[sqlite3.Connection]:
        with self._open(done) as base:
            base.execute("BEGIN IMMEDIATE")
            try:
                _bring_up(base, self.path)
                yield base
            except BaseException:
                base.rollback()
                raise
            base.commit()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._open("read") as base:
            yield base

    @contextmanager
    def _open(self, done: str) -> Iterator[sqlite3.Connection]:
        try:
            base = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)
        except sqlite3.Error as error:
            raise CommandError(f"{self.path} cannot be opened: {error}.") from None
        try:
            base.execute("PRAGMA foreign_keys = ON")
            base.execute("PRAGMA synchronous = FULL")
            yield base
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                reason = f"another process has been writing to it for {WAIT:.0f} seconds"
            elif "not a database" in str(error):
                reason = "it is no ledger; choose another file with --ledger"
            else:
                reason = str(error)
            raise CommandError(
                f"{self.path} cannot be {done}: {reason}. Nothing was written."
            ) from None
        finally:
            base.close()


def _bring_up(base: sqlite3.Connection, path: Path) -> None:
    """Take the file to this version, inside the transaction that is open."""
    version = _version(base, path)
    for script in SCRIPTS[version:]:
        for statement in _statements(script):
            base.execute(statement)
    if version < VERSION:
        base.execute(f"PRAGMA user_version = {VERSION}")
        base.execute(f"PRAGMA application_id = {APPLICATION}")


def _version(base: sqlite3.Connection, path: Path) -> int:
    """The version of a ledger; 0 where the file is empty."""
    version = int(base.execute("PRAGMA user_version").fetchone()[0])
    mark = int(base.execute("PRAGMA application_id").fetchone()[0])
    tables = base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and mark != APPLICATION:
        raise CommandError(f"{path} is a database of another program, and is left as it is.")
    if version > VERSION:
        raise CommandError(
            f"{path} is a ledger of version {version}; this Backchannel knows versions up to "
            f"{VERSION}. Install a newer Backchannel; the file is left as it is."
        )
    return version


def _statements(script: str) -> Iterator[str]:
    # `executescript` would commit the open transaction.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _checked(
    base: sqlite3.Connection,
    case_name: str,
    values: Mapping[NodeName, Value],
    *,
    correct: bool,
    why: str,
) -> list[tuple[NodeName, str, int | None]]:
    """For each node the value as it is stored, and the entry that it corrects."""
    standing = _standing(base, case_name)
    problems, rows = [], []
    for node, said in values.items():
        try:
            value = _value(base, case_name, node, said)
            before = standing.get(node)
            _check_standing(node, before, correct=correct, why=why)
            rows.append((node, json.dumps(value), before.id if before else None))
        except CommandError as error:
            problems.append(str(error))
    if problems:
        told = "\n".join(dict.fromkeys(problems))
        raise CommandError(f"{told}\nNothing was written.")
    return rows


def _value(base: sqlite3.Connection, case_name: str, node: NodeName, said: Value) -> Value:
    domain = _domain(base, case_name, node)
    if said in domain:
        return said
    named = {str(known): known for known in domain}
    if str(said) in named:
        return named[str(said)]
    raise CommandError(
        f"{node} cannot be '{said}'.{did_you_mean(str(said), list(named))} "
        f"It can be: {', '.join(named)}."
    )


def _check_standing(node: NodeName, before: Outcome | None, *, correct: bool, why: str) -> None:
    if before and not correct:
        raise CommandError(
            f"{node} was resolved before: {before.value} on {before.date} ({before.source}). To "
            "correct that, say so (--correct --why TEXT); the old entry stays in the ledger."
        )
    if correct and not before:
        raise CommandError(f"{node} was not resolved before, so nothing is corrected.")
    if correct and not why:
        raise CommandError("Say why the outcome is corrected (--why TEXT).")


def _domain(base: sqlite3.Connection, case_name: str, node: NodeName) -> list[Value]:
    """The values that a node was last forecast to have."""
    last = base.execute(
        "SELECT max(forecasts.id) FROM forecasts JOIN runs ON runs.id = forecasts.run "
        "WHERE runs.case_name = ? AND forecasts.node = ?",
        (case_name, node),
    ).fetchone()[0]
    if last is None:
        _check_case(base, case_name)
        known = [
            row[0]
            for row in base.execute(
                "SELECT DISTINCT node FROM forecasts JOIN runs ON runs.id = forecasts.run "
                "WHERE runs.case_name = ?",
                (case_name,),
            )
        ]
        raise CommandError(
            f"No forecast of '{node}' was logged for {case_name}.{did_you_mean(node, known)} "
            f"There are: {', '.join(sorted(known))}."
        )
    return _values(base, last)


def _check_case(base: sqlite3.Connection, case_name: str) -> None:
    cases = [row[0] for row in base.execute("SELECT DISTINCT case_name FROM runs")]
    if case_name not in cases:
        raise CommandError(
            f"Nothing was logged of a case called '{case_name}'.{did_you_mean(case_name, cases)} "
            f"The ledger holds: {', '.join(cases) or 'nothing yet'}."
        )


def _values(base: sqlite3.Connection, forecast: int) -> list[Value]:
    rows = base.execute("SELECT value FROM chances WHERE forecast = ? ORDER BY place", (forecast,))
    return [json.loads(value) for (value,) in rows]


def _standing(base: sqlite3.Connection, case_name: str) -> dict[NodeName, Outcome]:
    """For each resolved node the entry that no later one corrects."""
    rows = base.execute(
        "SELECT id, case_name, node, value, date, source, corrects, why FROM outcomes "
        "WHERE case_name = ? AND id NOT IN "
        "(SELECT corrects FROM outcomes WHERE corrects IS NOT NULL) ORDER BY id",
        (case_name,),
    )
    return {
        node: Outcome(
            number, name, node, json.loads(value), date.fromisoformat(day), source, old, why
        )
        for number, name, node, value, day, source, old, why in rows.fetchall()
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
