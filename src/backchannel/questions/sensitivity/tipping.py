"""Tipping points: the number at which one assumption changes the most likely outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.language.names import ParameterName, Value
from backchannel.questions.sensitivity.effects import ENDS
from backchannel.questions.sensitivity.responses import Response

SELDOM = 0.8
"""A crossing that shows up in a smaller share of the bootstrap samples is not reported."""


@dataclass(frozen=True)
class TippingPoint:
    """Where an assumption's number changes the most likely value of the outcome."""

    parameter: ParameterName
    at: float
    """The number at which two values are equally likely."""
    above: bool
    """The most likely value changes above the number; otherwise below it."""
    before: Value
    """The most likely value on the median's side."""
    after: Value
    """The most likely value beyond."""
    interval: tuple[float, float]
    """90% bootstrap interval; without width where the curve was solved for."""
    found_in: float
    """Share of bootstrap samples with such a crossing; 1 where the curve was solved for."""
    median: float
    """The assumption's median given the record."""


def tipping_points(
    responses: Sequence[Response], domain: Sequence[Value]
) -> tuple[TippingPoint, ...]:
    """Find where each assumption tips the outcome, nearest to its median.

    Args:
        responses: The curves along every assumption.
        domain: The values of the outcome.

    Returns:
        A point for each assumption that has one, the surest and nearest to its median first.
    """
    found = [point for one in responses if (point := tipping_point(one, domain)) is not None]
    by_name = {one.parameter: one for one in responses}

    def far(point: TippingPoint) -> float:
        at = by_name[point.parameter].at
        shares = np.linspace(0, 1, len(at))
        return abs(np.interp(point.at, at, shares) - np.interp(point.median, at, shares))

    return tuple(sorted(found, key=lambda point: (-round(point.found_in, 1), far(point))))


def tipping_point(response: Response, domain: Sequence[Value]) -> TippingPoint | None:
    """Find where one assumption tips the outcome: the crossing nearest to its median, if any."""
    base = int(np.argmax(_at(response.at, response.chances, response.median)))
    lead = _lead(response.chances, base)
    crossings = _crossings(response.at, lead)
    if not crossings:
        return None
    at, above = min(crossings, key=lambda found: abs(_rank(response, found[0]) - _median(response)))
    side = response.at > at if above else response.at < at
    beyond = np.flatnonzero(side & (lead < 0))
    nearest = beyond[0] if above else beyond[-1]
    after = int(np.argmax(response.chances[nearest]))
    again = []
    for chances in response.resampled:
        same = [x for x, up in _crossings(response.at, _lead(chances, base)) if up == above]
        if same:
            again.append(min(same, key=lambda x: abs(_rank(response, x) - _rank(response, at))))
    found_in = len(again) / len(response.resampled) if len(response.resampled) else 1.0
    if found_in < SELDOM:
        return None
    low, high = np.quantile(again, ENDS) if again else (at, at)
    return TippingPoint(
        parameter=response.parameter,
        at=at,
        above=above,
        before=domain[base],
        after=domain[after],
        interval=(float(low), float(high)),
        found_in=found_in,
        median=response.median,
    )


def _lead(chances: Float[np.ndarray, "point value"], base: int) -> Float[np.ndarray, " point"]:
    """How far the base value is ahead of the likeliest other."""
    others = np.delete(chances, base, axis=1)
    return chances[:, base] - (others.max(axis=1) if others.shape[1] else -1.0)


def _crossings(
    at: Float[np.ndarray, " point"], lead: Float[np.ndarray, " point"]
) -> list[tuple[float, bool]]:
    """Where the lead changes sign, by a line between points, and whether it is lost upwards."""
    behind = lead < 0
    found = []
    for i in np.flatnonzero(behind[1:] != behind[:-1]):
        share = lead[i] / (lead[i] - lead[i + 1])
        found.append((float(at[i] + share * (at[i + 1] - at[i])), bool(behind[i + 1])))
    return found


def _at(at: np.ndarray, curve: np.ndarray, where: float) -> Float[np.ndarray, " value"]:
    return np.array([np.interp(where, at, curve[:, i]) for i in range(curve.shape[1])])


def _rank(response: Response, number: float) -> float:
    return float(np.interp(number, response.at, np.arange(len(response.at))))


def _median(response: Response) -> float:
    return _rank(response, response.median)
