"""Crossed: have other branches crossed the principal one before its end?

In a game with an exact symmetry branches may cross, and the principal branch goes straight on: players in the same
situation play the same rule. The path follower notices most crossings (`step`), but not those that its
unknowns do not show (contexts that are played alike on the principal branch share unknowns), and not those in
which the determinant of ∂F/∂x keeps its sign because an even number of eigenvalues passes 0.
So the end of the branch is examined with separate unknowns for all contexts and all decisions.

- At precision 0 ∂F/∂x is the identity, and each fold takes one eigenvalue through 0, and back at the next. So an odd
  number of real negative eigenvalues at the end means that the branch was crossed.
- A symmetry of several equals gives eigenvalues several times, exactly equal. Those of one multiplicity are the
  eigenvalues of a smaller matrix, which is the identity at precision 0 as well: an odd number of them is a crossing.
- An even number can be two crossings, or a pair of complex eigenvalues that turned on their way. Then eigenvalues are
  followed along the branch: more that pass 0 than there are folds mean crossings.

Source: Golubitsky & Schaeffer (1985), Singularities and Groups in Bifurcation Theory, for multiple
eigenvalues by symmetry; the test is ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from jaxtyping import Bool, Complex, Int
from scipy.optimize import linear_sum_assignment

from backchannel.equilibrium.branch.context import GameContext
from backchannel.equilibrium.branch.follow import follow
from backchannel.equilibrium.branch.followed import Trace
from backchannel.equilibrium.branch.play_slopes import PlaySlopes
from backchannel.equilibrium.types import Equilibrium, Method, Policies, Task

EQUAL = 1e-5
"""Eigenvalues that differ by less, over their size, are equal; smaller ones than this are 0."""

Eigenvalues = Complex[np.ndarray, " unknown"]


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
        crossed[left] = is_crossed(task, rules, left)
    return crossed


def is_crossed(
    task: Task,
    policies: Policies,
    draws: Int[np.ndarray, " some"],
    traces: Sequence[Trace] | None = None,
) -> Bool[np.ndarray, " some"]:
    """Say in which draws the end of the principal branch lies beyond a crossing.

    False also where the game is too large to be looked at.

    Args:
        task: The game, and the rules that are held.
        policies: Play at the end of the branch; axis 0 runs over `draws`.
        draws: Which draws.
        traces: The branch of each, if it is known already.
    """
    crossed = np.zeros(len(draws), bool)
    context = GameContext(task)
    slopes = PlaySlopes(context, draws[:8]) if len(draws) else None
    if slopes is None or slopes.part is None:
        return crossed
    ends = [_real_negative(_eigenvalues(m)) for m in slopes.at(policies, draws)]
    crossed |= [_is_odd(negative, slopes.is_whole) for negative in ends]
    doubtful = np.flatnonzero([len(negative) > 0 for negative in ends] & ~crossed)
    if len(doubtful) and traces is None:
        followed = follow(task, draws=draws[doubtful], trace=True)
        assert followed.trace is not None
        traces = followed.trace
    elif traces is not None:
        traces = [traces[row] for row in doubtful.tolist()]
    for row, trace in zip(doubtful, traces or (), strict=True):
        held = {name: policies[name][row] for name in policies if name not in trace.policies}
        crossed[row] = _is_crossed_along(slopes, trace, held, int(draws[row]))
    return crossed


def _eigenvalues(slopes: np.ndarray) -> Eigenvalues:
    return np.linalg.eigvals(slopes) if np.isfinite(slopes).all() else np.array([], complex)


def _real(values: Eigenvalues) -> Bool[np.ndarray, " unknown"]:
    return np.abs(np.imag(values)) < EQUAL * np.abs(values)


def _real_negative(values: Eigenvalues) -> np.ndarray:
    real = np.sort(np.real(values[_real(values)]))
    return real[real < -EQUAL]


def _is_odd(negative: np.ndarray, is_whole: bool) -> bool:
    """Say whether an odd number of eigenvalues is negative, in all or among those of one multiplicity."""
    if len(negative) % 2:
        return True
    if not is_whole or not len(negative):
        return False
    apart = np.diff(negative) >= EQUAL * np.abs(negative[:-1])
    sizes = np.diff(np.flatnonzero(np.concatenate([[True], apart, [True]])))
    return any(count % 2 for count in Counter(sizes.tolist()).values())


def _is_crossed_along(slopes: PlaySlopes, trace: Trace, held: Policies, draw: int) -> bool:
    """Count the real eigenvalues that pass 0 on the way, against the folds."""
    n = len(trace.t)
    plays = {name: np.broadcast_to(rule, (n, *rule.shape)) for name, rule in held.items()}
    matrices = slopes.at({**plays, **trace.policies}, np.full(n, draw), trace.t)
    if not np.isfinite(matrices).all():
        return False
    spectra = np.linalg.eigvals(matrices)
    passed = sum(_passed(before, after) for before, after in pairwise(spectra))
    turns = int((np.diff(np.sign(np.diff(trace.t))) != 0).sum())
    return passed > turns


def _passed(before: Eigenvalues, after: Eigenvalues) -> int:
    """Count the real eigenvalues that change their sign; each goes to the one that is nearest."""
    if not len(_real_negative(before)) and not len(_real_negative(after)):
        return 0
    _, to = linear_sum_assignment(np.abs(before[:, None] - after[None]))
    after = after[to]
    both = _real(before) & _real(after)
    return int((both & (np.real(before) * np.real(after) < 0)).sum())
