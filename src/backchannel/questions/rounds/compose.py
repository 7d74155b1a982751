"""Compose what is shown of rounds: fans over time, and how interventions move them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date

import numpy as np
from jaxtyping import Bool, Float

from backchannel.case.lowered import Lowered
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.weighted import bounded, mean, quantile
from backchannel.language.calendar import Calendar
from backchannel.language.names import NOT_APPLICABLE, Value, in_round, round_number, split_round
from backchannel.questions.composing import Composing
from backchannel.questions.forecast.ask import HIGH, LOW, Forecast
from backchannel.questions.rounds.ask import Rounds
from backchannel.questions.rounds.document import (
    EXPECTED,
    ChangedFan,
    ChangedPoint,
    RoundPoint,
    RoundsFan,
    RoundsPart,
)
from backchannel.questions.what_if.ask import Comparison
from backchannel.wording.pieces import clean, cleaned
from backchannel.wording.words import Wording, counted

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


def compose(composing: Composing, found: Rounds) -> RoundsPart:
    """Every node that repeats."""
    return RoundsPart(rounds=fans(composing, found))


def fans(composing: Composing, found: Rounds) -> list[RoundsFan]:
    """Each of some repeated nodes over all rounds."""
    return [_fan(composing, name, forecasts) for name, forecasts in found.forecasts.items()]


def changed_fans(lowered: Lowered, comparisons: Sequence[Comparison]) -> list[ChangedFan]:
    """How an intervention moves repeated outcomes, over the rounds that were compared."""
    by_name: dict[str, list[Comparison]] = {}
    for one in comparisons:
        if round_number(one.before.node):
            by_name.setdefault(split_round(one.before.node)[0], []).append(one)
    return [_changed(lowered, name, some) for name, some in by_name.items()]


def _fan(composing: Composing, name: str, found: Sequence[Forecast]) -> RoundsFan:
    lowered, ensemble, wording = composing.lowered, composing.ensemble, composing.wording
    calendar = lowered.calendar
    assert calendar is not None
    last = found[-1]
    recorded = {entry.node for entry in lowered.case.record}
    is_number = _is_number(last.domain)
    answer = _expected(last) if is_number else last.per_draw[:, int(np.argmax(last.mean))]
    entry = lowered.case.nodes[in_round(name, 1)]
    kind = "number" if is_number else "words"
    return RoundsFan(
        node=name,
        title=plain_title(lowered, name),
        kind=kind,
        values=list(last.domain),
        labels=[wording.value(last.node, value) for value in last.domain],
        points=[
            _point(ensemble, one, t, calendar, one.node in recorded)
            for t, one in enumerate(found, start=1)
        ],
        assumptions=composing.influences(answer, last.weights * np.isfinite(answer)),
        caption=_caption(ensemble, calendar, kind, entry.grid),
    )


def plain_title(lowered: Lowered, name: str) -> str:
    """A repeated node's title without its round."""
    assert lowered.case.rounds is not None
    return lowered.case.rounds.nodes[name].title or name.replace("_", " ")


def _point(
    ensemble: Ensemble, found: Forecast, number: int, calendar: Calendar, observed: bool
) -> RoundPoint:
    when = ensemble.diagram.dates[found.node]
    expected = spread = None
    quantiles: list[float] = []
    if _is_number(found.domain):
        numbers = _expected(found)
        weights = found.weights * np.isfinite(numbers)
        expected = float(mean(numbers, weights))
        spread = (quantile(numbers, weights, LOW), quantile(numbers, weights, HIGH))
        quantiles = _quantiles(found)
    return RoundPoint(
        round=number,
        node=found.node,
        label=calendar.label(number),
        date=None if when == date.min else when,
        observed=observed,
        probabilities=_rounded(found.mean),
        low=_rounded(found.low),
        high=_rounded(found.high),
        bounds=[cleaned(ends) for ends in zip(*found.bounds, strict=True)],
        expected=expected,
        expected_low=spread[0] if spread else None,
        expected_high=spread[1] if spread else None,
        expected_bounds=None
        if expected is None
        else cleaned(bounded(expected, found.left_out, **_reach(found.domain))),
        quantiles=quantiles,
    )


def _changed(lowered: Lowered, name: str, some: Sequence[Comparison]) -> ChangedFan:
    calendar = lowered.calendar
    assert calendar is not None
    domain = some[0].before.domain
    value: Value | None = None
    label = EXPECTED
    if not _is_number(domain):
        largest = np.abs([one.difference for one in some]).max(axis=0)
        value = domain[int(np.argmax(largest))]
        label = Wording(lowered).value(some[0].before.node, value)
    points = []
    for one in some:
        sides = [
            _expected(side) if value is None else side.per_draw[:, domain.index(value)]
            for side in (one.before, one.after)
        ]
        weights = np.minimum(one.before.weights, one.after.weights)
        weights = weights * np.isfinite(sides[0]) * np.isfinite(sides[1])
        gap = sides[1] - sides[0]
        number = round_number(one.before.node) or 0
        points.append(
            ChangedPoint(
                round=number,
                label=calendar.label(number),
                before=float(mean(sides[0], weights)),
                after=float(mean(sides[1], weights)),
                difference=float(mean(gap, weights)),
                low=quantile(gap, weights, LOW),
                high=quantile(gap, weights, HIGH),
                bounds=_bounds(float(mean(gap, weights)), one, value),
            )
        )
    points.sort(key=lambda point: point.round)
    return ChangedFan(
        node=name, title=plain_title(lowered, name), value=value, label=label, points=points
    )


def _bounds(difference: float, one: Comparison, value: Value | None) -> tuple[float, float]:
    """What left-out draws could make of a difference of chances, or of expected numbers."""
    reach = 1.0
    if value is None:
        ends = _reach(one.before.domain)
        reach = ends["most"] - ends["least"]
    return cleaned(bounded(difference, one.left_out, least=-reach, most=reach))


def _reach(domain: Sequence[Value]) -> dict[str, float]:
    numbers, there = _numbers(domain)
    return {"least": float(numbers[there].min()), "most": float(numbers[there].max())}


def _is_number(domain: Sequence[Value]) -> bool:
    return all(not isinstance(v, str) or v == NOT_APPLICABLE for v in domain)


def _numbers(domain: Sequence[Value]) -> tuple[np.ndarray, Bool[np.ndarray, " value"]]:
    there = np.array([value != NOT_APPLICABLE for value in domain])
    return np.array([float(v) if v != NOT_APPLICABLE else 0.0 for v in domain]), there


def _expected(found: Forecast) -> Float[np.ndarray, " draw"]:
    """The number expected in each draw, where the node exists."""
    numbers, there = _numbers(found.domain)
    likely = found.per_draw * there
    with np.errstate(invalid="ignore", divide="ignore"):
        return likely @ numbers / likely.sum(axis=1)


def _quantiles(found: Forecast) -> list[float]:
    """Quantiles of all chances together: the draws' ignorance and the chances within them."""
    numbers, there = _numbers(found.domain)
    likely = found.mean * there
    order = np.argsort(numbers[there])
    cumulated = np.cumsum(likely[there][order])
    values = numbers[there][order]
    return [
        float(values[min(int(np.searchsorted(cumulated, s * cumulated[-1])), len(values) - 1)])
        for s in SHARES
    ]


def _caption(
    ensemble: Ensemble, calendar: Calendar, kind: str, grid: Sequence[float] | None
) -> str:
    what = (
        "Expected number, and the numbers between which half and nine tenths of all chances lie"
        if kind == "number"
        else "Chance of each value, and its 5–95% range over draws"
    )
    text = (
        f"{what}, from {calendar.label(1)} to {calendar.label(calendar.n)}; "
        f"{counted(ensemble.n_draws, ensemble.effective_draws, ensemble.left_out)}."
    )
    if grid:
        step = min(b - a for a, b in itertools.pairwise(grid))
        text += (
            f" The number moves on a grid with steps of {step:g} or more: its mean is exact, its "
            "spread is a little too wide, less so with narrower steps."
        )
    return text


def _rounded(numbers: np.ndarray) -> list[float]:
    return [clean(number) for number in numbers]
