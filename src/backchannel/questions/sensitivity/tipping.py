"""Tipping points: values at which one assumption changes the most likely outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.language.names import ParameterName, Value
from backchannel.questions.sensitivity.effects import INTERVAL_ENDS
from backchannel.questions.sensitivity.responses import Response

LEAST_FOUND_IN = 0.8
"""A crossing in a smaller share of the bootstrap samples is not reported."""


@dataclass(frozen=True)
class TippingPoint:
    """Where one assumption changes the most likely value of the outcome."""

    parameter: ParameterName
    at: float
    """The assumption's value at which two outcomes are equally likely."""
    above: bool
    """Whether the most likely value changes above that point; otherwise below it."""
    before: Value
    """The most likely value on the median's side."""
    after: Value
    """The most likely value beyond the point."""
    interval: tuple[float, float]
    """90% bootstrap interval; zero width for a solved curve."""
    found_in: float
    """Share of bootstrap samples with such a crossing; 1 for a solved curve."""
    median: float
    """The assumption's median given the record."""


def tipping_points(
    responses: Sequence[Response], domain: Sequence[Value]
) -> tuple[TippingPoint, ...]:
    """Find where each assumption tips the outcome: the crossing nearest to its median.

    Args:
        responses: The curves along every assumption.
        domain: The values of the outcome.

    Returns:
        A point for each assumption that has one; the most certain and closest to the median first.
    """
    points = [
        point for response in responses if (point := tipping_point(response, domain)) is not None
    ]
    by_name = {response.parameter: response for response in responses}

    def distance(point: TippingPoint) -> float:
        at = by_name[point.parameter].at
        shares = np.linspace(0, 1, len(at))
        return abs(np.interp(point.at, at, shares) - np.interp(point.median, at, shares))

    return tuple(sorted(points, key=lambda point: (-round(point.found_in, 1), distance(point))))


def tipping_point(response: Response, domain: Sequence[Value]) -> TippingPoint | None:
    """Find where one assumption tips the outcome: the crossing nearest to its median, if any."""
    base = int(np.argmax(_at(response.at, response.chances, response.median)))
    lead = _lead(response.chances, base)
    crossings = _crossings(response.at, lead)
    if not crossings:
        return None
    at, above = min(
        crossings, key=lambda crossing: abs(_rank(response, crossing[0]) - _median(response))
    )
    side = response.at > at if above else response.at < at
    beyond = np.flatnonzero(side & (lead < 0))
    nearest = beyond[0] if above else beyond[-1]
    after = int(np.argmax(response.chances[nearest]))
    resampled = []
    for chances in response.resampled:
        same = [x for x, up in _crossings(response.at, _lead(chances, base)) if up == above]
        if same:
            resampled.append(min(same, key=lambda x: abs(_rank(response, x) - _rank(response, at))))
    found_in = len(resampled) / len(response.resampled) if len(response.resampled) else 1.0
    if found_in < LEAST_FOUND_IN:
        return None
    low, high = np.quantile(resampled, INTERVAL_ENDS) if resampled else (at, at)
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
    """The lead of the base value over the most likely other value."""
    others = np.delete(chances, base, axis=1)
    return chances[:, base] - (others.max(axis=1) if others.shape[1] else -1.0)


def _crossings(
    at: Float[np.ndarray, " point"], lead: Float[np.ndarray, " point"]
) -> list[tuple[float, bool]]:
    """Find where the lead changes sign, interpolated, and whether it is lost above that point."""
    behind = lead < 0
    crossings = []
    for i in np.flatnonzero(behind[1:] != behind[:-1]):
        share = lead[i] / (lead[i] - lead[i + 1])
        crossings.append((float(at[i] + share * (at[i + 1] - at[i])), bool(behind[i + 1])))
    return crossings


def _at(at: np.ndarray, curve: np.ndarray, where: float) -> Float[np.ndarray, " value"]:
    return np.array([np.interp(where, at, curve[:, i]) for i in range(curve.shape[1])])


def _rank(response: Response, number: float) -> float:
    return float(np.interp(number, response.at, np.arange(len(response.at))))


def _median(response: Response) -> float:
    return _rank(response, response.median)
