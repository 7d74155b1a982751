"""Estimates: a number per world made into a mean, its range over draws, and its sampling error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.ensemble.weighted import mean, quantile
from backchannel.questions.forecast.ask import HIGH, LOW
from backchannel.questions.why.replay import Coupling

ZERO_BELOW = 1e-12
"""Numbers closer to 0 than this are set to 0."""


@dataclass(frozen=True)
class MonteCarloEstimate:
    """A mean over draws, estimated in each draw from a sample of worlds."""

    mean: float
    """Mean over the weighted draws."""
    low: float
    """5% of the weighted draws lie below."""
    high: float
    """5% of the weighted draws lie above."""
    error: float
    """Standard error of the mean from sampling worlds and orders."""


@dataclass(frozen=True)
class CoupledEstimate:
    """A number under both couplings of the shocks, which no record can tell apart."""

    shared: MonteCarloEstimate
    independent: MonteCarloEstimate

    @property
    def mean(self) -> float:
        """With shocks shared over contexts, the coupling that is quoted."""
        return self.shared.mean

    @property
    def ends(self) -> tuple[float, float]:
        """Both numbers, the smaller first."""
        low, high = sorted((self.shared.mean, self.independent.mean))
        return low, high


class Tally:
    """Collects several numbers per world, for one part of the draws after another and both couplings."""

    def __init__(self, n_numbers: int) -> None:
        self.n_numbers = n_numbers
        self.means: dict[Coupling, list[np.ndarray]] = {c: [] for c in Coupling}
        self.spreads: dict[Coupling, list[np.ndarray]] = {c: [] for c in Coupling}

    def add(self, coupling: Coupling, numbers: Float[np.ndarray, "number draw world"]) -> None:
        """Add the numbers of some draws."""
        n_worlds = numbers.shape[-1]
        self.means[coupling].append(numbers.mean(axis=-1))
        self.spreads[coupling].append(numbers.var(axis=-1, ddof=1) / n_worlds)

    def extend(self, other: Tally) -> None:
        """Add what another one has collected in further draws."""
        for coupling in Coupling:
            self.means[coupling] += other.means[coupling]
            self.spreads[coupling] += other.spreads[coupling]

    def per_draw(self, coupling: Coupling) -> Float[np.ndarray, "number draw"]:
        """Each number's mean over the worlds of each draw."""
        return np.concatenate(self.means[coupling], axis=1)

    def measured(
        self, weights: Float[np.ndarray, " draw"], *, more_error: dict[Coupling, np.ndarray]
    ) -> list[CoupledEstimate]:
        """Combine the numbers over draws.

        Args:
            weights: The weight of every added draw, in order.
            more_error: A further standard error of each number, besides that from sampling worlds.
        """
        by_coupling = {}
        for coupling in Coupling:
            means = self.per_draw(coupling)
            spreads = np.concatenate(self.spreads[coupling], axis=1)
            share = weights / weights.sum()
            by_coupling[coupling] = [
                MonteCarloEstimate(
                    mean=_clean(mean(means[i], weights)),
                    low=_clean(quantile(means[i], weights, LOW)),
                    high=_clean(quantile(means[i], weights, HIGH)),
                    error=_clean(np.sqrt(share**2 @ spreads[i] + more_error[coupling][i] ** 2)),
                )
                for i in range(self.n_numbers)
            ]
        pairs = zip(by_coupling[Coupling.SHARED], by_coupling[Coupling.INDEPENDENT], strict=True)
        return [CoupledEstimate(shared, independent) for shared, independent in pairs]


def _clean(number: float | np.ndarray) -> float:
    # Where a member makes no difference, the terms of its share cancel up to rounding.
    return 0.0 if abs(number) < ZERO_BELOW else float(number)
