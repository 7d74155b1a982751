"""Solve a game for every draw: sweeps where they can be trusted, the branch followed where they cannot.

Every draw is swept at full precision, and a climb verifies that the sweeps stayed on the principal branch
(`sweep/verified.py`). Draws in doubt are followed along the branch from precision 0 (`branch`). Players of infinite
precision play the limit of the branch (`limit`). Draws that the path follower does not bring to the end are
left out with a status; a doubtful sweep is never used instead.

There is one shortcut. In a large game, a task that allows skips (one of many changed worlds, or one for which
somebody waits) leaves a few doubtful draws out (`FEW`). They are counted, and bounded where answers are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np
from jaxtyping import Int

from backchannel.equilibrium.branch.follow import follow_several
from backchannel.equilibrium.limit.limit import infinite_players, solve_limit
from backchannel.equilibrium.sweep.batch import SweepRun
from backchannel.equilibrium.sweep.verified import sweep_and_verify
from backchannel.equilibrium.types import Equilibrium, Method, Status, Task
from backchannel.machine.memory import limited

FEW = 0.01
"""Share of a task's draws that may be skipped where it allows it: to follow one can take two seconds."""


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
        For each task play in every draw, with a status and a method.
    """
    # To ask the system how much memory is free takes as long as a sweep of a small game.
    with limited(None):
        return _solved(tasks, progress)


def _solved(tasks: Sequence[Task], progress: Callable[[int], None] | None) -> list[Equilibrium]:
    solved: dict[int, Equilibrium] = {}
    runs: dict[int, SweepRun] = {}
    for i, task in enumerate(tasks):
        if all(decision.name in task.held for decision in task.game.diagram.decisions):
            solved[i] = _all_held(task)
        elif infinite_players(task.game):
            solved[i] = solve_limit(task)
        else:
            runs[i] = SweepRun(task)
    _solve_runs(list(runs.values()), progress)
    return [solved[i] if i in solved else runs[i].result for i in range(len(tasks))]


def _all_held(task: Task) -> Equilibrium:
    """Every rule is held, so that nothing is left to solve."""
    n = task.game.n_draws
    shapes = {name: (n, *menu.shape[1:]) for name, menu in task.game.menus.items()}
    rules = {name: np.broadcast_to(task.held[name], shapes[name]) for name in shapes}
    rules |= {name: rule for name, rule in task.held.items() if rule.shape == shapes[name]}
    none = np.zeros(n, dtype=int)
    return Equilibrium(
        policies=rules,
        change=np.zeros(n),
        sweeps=none,
        status=none,
        method=none,
        folds=none,
        crossings=none,
        branch_verified=np.ones(n, dtype=bool),
    )


def _solve_runs(runs: Sequence[SweepRun], progress: Callable[[int], None] | None) -> None:
    by_kind: dict[tuple[Any, ...], list[SweepRun]] = {}
    for run in runs:
        by_kind.setdefault(run.kind, []).append(run)
    with jax.enable_x64(True):
        for together in by_kind.values():
            doubts = sweep_and_verify(together, progress)
            _follow(together, _after_skips(together, doubts))


def _after_skips(
    runs: Sequence[SweepRun], doubts: Sequence[Int[np.ndarray, " some"]]
) -> list[Int[np.ndarray, " some"]]:
    """Skip a few draws of each task that allows it, in a large game; the others are to be followed."""
    left = []
    for run, draws in zip(runs, doubts, strict=True):
        few = len(draws) <= FEW * run.task.game.n_draws
        if run.sweeper.is_large and run.task.allow_skips and few:
            run.result.status[draws] = Status.OUT_OF_STEPS
            draws = draws[:0]
        left.append(draws)
    return left


def _follow(runs: Sequence[SweepRun], doubts: Sequence[Int[np.ndarray, " some"]]) -> None:
    """Follow the principal branch in some draws of each game."""
    some = [(run, draws) for run, draws in zip(runs, doubts, strict=True) if len(draws)]
    ends = follow_several([(run.task, draws) for run, draws in some])
    for (run, draws), followed in zip(some, ends, strict=True):
        result = run.result
        for name, rule in followed.policies.items():
            if name not in run.task.held:
                result.policies[name][draws] = rule
        result.status[draws] = followed.status
        result.change[draws] = followed.residual
        result.method[draws] = Method.HOMOTOPY
        result.folds[draws] = followed.folds
        result.crossings[draws] = followed.crossings
