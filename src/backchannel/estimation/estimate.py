"""Maximum-likelihood estimates of the coefficients, and their standard errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy import optimize, special, stats

from backchannel.estimation.design import RegressionDesign
from backchannel.estimation.likelihood import Likelihood
from backchannel.estimation.maximum import (
    Landscape,
    direction,
    endless,
    flat,
    look_around,
    runs_away,
)
from backchannel.language.errors import CommandError
from backchannel.language.priors import Prior

STARTS = 4
SEED = 11
TOLERANCE = 1e-7
"""Largest slope of the mean log likelihood, per scaled coefficient, at a maximum."""
EDGE = 1e-9
"""Share of a prior on either side beyond which it is not looked at."""
BEND = 1e-5
"""Step of the coordinates over which slopes are compared."""
RIDGE = 1e-3
"""Added to the first guess of the Hessian, per mean curvature, so that no step is endless."""


@dataclass(frozen=True)
class FitProblem:
    """The data and the model of an estimation."""

    likelihood: Likelihood
    design: RegressionDesign
    weights: Float[np.ndarray, " row"]
    """The number of plays of each row."""
    clusters: np.ndarray | None = None
    """Which cluster each row belongs to."""
    use_priors: bool = False
    """Seek the mode of the posterior instead of the maximum of the likelihood."""


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
    starts: tuple[float, ...]
    """Log likelihood that each start of the search ended at."""
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
            clusters = self.problem.clusters
            if clusters is None:
                raise CommandError("Name the column of the clusters (--cluster COLUMN).")
            codes, groups = pd.factorize(clusters)
            sums = np.zeros((len(groups), size))
            np.add.at(sums, codes, scores * weights[:, None])
            meat = sums.T @ sums * len(groups) / max(len(groups) - 1, 1)
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
                "low": self.values - 1.959963984540054 * errors,
                "high": self.values + 1.959963984540054 * errors,
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


def estimate(problem: FitProblem, *, starts: int = STARTS) -> FittedCoefficients:
    """Search for the maximum from several starts, and check it.

    Raises:
        CommandError: A play is impossible, or some coefficients are not identified.
    """
    objective = _Objective(problem)
    chance = np.random.default_rng(SEED)
    first = objective.inside(problem.design.start())
    tries = [first]
    tries += [first + chance.normal(scale=0.5, size=len(first)) for _ in range(starts - 1)]
    _check_identified(problem, objective, first)
    results = []
    for begin in tries:
        objective.start_at(begin)
        options = {"gtol": TOLERANCE, "maxiter": 500, "hess_inv0": objective.shape(begin)}
        result = optimize.minimize(objective, begin, jac=True, method="BFGS", options=options)
        if np.isfinite(result.fun):
            results.append(result)
    if not results:
        raise CommandError(
            "The search found no coefficients for which all plays are possible. Look for a row "
            "whose covariates are far from those of the other rows."
        )
    best = min(results, key=lambda result: result.fun)
    return _judged(problem, objective, best, [float(-r.fun * objective.total) for r in results])


class _Objective:
    """The mean negative log likelihood, in unbounded coordinates: scaled, log or logit."""

    def __init__(self, problem: FitProblem) -> None:
        self.problem = problem
        kinds = problem.design.kinds
        self.positive, self.share = kinds == "positive", kinds == "share"
        self.scale = np.where(kinds == "any", problem.design.scale(), 1.0)
        self.total = float(problem.weights.sum())

    def inside(self, beta: np.ndarray) -> np.ndarray:
        coordinates = beta / self.scale
        coordinates[self.positive] = np.log(beta[self.positive])
        coordinates[self.share] = special.logit(beta[self.share])
        return coordinates

    def outside(self, x: np.ndarray) -> np.ndarray:
        coefficients = x * self.scale
        coefficients[self.positive] = np.exp(np.clip(x[self.positive], -30, 30))
        coefficients[self.share] = special.expit(np.clip(x[self.share], -30, 30))
        return coefficients

    def stretch(self, beta: np.ndarray) -> np.ndarray:
        """By how much a coefficient moves when its coordinate does."""
        stretches = self.scale.copy()
        stretches[self.positive] = beta[self.positive]
        stretches[self.share] = (beta * (1 - beta))[self.share]
        return stretches

    def start_at(self, x: np.ndarray) -> None:
        """Let iterations start from the play on the principal branch here."""
        likelihood = self.problem.likelihood
        if likelihood.joint:
            likelihood.on_principal_branch(self.problem.design.rows(self.outside(x)))

    def __call__(self, x: np.ndarray) -> tuple[float, np.ndarray]:
        beta = self.outside(x)
        value, slope, _ = self.at(beta)
        return value / self.total, slope * self.stretch(beta) / self.total

    def at(self, beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Negative objective, its slope, and each row's scores, in plain coefficients."""
        problem = self.problem
        rows = problem.likelihood(problem.design.rows(beta))
        used = problem.weights > 0
        if not (rows.settled[used].all() and np.isfinite(rows.log[used]).all()):
            # A row without an equilibrium, or with an impossible play, rejects the step.
            return np.inf, np.zeros(len(beta)), np.zeros((len(used), len(beta)))
        scores = problem.design.scores(rows.slope)
        value = float(problem.weights @ rows.log)
        slope = problem.weights @ scores
        if problem.use_priors:
            for i, (log, by) in enumerate(_log_priors(problem.design, beta)):
                value += log
                slope[i] += by
        return -value, -slope, scores

    @property
    def landscape(self) -> Landscape:
        """The sum over the plays, in these coordinates."""

        def bend(x: np.ndarray) -> np.ndarray:
            size = len(x)
            hessian = np.zeros((size, size))
            for i, move in enumerate(np.eye(size) * BEND):
                hessian[i] = (self(x + move)[1] - self(x - move)[1]) / (2 * BEND)
            return (hessian + hessian.T) / 2 * self.total

        return Landscape(lambda x: self(x)[0] * self.total, lambda x: self(x)[1] * self.total, bend)

    def shape(self, x: np.ndarray) -> np.ndarray | None:
        """A first guess of the inverse Hessian: that of the outer product of the rows' slopes.
        Source: Berndt, Hall, Hall & Hausman (1974).
        """
        beta = self.outside(x)
        scores = self.at(beta)[2] * self.stretch(beta)
        outer = (scores * self.problem.weights[:, None]).T @ scores / self.total
        ridge = RIDGE * np.trace(outer) / len(x)
        if not ridge > 0:
            return None
        inverse = np.linalg.inv(outer + ridge * np.eye(len(x)))
        return (inverse + inverse.T) / 2

    def hessian(self, beta: np.ndarray) -> np.ndarray:
        """Central differences of the exact slope."""
        size = len(beta)
        second = np.zeros((size, size))
        for i in range(size):
            step = 1e-5 * self.stretch(beta)[i]
            move = np.zeros(size)
            move[i] = step
            second[i] = (self.at(beta + move)[1] - self.at(beta - move)[1]) / (2 * step)
        return (second + second.T) / 2


def _judged(
    problem: FitProblem, objective: _Objective, best: optimize.OptimizeResult, starts: list[float]
) -> FittedCoefficients:
    objective.start_at(best.x)
    place = look_around(objective.landscape, best.x, objective.inside(problem.design.start()))
    # Looking around has moved the play that iterations start from.
    objective.start_at(place.x)
    beta = objective.outside(place.x)
    value, slope, scores = objective.at(beta)
    hessian = objective.hessian(beta)
    stretch = objective.stretch(beta)
    names, kinds = problem.design.coefficients, problem.design.kinds
    trouble, runaways = [], ()
    steepest = float(np.abs(slope * stretch).max() / objective.total)
    if place.endless is not None:
        alike = problem.likelihood.plays_alike
        trouble += endless(names, kinds, place.endless, plays_alike=alike)
        runaways = runs_away(names, place.endless)
    elif steepest > 100 * TOLERANCE:
        trouble.append(f"the search did not converge: the slope is still {steepest:.1e} per play")
    else:
        trouble += flat(names, hessian * np.outer(stretch, stretch))
    plays = value
    if problem.use_priors:
        plays = value + sum(log for log, _ in _log_priors(problem.design, beta))
    return FittedCoefficients(
        problem=problem,
        names=problem.design.coefficients,
        values=beta,
        log_likelihood=-plays,
        plays=objective.total,
        converged=not trouble,
        trouble=tuple(trouble),
        starts=tuple(starts),
        endless=runaways,
        hessian=hessian,
        by_row=scores,
    )


def _check_identified(problem: FitProblem, objective: _Objective, first: np.ndarray) -> None:
    """Name coefficients that such plays cannot identify, before fitting.

    The rank is that of the rows' own derivatives. It is looked at in points off the start, so that
    a symmetry of the start does not hide a coefficient, and in each by itself, since the direction
    that is flat may turn from point to point (a precision times a payoff).
    """
    chance = np.random.default_rng(SEED + 1)
    weak, vectors = np.zeros(len(first), bool), np.eye(len(first))
    for _ in range(3):
        beta = objective.outside(first + chance.normal(scale=0.3, size=len(first)))
        if problem.likelihood.joint:
            problem.likelihood.on_principal_branch(problem.design.rows(beta))
        _, _, scores = objective.at(beta)
        matrix = scores[problem.weights > 0] * objective.stretch(beta)
        values, vectors = np.linalg.eigh(matrix.T @ matrix)
        weak = values <= 1e-12 * values[-1]
        if not weak.any():
            return
    if weak.all():
        raise CommandError(
            "No coefficient changes the probability of any play, or a play is impossible in the "
            "case for all coefficients."
        )
    names = problem.design.coefficients
    directions = "; ".join(direction(names, vector) for vector in vectors[:, weak].T)
    raise CommandError(
        f"These plays cannot identify some coefficients: {directions}. Fix one of each (give it a "
        "number as its prior), or drop a covariate."
    )


def _log_priors(design: RegressionDesign, beta: np.ndarray) -> list[tuple[float, float]]:
    """Log density of each coefficient's prior, and its derivative; 0 where there is none."""
    densities = []
    begin = 0
    for part in design.parts:
        for k in range(len(part.names)):
            prior = part.prior if part.columns == ("",) else None
            densities.append((0.0, 0.0) if prior is None else _density(prior, beta[begin + k]))
        begin += len(part.names)
    return densities


def _density(prior: Prior, value: float) -> tuple[float, float]:
    """Log density of a prior and its slope; a prior is known by its quantiles."""
    step = 1e-4 * max(abs(value), 1e-3)
    logs = [_log_density(prior, value + move) for move in (-step, 0.0, step)]
    return logs[1], (logs[2] - logs[0]) / (2 * step)


def _log_density(prior: Prior, value: float) -> float:
    least, most = prior.at(EDGE), prior.at(1 - EDGE)
    inside = min(max(value, least), most)
    share: Any = optimize.brentq(lambda q: prior.at(q) - inside, EDGE, 1 - EDGE, xtol=1e-14)
    step = 1e-5 * min(share, 1 - share)
    slope = (prior.at(share + step) - prior.at(share - step)) / (2 * step)
    # Beyond its outermost quantiles a prior falls off so steeply that nothing is sought there.
    return float(-np.log(slope)) - 1e3 * abs(value - inside) / max(most - least, 1e-300)
