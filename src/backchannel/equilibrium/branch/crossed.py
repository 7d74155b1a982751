"""Crossed: have other branches crossed the principal one before its end?

In a game with an exact symmetry branches may cross, and the principal branch goes straight on: equals
are treated as equals. The path follower notices most crossings (`step`), but not those that its
unknowns do not show: contexts that are played alike on the principal branch share unknowns.
So the end is looked at with all contexts by themselves. Without a crossing the principal branch reaches
full precision for the first time with a positive determinant of ∂F/∂x, whatever its folds: each fold
changes the sign, and they come in pairs. A negative one means that it was crossed. A crossing in
which several branches leave at once, as alike as their players, changes several real eigenvalues that are
equal; a regular game has no negative eigenvalues that are exactly equal.

Source: Golubitsky & Schaeffer (1985), Singularities and Groups in Bifurcation Theory, for multiple
eigenvalues by symmetry; the test is ours.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Int

from backchannel.equilibrium.branch.context import GameContext
from backchannel.equilibrium.branch.newton import log_odds
from backchannel.equilibrium.branch.parts import job_of
from backchannel.equilibrium.branch.reduction import reduce_game
from backchannel.equilibrium.branch.residual import Residual
from backchannel.equilibrium.types import Equilibrium, Method, Policies, Task

MOST_UNKNOWNS = 60
"""Unknowns up to which the end is looked at."""
MOST_NUMBERS = 2e7
"""Numbers that the differences may take at once."""
STEP = 1e-4
"""Step of the differences in log-odds."""
EQUAL = 1e-5
"""Eigenvalues that differ by less, over their size, are equal."""


def crossed_on_the_way(task: Task, equilibrium: Equilibrium) -> Bool[np.ndarray, " draw"]:
    """Say in which draws other branches cross the principal one exactly before its end.

    Sweeps that a climb verified have passed no crossing, so that only draws whose branch was followed are
    looked at.

    Args:
        task: The game, and the rules that are held.
        equilibrium: Its principal equilibrium.
    """
    crossed = equilibrium.crossings > 0
    left = np.flatnonzero(
        (equilibrium.method == Method.HOMOTOPY) & equilibrium.converged & ~crossed
    )
    if len(left):
        rules = {name: rule[left] for name, rule in equilibrium.policies.items()}
        crossed[left] = is_crossed(GameContext(task), rules, left)
    return crossed


def is_crossed(
    context: GameContext, policies: Policies, draws: Int[np.ndarray, " some"]
) -> Bool[np.ndarray, " some"]:
    """Say in which draws the end of the principal branch lies beyond a crossing.

    False also where the game is too large to be looked at.

    Args:
        context: The game.
        policies: Play at the end of the branch; axis 0 runs over `draws`.
        draws: Which draws.
    """
    crossed = np.zeros(len(draws), bool)
    if not len(draws):
        return crossed
    (part,) = reduce_game(context.frame, context.tables, draws[:8], quotient=False, joint=True)
    n = part.n_unknowns
    if not 0 < n <= MOST_UNKNOWNS or part.size > MOST_NUMBERS:
        return crossed
    residual = Residual(part, np)
    each = max(1, int(MOST_NUMBERS / (2 * part.size)))
    for first in range(0, len(draws), each):
        rows = np.arange(first, min(first + each, len(draws)))
        x = log_odds(part, {name: rule[rows] for name, rule in policies.items()})
        # Lanes: every draw with one unknown moved up, and with one moved down.
        lanes = np.repeat(rows, 2 * n)
        moves = np.concatenate([STEP * np.eye(n), -STEP * np.eye(n)], axis=1)
        job = job_of(context, part, draws[lanes], context.length(draws[lanes]), care=0)
        given = {
            key: source.take(job.draws, job.slices)
            for key, source in job.tables.items()
            if key in residual.keys
        }
        here = np.repeat(x, 2 * n, axis=1) + np.tile(moves, (1, len(rows)))
        with np.errstate(all="ignore"):
            value = residual(here, job.length, residual.prepare(given), job.ratio)
        value = value.reshape(n, len(rows), 2, n)
        slopes = np.moveaxis(value[:, :, 0] - value[:, :, 1], 1, 0) / (2 * STEP)
        crossed[rows] = [_is_beyond(matrix) for matrix in slopes]
    return crossed


def _is_beyond(slopes: np.ndarray) -> bool:
    if not np.isfinite(slopes).all():
        return False
    values = np.linalg.eigvals(slopes)
    real = np.sort(values[np.abs(values.imag) < EQUAL * np.abs(values)].real)
    negative = real[real < -EQUAL]
    if len(negative) % 2:
        return True
    return bool((np.diff(negative) < EQUAL * np.abs(negative[:-1])).any())
