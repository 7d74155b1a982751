"""Shapes: how an outcome's chance changes along one assumption, in the simplest shape that fits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np


class Shape(Enum):
    """How an outcome's chance changes as one assumption grows."""

    INCREASING = "increasing"
    DECREASING = "decreasing"
    PEAKED = "peaked"
    U_SHAPED = "U-shaped"
    WAVY = "wavy"
    FLAT = "flat"


@dataclass(frozen=True)
class SliceMean:
    """The mean chance of the outcome in one slice of an assumption."""

    low: float
    """Smallest number in the slice."""
    high: float
    """Largest number in the slice."""
    mean: float
    """Mean chance of the outcome."""
    error: float
    """Standard error of the mean, over bootstrap samples."""


def shape_of(steps: tuple[SliceMean, ...]) -> Shape:
    """Find the simplest shape of the slices' means that their errors allow.

    From simple to complex: flat, increasing or decreasing, one turn, wavy. A shape is allowed when the
    closest curve of that shape lies within the errors at 95%. An assumption may matter and yet be flat:
    it then changes the spread between draws, not their mean.

    Source: Barlow, Bartholomew, Bremner & Brunk (1972), isotonic regression.

    >>> rising = tuple(SliceMean(i, i + 1, 0.1 * i, 0.01) for i in range(5))
    >>> shape_of(rising).value
    'increasing'
    """
    from scipy.stats import chi2

    means = np.array([step.mean for step in steps])
    precision = 1 / np.maximum([step.error for step in steps], 1e-9) ** 2
    level = precision @ means / precision.sum()
    allowed = float(chi2.ppf(0.95, len(steps) - 1))
    if precision @ (means - level) ** 2 <= allowed:
        return Shape.FLAT
    up, down = _misfit(means, precision), _misfit(-means, precision)
    peak, dip = _turning_misfit(means, precision), _turning_misfit(-means, precision)
    if min(up, down) <= allowed:
        return Shape.INCREASING if up <= down else Shape.DECREASING
    if min(peak, dip) <= allowed:
        return Shape.PEAKED if peak <= dip else Shape.U_SHAPED
    return Shape.WAVY


def _misfit(means: np.ndarray, precision: np.ndarray) -> float:
    from scipy.optimize import isotonic_regression

    fitted = isotonic_regression(means, weights=precision).x
    return float(precision @ (means - fitted) ** 2)


def _turning_misfit(means: np.ndarray, precision: np.ndarray) -> float:
    """Misfit of the best curve that rises up to some slice and falls after it."""
    turns = range(1, len(means))
    return min(
        _misfit(means[:turn], precision[:turn]) + _misfit(-means[turn:], precision[turn:])
        for turn in turns
    )
