"""What is entered in a ledger: runs with their forecasts, and outcomes; each inside an open transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from backchannel.language.names import NodeName, Value
from backchannel.ledger.derivation_text import Derivation


@dataclass(frozen=True)
class Logged:
    """The forecast of one node, as it is entered."""

    node: NodeName
    title: str
    due: date | None
    resolves: str
    values: tuple[Value, ...]
    probabilities: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    derivation: Derivation | None = None
    """For a derived node, how its value follows from other nodes of the run."""
    views: tuple[tuple[float, ...], tuple[float, ...]] | None = None
    """For a node with a base rate, the probabilities by the case alone and by the base rate alone."""
    structures: tuple[float, ...] | None = None
    """Where rivals were solved, the probabilities over the case and its rivals, weighted by the record."""


@dataclass(frozen=True)
class RunEntry:
    """The data of one run, which its forecasts share."""

    case_name: str
    case_title: str
    case_hash: str
    as_of: date
    draws: int
    effective_draws: float
    seed: int
    version: str
    by: str = ""


def enter_run(
    base: sqlite3.Connection, run: RunEntry, forecasts: Sequence[Logged], *, logged_at: str
) -> int:
    """Enter one run with its forecasts.

    Args:
        base: The ledger, in an open transaction.
        run: What its forecasts share.
        forecasts: The forecasts.
        logged_at: The moment at which it was made, in UTC.

    Returns:
        The number of the run.
    """
    cursor = base.execute(
        "INSERT INTO runs (logged_at, case_name, case_title, case_hash, as_of, draws, "
        "effective_draws, seed, version, by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            logged_at, run.case_name, run.case_title, run.case_hash, date.isoformat(run.as_of),
            run.draws, run.effective_draws, run.seed, run.version, run.by,
        ),
    )  # fmt: skip
    number = int(cursor.lastrowid or 0)
    for forecast in forecasts:
        cursor = base.execute(
            "INSERT INTO forecasts (run, node, title, due, resolves) VALUES (?, ?, ?, ?, ?)",
            (
                # A month is entered as its last day: the ledger knows days alone.
                number, forecast.node, forecast.title,
                date.isoformat(forecast.due) if forecast.due else None, forecast.resolves,
            ),
        )  # fmt: skip
        rows = zip(
            forecast.values,
            forecast.probabilities,
            forecast.lows,
            forecast.highs,
            strict=True,
        )
        base.executemany(
            "INSERT INTO chances VALUES (?, ?, ?, ?, ?, ?)",
            [
                (cursor.lastrowid, i, json.dumps(value), *numbers)
                for i, (value, *numbers) in enumerate(rows)
            ],
        )
        if forecast.views:
            pairs = zip(*forecast.views, strict=True)
            base.executemany(
                "INSERT INTO views VALUES (?, ?, ?, ?)",
                [(cursor.lastrowid, i, *pair) for i, pair in enumerate(pairs)],
            )
        if forecast.structures:
            base.executemany(
                "INSERT INTO structures VALUES (?, ?, ?)",
                [(cursor.lastrowid, i, p) for i, p in enumerate(forecast.structures)],
            )
        if forecast.derivation:
            base.execute(
                "INSERT INTO derivations VALUES (?, ?, ?)",
                (cursor.lastrowid, *forecast.derivation.as_texts()),
            )
    base.execute("INSERT INTO complete VALUES (?)", (number,))
    return number


def enter_outcomes(
    base: sqlite3.Connection,
    case_name: str,
    rows: Iterable[tuple[NodeName, str, int | None]],
    *,
    day: date,
    source: str,
    why: str = "",
) -> None:
    """Enter outcomes that were checked.

    Args:
        base: The ledger, in an open transaction.
        case_name: The case that forecast the nodes.
        rows: For each node its value as JSON, and the entry that it corrects.
        day: The day of the outcomes.
        source: Their source.
        why: Why earlier entries are corrected.
    """
    base.executemany(
        "INSERT INTO outcomes (entered_at, case_name, node, value, date, source, corrects, why) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (now(), case_name, node, value, day.isoformat(), source, corrected, why)
            for node, value, corrected in rows
        ],
    )


def now() -> str:
    """The moment, in UTC, as the ledger keeps it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
