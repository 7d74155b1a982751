"""Expected numbers: what is forecast of a node whose values are numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from backchannel.ensemble.weighted import mean
from backchannel.language.names import NOT_APPLICABLE, Value
from backchannel.questions.forecast.ask import Forecast

FAN_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""What a fan shows of a number."""


def are_numbers(domain: Sequence[Value]) -> bool:
    """Whether a node's values are numbers, where it exists."""
    return all(not isinstance(v, str) or v == NOT_APPLICABLE for v in domain)


def expected_by_draw(forecast: Forecast) -> Float[np.ndarray, " draw"]:
    """The expected number in each draw, given that the node exists."""
    numbers, there = _numbers(forecast.domain)
    likely = forecast.per_draw * there
    with np.errstate(invalid="ignore", divide="ignore"):
        return likely @ numbers / likely.sum(axis=1)


def expected_mean(forecast: Forecast | None) -> float | None:
    """The expected number; `None` without a forecast, or of a node that is no number."""
    if forecast is None or not are_numbers(forecast.domain):
        return None
    numbers = expected_by_draw(forecast)
    return float(mean(numbers, forecast.weights * np.isfinite(numbers)))


def number_quantiles(forecast: Forecast) -> list[float]:
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


def extremes(domain: Sequence[Value]) -> dict[str, float]:
    """The least and the most that a number can be."""
    numbers, there = _numbers(domain)
    return {"least": float(numbers[there].min()), "most": float(numbers[there].max())}


def _numbers(domain: Sequence[Value]) -> tuple[np.ndarray, Bool[np.ndarray, " value"]]:
    there = np.array([value != NOT_APPLICABLE for value in domain])
    return np.array([float(v) if v != NOT_APPLICABLE else 0.0 for v in domain]), there
