"""Boxes: ranges of assumptions, what the outcome does inside, and what chance would explain."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from jaxtyping import Bool, Float

from backchannel.ensemble.weighted import effective_size
from backchannel.language.names import ParameterName
from backchannel.questions.sensitivity.sample import Sample

PEEL = 0.05
"""Share of a box's weight that one step removes or adds."""


@dataclass(frozen=True)
class Restriction:
    """The range of one assumption in a box."""

    parameter: ParameterName
    low: float
    """-inf for an open end."""
    high: float
    """inf for an open end."""
    by_chance: float
    """Probability that chance makes the excluded draws as different, corrected for the search over all
    cuts of all assumptions."""


@dataclass(frozen=True)
class Box:
    """Ranges of some assumptions, and the outcome inside."""

    restrictions: tuple[Restriction, ...]
    mass: float
    """Probability that the assumptions lie in the box, given the record."""
    density: float
    """Chance of the outcome inside the box."""
    coverage: float
    """Share of the outcome's chance that lies inside the box."""


@dataclass(frozen=True)
class Limits:
    """A box as a lower and an upper limit for each assumption."""

    low: Float[np.ndarray, " assumption"]
    high: Float[np.ndarray, " assumption"]

    def inside(self, numbers: Float[np.ndarray, "draw assumption"]) -> Bool[np.ndarray, " draw"]:
        return np.all((numbers >= self.low) & (numbers <= self.high), axis=1)

    @property
    def restricted(self) -> list[int]:
        return np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high)).tolist()

    def without(self, assumption: int) -> Limits:
        low, high = self.low.copy(), self.high.copy()
        low[assumption], high[assumption] = -np.inf, np.inf
        return Limits(low, high)

    def with_limit(self, assumption: int, upper: bool, number: float) -> Limits:
        low, high = self.low.copy(), self.high.copy()
        (high if upper else low)[assumption] = number
        return Limits(low, high)


def box_of(sample: Sample, limits: Limits) -> Box:
    """Describe the draws that lie within some limits."""
    inside = limits.inside(sample.numbers)
    density, total = density_inside(sample, inside), float(sample.weights @ sample.answer)
    mass = float(sample.weights[inside].sum())
    return Box(
        restrictions=tuple(
            Restriction(
                parameter=sample.names[i],
                low=float(limits.low[i]),
                high=float(limits.high[i]),
                by_chance=chance_of_restriction(sample, limits, i),
            )
            for i in limits.restricted
        ),
        mass=mass,
        density=density,
        coverage=density * mass / total if total > 0 else 0.0,
    )


def accuracy_of(sample: Sample, limits: Limits) -> float:
    """Measure how well a box separates the draws that hold the outcome from the others."""
    inside = limits.inside(sample.numbers)
    centre = sample.weights @ sample.answer
    return float(sample.weights[inside] @ (sample.answer[inside] - centre))


def density_inside(sample: Sample, inside: Bool[np.ndarray, " draw"]) -> float:
    """The outcome's probability among the draws inside a box; 0 where no weight is inside."""
    mass = float(sample.weights[inside].sum())
    return float(sample.weights[inside] @ sample.answer[inside]) / mass if mass > 0 else 0.0


def chance_of_restriction(sample: Sample, limits: Limits, i: int) -> float:
    """Probability that chance makes the draws that one restriction excludes as different.

    The means inside and outside are compared. The result is corrected for the search: over the whole
    range, at both ends, and over all assumptions.

    Source: Bryant & Lempert (2010), who use a binomial test, where draws here have chances and weights;
    Miller & Siegmund (1982), Maximally selected chi square statistics, for the search over cuts.
    """
    inside = limits.inside(sample.numbers)
    without = limits.without(i).inside(sample.numbers)
    excluded = without & ~inside
    if not excluded.any():
        return 1.0
    gap = density_inside(sample, inside) - density_inside(sample, excluded)
    weights = sample.weights
    deviation = sample.answer[without] - density_inside(sample, without)
    # Both sides share one spread: the few draws that a peel excludes are too few to estimate their own.
    spread = np.sqrt(weights[without] @ deviation**2 / weights[without].sum())
    counts = effective_size(weights[inside]), effective_size(weights[excluded])
    error = spread * np.sqrt(1 / counts[0] + 1 / counts[1])
    if error == 0:
        return 1.0
    return min(1.0, _chance_of_best_cut(gap / error) * len(sample.names))


def _chance_of_best_cut(deviate: float) -> float:
    """Probability that the best of all cuts, at least one peel from the ends, deviates as much."""
    if deviate <= 1:
        return 1.0
    height = NormalDist().pdf(deviate)
    widths = 2 * np.log((1 - PEEL) / PEEL)
    return float(min(1.0, height * ((deviate - 1 / deviate) * widths + 4 / deviate)))
