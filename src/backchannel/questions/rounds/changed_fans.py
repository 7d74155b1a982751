"""Compose what an intervention changes in each round of a repeated outcome."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from backchannel.case.lowered import Lowered
from backchannel.ensemble.weighted import bounded, mean, quantile
from backchannel.language.names import NOT_APPLICABLE, Value, round_number, split_round
from backchannel.questions.forecast.ask import HIGH, LOW
from backchannel.questions.rounds.compose import plain_title
from backchannel.questions.rounds.document import EXPECTED_NUMBER, ChangedFan, ChangedPoint
from backchannel.questions.rounds.expected_numbers import are_numbers, expected_by_draw, extremes
from backchannel.questions.what_if.results import Comparison
from backchannel.wording.pieces import Bounds, cleaned
from backchannel.wording.words import Wording


def changed_fans(lowered: Lowered, comparisons: Sequence[Comparison]) -> list[ChangedFan]:
    """Make a fan of what an intervention changes in each repeated outcome that was compared."""
    by_name: dict[str, list[Comparison]] = {}
    for comparison in comparisons:
        if round_number(comparison.before.node):
            by_name.setdefault(split_round(comparison.before.node)[0], []).append(comparison)
    return [_changed_fan(lowered, name, compared) for name, compared in by_name.items()]


def _changed_fan(lowered: Lowered, name: str, compared: Sequence[Comparison]) -> ChangedFan:
    calendar = lowered.calendar
    assert calendar is not None
    domain = compared[0].before.domain
    value: Value | None = None
    label = EXPECTED_NUMBER
    if not are_numbers(domain):
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
        expected_by_draw(side) if value is None else side.per_draw[:, side.domain.index(value)]
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
        expected_by_draw(forecast)
        if value is None
        else forecast.per_draw[:, forecast.domain.index(value)]
    )
    return float(mean(side, forecast.weights * np.isfinite(side)))


def _bounds(difference: float, comparison: Comparison, value: Value | None) -> Bounds:
    """The bounds of a difference of probabilities, or of expected numbers."""
    largest = 1.0
    if value is None:
        ends = extremes(comparison.before.domain)
        largest = ends["most"] - ends["least"]
    return cleaned(bounded(difference, comparison.left_out, least=-largest, most=largest))
