"""The ledger: one SQLite file that only grows, and that a team can share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value
from backchannel.language.number_ranges import NUMBER_FROM_1
from backchannel.language.plain_values import plain
from backchannel.ledger.entries import Logged, RunEntry, enter_outcomes, enter_run, now
from backchannel.ledger.file import LedgerFile
from backchannel.ledger.latest import latest_forecasts
from backchannel.ledger.outcomes import (
    ResolvedOutcome,
    all_current_outcomes,
    check_case,
    checked_outcomes,
    current_outcomes,
    forecast_values,
)


@dataclass(frozen=True)
class Forecasted:
    """A node that was forecast, with the data of its last forecast."""

    node: NodeName
    title: str
    due: date | None
    resolves: str
    """The test by which the outcome will be known; empty if the case states none."""
    values: tuple[Value, ...]
    outcome: ResolvedOutcome | None
    """The outcome, if it was entered."""


class Ledger:
    """Forecasts and outcomes, entered once and never changed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Ledger(Path(folder) / "team.ledger").runs()
    []
    """

    def __init__(self, path: str | Path) -> None:
        """Open or create a ledger, and update an older one to this version.

        Raises:
            CommandError: The file is not a ledger, has a newer version, is damaged, or cannot be opened.
        """
        self._file = LedgerFile(path)
        self.path = self._file.path

    @classmethod
    def existing(cls, path: str | Path) -> Ledger:
        """Open a ledger that is there.

        Raises:
            CommandError: There is none, or as for a new one.
        """
        if not Path(path).exists():
            raise CommandError(
                f"There is no ledger {path}. `backchannel log CASE --ledger {path}` creates it."
            )
        return cls(path)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Open one transaction for entries that belong together: all of them or none.

        Raises:
            CommandError: The ledger cannot be written; nothing was.
        """
        with self._file.writing("written") as base:
            yield base

    def log(
        self, run: RunEntry, forecasts: Sequence[Logged], *, logged_at: str | None = None
    ) -> int:
        """Enter the forecasts of one run: all of them or none.

        Args:
            run: What its forecasts share.
            forecasts: The forecasts.
            logged_at: For a record that was kept elsewhere, the moment at which it was made, in UTC.

        Returns:
            The number of the run.
        """
        with self._file.writing("written") as base:
            return enter_run(base, run, forecasts, logged_at=logged_at or now())

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
        """Enter the outcomes of nodes: all of them or none.

        Args:
            case_name: The case that forecast them.
            values: By node, the outcome; one of the values that were forecast.
            on: The day of the outcome.
            source: The source of the outcome.
            correct: Correct outcomes that were entered before; the old entries remain.
            why: Why they are corrected.

        Raises:
            CommandError: There is no forecast of a node, a value is not one of the node's, or an outcome was
                entered before and this is not a correction, or a derived node's outcome contradicts those of
                its parts. Every problem is listed.
        """
        values, day = plain(values), plain(on)
        if not isinstance(day, date) or isinstance(day, datetime):
            raise CommandError(f"on must be a day, not {on!r}.")
        with self._file.writing("written") as base:
            rows = checked_outcomes(base, case_name, values, correct=correct, why=why)
            enter_outcomes(base, case_name, rows, day=day, source=source, why=why)

    def check(
        self, case_name: str, values: Mapping[NodeName, Value], *, correct: bool, why: str
    ) -> None:
        """Check whether outcomes could be entered, without writing.

        Raises:
            CommandError: As `resolve`.
        """
        with self._file.reading() as base:
            checked_outcomes(base, case_name, values, correct=correct, why=why)

    def withdraw(self, run: int, *, why: str) -> None:
        """Withdraw a run that was logged by mistake: it remains in the ledger but no longer counts.

        Raises:
            CommandError: There is no such run, it is already withdrawn, or no reason is given.
        """
        run = NUMBER_FROM_1.read_whole(run, "run")
        if not why:
            raise CommandError("Give a reason for the withdrawal (--why TEXT).")
        with self._file.writing("written") as base:
            if not base.execute("SELECT 1 FROM runs WHERE id = ?", (run,)).fetchone():
                raise CommandError(f"No run has the number {run}; `backchannel ledger` lists them.")
            if base.execute("SELECT 1 FROM withdrawals WHERE run = ?", (run,)).fetchone():
                raise CommandError(f"Run {run} is already withdrawn.")
            base.execute("INSERT INTO withdrawals VALUES (?, ?, ?)", (run, now(), why))

    def runs(self) -> list[dict[str, Any]]:
        """List every run: time, case, version, number of forecasts, and withdrawal."""
        return self.rows(
            "SELECT runs.*, count(forecasts.id) AS forecasts, withdrawals.why AS withdrawn "
            "FROM runs LEFT JOIN forecasts ON forecasts.run = runs.id "
            "LEFT JOIN withdrawals ON withdrawals.run = runs.id GROUP BY runs.id ORDER BY runs.id"
        )

    def forecasted(self, case_name: str) -> list[Forecasted]:
        """List every node of a case that was forecast, by due date, with the test that resolves it.

        Raises:
            CommandError: Nothing was logged for a case of that name.
        """
        with self._file.reading() as base:
            check_case(base, case_name)
            standing = current_outcomes(base, case_name)
            last = [
                base.execute(
                    "SELECT due, id, node, title, resolves FROM forecasts WHERE id = ?", (number,)
                ).fetchone()
                for number in latest_forecasts(base, case_name).values()
            ]
            last.sort(key=lambda row: (row[0] is None, row[0] or "", row[1]))
            return [
                Forecasted(
                    node, title, date.fromisoformat(due) if due else None, resolves,
                    tuple(forecast_values(base, number)), standing.get(node),
                )
                for due, number, node, title, resolves in last
            ]  # fmt: skip

    def outcomes(self, case_name: str | None = None) -> list[ResolvedOutcome]:
        """List the outcome of every resolved node; corrected outcomes are left out."""
        with self._file.reading() as base:
            outcomes = all_current_outcomes(base)
        return [outcome for outcome in outcomes if case_name in (None, outcome.case_name)]

    def known_outcomes(
        self, case_name: str, *, after: date
    ) -> dict[NodeName, tuple[Value, date, str]]:
        """By node, what came about after a day, when, and by which source."""
        return {
            known.node: (known.value, known.date, known.source)
            for known in self.outcomes(case_name)
            if known.date > after
        }

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Run a query and return its rows as mappings of column names to values."""
        with self._file.reading() as base:
            base.row_factory = sqlite3.Row
            return [dict(row) for row in base.execute(query, values).fetchall()]
