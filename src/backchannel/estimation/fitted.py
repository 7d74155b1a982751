"""What a search found: coefficients, their covariances, and tests of smaller models."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy import stats

from backchannel.estimation.problem import FitProblem
from backchannel.language.errors import CommandError

WIDE = 1.959963984540054
"""Standard errors from the middle of a normal distribution to the ends of its 95% interval."""


@dataclass(frozen=True)
class SearchStart:
    """Where the search that began at one start ended."""

    values: Float[np.ndarray, " coefficient"]
    log_likelihood: float
    """With the priors, where they are used; minus infinity where no play was found at the start."""
    is_maximum: bool
    """The likelihood has no slope there."""


@dataclass(frozen=True)
class FittedCoefficients:
    """Coefficients, their covariances, and the fit of the model."""

    problem: FitProblem = field(repr=False)
    names: tuple[str, ...]
    values: Float[np.ndarray, " coefficient"]
    log_likelihood: float
    """Of the plays alone, also where priors were used."""
    plays: float
    converged: bool
    trouble: tuple[str, ...]
    """Problems with the maximum, in words; empty if there are none."""
    starts: tuple[SearchStart, ...]
    """Where each start of the search ended."""
    endless: tuple[str, ...]
    """Coefficients without a maximum-likelihood estimate: the likelihood rises for ever as they grow."""
    hessian: Float[np.ndarray, "coefficient coefficient"]
    """Of the negative objective at the maximum."""
    by_row: Float[np.ndarray, "row coefficient"] = field(repr=False)
    """Each row's own derivatives."""

    @property
    def aic(self) -> float:
        """2k − 2 log L. Source: Akaike (1974)."""
        return 2 * len(self.names) - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """k log n − 2 log L. Source: Schwarz (1978)."""
        return len(self.names) * float(np.log(self.plays)) - 2 * self.log_likelihood

    def covariance(self, kind: str = "hessian") -> Float[np.ndarray, "coefficient coefficient"]:
        """Covariances of the coefficients.

        Args:
            kind: `hessian`; `sandwich`, right even where the model is not (White 1982); or
                `clustered`, where plays of one cluster depend on each other (Liang & Zeger 1986).
        """
        size = len(self.names)
        if self.trouble:
            return np.full((size, size), np.nan)
        bread = np.linalg.inv(self.hessian)
        if kind == "hessian":
            return bread
        scores, weights = self.by_row, self.problem.weights
        if kind == "sandwich":
            meat = (scores * weights[:, None]).T @ scores
        else:
            groups, played = self.problem.n_clusters, self.problem.played
            sums = np.zeros((groups, size))
            np.add.at(sums, self.problem.cluster_codes, (scores * weights[:, None])[played])
            meat = sums.T @ sums * groups / (groups - 1)
        return bread @ meat @ bread

    def errors(self, kind: str = "hessian") -> Float[np.ndarray, " coefficient"]:
        """Standard errors; nan where the maximum is in trouble."""
        with np.errstate(invalid="ignore"):
            return np.sqrt(np.diag(self.covariance(kind)))

    def to_frame(self, kind: str = "hessian") -> pd.DataFrame:
        """A regression table: one row a coefficient."""
        errors = self.errors(kind)
        z = self.values / errors
        return pd.DataFrame(
            {
                "coefficient": self.names,
                "estimate": np.where(np.isin(self.names, self.endless), np.nan, self.values),
                "error": errors,
                "z": z,
                "p": 2 * stats.norm.sf(np.abs(z)),
                "low": self.values - WIDE * errors,
                "high": self.values + WIDE * errors,
            }
        )

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False, float_format="{:.4f}".format)


@dataclass(frozen=True)
class RatioTest:
    """Whether a smaller model explains the plays as well."""

    statistic: float
    freedom: int
    p: float


def ratio_test(full: FittedCoefficients, small: FittedCoefficients) -> RatioTest:
    """The likelihood-ratio test of a model inside a larger one. Source: Wilks (1938)."""
    freedom = len(full.names) - len(small.names)
    if freedom < 1:
        raise CommandError("The second model must have fewer coefficients than the first.")
    statistic = max(0.0, 2 * (full.log_likelihood - small.log_likelihood))
    return RatioTest(statistic, freedom, float(stats.chi2.sf(statistic, freedom)))
