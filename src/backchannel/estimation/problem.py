"""An estimation problem: plays, the model of them, and which of them depend on each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from backchannel.estimation.design import INTERCEPT_WIDTH, RegressionDesign
from backchannel.estimation.likelihood import Likelihood
from backchannel.language.errors import CommandError


@dataclass(frozen=True)
class FitProblem:
    """The data and the model of an estimation."""

    likelihood: Likelihood
    design: RegressionDesign
    weights: Float[np.ndarray, " row"]
    """The number of plays of each row."""
    clusters: np.ndarray | None = None
    """Which cluster each row belongs to; no row is without one."""
    use_priors: bool = False
    """Seek the mode of the posterior instead of the maximum of the likelihood."""
    spreads: Mapping[str, float] = field(default_factory=dict)
    """Deviation of each block of coefficients that are shrunk towards 0; a block without one is free."""

    @cached_property
    def stiffness(self) -> Float[np.ndarray, " coefficient"]:
        """What −½ × the square of each coefficient is multiplied by in the objective."""
        stiffness = np.zeros(len(self.design.coefficients))
        for block in self.design.blocks:
            if block.name in self.spreads:
                stiffness[block.place] = (block.size / self.spreads[block.name]) ** 2
        stiffness[list(self.design.intercepts)] = INTERCEPT_WIDTH**-2
        return stiffness

    @property
    def played(self) -> np.ndarray:
        """The rows that were played at all."""
        return self.weights > 0

    @cached_property
    def cluster_codes(self) -> Int[np.ndarray, " row"]:
        """The number of each played row's cluster, from 0 without gaps.

        Raises:
            CommandError: No column of clusters was named, some row has none, or all rows are in one.
        """
        if self.clusters is None:
            raise CommandError("Name the column of the clusters (--cluster COLUMN).")
        codes, groups = pd.factorize(self.clusters[self.played])
        if (codes < 0).any():
            raise CommandError("Some rows have no cluster. Leave them out, or give them one.")
        if len(groups) < 2:
            raise CommandError(
                "All plays are in one cluster, so clustered standard errors cannot be computed. "
                "They compare clusters with each other: name a column with at least two."
            )
        return codes

    @property
    def n_clusters(self) -> int:
        """How many clusters there are among the played rows."""
        return int(self.cluster_codes.max()) + 1
