"""Paired means: a counterfactual's mean in each draw, estimated from worlds whose actual mean is known exactly.

The same worlds give a number as it is and a number with the change. The mean of the first is also known
exactly, by inference. Where the sample misses it, the mean of the second is corrected in proportion.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from backchannel.ensemble.weighted import mean

PerWorld = Float[np.ndarray, "draw world number"]


@dataclass
class PairedMean:
    """Collects numbers of one part of the draws after another."""

    n_draws: int
    n_numbers: int
    changed: Float[np.ndarray, "draw number"] = field(init=False)
    actual: Float[np.ndarray, "draw number"] = field(init=False)
    covariance: Float[np.ndarray, " draw"] = field(init=False)
    variance: Float[np.ndarray, " draw"] = field(init=False)

    def __post_init__(self) -> None:
        self.changed = np.full((self.n_draws, self.n_numbers), np.nan)
        self.actual = np.full((self.n_draws, self.n_numbers), np.nan)
        self.covariance = np.zeros(self.n_draws)
        self.variance = np.zeros(self.n_draws)

    def add(self, draws: np.ndarray, changed: PerWorld, actual: PerWorld) -> None:
        """Add the numbers of some draws: with the change, and as it is."""
        self.changed[draws] = changed.mean(axis=1)
        self.actual[draws] = actual.mean(axis=1)
        gap = actual - self.actual[draws][:, None]
        self.covariance[draws] = (gap * changed).mean(axis=1).sum(axis=-1)
        self.variance[draws] = (gap * gap).mean(axis=1).sum(axis=-1)

    def means(
        self, exact: Float[np.ndarray, "draw number"], weights: Float[np.ndarray, " draw"]
    ) -> Float[np.ndarray, "draw number"]:
        """The numbers with the change, in every draw; nan in draws that were not added.

        Args:
            exact: The numbers as they are, by inference.
            weights: Each draw's weight.

        Source: control variates with one coefficient for all numbers and draws; Owen (2013), Monte
        Carlo theory, methods and examples, section 8.9.
        """
        variance = float(mean(self.variance, weights))
        slope = float(mean(self.covariance, weights)) / variance if variance > 1e-15 else 0.0
        return self.changed - slope * (self.actual - exact)
