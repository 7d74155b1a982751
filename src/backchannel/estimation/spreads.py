r"""Choose how strongly coefficients are shrunk towards 0: their spread τ, from the data.

Coefficients of a group effect, or of all covariates (ridge), are taken to be normal around 0 with one
deviation τ. It maximises the marginal likelihood, in which they are integrated out by Laplace's method,

$$\log L(\tau) \approx \ell(\hat\beta) - \tfrac12 \sum_j \left(\frac{s_j \hat\beta_j}{\tau}\right)^2
- k \log \tau - \tfrac12 \log\det H(\hat\beta) + \mathrm{const},$$

where H is the curvature by these coefficients at the mode. Or, for ridge, it is chosen by the log score
of folds that are left out in turn. Several spreads are updated by turns with a fit of all coefficients; no rule of
play is repeated, so this is not the fixed-point loop of the equilibrium.

Source: Tierney & Kadane (1986) for Laplace's method; Hoerl & Kennard (1970) for ridge.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, TypeAlias

import numpy as np
from jaxtyping import Float
from scipy import optimize

from backchannel.estimation.design import RIDGE, PenaltyBlock
from backchannel.estimation.folds import Folds, folds_by_chance
from backchannel.estimation.newton import newton
from backchannel.estimation.objective import Objective
from backchannel.estimation.problem import FitProblem
from backchannel.language.errors import CommandError, ConvergenceError

RidgeChoice: TypeAlias = float | Literal["marginal", "folds"]
"""A strength, 1/τ²; or how it is chosen: by the marginal likelihood, or by folds."""
STRENGTHS = tuple(10.0**k for k in np.arange(-1.0, 2.51, 0.5))
"""Strengths that are compared by folds."""
LEAST, MOST = math.log(1e-3), math.log(30.0)
"""Logarithms of the spreads that are looked at, in the unit of the number."""
NONE = 1.5e-3
"""A spread below which groups, or covariates, are said to make no difference."""
COARSE = 1e-6
"""Largest slope, per coordinate, at which a search ends where strengths are compared."""
UPDATES = 30
"""Updates of several spreads at most."""
NO_SPREAD = (
    "No play was found from which the spread of coefficients could be chosen. Give the strength of ridge "
    "as a number, or leave a group effect out."
)


def read_ridge(choice: Any) -> RidgeChoice | None:
    """Check how the strength of ridge is chosen.

    Raises:
        CommandError: It is neither a way of choosing nor a positive number.
    """
    if choice is None or choice in ("marginal", "folds"):
        return choice
    try:
        strength = float(choice)
    except (TypeError, ValueError):
        strength = math.nan
    if isinstance(choice, bool) or not (0 < strength < math.inf):
        raise CommandError(f"ridge is 'marginal', 'folds' or a strength above 0, not '{choice}'.")
    return strength


def choose_spreads(
    problem: FitProblem,
    *,
    ridge: RidgeChoice | None,
    folds: Folds | None = None,
) -> FitProblem:
    """The problem with a spread for each of its blocks.

    Args:
        problem: Its design may have group effects and ridge.
        ridge: How the strength of ridge is chosen.
        folds: In which the strength is compared; made by chance, if left out.

    Raises:
        ConvergenceError: No play was found from which a spread could be chosen.
    """
    if not problem.design.blocks:
        return problem
    given = {RIDGE: ridge**-0.5} if isinstance(ridge, float) else {}
    if ridge == "folds" and any(block.name == RIDGE for block in problem.design.blocks):
        groups = [block for block in problem.design.blocks if block.name != RIDGE]
        chosen = _by_marginal(problem, groups, {RIDGE: 0.5}) if groups else {}
        given = {RIDGE: choose_by_folds(problem, chosen, folds) ** -0.5}
    sought = [block for block in problem.design.blocks if block.name not in given]
    if not sought:
        return with_spreads(problem, given)
    return with_spreads(problem, {**given, **_by_marginal(problem, sought, given)})


def with_spreads(problem: FitProblem, spreads: Mapping[str, float]) -> FitProblem:
    """The problem with these spreads."""
    return replace(problem, spreads=dict(spreads))


def marginal(
    problem: FitProblem, start: Float[np.ndarray, " coefficient"] | None = None
) -> tuple[float, np.ndarray]:
    """The log marginal likelihood of the spreads, up to a constant, and the mode in coordinates."""
    objective = Objective(problem)
    mode = newton(objective, start)
    beta = objective.outside(mode)
    height = -objective.at(beta)[0]
    if not np.isfinite(height):
        return -np.inf, mode
    drawn = np.zeros(len(beta), bool)
    for block in problem.design.blocks:
        drawn[block.place] = True
    curvature = objective.curvature(beta)[np.ix_(drawn, drawn)]
    sign, log_det = np.linalg.slogdet(curvature)
    if sign <= 0 or not np.isfinite(log_det):
        return -np.inf, mode
    return height + 0.5 * (float(np.log(problem.stiffness[drawn]).sum()) - log_det), mode


def _by_marginal(
    problem: FitProblem, sought: list[PenaltyBlock], given: Mapping[str, float]
) -> dict[str, float]:
    """The spreads of some blocks at which the marginal likelihood is highest."""
    mode: np.ndarray | None = None

    def height(logs: np.ndarray) -> float:
        nonlocal mode
        clipped = np.clip(logs, LEAST, MOST)
        spreads = {b.name: math.exp(s) for b, s in zip(sought, clipped, strict=True)}
        value, at = marginal(with_spreads(problem, {**given, **spreads}), mode)
        if np.isfinite(value):
            mode = at
        return -value if np.isfinite(value) else 1e300

    if len(sought) == 1:
        grid = np.array([-4.0, -2.5, -1.5, -0.7, 0.0, 0.7, 1.5])
        heights = [height(np.array([log])) for log in grid]
        best = int(np.argmin(heights))
        low = LEAST if best == 0 else grid[best - 1]
        high = MOST if best == len(grid) - 1 else grid[best + 1]
        minimum = optimize.minimize_scalar(
            lambda log: height(np.array([log])),
            bounds=(low, high),
            method="bounded",
            options={"xatol": 1e-3},
        )
        logs, value = np.array([minimum.x]), minimum.fun
    else:
        return _by_updates(problem, sought, given)
    if value >= 1e300:
        raise ConvergenceError(NO_SPREAD)
    return {block.name: math.exp(log) for block, log in zip(sought, logs, strict=True)}


def _by_updates(
    problem: FitProblem, sought: list[PenaltyBlock], given: Mapping[str, float]
) -> dict[str, float]:
    """Several spreads at once, by updates that take the curvature of the likelihood as it is.

    Source: Wood & Fasiolo (2017), the generalised Fellner–Schall method.
    """
    spreads = {block.name: 0.5 for block in sought}
    mode: np.ndarray | None = None
    for _ in range(UPDATES):
        current = with_spreads(problem, {**given, **spreads})
        objective = Objective(current)
        mode = newton(objective, mode, level=COARSE)
        beta = objective.outside(mode)
        places = np.concatenate([block.place for block in current.design.blocks])
        curvature = objective.curvature(beta)[np.ix_(places, places)]
        if not np.isfinite(curvature).all():
            raise ConvergenceError(NO_SPREAD)
        rest = dict(zip(places.tolist(), np.diag(np.linalg.pinv(curvature)), strict=True))
        moves = []
        for block in sought:
            old = spreads[block.name]
            # How many of the coefficients the plays determine, out of them all.
            left = sum(
                rest[i] * size**2 for i, size in zip(block.place.tolist(), block.size, strict=True)
            )
            free = max(len(block.place) - left / old**2, 1e-3)
            new = math.sqrt(float(((block.size * beta[block.place]) ** 2).sum()) / free)
            spreads[block.name] = min(max(new, math.exp(LEAST)), math.exp(MOST))
            moves.append(abs(math.log(spreads[block.name] / old)) if new > NONE else 0.0)
        if max(moves) < 0.02:
            break
    return spreads


def choose_by_folds(
    problem: FitProblem,
    others: Mapping[str, float],
    folds: Folds | None = None,
) -> float:
    """The strength of ridge with the best mean log score of rows that are left out in turn.

    Args:
        problem: The plays and their model.
        others: The spreads of the other blocks.
        folds: In which the strength is compared; made by chance, if left out.
    """
    folds = folds or folds_by_chance(len(problem.weights))
    scores = dict.fromkeys(STRENGTHS, 0.0)
    for before, held in folds.pairs(problem.weights > 0):
        kept = np.where(before, problem.weights, 0.0)
        mode: np.ndarray | None = None
        # From the strongest down: there the objective has one mode, which is followed.
        for strength in reversed(STRENGTHS):
            spreads = {**others, RIDGE: strength**-0.5}
            objective = Objective(replace(problem, weights=kept, spreads=spreads))
            mode = newton(objective, mode, level=COARSE)
            rows = problem.likelihood.on_principal_branch(
                problem.design.rows(objective.outside(mode))
            )
            played = held & problem.played
            logs = np.where(rows.settled, rows.log, -np.inf)[played]
            scores[strength] += float(problem.weights[played] @ logs)
    return max(scores, key=lambda strength: scores[strength])
