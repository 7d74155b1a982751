"""Estimates: a number per world made into a mean, its range over draws, and its sampling error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.ensemble.weighted import mean, quantile
from backchannel.questions.forecast.ask import HIGH, LOW
from backchannel.questions.why.replay import Coupling

ROUNDING = 1e-12
"""Numbers nearer to 0 than this are 0."""


@dataclass(frozen=True)
class Estimate:
    """A number that every draw answers by itself, from some worlds each."""

    mean: float
    """Mean over the weighted draws."""
    low: float
    """5% of the weighted draws lie below."""
    high: float
    """5% of the weighted draws lie above."""
    error: float
    """Standard error of the mean from looking at some worlds and orders only."""


@dataclass(frozen=True)
class Measured:
    """A number under both readings of the shocks, which no record can tell apart."""

    shared: Estimate
    independent: Estimate

    @property
    def mean(self) -> float:
        """With shocks shared over contexts, which is the reading that is quoted."""
        return self.shared.mean

    @property
    def ends(self) -> tuple[float, float]:
        """The two readings, smaller first."""
        low, high = sorted((self.shared.mean, self.independent.mean))
        return low, high


class Tally:
    """Gathers several numbers per world, part by part of the draws, for both readings."""

    def __init__(self, n_numbers: int) -> None:
        self.n_numbers = n_numbers
        self.means: dict[Coupling, list[np.ndarray]] = {c: [] for c in Coupling}
        self.spreads: dict[Coupling, list[np.ndarray]] = {c: [] for c in Coupling}

    def add(self, coupling: Coupling, numbers: Float[np.ndarray, "number draw world"]) -> None:
        """Take some draws' numbers."""
        n_worlds = numbers.shape[-1]
        self.means[coupling].append(numbers.mean(axis=-1))
        self.spreads[coupling].append(numbers.var(axis=-1, ddof=1) / n_worlds)

    def per_draw(self, coupling: Coupling) -> Float[np.ndarray, "number draw"]:
        """Each number's mean over the worlds of each draw."""
        return np.concatenate(self.means[coupling], axis=1)

    def measured(
        self, weights: Float[np.ndarray, " draw"], *, more_error: dict[Coupling, np.ndarray]
    ) -> list[Measured]:
        """Put the numbers together over draws.

        Args:
            weights: Of every draw that was added, in order.
            more_error: A standard error of each number besides that of the worlds.
        """
        found = {}
        for coupling in Coupling:
            means = self.per_draw(coupling)
            spreads = np.concatenate(self.spreads[coupling], axis=1)
            share = weights / weights.sum()
            found[coupling] = [
                Estimate(
                    mean=_clean(mean(means[i], weights)),
                    low=_clean(quantile(means[i], weights, LOW)),
                    high=_clean(quantile(means[i], weights, HIGH)),
                    error=_clean(np.sqrt(share**2 @ spreads[i] + more_error[coupling][i] ** 2)),
                )
                for i in range(self.n_numbers)
            ]
        pairs = zip(found[Coupling.SHARED], found[Coupling.INDEPENDENT], strict=True)
        return [Measured(shared, independent) for shared, independent in pairs]


def _clean(number: float | np.ndarray) -> float:
    # Weights of a share cancel exactly, but for rounding, where a member makes no difference.
    return 0.0 if abs(number) < ROUNDING else float(number)
