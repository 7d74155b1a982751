"""An older record: forecasts and outcomes that were kept elsewhere, read from a CSV.

One row for each chance. Columns: `case`, `node`, `value`, `probability`, `as_of`; and, where known, `logged` (the day
on which the forecast was made; `as_of` if left out), `inside`, `outside`, `outcome`, `outcome_date` and `source`.
A node has one outcome: what one row leaves empty, another row of the node can say.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from backchannel.files.inputs import read_text
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value
from backchannel.language.values import explain_no_value, matching_values
from backchannel.ledger.checked import SUM_TOLERANCE
from backchannel.ledger.record_rows import RecordRow, read_rows

MOST_BYTES = 100_000_000
UNNAMED = "the imported file"
"""The source of an outcome for which no row names one."""
LARGEST_NUMBER = 1e300
"""A value that is a larger number stays a text."""


class RunKey(NamedTuple):
    """What the forecasts of one run share."""

    case: str
    as_of: date
    logged: date


@dataclass
class OlderForecast:
    """The rows of one forecast."""

    line: int
    """Line of the first row."""
    chances: dict[Value, float] = field(default_factory=dict)
    """By value, in the order of the rows."""
    views: dict[Value, tuple[float, float]] = field(default_factory=dict)
    """By value, the chances by the case alone and by the base rate alone, where they are given."""


@dataclass(frozen=True)
class OlderOutcome:
    """The outcome of a node, put together from all of its rows."""

    line: int
    """Line of the first row that names it."""
    value: Value
    day: date
    source: str


@dataclass(frozen=True)
class OlderRecord:
    """Everything that a file says, without contradiction."""

    runs: Mapping[RunKey, Mapping[NodeName, OlderForecast]]
    """The earliest first, by the day on which they were made."""
    outcomes: Mapping[tuple[str, NodeName], OlderOutcome]
    """By case and node."""


def read_record(path: Path) -> OlderRecord:
    """Read and check a file, without a look at any ledger.

    Raises:
        CommandError: It is no table of forecasts, or rows are wrong; every problem is listed with its line.
    """
    text = read_text(path, limit=MOST_BYTES, what="a table of forecasts", encoding="utf-8-sig")
    reading = _Reading()
    for row in read_rows(text, path, reading.problems):
        reading.take(row)
    record = reading.record()
    if reading.problems:
        told = [
            f"line {line}: {problem}"
            for line, problem in sorted(reading.problems, key=lambda one: one[0])
        ]
        raise CommandError("\n".join([*told, "Nothing was written."]))
    if not record.runs:
        raise CommandError(f"{path} has no row below its first line. Nothing was written.")
    return record


@dataclass
class _Outcome:
    """What the rows of one node say of its outcome: everything once, with the line of its first row."""

    values: dict[Value, int] = field(default_factory=dict)
    days: dict[date, int] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    has_wrong_day: bool = False


class _Reading:
    """What was read so far."""

    def __init__(self) -> None:
        self.problems: list[tuple[int, str]] = []
        self._runs: dict[RunKey, dict[NodeName, OlderForecast]] = defaultdict(dict)
        self._outcomes: dict[tuple[str, NodeName], _Outcome] = defaultdict(_Outcome)
        self._incomplete: set[tuple[str, NodeName]] = set()
        """Nodes of which a chance could not be read: what is missing of them only follows from it."""
        self._without_views: set[tuple[str, NodeName]] = set()
        """Nodes of which `inside` or `outside` could not be read."""

    def take(self, row: RecordRow) -> None:
        """Take one row; a cell that is wrong becomes a problem, and the others are taken."""
        case, node = row.text("case"), row.text("node")
        as_of = row.day("as_of")
        logged = row.day("logged", needed=False) if row.is_filled("logged") else as_of
        value, chance = as_value(row.text("value")), row.chance("probability")
        inside, outside = (row.chance(name, needed=False) for name in ("inside", "outside"))
        if row.is_filled("inside") != row.is_filled("outside"):
            row.tell("`inside` and `outside` belong together; one is empty.")
        if not (case and node):
            return
        if None in (inside, outside) and (row.is_filled("inside") or row.is_filled("outside")):
            self._without_views.add((case, node))
        self._take_outcome(row, self._outcomes[case, node])
        if as_of is None or logged is None or value == "" or chance is None:
            self._incomplete.add((case, node))
            return
        forecasts = self._runs[RunKey(case, as_of, logged)]
        forecast = forecasts.setdefault(node, OlderForecast(row.line))
        if value in forecast.chances:
            row.tell(f"{node} has a chance of {value} already. Remove one of the two rows.")
            self._incomplete.add((case, node))
            return
        forecast.chances[value] = chance
        if inside is not None and outside is not None:
            forecast.views[value] = (inside, outside)

    def _take_outcome(self, row: RecordRow, said: _Outcome) -> None:
        if row.is_filled("outcome"):
            said.values.setdefault(as_value(row.text("outcome")), row.line)
        day = row.day("outcome_date", needed=False)
        if day is not None:
            said.days.setdefault(day, row.line)
        elif row.is_filled("outcome_date"):
            said.has_wrong_day = True
        if row.is_filled("source"):
            said.sources.setdefault(row.text("source"), row.line)

    def record(self) -> OlderRecord:
        """Put forecasts and outcomes together; what does not add up becomes a problem."""
        domains: dict[tuple[str, NodeName], dict[Value, None]] = defaultdict(dict)
        for key, forecasts in self._runs.items():
            for node, forecast in forecasts.items():
                domains[key.case, node] |= dict.fromkeys(forecast.chances)
                if (key.case, node) not in self._incomplete:
                    self._check_sums(key.case, node, forecast)
        outcomes = {}
        for key, said in self._outcomes.items():
            if outcome := self._outcome(key, said, list(domains[key])):
                outcomes[key] = outcome
        order = sorted(self._runs, key=lambda key: (key.logged, key.as_of))
        return OlderRecord({key: self._runs[key] for key in order}, outcomes)

    def _check_sums(self, case: str, node: NodeName, forecast: OlderForecast) -> None:
        sums = {"the probabilities": math.fsum(forecast.chances.values())}
        if (case, node) in self._without_views:
            pass
        elif len(forecast.views) == len(forecast.chances):
            inside, outside = zip(*forecast.views.values(), strict=True)
            sums |= {"`inside`": math.fsum(inside), "`outside`": math.fsum(outside)}
        elif forecast.views:
            self._tell(
                forecast.line,
                f"`inside` and `outside` are given for {len(forecast.views)} of {len(forecast.chances)} values of "
                f"{node}. Give them for all or for none.",
            )
        for what, total in sums.items():
            if abs(total - 1) > SUM_TOLERANCE:
                self._tell(
                    forecast.line,
                    f"{what} of {node} sum to {total:.6g} instead of 1. Add the value that is missing, or correct a "
                    "number.",
                )

    def _outcome(
        self, key: tuple[str, NodeName], said: _Outcome, domain: list[Value]
    ) -> OlderOutcome | None:
        """The outcome of a node; `None` where there is none, or something is wrong."""
        node, before = key[1], len(self.problems)
        for column, found in (
            ("outcome", said.values), ("outcome_date", said.days), ("source", said.sources),
        ):  # fmt: skip
            self._tell_differences(column, node, found)
        if not said.values:
            for line in list(said.days.values())[:1]:
                self._tell(
                    line,
                    f"{node} has an `outcome_date` and no `outcome`. Write the outcome, or leave the day empty.",
                )
            return None
        value, line = next(iter(said.values.items()))
        if not said.days and not said.has_wrong_day:
            self._tell(line, f"`outcome_date` of {node} is empty. Write the day of its outcome.")
        if key not in self._incomplete:
            for wrong, place in said.values.items():
                if len(matching_values(wrong, domain)) != 1:
                    why = explain_no_value(wrong, domain, lists_all=True)
                    self._tell(place, f"{node} cannot be '{wrong}'.{why}")
        if key in self._incomplete or said.has_wrong_day or len(self.problems) > before:
            return None
        (own,) = matching_values(value, domain)
        return OlderOutcome(line, own, next(iter(said.days)), next(iter(said.sources), UNNAMED))

    def _tell_differences(self, column: str, node: NodeName, found: Mapping[Any, int]) -> None:
        rows = list(found.items())
        for other, line in rows[1:]:
            first, place = rows[0]
            self._tell(
                line,
                f"`{column}` of {node} is '{other}' here and '{first}' in line {place}. Write the same in both, or "
                "leave one empty.",
            )

    def _tell(self, line: int, problem: str) -> None:
        self.problems.append((line, problem))


def as_value(text: str) -> Value:
    """A value as a case has it: a number where it is written like one.

    >>> as_value("30"), as_value("2.5"), as_value("true"), as_value("NaN")
    (30, 2.5, 'true', 'NaN')
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and abs(value) <= LARGEST_NUMBER else text
