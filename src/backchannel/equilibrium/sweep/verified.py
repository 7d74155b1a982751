"""Sweeps that are verified: every draw is swept, and a climb tells whether its play can be trusted.

Every draw is swept at full precision (`QUICK_SWEEPS`), and then climbs (`climb`), which shows whether it stayed on
the principal branch. A changed game that converges quickly from play that was verified is spared the climb. A
draw that does not converge, or fails its climb, climbs again in shorter steps (`CLIMBS`). A draw that
fails this too is in doubt. In a tiny game, draws that contract too slowly in their first sweeps
are in doubt at once: following the branch costs no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Int

from backchannel.equilibrium.settle import CONVERGED
from backchannel.equilibrium.sweep.batch import SweepRun, sweep
from backchannel.equilibrium.sweep.chunk import DISTURBANCE
from backchannel.equilibrium.sweep.climb import climb
from backchannel.equilibrium.types import largest_gap, rows_of

QUICK_SWEEPS = (4, 6, 20)
"""Sweeps at full precision, from the starting play, in one attempt after the other."""
CLIMBS = ((1, 2), (4, 3))
"""Rungs to each doubling of the precision and sweeps on each, in one climb after the other."""
TINY_DISTURBED = (2, 8)
"""The same of the disturbed climb in a tiny game, where sweeps cost nothing and exact symmetry is common."""
SAME = 1e-6
"""Largest difference of some probability at which two climbs have arrived at one play."""
PATIENT = 200
"""Sweeps from the end of a climb until a draw must have converged."""


def sweep_and_verify(
    runs: Sequence[SweepRun], progress: Callable[[int], None] | None = None
) -> list[Int[np.ndarray, " some"]]:
    """Sweep games of one kind, climb, and sweep on from the climb's end.

    Args:
        runs: The games.
        progress: Called with the number of draws done after each chunk of the first sweeps.

    Returns:
        For each game the draws that are in doubt.
    """
    slow = [np.zeros(0, int)] * len(runs)
    for i, most in enumerate(QUICK_SWEEPS):
        sweep(runs, progress if i == 0 else None, most=most)
        if i == 0:
            slow = [_set_aside(run) for run in runs]
    doubted = [_to_climb(run, some) for run, some in zip(runs, slow, strict=True)]
    for run in runs:
        run.todo = np.zeros(0, int)
    for per_octave, sweeps in CLIMBS:
        if not any(map(len, doubted)):
            break
        passed = climb(runs, doubted, per_octave=per_octave, sweeps=sweeps)
        sweep(runs, most=PATIENT)
        # A draw that passed and then did not converge is in doubt all the same.
        arrived = [_without_todo(run, some) for run, some in zip(runs, passed, strict=True)]
        # Play of equals is equal, and a climb never looks at play that is not: a second, disturbed climb
        # does. It must arrive at the same play, since a disturbance can push a draw off its branch, too.
        rungs = TINY_DISTURBED if runs[0].sweeper.is_tiny else (per_octave, sweeps)
        before = [
            rows_of(run.result.policies, some) for run, some in zip(runs, arrived, strict=True)
        ]
        again = climb(runs, arrived, per_octave=rungs[0], sweeps=rungs[1], disturbance=DISTURBANCE)
        sweep(runs, most=PATIENT)
        for i, run in enumerate(runs):
            after = rows_of(run.result.policies, arrived[i])
            verified = np.zeros(run.task.game.n_draws, dtype=bool)
            verified[_without_todo(run, again[i])] = True
            verified[arrived[i][~(largest_gap(after, before[i]) <= SAME)]] = False
            doubted[i] = doubted[i][~verified[doubted[i]]]
            run.result.branch_verified[verified] = True
    return [np.sort(np.concatenate(both)) for both in zip(doubted, slow, strict=True)]


def _without_todo(run: SweepRun, draws: Int[np.ndarray, " some"]) -> Int[np.ndarray, " others"]:
    """Clear the list of draws to sweep, and return those of the given draws that were not on it."""
    is_done = np.zeros(run.task.game.n_draws, dtype=bool)
    is_done[draws] = True
    is_done[run.todo] = False
    run.todo = np.zeros(0, int)
    return np.flatnonzero(is_done)


def _set_aside(run: SweepRun) -> Int[np.ndarray, " some"]:
    """In a tiny game, stop sweeping slow draws: following the branch costs no more."""
    slow = run.slow[run.todo] & (run.sweeper.is_tiny and run.is_circular)
    aside, run.todo = run.todo[slow], run.todo[~slow]
    return aside


def _to_climb(run: SweepRun, aside: Int[np.ndarray, " some"]) -> Int[np.ndarray, " others"]:
    """The draws that must climb before they are trusted, without those that were set aside."""
    if not run.is_circular:
        run.result.branch_verified[...] = True
        return run.todo.copy()
    doubted = np.ones(run.task.game.n_draws, dtype=bool)
    doubted[aside] = False
    before = run.task.branch_verified
    if before is None or run.task.start is None:
        return np.flatnonzero(doubted)
    # No more is at stake than in the game before, which was verified, and from its play the quick
    # sweeps have converged again. A fold on the way would have slowed them.
    trusted = before & (run.result.change <= CONVERGED)
    run.result.branch_verified[trusted] = True
    return np.flatnonzero(doubted & ~trusted)
