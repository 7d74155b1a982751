"""Import an older record into a ledger, so that it counts: all of it in one transaction, and nothing twice."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value
from backchannel.ledger.checked import check_entries, read_value
from backchannel.ledger.entries import Logged, RunEntry, enter_outcomes, enter_run
from backchannel.ledger.ledger import Ledger
from backchannel.ledger.older_record import (
    OlderForecast,
    OlderOutcome,
    OlderRecord,
    RunKey,
    read_record,
)
from backchannel.ledger.outcomes import added_contradictions, current_outcomes

IMPORTED = "imported"
"""The version of Backchannel that an imported run names."""

_HELD = """
SELECT r.id, r.by, r.case_name, r.as_of, r.logged_at, f.id, f.node, c.value, c.probability, v.inside, v.outside
FROM chances c JOIN forecasts f ON f.id = c.forecast JOIN runs r ON r.id = f.run
LEFT JOIN views v ON v.forecast = f.id AND v.place = c.place
WHERE r.version = ? AND r.id NOT IN (SELECT run FROM withdrawals)
"""


@dataclass(frozen=True)
class Imported:
    """What an import entered, and what the ledger held already."""

    runs: int
    forecasts: int
    outcomes: int
    held_forecasts: int
    held_outcomes: int


def import_csv(book: str | Path, path: str | Path, *, by: str = "") -> Imported:
    """Enter the forecasts and outcomes of a CSV in a ledger: all of them or none.

    Forecasts of one case with the same `as_of` and `logged` are one run. When they were made is taken from the file.
    What an earlier import entered is not entered again.

    Args:
        book: The file of the ledger; it is created once the CSV is found to be right.
        path: The CSV.
        by: Who made the forecasts; the name of the CSV, if left out.

    Raises:
        CommandError: A row is wrong, or contradicts the ledger; every problem is listed with its line. Nothing was
            written.
    """
    path = Path(path)
    record = read_record(path)
    author = by or path.name
    ledger = Ledger(book)
    with ledger.writing() as base:
        problems: list[tuple[int, str]] = []
        runs = _new_forecasts(base, record, author, problems)
        outcomes = _new_outcomes(base, record, problems)
        if problems:
            told = [
                f"line {line}: {problem}"
                for line, problem in sorted(problems, key=lambda one: one[0])
            ]
            raise CommandError("\n".join([*told, "Nothing was written."]))
        for key, forecasts in runs.items():
            entry = RunEntry(key.case, key.case, "", key.as_of, 0, 0.0, 0, IMPORTED, author)
            logged = [_logged(node, forecast) for node, forecast in forecasts.items()]
            enter_run(base, entry, logged, logged_at=_moment(key))
        for (case, node), outcome in outcomes.items():
            row = (node, json.dumps(outcome.value), None)
            enter_outcomes(base, case, [row], day=outcome.day, source=outcome.source)
        # What cannot be opened again is not written.
        check_entries(base, ledger.path)
    n_forecasts = sum(map(len, runs.values()))
    return Imported(
        runs=len(runs),
        forecasts=n_forecasts,
        outcomes=len(outcomes),
        held_forecasts=sum(map(len, record.runs.values())) - n_forecasts,
        held_outcomes=len(record.outcomes) - len(outcomes),
    )


def import_text(done: Imported, book: str | Path) -> str:
    """Say what an import entered, and what it did not enter again."""
    held = _count(done.held_forecasts, "forecast"), _count(done.held_outcomes, "outcome")
    if not done.forecasts and not done.outcomes:
        return f"Nothing is new: {book} holds the {held[0]} and {held[1]} already. Nothing was written."
    text = (
        f"Entered {_count(done.forecasts, 'forecast')} of {_count(done.runs, 'run')} and "
        f"{_count(done.outcomes, 'outcome')} in {book}."
    )
    if done.held_forecasts or done.held_outcomes:
        text += f" {held[0]} and {held[1]} were there already and were not entered again."
    return text


@dataclass
class _Held:
    """A forecast that an earlier import entered."""

    run: int
    by: str
    chances: dict[Value, tuple[float, float | None, float | None]]


def _new_forecasts(
    base: sqlite3.Connection, record: OlderRecord, author: str, problems: list[tuple[int, str]]
) -> dict[RunKey, dict[NodeName, OlderForecast]]:
    """The forecasts that no earlier import entered; other numbers under the same author are a problem."""
    held = _held(base)
    new: dict[RunKey, dict[NodeName, OlderForecast]] = defaultdict(dict)
    for key, forecasts in record.runs.items():
        for node, forecast in forecasts.items():
            known = held[key.case, key.as_of.isoformat(), _moment(key), node]
            if any(one.chances == _numbers(forecast) for one in known):
                continue
            new[key][node] = forecast
            problems += [
                (
                    forecast.line,
                    f"run {one.run} of the ledger has other numbers for {node} as of {key.as_of}, logged "
                    f"{key.logged}. Withdraw it (`backchannel ledger --withdraw {one.run} --why TEXT`), or leave "
                    "these rows out.",
                )
                for one in known
                if one.by == author
            ]
    return dict(new)


def _held(base: sqlite3.Connection) -> Mapping[tuple[str, str, str, NodeName], list[_Held]]:
    by_forecast: dict[int, _Held] = {}
    held: dict[tuple[str, str, str, NodeName], list[_Held]] = defaultdict(list)
    for run, by, case, as_of, logged_at, number, node, value, *numbers in base.execute(
        _HELD, (IMPORTED,)
    ):
        if number not in by_forecast:
            by_forecast[number] = _Held(run, by, {})
            held[case, as_of, logged_at, node].append(by_forecast[number])
        probability, inside, outside = numbers
        by_forecast[number].chances[read_value(value)] = (probability, inside, outside)
    return held


def _new_outcomes(
    base: sqlite3.Connection, record: OlderRecord, problems: list[tuple[int, str]]
) -> dict[tuple[str, NodeName], OlderOutcome]:
    """The outcomes that the ledger does not hold; one that contradicts it is a problem."""
    new = {}
    by_case: dict[str, dict[NodeName, OlderOutcome]] = defaultdict(dict)
    for (case, node), outcome in record.outcomes.items():
        by_case[case][node] = outcome
    for case, said in by_case.items():
        current = current_outcomes(base, case)
        for node, outcome in said.items():
            known = current.get(node)
            if known is None:
                new[case, node] = outcome
            elif (known.value, known.date) != (outcome.value, outcome.day):
                problems.append(
                    (
                        outcome.line,
                        f"{node} was {outcome.value} on {outcome.day} here, and {known.value} on {known.date} in the "
                        f"ledger. Correct the row, or the ledger (`backchannel resolve {case} {node}={outcome.value} "
                        "--correct`).",
                    )
                )
        added = {node: one.value for node, one in said.items() if node not in current}
        if added:
            problems += _contradicting(base, case, said, added)
    return new


def _contradicting(
    base: sqlite3.Connection,
    case: str,
    said: Mapping[NodeName, OlderOutcome],
    added: Mapping[NodeName, Value],
) -> Iterator[tuple[int, str]]:
    """Outcomes that contradict a derivation which the ledger knows, at the first line that has a part in it."""
    for wrong in added_contradictions(base, case, added):
        lines = [said[node].line for node in (wrong.node, *wrong.parts) if node in added]
        yield min(lines or [one.line for one in said.values()]), wrong.message


def _numbers(forecast: OlderForecast) -> dict[Value, tuple[float, float | None, float | None]]:
    numbers = {}
    for value, chance in forecast.chances.items():
        inside, outside = forecast.views.get(value, (None, None))
        numbers[value] = (chance, inside, outside)
    return numbers


def _logged(node: NodeName, forecast: OlderForecast) -> Logged:
    chances = tuple(forecast.chances.values())
    views = tuple(forecast.views.values())
    return Logged(
        node=node,
        title=node.replace("_", " "),
        due=None,
        resolves="",
        values=tuple(forecast.chances),
        probabilities=chances,
        lows=chances,
        highs=chances,
        views=(tuple(v[0] for v in views), tuple(v[1] for v in views)) if views else None,
    )


def _moment(key: RunKey) -> str:
    return f"{key.logged.isoformat()}T00:00:00+00:00"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
