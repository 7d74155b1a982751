"""Whether plays can identify the coefficients at all, before anything is searched."""

from __future__ import annotations

import numpy as np

from backchannel.estimation.maximum import direction
from backchannel.estimation.objective import Objective
from backchannel.estimation.problem import FitProblem
from backchannel.language.errors import CommandError

SEED = 12
POINTS = 3
"""Points off the start at which the rank is looked at."""


def check_identified(problem: FitProblem, objective: Objective, first: np.ndarray) -> None:
    """Name coefficients that such plays cannot identify, before fitting.

    The rank is that of the rows' own derivatives. It is looked at in points off the start, so that
    a symmetry of the start does not hide a coefficient, and in each by itself, since the direction
    that is flat may turn from point to point (a precision times a payoff).
    """
    chance = np.random.default_rng(SEED + 1)
    weak, vectors = np.zeros(len(first), bool), np.eye(len(first))
    has_play = False
    for _ in range(POINTS):
        beta = objective.outside(first + chance.normal(scale=0.3, size=len(first)))
        value, _, scores = objective.at(beta)
        if not np.isfinite(value):
            continue
        has_play = True
        stretch = objective.stretch(beta)
        matrix = scores[problem.played] * stretch
        drawn = np.diag(problem.stiffness * stretch**2)
        values, vectors = np.linalg.eigh(matrix.T @ matrix + drawn)
        weak = values <= 1e-12 * values[-1]
        if not weak.any():
            return
    if not has_play:
        # The search says what is wrong, if it finds no play either.
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
