"""Solve a game for every draw: sweeps where they can be trusted, the homotopy where they cannot.

Every draw is swept straight at full precision, and then climbs (`climb`), which shows whether the
sweep can be trusted; a changed game that settles briskly from play that passed a climb
is spared it. One that does not settle in `BRISK` sweeps, or fails a climb, climbs again in
shorter steps; one that fails these too is given to the homotopy, which follows the principal branch
from precision 0. Players of infinite precision play the limit of the branch (`limit`). What the
homotopy does not bring to its end is left out with a status; a doubtful
sweep is never used instead. In a large game a few draws in doubt
are not worth minutes of compilation, and are left out as well (`FEW`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import jax
import numpy as np
from jaxtyping import Int

from backchannel.equilibrium.batch import Run, sweep
from backchannel.equilibrium.climb import climb, is_circular
from backchannel.equilibrium.homotopy.follow import follow
from backchannel.equilibrium.limit import infinite_players, solve_limit
from backchannel.equilibrium.result import Equilibrium, Method, Status
from backchannel.equilibrium.sweep import SETTLED
from backchannel.equilibrium.task import Task as Task

BRISK = (4, 6, 20)
"""Sweeps at full precision, from the starting play, before a draw is set aside for the next."""
CLIMBS = ((1, 2), (4, 3))
"""Rungs to each doubling of the precision and sweeps on each, in one climb after the other."""
LARGE = 1000
"""Cells of all rules together up to which compiling the homotopy takes seconds, not minutes."""
FEW = 0.01
"""In a larger game it is compiled only where more than this share of the draws is in doubt; fewer are
left out (out of steps), counted, and bounded where answers are shown."""
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
            if _is_worth_following(together, doubts):
                for run, left in zip(together, doubts, strict=True):
                    _follow(run, left)
            else:
                for run, left in zip(together, doubts, strict=True):
                    run.result.status[left] = Status.OUT_OF_STEPS


def _swept(
    runs: Sequence[Run], progress: Callable[[int], None] | None
) -> list[Int[np.ndarray, " some"]]:
    """Sweep briskly, climb, and settle where the climb arrives; find the draws still in doubt."""
    hopeless = [np.zeros(0, int)] * len(runs)
    for i, most in enumerate(BRISK):
        sweep(runs, progress if i == 0 else None, most=most)
        if i == 0:
            hopeless = [_hopeless(run) for run in runs]
            for run, some in zip(runs, hopeless, strict=True):
                run.todo = run.todo[~np.isin(run.todo, some)]
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


def _hopeless(run: Run) -> Int[np.ndarray, " some"]:
    """Draws of a tiny game that contract too slowly: to follow them costs no more than to try."""
    if run.sweeper.is_tiny and is_circular(run):
        return run.todo[run.slow[run.todo]]
    return np.zeros(0, int)


def _to_climb(run: Run, hopeless: Int[np.ndarray, " some"]) -> Int[np.ndarray, " others"]:
    """The draws whose sweeps are not believed as they are, but for those that are hopeless."""
    if not is_circular(run):
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


def _is_worth_following(runs: Sequence[Run], doubts: Sequence[np.ndarray]) -> bool:
    """Say whether the homotopy's program is to be compiled for the draws in doubt."""
    if is_followable(runs[0]):
        return True
    n = sum(run.task.game.n_draws for run in runs)
    return sum(map(len, doubts)) > FEW * n


def is_followable(run: Run) -> bool:
    """Say whether a game is small enough that compiling the homotopy takes seconds."""
    return run.sweeper.rules.count <= LARGE


def _follow(run: Run, draws: np.ndarray) -> None:
    """Follow the principal branch in some draws."""
    if not len(draws):
        return
    result = run.result
    found = follow(run.task, draws=draws)
    for name, rule in found.policies.items():
        if name not in run.task.held:
            result.policies[name][draws] = rule
    result.status[draws] = found.status
    result.change[draws] = found.residual
    result.method[draws] = Method.HOMOTOPY
    result.folds[draws] = found.folds
