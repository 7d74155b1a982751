r"""Predictive chances: those of a fit, averaged over what the fit does not know.

Coefficients that are shrunk towards 0 are estimated with an error, and a group that the fit has not
seen has an effect that nobody knows. Chances at the best guess of both are too far from even. So they
are averaged over the row's numbers,

$$\theta_i \sim N\left(X_i\hat\beta,\; X_i H^{-1} X_i^\top + \sum_g \tau_g^2\right),$$

where H is the curvature of the objective at its mode and the sum runs over the groupings in which the
row's group is new, with their deviation τ.

Source: Tierney & Kadane (1986) for the normal approximation; Gelman et al. (2013), ch. 16, for new groups.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from scipy import linalg, special
from scipy.stats import qmc

from backchannel.estimation.design import RegressionDesign
from backchannel.estimation.objective import Objective
from backchannel.estimation.outcomes import OutcomeChances
from backchannel.estimation.problem import FitProblem

POINTS = 32
"""Points over which the chances of a row are averaged; a power of two."""
SEED = 11


def predictive_chances(
    problem: FitProblem,
    beta: Float[np.ndarray, " coefficient"],
    design: RegressionDesign,
    table: Any,
    chances: OutcomeChances,
) -> tuple[Float[np.ndarray, "row outcome"], Bool[np.ndarray, " row"]]:
    """The chance of each outcome in each row, and the rows in which play was found.

    Without penalised coefficients, these are the chances at the estimates.

    Args:
        problem: What was fitted, with its spreads.
        beta: Its mode.
        design: The problem's design for the rows to predict.
        table: These rows, as a DataFrame.
        chances: The chances of these rows as a function of their numbers.
    """
    middle = design.rows(beta)
    made, has_play = chances(middle)
    roots = _roots(problem, beta, design, table)
    if roots is None:
        return made, has_play
    total = np.zeros_like(made)
    for point in _points(middle.shape[1]):
        some, is_play = chances(middle + roots @ point)
        # Where play is not found at a point, the best guess stands in for it.
        total += np.where(is_play[:, None], some, made)
    return total / POINTS, has_play


def _roots(
    problem: FitProblem, beta: np.ndarray, design: RegressionDesign, table: Any
) -> Float[np.ndarray, "row number number"] | None:
    """A root of the covariance of each row's numbers; none where there is nothing to average over."""
    if not problem.spreads:
        return None
    covariance = _of_new_groups(problem, design, table)
    inverse = _covariance(problem, beta)
    blocks = design.column_blocks
    for j, (matrix, at) in enumerate(blocks):
        for k, (other, place) in enumerate(blocks):
            covariance[:, j, k] += np.einsum("rc,rc->r", matrix, other @ inverse[place, at])
    values, vectors = np.linalg.eigh((covariance + covariance.transpose(0, 2, 1)) / 2)
    return vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]


def _covariance(
    problem: FitProblem, beta: np.ndarray
) -> Float[np.ndarray, "coefficient coefficient"]:
    """The covariance of the coefficients; 0 where the objective has no proper mode."""
    # Precisions and probabilities have bounds, which a normal does not know: they stay at their mode.
    free = np.flatnonzero(problem.design.kinds == "any")
    covariance = np.zeros((len(beta), len(beta)))
    curvature = Objective(problem).curvature(beta)[np.ix_(free, free)]
    if np.isfinite(curvature).all() and np.linalg.eigvalsh(curvature).min() > 0:
        covariance[np.ix_(free, free)] = linalg.inv(curvature)
    return covariance


def _of_new_groups(
    problem: FitProblem, design: RegressionDesign, table: Any
) -> Float[np.ndarray, "row number number"]:
    """The variance that groups which the fit has not seen add to each number."""
    numbers = list(design.numbers)
    variance = np.zeros((len(table), len(numbers), len(numbers)))
    for number, laid in design.formula_of.items():
        for group in laid.groups:
            spread = problem.spreads.get(f"{number}[{group.label}]")
            if spread is not None:
                k = numbers.index(number)
                variance[group.place(table) < 0, k, k] += spread**2
    return variance


@cache
def _points(count: int) -> Float[np.ndarray, "point number"]:
    """Points that are spread like independent standard normals."""
    engine = qmc.Sobol(count, rng=np.random.default_rng(SEED))
    points = special.ndtri(np.clip(engine.random(POINTS), 1e-9, 1 - 1e-9))
    points -= points.mean(axis=0)
    return points / points.std(axis=0)
