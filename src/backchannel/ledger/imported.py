"""Import forecasts and outcomes from a CSV, so that an older record counts.

One row for each chance. Columns: `case`, `node`, `value`, `probability`, `as_of`; and, where known, `logged` (the day
on which the forecast was made; `as_of` if left out), `inside`, `outside`, `outcome`, `outcome_date` and `source`.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from backchannel.files.inputs import read_text
from backchannel.language.errors import CommandError
from backchannel.language.names import Value, did_you_mean
from backchannel.ledger.checked import SUM_TOLERANCE
from backchannel.ledger.ledger import Ledger, Logged, RunEntry

NEEDED = ("case", "node", "value", "probability", "as_of")
OPTIONAL = ("logged", "inside", "outside", "outcome", "outcome_date", "source")
MOST_BYTES = 100_000_000
IMPORTED = "imported"
"""The version of Backchannel that an imported run names."""


@dataclass
class _Node:
    """The rows of one forecast."""

    line: int
    values: list[Value] = field(default_factory=list)
    chances: list[float] = field(default_factory=list)
    views: list[tuple[float, float] | None] = field(default_factory=list)


@dataclass(frozen=True)
class Imported:
    """What an import entered."""

    runs: int
    forecasts: int
    outcomes: int


def import_csv(ledger: Ledger, path: str | Path, *, by: str = "") -> Imported:
    """Enter the forecasts and outcomes of a CSV in a ledger: all of them or none is checked before any is entered.

    Forecasts of one case with the same `as_of` and `logged` are one run. When they were made is taken from the file.

    Raises:
        CommandError: A row is wrong; every problem is listed with its line. Nothing was written.
    """
    table = _read(Path(path))
    problems: list[str] = []
    runs: dict[tuple[str, date, date], dict[str, _Node]] = defaultdict(dict)
    outcomes: dict[tuple[str, date, str], dict[str, Value]] = defaultdict(dict)
    for line, row in enumerate(table.to_dict("records"), start=2):
        try:
            _take(row, line, runs, outcomes)
        except ValueError as error:
            problems.append(f"line {line}: {error}")
    for nodes in runs.values():
        for name, node in nodes.items():
            total = sum(node.chances)
            if abs(total - 1) > SUM_TOLERANCE:
                problems.append(
                    f"line {node.line}: the probabilities of {name} sum to {total:.6g} instead of 1."
                )
    problems += _wrong_outcomes(ledger, runs, outcomes)
    if problems:
        raise CommandError("\n".join([*problems, "Nothing was written."]))
    for (case, as_of, logged), nodes in runs.items():
        entry = RunEntry(case, case, "", as_of, 0, 0.0, 0, IMPORTED, by or Path(path).name)
        forecasts = [_logged(name, node) for name, node in nodes.items()]
        ledger.log(entry, forecasts, logged_at=f"{logged.isoformat()}T00:00:00+00:00")
    entered = {key: values for key, values in outcomes.items() if values}
    for (case, day, source), values in entered.items():
        ledger.resolve(case, values, on=day, source=source)
    return Imported(len(runs), sum(map(len, runs.values())), sum(map(len, entered.values())))


def _wrong_outcomes(
    ledger: Ledger,
    runs: Mapping[tuple[str, date, date], Mapping[str, _Node]],
    outcomes: dict[tuple[str, date, str], dict[str, Value]],
) -> list[str]:
    """Outcomes that a node cannot have, or that another entry contradicts; entered ones are dropped."""
    problems = []
    known = {(o.case_name, o.node): o.value for o in ledger.outcomes()}
    values = {
        (key[0], name): node.values for key, nodes in runs.items() for name, node in nodes.items()
    }
    for (case, _, _), of_case in outcomes.items():
        for name, value in list(of_case.items()):
            if value not in values[case, name]:
                problems.append(f"{case}: {name} was {value}, which no forecast of it names.")
            if known.setdefault((case, name), value) != value:
                problems.append(
                    f"{case}: {name} was {known[case, name]} by another entry, and {value} here."
                )
            elif any((o.case_name, o.node) == (case, name) for o in ledger.outcomes(case)):
                del of_case[name]
    return problems


def _read(path: Path) -> pd.DataFrame:
    from io import StringIO

    text = read_text(path, limit=MOST_BYTES, what="a table of forecasts")
    table = pd.read_csv(StringIO(text), dtype=str, keep_default_na=False)
    known = [*NEEDED, *OPTIONAL]
    missing = [name for name in NEEDED if name not in table.columns]
    foreign = [name for name in table.columns if name not in known]
    if missing or foreign:
        said = [f"the column '{name}' is missing." for name in missing]
        said += [f"no column is called '{name}'.{did_you_mean(name, known)}" for name in foreign]
        raise CommandError("\n".join([f"{path}: {text}" for text in said]))
    return table


def _take(
    row: dict[str, str],
    line: int,
    runs: dict[tuple[str, date, date], dict[str, _Node]],
    outcomes: dict[tuple[str, date, str], dict[str, Value]],
) -> None:
    case, name = row["case"].strip(), row["node"].strip()
    if not case or not name:
        raise ValueError("it names no case or no node.")
    as_of = _day(row["as_of"], "as_of")
    logged = _day(row["logged"], "logged") if row.get("logged") else as_of
    node = runs[case, as_of, logged].setdefault(name, _Node(line))
    value = _value(row["value"])
    if value in node.values:
        raise ValueError(f"{name} has a chance of {value} already.")
    node.values.append(value)
    node.chances.append(_chance(row["probability"], "probability"))
    both = [row.get(key, "").strip() for key in ("inside", "outside")]
    if bool(both[0]) != bool(both[1]):
        raise ValueError("`inside` and `outside` belong together; one is empty.")
    node.views.append(
        (_chance(both[0], "inside"), _chance(both[1], "outside")) if both[0] else None
    )
    if row.get("outcome"):
        day = _day(row.get("outcome_date", ""), "outcome_date")
        known = outcomes[case, day, row.get("source", "").strip() or "the imported file"]
        outcome = _value(row["outcome"])
        if known.setdefault(name, outcome) != outcome:
            raise ValueError(
                f"{name} was {known[name]} by another line, and {outcome} by this one."
            )


def _logged(name: str, node: _Node) -> Logged:
    chances = tuple(node.chances)
    views = [view for view in node.views if view is not None]
    both = (tuple(v[0] for v in views), tuple(v[1] for v in views))
    return Logged(
        node=name,
        title=name.replace("_", " "),
        due=None,
        resolves="",
        values=tuple(node.values),
        probabilities=chances,
        lows=chances,
        highs=chances,
        views=both if len(views) == len(chances) else None,
    )


def _day(text: str, column: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"`{column}` should be a day, YYYY-MM-DD, not '{text}'.") from None


def _chance(text: str, column: str) -> float:
    try:
        chance = float(text)
    except ValueError:
        chance = math.nan
    if not 0 <= chance <= 1:
        raise ValueError(f"`{column}` should be a probability from 0 to 1, not '{text}'.")
    return chance


def _value(text: str) -> Value:
    """A value as a case has it: a number where it is written like one."""
    try:
        value = json.loads(text)
    except ValueError:
        return text.strip()
    return value if isinstance(value, int | float) and not isinstance(value, bool) else text.strip()
