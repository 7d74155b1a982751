"""Numbers of a deal in every draw, summarised: their weighted mean, their range, and how often they are above 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.ensemble.weighted import mean, quantile
from backchannel.questions.forecast.ask import HIGH, LOW


@dataclass(frozen=True)
class DrawSummary:
    """A number per draw, summarised: the mean is the answer, the range its uncertainty."""

    mean: float
    low: float
    high: float
    above: float
    """Share of the weighted draws in which the number is above 0."""


def summarise(
    numbers: Float[np.ndarray, " draw"], weights: Float[np.ndarray, " draw"]
) -> DrawSummary:
    """Summarise a number over the weighted draws in which it is finite; nan where there are none."""
    usable = weights * np.isfinite(numbers)
    if not usable.any():
        return DrawSummary(*[float("nan")] * 4)
    return DrawSummary(
        mean=float(mean(numbers, usable)),
        low=quantile(numbers, usable, LOW),
        high=quantile(numbers, usable, HIGH),
        above=float(mean((numbers > 0) * 1.0, usable)),
    )


def mean_by_row(
    table: Float[np.ndarray, "row draw"], weights: Float[np.ndarray, " draw"]
) -> Float[np.ndarray, " row"]:
    """The weighted mean of each row of a table; draws of weight 0 are ignored.

    >>> mean_by_row(np.array([[1.0, 3.0, np.nan]]), np.array([1.0, 1.0, 0.0])).tolist()
    [2.0]
    """
    used = weights > 0
    return table[:, used] @ (weights[used] / weights[used].sum())
