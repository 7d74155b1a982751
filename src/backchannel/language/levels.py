"""Types of players: how far ahead a player thinks, as a number with a prior.

A type is a level (0, 1, 2, …), or `EQUILIBRIUM` for a player who knows everyone's odds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backchannel.language.names import ParameterName
from backchannel.language.priors import Prior, Shares

EQUILIBRIUM = -1.0
"""The type of a player who answers what the others in fact do."""
MOST_LEVELS = 12
"""The highest level that a case may ask for."""
USUAL_MOST = 4
"""The highest level of a hierarchy that says nothing else."""


def type_name(level: float) -> str:
    """Name a type as the case file spells it.

    >>> type_name(2.0), type_name(EQUILIBRIUM)
    ('level 2', 'equilibrium')
    """
    return "equilibrium" if level < 0 else f"level {round(level)}"


@dataclass(frozen=True)
class Mixture(Prior):
    """One of several types, each with its share."""

    types: tuple[float, ...]
    """In rising order."""
    shares: tuple[float, ...]
    """Their probabilities, which sum to 1."""

    @property
    def is_fixed(self) -> bool:
        return len(self.types) == 1

    @property
    def bounds(self) -> tuple[float, float]:
        return self.types[0], self.types[-1]

    def quantile(self, share: Shares) -> Shares:
        return _type_at(share, np.array(self.types), np.array(self.shares)[:, None])

    def share(self, number: Shares) -> Shares:
        """The share below a type, and half of its own."""
        below = np.cumsum(self.shares) - np.array(self.shares) / 2
        return np.interp(np.asarray(number, float), self.types, below)


@dataclass(frozen=True)
class PoissonLevel(Prior):
    """A level that is Poisson around an uncertain mean, cut off at a highest level.

    Where types are summed out rather than drawn, `type_shares` gives the same shares.

    Source: Camerer, Ho & Chong (2004).
    """

    mean: Prior
    mean_name: ParameterName
    """The number that is the mean; in a draw the level is drawn given its value there."""
    most: int

    @property
    def bounds(self) -> tuple[float, float]:
        return 0.0, float(self.most)

    def quantile(self, share: Shares) -> Shares:
        """The level at the median of the mean; see `given` for a draw."""
        return self.given(share, np.full(np.shape(share), self.mean.at(0.5)))

    def given(self, share: Shares, means: Shares) -> Shares:
        """The level below which a share lies, where the mean is known."""
        return _type_at(share, np.arange(self.most + 1.0), self._shares(np.asarray(means, float)))

    def share(self, number: Shares) -> Shares:
        """The share below a level, and half of its own."""
        shares = self._shares(np.array([self.mean.at(0.5)]))[:, 0]
        below = np.cumsum(shares) - shares / 2
        return np.interp(np.asarray(number, float), np.arange(self.most + 1.0), below)

    def _shares(self, means: np.ndarray) -> np.ndarray:
        weights = [np.ones_like(means)]
        for level in range(1, self.most + 1):
            weights.append(weights[-1] * means / level)
        table = np.array(weights)
        return table / table.sum(axis=0)


def _type_at(share: Shares, types: np.ndarray, shares: np.ndarray) -> Shares:
    """The first type at which the shares so far reach a share; `shares` has the axes type and draw."""
    reached = np.cumsum(shares, axis=0)[:-1] <= np.asarray(share, float)
    return types[reached.sum(axis=0)]
