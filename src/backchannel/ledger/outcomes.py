"""Outcomes in a ledger: which entries are current, and which can be entered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value, did_you_mean
from backchannel.language.values import explain_no_value, matching_values
from backchannel.ledger.checked import read_value
from backchannel.ledger.derivations import Contradiction, contradictions
from backchannel.ledger.latest import latest_forecasts

_OF_ALL = """
SELECT id, case_name, node, value, date, source, corrects, why FROM outcomes
WHERE id NOT IN (SELECT corrects FROM outcomes WHERE corrects IS NOT NULL) ORDER BY case_name, id
"""
_OF_CASE = """
SELECT id, case_name, node, value, date, source, corrects, why FROM outcomes AS o WHERE case_name = ?
AND NOT EXISTS (SELECT 1 FROM outcomes WHERE corrects = o.id) ORDER BY id
"""


@dataclass(frozen=True)
class ResolvedOutcome:
    """The outcome of a node."""

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
    """Check whether outcomes can be entered.

    Args:
        base: The open ledger.
        case_name: The case that forecast the nodes.
        values: By node, the outcome.
        correct: Correct outcomes that were entered before.
        why: Why they are corrected.

    Returns:
        For each node the value as it is stored, and the entry that it corrects.

    Raises:
        CommandError: There is no forecast of a node, a value is not one of the node's, an outcome was
            entered before and this is not a correction, or a derived node's outcome contradicts those of
            its parts. Every problem is listed.
    """
    current = current_outcomes(base, case_name)
    latest = latest_forecasts(base, case_name)
    problems, rows = [], []
    for node, said in values.items():
        try:
            value = _value(base, case_name, node, said, latest)
            before = current.get(node)
            _check_correction(node, before, correct=correct, why=why)
            rows.append((node, json.dumps(value), before.id if before else None))
        except CommandError as error:
            problems.append(str(error))
    if not problems:
        added = {node: read_value(value) for node, value, _ in rows}
        problems = [wrong.message for wrong in added_contradictions(base, case_name, added)]
    if problems:
        lines = "\n".join(dict.fromkeys(problems))
        raise CommandError(f"{lines}\nNothing was written.")
    return rows


def added_contradictions(
    base: sqlite3.Connection, case_name: str, added: Mapping[NodeName, Value]
) -> list[Contradiction]:
    """List what outcomes contradict that are to be entered.

    What contradicts itself already, from an older ledger, does not stop other entries.

    Args:
        base: The open ledger.
        case_name: The case that forecast the nodes.
        added: By node, the outcome; in place of one that was entered before.
    """
    outcomes = {node: known.value for node, known in current_outcomes(base, case_name).items()}
    before = contradictions(base, case_name, outcomes)
    after = contradictions(base, case_name, outcomes | dict(added))
    return [problem for problem in after if problem not in before]


def current_outcomes(base: sqlite3.Connection, case_name: str) -> dict[NodeName, ResolvedOutcome]:
    """Return the current outcome of each resolved node of a case."""
    return {outcome.node: outcome for outcome in _outcomes(base.execute(_OF_CASE, (case_name,)))}


def all_current_outcomes(base: sqlite3.Connection) -> list[ResolvedOutcome]:
    """List the outcomes that no later entry corrects."""
    return _outcomes(base.execute(_OF_ALL))


def _outcomes(rows: sqlite3.Cursor) -> list[ResolvedOutcome]:
    outcomes = {
        (name, node): ResolvedOutcome(
            number, name, node, read_value(value), date.fromisoformat(day), source, old, why
        )
        for number, name, node, value, day, source, old, why in rows.fetchall()
    }
    return list(outcomes.values())


def check_case(base: sqlite3.Connection, case_name: str) -> None:
    """Check that something was logged for a case.

    Raises:
        CommandError: Nothing was logged; the message suggests a name.
    """
    cases = [row[0] for row in base.execute("SELECT DISTINCT case_name FROM runs")]
    if case_name not in cases:
        raise CommandError(
            f"Nothing was logged for a case called '{case_name}'.{did_you_mean(case_name, cases)} "
            f"The cases in the ledger are: {', '.join(cases) or 'none yet'}."
        )


def forecast_values(base: sqlite3.Connection, forecast: int) -> list[Value]:
    """Return the values of one forecast, in the order of the node's domain."""
    rows = base.execute("SELECT value FROM chances WHERE forecast = ? ORDER BY place", (forecast,))
    return [read_value(value) for (value,) in rows]


def _value(
    base: sqlite3.Connection,
    case_name: str,
    node: NodeName,
    said: Value,
    latest: Mapping[NodeName, int],
) -> Value:
    """Return which value of a node's last forecast is meant."""
    if node not in latest:
        check_case(base, case_name)
        raise CommandError(
            f"No forecast of '{node}' was logged for {case_name}.{did_you_mean(node, [*latest])} "
            f"The forecast nodes are: {', '.join(sorted(latest))}."
        )
    domain = forecast_values(base, latest[node])
    matches = matching_values(said, domain)
    if len(matches) == 1:
        return matches[0]
    raise CommandError(
        f"{node} cannot be '{said}'.{explain_no_value(said, domain, lists_all=True)}"
    )


def _check_correction(
    node: NodeName, before: ResolvedOutcome | None, *, correct: bool, why: str
) -> None:
    if before and not correct:
        raise CommandError(
            f"{node} was resolved before: {before.value} on {before.date} ({before.source}). To "
            "correct it, use --correct --why TEXT; the old entry remains in the ledger."
        )
    if correct and not before:
        raise CommandError(f"{node} was not resolved before, so there is nothing to correct.")
    if correct and not why:
        raise CommandError("Give a reason for the correction (--why TEXT).")
