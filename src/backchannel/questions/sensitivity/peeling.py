"""The path inwards: boxes of assumptions, each with one peel removed from the last."""

from __future__ import annotations

import numpy as np

from backchannel.ensemble.weighted import effective_size
from backchannel.questions.sensitivity.boxes import PEEL, Limits
from backchannel.questions.sensitivity.sample import Sample

SMALLEST_BOX = 0.05
"""Smallest share of the weight that a box may have."""
FEWEST_INSIDE = 20
"""Smallest effective sample size that a box may have."""


def peeled_boxes(sample: Sample) -> list[Limits]:
    """Peel boxes from all draws inwards, each one peel smaller than the last."""
    n = len(sample.names)
    limits = Limits(np.full(n, -np.inf), np.full(n, np.inf))
    path = [limits]
    order = np.argsort(sample.numbers, axis=0, kind="stable").T
    ranked = np.take_along_axis(sample.numbers.T, order, axis=1)
    weights, worth = sample.weights, sample.weights * sample.answer
    inside = np.ones(sample.n_draws, dtype=bool)
    while True:
        step = _best_peel(order, ranked, weights * inside, worth * inside)
        if step is None:
            return path
        limits = limits.with_limit(*step)
        inside = limits.inside(sample.numbers)
        kept = weights[inside]
        if kept.sum() < SMALLEST_BOX or effective_size(kept) < FEWEST_INSIDE:
            return path
        path.append(limits)


def _best_peel(
    order: np.ndarray, ranked: np.ndarray, weights: np.ndarray, worth: np.ndarray
) -> tuple[int, bool, float] | None:
    """Find the end of an assumption whose removal raises the density most per weight removed."""
    mass, density = weights.sum(), worth.sum() / weights.sum()
    best: tuple[float, int, bool, float] | None = None
    for upper in (False, True):
        rows = order[:, ::-1] if upper else order
        numbers = ranked[:, ::-1] if upper else ranked
        cumulated = np.cumsum(weights[rows], axis=1)
        # Remove draws from the end, up to a twentieth of the weight, but at least one.
        present = weights[rows] > 0
        first = np.argmax(present, axis=1)
        within = (cumulated <= PEEL * mass * (1 + 1e-12)) & present
        last = np.where(
            within.any(axis=1), within.shape[1] - 1 - np.argmax(within[:, ::-1], axis=1), first
        )
        each = np.arange(len(rows))
        last = _to_end_of_ties(numbers, last)
        removed = cumulated[each, last]
        removed_worth = np.cumsum(worth[rows], axis=1)[each, last]
        remaining = mass - removed
        with np.errstate(divide="ignore", invalid="ignore"):
            gain = ((worth.sum() - removed_worth) / remaining - density) / removed
        gain = np.where(remaining > 1e-12, gain, -np.inf)
        dimension = int(np.argmax(gain))
        if gain[dimension] > 1e-12 and (best is None or gain[dimension] > best[0]):
            end = last[dimension]
            following = end + 1 + int(np.argmax(present[dimension, end + 1 :]))
            between = (numbers[dimension, end] + numbers[dimension, following]) / 2
            best = (float(gain[dimension]), dimension, upper, float(between))
    return None if best is None else best[1:]


def _to_end_of_ties(numbers: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Move each row's place to the last of equal numbers: no limit can separate them."""
    following = np.minimum(last + 1, numbers.shape[1] - 1)
    each = np.arange(len(last))
    for row in np.flatnonzero(numbers[each, last] == numbers[each, following]):
        alike = numbers[row] == numbers[row, last[row]]
        last[row] = len(alike) - 1 - int(np.argmax(alike[::-1]))
    return last
