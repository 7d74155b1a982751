"""Enumeration as a solver: the oracle of the principal branch behind the protocol of the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backchannel.equilibrium.types import Equilibrium, Method, Status, Task
from tests.strategies import branch_of


@dataclass(frozen=True)
class EnumerationSolver:
    """Lists all leaves of the tree and follows the branch in short steps; for small games.

    A rule in a context that is never reached is nan: enumeration says nothing about it.
    """

    step: float = 0.2
    """Most that a log-odds moves in a step."""

    def solve(self, task: Task) -> Equilibrium:
        """Solve one game in which no rule is held."""
        game = task.game
        n = game.n_draws
        policies = {
            name: np.full((n, *menu.shape[1:]), np.nan) for name, menu in game.menus.items()
        }
        for draw in range(n):
            for (name, context), rule in branch_of(game, draw, step=self.step).rules.items():
                policies[name][(draw, *context)] = rule
        return Equilibrium(
            policies=policies,
            change=np.zeros(n),
            sweeps=np.zeros(n, dtype=int),
            status=np.full(n, int(Status.CONVERGED)),
            method=np.full(n, int(Method.HOMOTOPY)),
            crossings=np.zeros(n, dtype=int),
            folds=np.zeros(n, dtype=int),
            branch_verified=np.ones(n, dtype=bool),
        )
