"""Solvers as values: each takes a task and returns an equilibrium, by one method alone.

`solve` combines the first two. Tests run all of them on the same games.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import jax
import numpy as np

from backchannel.equilibrium.branch.follow import follow
from backchannel.equilibrium.solve import solve
from backchannel.equilibrium.sweep.batch import SweepRun
from backchannel.equilibrium.sweep.verified import sweep_and_verify
from backchannel.equilibrium.types import Equilibrium, Method, Status, Task


class Solver(Protocol):
    """Finds the principal logit equilibrium of every draw of a game."""

    def solve(self, task: Task) -> Equilibrium:
        """Solve one game; a draw without an answer has a status that says why."""
        ...


@dataclass(frozen=True)
class SweepSolver:
    """Sweeps and climbs alone: draws in doubt are out of steps."""

    def solve(self, task: Task) -> Equilibrium:
        """Solve one game."""
        run = SweepRun(task)
        with jax.enable_x64(True):
            (doubted,) = sweep_and_verify([run])
        run.result.status[doubted] = Status.OUT_OF_STEPS
        return run.result


@dataclass(frozen=True)
class BranchSolver:
    """Follows the principal branch in every draw, whether sweeps would do or not."""

    care: int = 0
    """0, 1 or 2: how short the first steps are."""

    def solve(self, task: Task) -> Equilibrium:
        """Solve one game."""
        followed, n = follow(task, care=self.care), task.game.n_draws
        return Equilibrium(
            policies=followed.policies,
            change=followed.residual,
            sweeps=np.zeros(n, dtype=int),
            status=followed.status,
            method=np.full(n, int(Method.HOMOTOPY)),
            folds=followed.folds,
            crossings=followed.crossings,
            branch_verified=np.zeros(n, dtype=bool),
        )


@dataclass(frozen=True)
class CombinedSolver:
    """What Backchannel uses: sweeps where they can be trusted, the branch followed elsewhere."""

    def solve(self, task: Task) -> Equilibrium:
        """Solve one game."""
        return solve(task)
