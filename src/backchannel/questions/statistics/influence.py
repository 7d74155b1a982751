"""Sensitivity: which assumption moves an answer most, from the draws already solved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.ensemble.weighted import effective_size

BINS = 8


@dataclass(frozen=True)
class Hinge:
    """One assumption and how much of an answer's variation over draws it explains alone."""

    parameter: str
    share: float
    """First-order share of variance, corrected for what chance alone would give; 0 to 1."""
    direction: float
    """Sign and size of the rank correlation: positive when more of it means more of the answer."""


def hinge(
    numbers: Mapping[str, Float[np.ndarray, " draw"]],
    answer: Float[np.ndarray, " draw"],
    weights: Float[np.ndarray, " draw"],
) -> Hinge | None:
    """The assumption that explains most; `None` when none stands out from chance."""
    ranked = rank_assumptions(numbers, answer, weights)
    return ranked[0] if ranked and ranked[0].share > 0.02 else None


@dataclass(frozen=True)
class Cut:
    """Every assumption's draws, cut into bins of equal weight: the same for every answer."""

    names: tuple[str, ...]
    used: Bool[np.ndarray, " draw"]
    weight: Float[np.ndarray, " used"]
    """Of the draws that count; sums to 1."""
    cells: Int[np.ndarray, "assumption used"]
    """In which bin of which assumption each draw lies, numbered through."""
    mass: Float[np.ndarray, "assumption bin"]

    @classmethod
    def of(
        cls,
        numbers: Mapping[str, Float[np.ndarray, " draw"]],
        weights: Float[np.ndarray, " draw"],
    ) -> Cut:
        """Cut all assumptions of which more than one number is possible."""
        used = weights > 0
        weight = weights[used] / weights[used].sum()
        drawn = {name: column[used] for name, column in numbers.items()}
        names = tuple(name for name, column in drawn.items() if column.min() != column.max())
        table = np.array([drawn[name] for name in names]).reshape(len(names), len(weight))
        order = np.argsort(table, axis=1, kind="stable")
        position = np.cumsum(weight[order], axis=1) - weight[order] / 2
        bins = np.empty(table.shape, int)
        np.put_along_axis(bins, order, np.minimum((position * BINS).astype(int), BINS - 1), axis=1)
        cells = bins + BINS * np.arange(len(names))[:, None]
        cut = cls(names, used, weight, cells, np.empty(0))
        return replace(cut, mass=cut.sums(np.ones(len(weight))))

    def sums(self, value: Float[np.ndarray, " used"]) -> Float[np.ndarray, "assumption bin"]:
        """Weighted sum of a number over each bin."""
        spread = np.broadcast_to(self.weight * value, self.cells.shape)
        found = np.bincount(self.cells.ravel(), spread.ravel(), BINS * len(self.names))
        return found.reshape(len(self.names), BINS)


def rank_assumptions(
    numbers: Mapping[str, Float[np.ndarray, " draw"]],
    answer: Float[np.ndarray, " draw"],
    weights: Float[np.ndarray, " draw"],
    *,
    cut: Cut | None = None,
) -> list[Hinge]:
    """Order the assumptions by the share of an answer's variance that each explains alone.

    Each parameter is cut into bins of equal weight; the variance of the bins' means is the
    first-order effect. What noise would give is subtracted, as in an adjusted R².

    Args:
        numbers: Every parameter's value in every draw.
        answer: A number per draw; nan only where the weight is 0.
        weights: Each draw's weight.
        cut: The assumptions in bins of these weights, where several answers are looked at.

    Source: Saltelli et al. (2008), Global Sensitivity Analysis, section 1.2.
    """
    used = weights > 0
    value, weight = answer[used] * 1.0, weights[used] / weights[used].sum()
    centre = weight @ value
    variance = weight @ (value - centre) ** 2
    size = effective_size(weight)
    if variance <= 1e-18 or size <= 2 * BINS:
        return []
    cut = cut or Cut.of(numbers, weights)
    means = np.divide(
        cut.sums(value), cut.mass, out=np.full(cut.mass.shape, centre), where=cut.mass > 0
    )
    raw = (cut.mass * (means - centre) ** 2).sum(axis=1) / variance
    adjusted = np.clip(1 - (1 - raw) * (size - 1) / (size - BINS), 0, 1)
    rows = zip(cut.names, adjusted.tolist(), _directions(means).tolist(), strict=True)
    return sorted((Hinge(*row) for row in rows), key=lambda hinge: -hinge.share)


def _directions(means: Float[np.ndarray, "assumption bin"]) -> Float[np.ndarray, " assumption"]:
    """Correlation of the bins' means with their order; 0 where they are all alike."""
    steps = np.arange(means.shape[1]) - (means.shape[1] - 1) / 2
    gaps = means - means.mean(axis=1, keepdims=True)
    size = np.sqrt((gaps**2).sum(axis=1) * (steps**2).sum())
    alike = np.ptp(means, axis=1) == 0
    return np.where(alike, 0.0, gaps @ steps / np.where(alike, 1.0, size))
