"""Influence: which assumption moves an answer most, from the draws already solved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.ensemble.weighted import effective_size

N_BINS = 8
"""Bins of equal weight for each assumption."""
LEAST_SHARE = 0.02
"""Share of the variance from which an assumption is named."""


@dataclass(frozen=True)
class RankedAssumption:
    """One assumption, and the share of an answer's variance over draws that it explains alone."""

    parameter: str
    share: float
    """First-order share of the variance, corrected for chance; 0 to 1."""
    direction: float
    """Rank correlation: positive when a larger assumption goes with a larger answer."""


def strongest_assumption(
    numbers: Mapping[str, Float[np.ndarray, " draw"]],
    answer: Float[np.ndarray, " draw"],
    weights: Float[np.ndarray, " draw"],
) -> RankedAssumption | None:
    """Find the assumption that explains most; `None` when none stands out from chance."""
    ranked = rank_assumptions(numbers, answer, weights)
    return ranked[0] if ranked and ranked[0].share > LEAST_SHARE else None


@dataclass(frozen=True)
class AssumptionBins:
    """The draws in bins of equal weight along every assumption; the same for every answer."""

    names: tuple[str, ...]
    used: Bool[np.ndarray, " draw"]
    weight: Float[np.ndarray, " used"]
    """Weights of the used draws; they sum to 1."""
    cells: Int[np.ndarray, "assumption used"]
    """The bin of each draw for each assumption; bins are numbered across assumptions."""
    mass: Float[np.ndarray, "assumption bin"]

    @classmethod
    def of(
        cls,
        numbers: Mapping[str, Float[np.ndarray, " draw"]],
        weights: Float[np.ndarray, " draw"],
    ) -> AssumptionBins:
        """Bin all assumptions that vary between draws."""
        used = weights > 0
        weight = weights[used] / weights[used].sum()
        drawn = {name: column[used] for name, column in numbers.items()}
        names = tuple(name for name, column in drawn.items() if column.min() != column.max())
        table = np.array([drawn[name] for name in names]).reshape(len(names), len(weight))
        order = np.argsort(table, axis=1, kind="stable")
        position = np.cumsum(weight[order], axis=1) - weight[order] / 2
        bins = np.empty(table.shape, int)
        np.put_along_axis(
            bins, order, np.minimum((position * N_BINS).astype(int), N_BINS - 1), axis=1
        )
        cells = bins + N_BINS * np.arange(len(names))[:, None]
        binned = cls(names, used, weight, cells, np.empty(0))
        return replace(binned, mass=binned.sums(np.ones(len(weight))))

    def sums(self, value: Float[np.ndarray, " used"]) -> Float[np.ndarray, "assumption bin"]:
        """Sum a number over each bin, weighted."""
        spread = np.broadcast_to(self.weight * value, self.cells.shape)
        sums = np.bincount(self.cells.ravel(), spread.ravel(), N_BINS * len(self.names))
        return sums.reshape(len(self.names), N_BINS)


def rank_assumptions(
    numbers: Mapping[str, Float[np.ndarray, " draw"]],
    answer: Float[np.ndarray, " draw"],
    weights: Float[np.ndarray, " draw"],
    *,
    bins: AssumptionBins | None = None,
) -> list[RankedAssumption]:
    """Order the assumptions by the share of an answer's variance that each explains alone.

    Each parameter is cut into bins of equal weight; the variance of the bins' means is the
    first-order effect. The share expected from chance is subtracted, as in an adjusted R².

    Args:
        numbers: Every parameter's value in every draw.
        answer: A number per draw; nan only where the weight is 0.
        weights: Each draw's weight.
        bins: The bins for these weights, to reuse them for several answers.

    Source: Saltelli et al. (2008), Global Sensitivity Analysis, section 1.2.
    """
    used = weights > 0
    value, weight = answer[used] * 1.0, weights[used] / weights[used].sum()
    centre = weight @ value
    variance = weight @ (value - centre) ** 2
    size = effective_size(weight)
    if variance <= 1e-18 or size <= 2 * N_BINS:
        return []
    bins = bins or AssumptionBins.of(numbers, weights)
    means = np.divide(
        bins.sums(value), bins.mass, out=np.full(bins.mass.shape, centre), where=bins.mass > 0
    )
    raw = (bins.mass * (means - centre) ** 2).sum(axis=1) / variance
    adjusted = np.clip(1 - (1 - raw) * (size - 1) / (size - N_BINS), 0, 1)
    rows = zip(bins.names, adjusted.tolist(), _directions(means).tolist(), strict=True)
    return sorted((RankedAssumption(*row) for row in rows), key=lambda ranked: -ranked.share)


def _directions(means: Float[np.ndarray, "assumption bin"]) -> Float[np.ndarray, " assumption"]:
    """Correlation of the bins' means with their order; 0 where all are equal."""
    steps = np.arange(means.shape[1]) - (means.shape[1] - 1) / 2
    gaps = means - means.mean(axis=1, keepdims=True)
    size = np.sqrt((gaps**2).sum(axis=1) * (steps**2).sum())
    equal = np.ptp(means, axis=1) == 0
    return np.where(equal, 0.0, gaps @ steps / np.where(equal, 1.0, size))
