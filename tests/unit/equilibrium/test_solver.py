"""Every solver on the same games: sweeps, the path follower, both combined, and enumeration."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from backchannel.equilibrium.eager import EagerSolver
from backchannel.equilibrium.solver import BranchSolver, CombinedSolver, Solver, SweepSolver
from backchannel.equilibrium.types import Equilibrium, Status, Task
from backchannel.tensors.game import Game
from tests.helpers import TOL, pursuit_game
from tests.oracles import tree
from tests.reference.gambit.profiles import at_precisions
from tests.solvers import EnumerationSolver
from tests.strategies import plain, random_game

SOLVERS: dict[str, Solver] = {
    "sweep": SweepSolver(),
    "branch": BranchSolver(),
    "combined": CombinedSolver(),
    "eager": EagerSolver(),
    "enumeration": EnumerationSolver(),
}
FIXTURES = ("pursuit", "random game 4", "random game 5", "random game 14")
"""A signalling game; games that are solved in two groups, in one exact pass, and jointly."""
SURE = {"branch", "combined", "enumeration"}
"""Solvers that answer in every draw; sweeps alone leave draws in doubt out."""


@cache
def game_of(name: str) -> Game:
    """The game of a fixture, in several draws."""
    if name == "pursuit":
        return pursuit_game(4, p=np.linspace(0.2, 0.8, 4))
    seed = int(name.split()[-1])
    return at_precisions(random_game(seed).diagram, {}, (0.3, 1.0, 2.0))


@cache
def reference(name: str) -> Equilibrium:
    """What enumeration finds."""
    return EnumerationSolver().solve(Task(game_of(name)))


@pytest.mark.parametrize("fixture", FIXTURES)
@pytest.mark.parametrize("solver", SOLVERS)
def test_every_solver_finds_the_play_that_enumeration_finds(solver, fixture):
    """They share a game's tables and nothing else with enumeration."""
    game, listed = game_of(fixture), reference(fixture)
    found = SOLVERS[solver].solve(Task(game))
    answered = np.flatnonzero(found.converged)
    fewest = game.n_draws if solver in SURE else 1
    assert len(answered) >= fewest
    assert {int(status) for status in found.status} <= {Status.CONVERGED, Status.OUT_OF_STEPS}
    for name, rule in listed.policies.items():
        reached = ~np.isnan(rule[answered])
        assert reached.any()
        compared = found.policies[name][answered]
        np.testing.assert_allclose(compared[reached], rule[answered][reached], **TOL, err_msg=name)


@pytest.mark.parametrize("fixture", FIXTURES)
@pytest.mark.parametrize("solver", sorted(SOLVERS.keys() - {"enumeration"}))
def test_no_player_wants_to_answer_otherwise(solver, fixture):
    """The residual is worked out by walking the tree."""
    game = game_of(fixture)
    found = SOLVERS[solver].solve(Task(game))
    for draw in np.flatnonzero(found.converged):
        assert tree.residual(plain(game, found.policies, draw)) < TOL["atol"]


def test_a_status_says_in_words_what_it_means():
    """A result can be reported without a second table of messages."""
    assert Status(2) is Status.NOT_FINITE
    assert Status.CONVERGED == 0
    for status in Status:
        assert status.message.endswith(".")
