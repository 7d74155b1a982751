"""Weighted draws: means, quantiles, bounds and effective sample sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float


def mean(
    values: Float[np.ndarray, "draw ..."], weights: Float[np.ndarray, " draw"]
) -> Float[np.ndarray, ...]:
    """Mean over draws; draws of weight 0 are ignored, even if their value is nan.

    >>> float(mean(np.array([1.0, 3.0, np.nan]), np.array([1.0, 1.0, 0.0])))
    2.0
    """
    used = weights > 0
    return np.average(values[used], axis=0, weights=weights[used])


def quantile(
    values: Float[np.ndarray, " draw"], weights: Float[np.ndarray, " draw"], at: float
) -> float:
    """The value below which the share `at` of the weight lies.

    >>> quantile(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 2.0]), 0.5)
    2.0
    """
    return quantiles(values, weights, [at])[0]


def quantiles(
    values: Float[np.ndarray, " draw"],
    weights: Float[np.ndarray, " draw"],
    shares: Sequence[float],
) -> list[float]:
    """Several quantiles for the price of one: the draws are sorted once.

    >>> quantiles(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 2.0]), [0.25, 0.5, 1.0])
    [1.0, 2.0, 3.0]
    """
    used = weights > 0
    order = np.argsort(values[used], kind="stable")
    ranked = values[used][order]
    cumulated = np.cumsum(weights[used][order])
    places = [np.searchsorted(cumulated, at * cumulated[-1] * (1 - 1e-12)) for at in shares]
    return [float(ranked[min(int(place), len(ranked) - 1)]) for place in places]


def column_quantiles(
    table: Float[np.ndarray, "draw column"], weights: Float[np.ndarray, " draw"], at: float
) -> Float[np.ndarray, " column"]:
    """The same quantile of each column of a table.

    >>> column_quantiles(np.array([[1.0, 5.0], [2.0, 6.0]]), np.array([1.0, 3.0]), 0.5).tolist()
    [2.0, 6.0]
    """
    return np.array([quantile(column, weights, at) for column in table.T])


def bounded(
    kept: Float[np.ndarray, "*row"] | float,
    left_out: float,
    *,
    least: float = 0.0,
    most: float = 1.0,
) -> tuple[Any, Any]:
    """Bounds of a mean: its value if every left-out draw had the smallest, or the largest, value.

    Args:
        kept: The mean over the draws that are used.
        left_out: Share of the draws that are left out.
        least: The smallest value possible in a draw; 0 for a probability.
        most: The largest value possible; 1 for a probability.

    >>> bounded(0.5, 0.25)
    (0.375, 0.625)
    """
    inside = kept * (1.0 - left_out)
    return inside + left_out * least, inside + left_out * most


def effective_size(weights: Float[np.ndarray, " draw"]) -> float:
    """Effective sample size, (Σw)² / Σw²: as many equally weighted draws are as precise.

    Source: Kish (1965), Survey Sampling.

    >>> effective_size(np.array([1.0, 1.0, 0.0, 0.0]))
    2.0
    """
    top = float(weights.max(initial=0.0))
    if top <= 0:
        return 0.0
    scaled = weights / top
    return float(scaled.sum()) ** 2 / float((scaled**2).sum())


def weights_from_logs(logs: Float[np.ndarray, " draw"]) -> Float[np.ndarray, " draw"]:
    """Weights from their logarithms, scaled so that the largest is 1; only ratios matter.

    >>> weights_from_logs(np.array([-2000.0, -np.inf, -2000.0])).tolist()
    [1.0, 0.0, 1.0]
    """
    top = logs.max(initial=-np.inf)
    return np.exp(logs - top) if top > -np.inf else np.zeros(len(logs))


def most_likely(chances: Sequence[float] | Float[np.ndarray, " value"]) -> int:
    """The position of the most likely of several outcomes; of equal ones, the first.

    >>> most_likely([0.2, 0.4, 0.4 + 1e-14])
    1
    """
    rounded = [round(float(chance), 10) for chance in chances]
    return rounded.index(max(rounded))
