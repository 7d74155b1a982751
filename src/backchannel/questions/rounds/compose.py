"""Compose what is shown of rounds: fans over time, and what interventions change in them."""

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
from backchannel.questions.forecast.outside_compose import pooling_sentence
from backchannel.questions.rounds.ask import Rounds
from backchannel.questions.rounds.document import (
    EXPECTED_NUMBER,
    ChangedFan,
    ChangedPoint,
    RoundPoint,
    RoundsFan,
    RoundsPart,
)
from backchannel.questions.what_if.results import Comparison
from backchannel.wording.left_out import counted
from backchannel.wording.pieces import Bounds, clean, cleaned
from backchannel.wording.words import Wording

FAN_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def compose(composing: Composing, rounds: Rounds) -> RoundsPart:
    """Put the forecasts of all repeated nodes into words."""
    return RoundsPart(rounds=fans(composing, rounds))


def fans(composing: Composing, rounds: Rounds) -> list[RoundsFan]:
    """Make a fan for each of some repeated nodes."""
    return [_fan(composing, name, forecasts) for name, forecasts in rounds.forecasts.items()]


def changed_fans(lowered: Lowered, comparisons: Sequence[Comparison]) -> list[ChangedFan]:
    """Make a fan of what an intervention changes in each repeated outcome that was compared."""
    by_name: dict[str, list[Comparison]] = {}
    for comparison in comparisons:
        if round_number(comparison.before.node):
            by_name.setdefault(split_round(comparison.before.node)[0], []).append(comparison)
    return [_changed_fan(lowered, name, compared) for name, compared in by_name.items()]


def _fan(composing: Composing, name: str, forecasts: Sequence[Forecast]) -> RoundsFan:
    lowered, ensemble, wording = composing.lowered, composing.ensemble, composing.wording
    calendar = lowered.calendar
    assert calendar is not None
    last = forecasts[-1]
    recorded = {entry.node for entry in lowered.case.record}
    is_number = _is_number(last.domain)
    answer = _expected(last) if is_number else last.per_draw[:, int(np.argmax(last.mean))]
    entry = lowered.case.nodes[in_round(name, 1)]
    kind = "number" if is_number else "words"
    influences = composing.influences(answer, last.weights * np.isfinite(answer))
    return RoundsFan(
        node=name,
        title=plain_title(lowered, name),
        kind=kind,
        values=list(last.domain),
        labels=[wording.value(last.node, value) for value in last.domain],
        points=[
            _point(ensemble, forecast, number, calendar, forecast.node in recorded)
            for number, forecast in enumerate(forecasts, start=1)
        ],
        assumptions=influences.named,
        chance_level=influences.chance_level,
        pooling=_pooling(composing, forecasts),
        caption=_caption(ensemble, calendar, kind, entry.grid),
    )


def _pooling(composing: Composing, forecasts: Sequence[Forecast]) -> str:
    """The sentence about base rates of one round, which the others resemble."""
    rated = [forecast for forecast in forecasts if forecast.outside is not None]
    chosen = (rated or forecasts)[-1]
    sentence = pooling_sentence(composing, chosen)
    return f"{composing.wording.node(chosen.node)}: {sentence}" if sentence else ""


def plain_title(lowered: Lowered, name: str) -> str:
    """A repeated node's title without its round."""
    assert lowered.case.rounds is not None
    return lowered.case.rounds.nodes[name].title or name.replace("_", " ")


def _point(
    ensemble: Ensemble, forecast: Forecast, number: int, calendar: Calendar, observed: bool
) -> RoundPoint:
    when = ensemble.diagram.dates[forecast.node]
    expected = spread = None
    quantiles: list[float] = []
    if _is_number(forecast.domain):
        numbers = _expected(forecast)
        weights = forecast.weights * np.isfinite(numbers)
        expected = _expected_mean(forecast)
        spread = (quantile(numbers, weights, LOW), quantile(numbers, weights, HIGH))
        quantiles = _quantiles(forecast)
    return RoundPoint(
        round=number,
        node=forecast.node,
        label=calendar.label(number),
        date=None if when == date.min else when,
        observed=observed,
        probabilities=_rounded(forecast.mean),
        low=_rounded(forecast.low),
        high=_rounded(forecast.high),
        inside=None if forecast.inside is None else _rounded(forecast.inside.mean),
        outside=None if forecast.outside is None else _outside(forecast.outside),
        bounds=[cleaned(ends) for ends in zip(*forecast.bounds, strict=True)],
        expected=expected,
        expected_inside=_expected_mean(forecast.inside),
        expected_outside=_expected_mean(forecast.outside),
        expected_low=spread[0] if spread else None,
        expected_high=spread[1] if spread else None,
        expected_bounds=None
        if expected is None
        else cleaned(bounded(expected, forecast.left_out, **_extremes(forecast.domain))),
        quantiles=quantiles,
    )


def _changed_fan(lowered: Lowered, name: str, compared: Sequence[Comparison]) -> ChangedFan:
    calendar = lowered.calendar
    assert calendar is not None
    domain = compared[0].before.domain
    value: Value | None = None
    label = EXPECTED_NUMBER
    if not _is_number(domain):
        largest = np.abs([c.difference for c in compared]).max(axis=0)
        arises = [value != NOT_APPLICABLE for value in domain]
        value = domain[int(np.argmax(np.where(arises, largest, -1.0)))]
        label = Wording(lowered).value(compared[0].before.node, value)
    points = []
    for comparison in compared:
        sides, weights = sides_by_draw(comparison, value)
        gap = sides[1] - sides[0]
        number = round_number(comparison.before.node) or 0
        points.append(
            ChangedPoint(
                round=number,
                label=calendar.label(number),
                before=float(mean(sides[0], weights)),
                after=float(mean(sides[1], weights)),
                after_independent=_independent(comparison, value),
                difference=float(mean(gap, weights)),
                low=quantile(gap, weights, LOW),
                high=quantile(gap, weights, HIGH),
                bounds=_bounds(float(mean(gap, weights)), comparison, value),
            )
        )
    points.sort(key=lambda point: point.round)
    return ChangedFan(
        node=name, title=plain_title(lowered, name), value=value, label=label, points=points
    )


def sides_by_draw(
    comparison: Comparison, value: Value | None
) -> tuple[list[Float[np.ndarray, " draw"]], Float[np.ndarray, " draw"]]:
    """An outcome in each draw without and with an intervention, and the weights of the pairs.

    Args:
        comparison: The outcome.
        value: The value whose probability is compared; `None`: the expected number.
    """
    sides = [
        _expected(side) if value is None else side.per_draw[:, side.domain.index(value)]
        for side in (comparison.before, comparison.after)
    ]
    weights = np.minimum(comparison.before.weights, comparison.after.weights)
    return sides, weights * np.isfinite(sides[0]) * np.isfinite(sides[1])


def _independent(comparison: Comparison, value: Value | None) -> float | None:
    """The changed side of a counterfactual with independent shocks."""
    forecast = comparison.independent
    if forecast is None:
        return None
    side = (
        _expected(forecast) if value is None else forecast.per_draw[:, forecast.domain.index(value)]
    )
    return float(mean(side, forecast.weights * np.isfinite(side)))


def _bounds(difference: float, comparison: Comparison, value: Value | None) -> Bounds:
    """The bounds of a difference of probabilities, or of expected numbers."""
    largest = 1.0
    if value is None:
        ends = _extremes(comparison.before.domain)
        largest = ends["most"] - ends["least"]
    return cleaned(bounded(difference, comparison.left_out, least=-largest, most=largest))


def _extremes(domain: Sequence[Value]) -> dict[str, float]:
    numbers, there = _numbers(domain)
    return {"least": float(numbers[there].min()), "most": float(numbers[there].max())}


def _is_number(domain: Sequence[Value]) -> bool:
    return all(not isinstance(v, str) or v == NOT_APPLICABLE for v in domain)


def _numbers(domain: Sequence[Value]) -> tuple[np.ndarray, Bool[np.ndarray, " value"]]:
    there = np.array([value != NOT_APPLICABLE for value in domain])
    return np.array([float(v) if v != NOT_APPLICABLE else 0.0 for v in domain]), there


def _expected(forecast: Forecast) -> Float[np.ndarray, " draw"]:
    """The expected number in each draw, given that the node exists."""
    numbers, there = _numbers(forecast.domain)
    likely = forecast.per_draw * there
    with np.errstate(invalid="ignore", divide="ignore"):
        return likely @ numbers / likely.sum(axis=1)


def _quantiles(forecast: Forecast) -> list[float]:
    """Quantiles of the number itself: over draws and over the probabilities within each draw."""
    numbers, there = _numbers(forecast.domain)
    likely = forecast.mean * there
    order = np.argsort(numbers[there])
    cumulated = np.cumsum(likely[there][order])
    values = numbers[there][order]
    return [
        float(values[min(int(np.searchsorted(cumulated, s * cumulated[-1])), len(values) - 1)])
        for s in FAN_QUANTILES
    ]


def _caption(
    ensemble: Ensemble, calendar: Calendar, kind: str, grid: Sequence[float] | None
) -> str:
    what = (
        "Expected number, with its 50% and 90% intervals"
        if kind == "number"
        else "Probability of each value, and its 5–95% range over draws"
    )
    text = (
        f"{what}, from {calendar.label(1)} to {calendar.label(calendar.n)}; "
        f"{counted(ensemble.n_draws, ensemble.effective_draws, ensemble.left_out)}."
    )
    if grid:
        step = min(b - a for a, b in itertools.pairwise(grid))
        text += (
            f" The number is kept on a grid with steps of {step:g} or more: its mean is exact, but its "
            "spread is slightly too wide; narrower steps reduce this error."
        )
    return text


def _expected_mean(forecast: Forecast | None) -> float | None:
    """The expected number; `None` without a forecast, or of a node that is no number."""
    if forecast is None or not _is_number(forecast.domain):
        return None
    numbers = _expected(forecast)
    return float(mean(numbers, forecast.weights * np.isfinite(numbers)))


def _outside(outside: Forecast) -> list[float | None]:
    return [
        None if value == NOT_APPLICABLE else clean(chance)
        for value, chance in zip(outside.domain, outside.mean, strict=True)
    ]


def _rounded(numbers: np.ndarray) -> list[float]:
    return [clean(number) for number in numbers]
