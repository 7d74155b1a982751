"""A game with a private type, followed: against an independent solver and against small steps."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks.private_type import numbers as weights
from benchmarks.private_type import private_type

from backchannel.equilibrium.branch.follow import follow
from backchannel.equilibrium.types import Task
from backchannel.tensors.compile_game import compile_game
from tests.helpers import TOL
from tests.unit.equilibrium.branch.each_way import each_way, either

__all__ = ["each_way"]

REFERENCE = Path(__file__).parents[3] / "reference" / "private_type" / "small_lambda5.json"


@pytest.mark.slow
@either
def test_the_private_type_game_is_as_an_independent_solver_found_it():
    """Small variant, precision 5, every information set."""
    game = compile_game(private_type(full=False), weights(5.0))
    found = follow(Task(game))
    assert found.converged.all()
    reference = json.loads(REFERENCE.read_text())
    for name, contexts in reference.items():
        for context, rule in contexts.items():
            ours = found.policies[name][0][tuple(map(int, context))]
            np.testing.assert_allclose(ours, rule, rtol=0, atol=1e-6, err_msg=f"{name} {context}")


@pytest.mark.slow
@pytest.mark.usefixtures("optimized")
def test_the_private_type_game_ends_where_small_steps_end():
    """A step that is too long jumps to another branch; a quarter of the step does not."""
    diagram = private_type(full=True)
    for precision in (5.0, 12.0):
        game = compile_game(diagram, weights(precision, 24))
        found, small = follow(Task(game)), follow(Task(game), care=2)
        assert found.converged.all()
        assert small.converged.all()
        assert small.steps.mean() > 2 * found.steps.mean()
        for name, rule in small.policies.items():
            np.testing.assert_allclose(found.policies[name], rule, **TOL)


@pytest.mark.slow
@pytest.mark.usefixtures("optimized")
@pytest.mark.parametrize("precision", [1.0, 3.0, 5.0, 8.0, 12.0])
def test_a_thousand_draws_of_the_private_type_game_end_where_small_steps_end(precision):
    """Every draw, at every precision."""
    game = compile_game(private_type(full=True), weights(precision, 1000))
    found, small = follow(Task(game)), follow(Task(game), care=2)
    assert found.converged.all()
    assert small.converged.all()
    for name, rule in small.policies.items():
        np.testing.assert_allclose(found.policies[name], rule, **TOL)
