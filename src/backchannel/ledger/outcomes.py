"""Outcomes in a ledger: which entries stand, and which may be entered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value, did_you_mean
from backchannel.ledger.checked import read_value


@dataclass(frozen=True)
class ResolvedOutcome:
    """What came of a node."""

    id: int
    case_name: str
    node: NodeName
    value: Value
    date: date
    source: str
    corrects: int | None
    why: str


def checked_outcomes(
    base: sqlite3.Connection,
    case_name: str,
    values: Mapping[NodeName, Value],
    *,
    correct: bool,
    why: str,
) -> list[tuple[NodeName, str, int | None]]:
    """See whether outcomes may be entered.

    Args:
        base: The open ledger.
        case_name: The case that forecast the nodes.
        values: What each node turned out to be.
        correct: Correct outcomes that were entered before.
        why: Why they are corrected.

    Returns:
        For each node the value as it is stored, and the entry that it corrects.

    Raises:
        CommandError: Nothing was forecast of that name, a value is none of the node's, or an
            outcome was entered before and this is no correction. Every problem is told.
    """
    standing = standing_outcomes(base, case_name)
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


def standing_outcomes(base: sqlite3.Connection, case_name: str) -> dict[NodeName, ResolvedOutcome]:
    """For each resolved node of a case the entry that no later one corrects."""
    return {one.node: one for one in all_standing(base) if one.case_name == case_name}


def all_standing(base: sqlite3.Connection) -> list[ResolvedOutcome]:
    """For each resolved node of each case the entry that no later one corrects."""
    rows = base.execute(
        "SELECT id, case_name, node, value, date, source, corrects, why FROM outcomes "
        "WHERE id NOT IN (SELECT corrects FROM outcomes WHERE corrects IS NOT NULL) "
        "ORDER BY case_name, id"
    )
    found = {
        (name, node): ResolvedOutcome(
            number, name, node, read_value(value), date.fromisoformat(day), source, old, why
        )
        for number, name, node, value, day, source, old, why in rows.fetchall()
    }
    return list(found.values())


def check_case(base: sqlite3.Connection, case_name: str) -> None:
    """See to it that something was logged of a case.

    Raises:
        CommandError: Nothing was; the nearest name is told.
    """
    cases = [row[0] for row in base.execute("SELECT DISTINCT case_name FROM runs")]
    if case_name not in cases:
        raise CommandError(
            f"Nothing was logged of a case called '{case_name}'.{did_you_mean(case_name, cases)} "
            f"The ledger holds: {', '.join(cases) or 'nothing yet'}."
        )


def forecast_values(base: sqlite3.Connection, forecast: int) -> list[Value]:
    """The values that one forecast gave chances to, in the order of the node's domain."""
    rows = base.execute("SELECT value FROM chances WHERE forecast = ? ORDER BY place", (forecast,))
    return [read_value(value) for (value,) in rows]


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


def _check_standing(
    node: NodeName, before: ResolvedOutcome | None, *, correct: bool, why: str
) -> None:
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
        check_case(base, case_name)
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
    return forecast_values(base, last)
