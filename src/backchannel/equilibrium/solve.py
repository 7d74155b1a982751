"""Solve a game for every draw: sweeps where they can be trusted, the homotopy where they cannot.

Every draw is swept straight at full precision, and then climbs (`climb`), which shows whether the
sweep can be trusted; a changed game that settles briskly from play that passed a climb
is spared it. One that does not settle in `BRISK` sweeps, or fails a climb, climbs again in
shorter steps; one that fails these too is given to the homotopy, which follows the principal branch
from precision 0. Players of infinite precision play the limit of the branch (`limit`). What the
homotopy does not bring to its end is left out with a status; a doubtful
sweep is never used instead. There are two shortcuts. In a tiny game, draws that contract too slowly
in their first sweeps are followed at once. In a large game, a brisk task (one of many changed
worlds, or one for which somebody waits) leaves a few doubtful draws out (`FEW`); they are counted,
and bounded where answers are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import jax
import numpy as np
from jaxtyping import Int

from backchannel.equilibrium.batch import Run, sweep
from backchannel.equilibrium.climb import climb
from backchannel.equilibrium.homotopy.follow import follow_several
from backchannel.equilibrium.limit import infinite_players, solve_limit
from backchannel.equilibrium.result import Equilibrium, Method, Status
from backchannel.equilibrium.settling import SETTLED
from backchannel.equilibrium.task import Task as Task

BRISK = (4, 6, 20)
"""Sweeps at full precision, from the starting play, before a draw is set aside for the next."""
CLIMBS = ((1, 2), (4, 3))
"""Rungs to each doubling of the precision and sweeps on each, in one climb after the other."""
FEW = 0.01
"""Share of the draws of a brisk task that may be left out: to follow one can take two seconds."""
PATIENT = 200
"""Sweeps from where a climb arrived until a draw must have settled."""


def solve(task: Task, *, progress: Callable[[int], None] | None = None) -> Equilibrium:
    """Find the logit equilibrium of every draw of one game on the principal branch."""
    return solve_all([task], progress=progress)[0]


def solve_all(
    tasks: Sequence[Task], *, progress: Callable[[int], None] | None = None
) -> list[Equilibrium]:
    """Find the logit equilibria of several games on the principal branch.

    Games of one kind share chunks, so that their few slow draws are swept together.

    Args:
        tasks: What to solve.
        progress: Called with the number of draws done after each chunk.

    Returns:
        For each task play in every draw, with a status and a method; a draw that did not settle
        says so.
    """
    solved: dict[int, Equilibrium] = {}
    runs: dict[int, Run] = {}
    for i, task in enumerate(tasks):
        if all(decision.name in task.held for decision in task.game.diagram.decisions):
            solved[i] = _all_held(task)
        elif infinite_players(task.game):
            solved[i] = solve_limit(task)
        else:
            runs[i] = Run(task)
    _solve_runs(list(runs.values()), progress)
    return [solved[i] if i in solved else runs[i].result for i in range(len(tasks))]


def _all_held(task: Task) -> Equilibrium:
    """Every rule is held, so that nothing is left to solve."""
    n = task.game.n_draws
    shapes = {name: (n, *menu.shape[1:]) for name, menu in task.game.menus.items()}
    rules = {name: np.broadcast_to(task.held[name], shapes[name]) for name in shapes}
    rules |= {name: rule for name, rule in task.held.items() if rule.shape == shapes[name]}
    change, sweeps, status, method, folds = np.zeros(n), *np.zeros((4, n), dtype=int)
    return Equilibrium(rules, change, sweeps, status, method, folds, np.ones(n, dtype=bool))


def _solve_runs(runs: Sequence[Run], progress: Callable[[int], None] | None) -> None:
    by_kind: dict[tuple, list[Run]] = {}
    for run in runs:
        by_kind.setdefault(run.kind, []).append(run)
    with jax.enable_x64(True):
        for together in by_kind.values():
            doubts = _swept(together, progress)
            _follow(together, _left_out(together, doubts))


def _swept(
    runs: Sequence[Run], progress: Callable[[int], None] | None
) -> list[Int[np.ndarray, " some"]]:
    """Sweep briskly, climb, and settle where the climb arrives; find the draws still in doubt."""
    hopeless = [np.zeros(0, int)] * len(runs)
    for i, most in enumerate(BRISK):
        sweep(runs, progress if i == 0 else None, most=most)
        if i == 0:
            hopeless = [_set_aside(run) for run in runs]
    left = [_to_climb(run, some) for run, some in zip(runs, hopeless, strict=True)]
    for run in runs:
        run.todo = np.zeros(0, int)
    for per_octave, sweeps in CLIMBS:
        if not any(map(len, left)):
            break
        passed = climb(runs, left, per_octave=per_octave, sweeps=sweeps)
        sweep(runs, most=PATIENT)
        for i, run in enumerate(runs):
            # What passed and then would not settle is in doubt all the same.
            done = np.setdiff1d(passed[i], run.todo)
            left[i] = np.setdiff1d(left[i], done)
            run.result.calm[done] = True
            run.todo = np.zeros(0, int)
    return [np.sort(np.concatenate(both)) for both in zip(left, hopeless, strict=True)]


def _set_aside(run: Run) -> Int[np.ndarray, " some"]:
    """Sweep draws of a tiny game that contract too slowly no more: to follow them costs as little."""
    slow = run.slow[run.todo] & (run.sweeper.is_tiny and run.is_circular)
    aside, run.todo = run.todo[slow], run.todo[~slow]
    return aside


def _to_climb(run: Run, hopeless: Int[np.ndarray, " some"]) -> Int[np.ndarray, " others"]:
    """The draws whose sweeps are not believed as they are, but for those that are hopeless."""
    if not run.is_circular:
        run.result.calm[...] = True
        return run.todo.copy()
    doubted = np.ones(run.task.game.n_draws, dtype=bool)
    doubted[hopeless] = False
    calm = run.task.calm
    if calm is None or run.task.start is None:
        return np.flatnonzero(doubted)
    # No more is at stake than in the game before, which passed a climb, and from its play the brisk
    # sweeps have settled again. A fold on the way would have slowed them.
    believed = calm & (run.result.change <= SETTLED)
    run.result.calm[believed] = True
    return np.flatnonzero(doubted & ~believed)


def _left_out(
    runs: Sequence[Run], doubts: Sequence[Int[np.ndarray, " some"]]
) -> list[Int[np.ndarray, " some"]]:
    """Leave a few draws of each brisk task out, in a large game; the others are to be followed."""
    left = []
    for run, draws in zip(runs, doubts, strict=True):
        few = len(draws) <= FEW * run.task.game.n_draws
        if run.sweeper.is_large and run.task.is_brisk and few:
            run.result.status[draws] = Status.OUT_OF_STEPS
            draws = draws[:0]
        left.append(draws)
    return left


def _follow(runs: Sequence[Run], doubts: Sequence[Int[np.ndarray, " some"]]) -> None:
    """Follow the principal branch in some draws of each game."""
    some = [(run, draws) for run, draws in zip(runs, doubts, strict=True) if len(draws)]
    followed = follow_several([(run.task, draws) for run, draws in some])
    for (run, draws), found in zip(some, followed, strict=True):
        result = run.result
        for name, rule in found.policies.items():
            if name not in run.task.held:
                result.policies[name][draws] = rule
        result.status[draws] = found.status
        result.change[draws] = found.residual
        result.method[draws] = Method.HOMOTOPY
        result.folds[draws] = found.folds
