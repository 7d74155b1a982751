"""Sensitivity: which assumption moves an answer most, from the draws already solved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.queries.weighted import effective_size

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


def rank_assumptions(
    numbers: Mapping[str, Float[np.ndarray, " draw"]],
    answer: Float[np.ndarray, " draw"],
    weights: Float[np.ndarray, " draw"],
) -> list[Hinge]:
    """Order the assumptions by the share of an answer's variance that each explains alone.

    Each parameter is cut into bins of equal weight; the variance of the bins' means is the
    first-order effect. What noise would give is subtracted, as in an adjusted R².

    Args:
        numbers: Every parameter's value in every draw.
        answer: A number per draw; nan only where the weight is 0.
        weights: Each draw's weight.

    Source: Saltelli et al. (2008), Global Sensitivity Analysis, section 1.2.
    """
    used = weights > 0
    value, weight = answer[used] * 1.0, weights[used] / weights[used].sum()
    centre = weight @ value
    variance = weight @ (value - centre) ** 2
    size = effective_size(weight)
    if variance <= 1e-18 or size <= 2 * BINS:
        return []
    found = []
    for name, numbers_of in numbers.items():
        parameter = numbers_of[used]
        if parameter.min() == parameter.max():
            continue
        order = np.argsort(parameter, kind="stable")
        position = np.cumsum(weight[order]) - weight[order] / 2
        bins = np.minimum((position * BINS).astype(int), BINS - 1)
        mass = np.bincount(bins, weight[order], BINS)
        total = np.bincount(bins, weight[order] * value[order], BINS)
        means = np.divide(total, mass, out=np.full(BINS, centre), where=mass > 0)
        raw = float(mass @ (means - centre) ** 2 / variance)
        adjusted = 1 - (1 - raw) * (size - 1) / (size - BINS)
        found.append(Hinge(name, float(np.clip(adjusted, 0, 1)), _direction(means)))
    return sorted(found, key=lambda hinge: -hinge.share)


def _direction(means: Float[np.ndarray, " bin"]) -> float:
    if np.ptp(means) == 0:
        return 0.0
    return float(np.corrcoef(np.arange(len(means)), means)[0, 1])
