"""Several games followed together, and by sweeps: the same play as each alone by its own program."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from benchmarks.private_type import numbers as weights
from benchmarks.private_type import private_type

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.equilibrium.branch import by_sweeps, program
from backchannel.equilibrium.branch import follow as module
from backchannel.equilibrium.branch.bounded_cache import BoundedCache
from backchannel.equilibrium.branch.follow import follow, follow_several
from backchannel.equilibrium.solve import solve, solve_all
from backchannel.equilibrium.sweep.sweeper import sweeper_of
from backchannel.equilibrium.types import Status, Task
from backchannel.language.expressions import parse, table
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game
from tests.helpers import TOL, day, pursuit_game
from tests.strategies import branch_of, random_game
from tests.unit.equilibrium.branch.crowd import crowd
from tests.unit.equilibrium.branch.each_way import each_way, either

__all__ = ["each_way"]


def test_several_games_are_followed_together_as_each_alone(monkeypatch):
    """Large games of one frame share their passes: numbers, held rules and menus are their own."""
    game, other = pursuit_game(3, b=np.linspace(0.1, 2.0, 3)), pursuit_game(2, a=1.5)
    move = np.broadcast_to(np.array([[0.9, 0.1], [0.3, 0.7]]), (3, 2, 2))
    asked = [
        (Task(game), np.array([2, 0])),
        (Task(other), np.array([1])),
        (Task(game, held={"move": move}), np.array([1])),
        (Task(game, held={"move": move[:, ::-1]}), np.array([0, 2])),
        (Task(other, available={"move": np.array([True, False])}), np.array([0, 1])),
    ]
    alone = [follow(task, draws=draws) for task, draws in asked]
    monkeypatch.setattr(module, "goes_by_sweeps", lambda *_, **__: True)
    for one, found in zip(alone, follow_several(asked), strict=True):
        assert found.converged.all()
        np.testing.assert_array_equal(found.draws, one.draws)
        for name, rule in one.policies.items():
            np.testing.assert_allclose(found.policies[name], rule, **TOL, err_msg=name)


@pytest.mark.slow
@pytest.mark.usefixtures("optimized")
def test_a_branch_that_folds_is_followed_by_sweeps_as_by_its_own_program(monkeypatch):
    """The full game at a precision at which most branches fold."""
    task = Task(compile_game(private_type(full=True), weights(12.0, 6)))
    compiled = follow(task)
    monkeypatch.setattr(module, "goes_by_sweeps", lambda *_, **__: True)
    found = follow(task)
    assert found.converged.all()
    assert (compiled.folds > 0).any()
    for name, rule in compiled.policies.items():
        np.testing.assert_allclose(found.policies[name], rule, **TOL, err_msg=name)


def test_a_game_of_too_many_unknowns_is_not_followed_by_sweeps(monkeypatch):
    """It says so, and play stands where it began."""
    monkeypatch.setattr(module, "goes_by_sweeps", lambda *_, **__: True)
    monkeypatch.setattr(by_sweeps, "MOST_UNKNOWNS", 1)
    found = follow(Task(pursuit_game(2)))
    assert found.status.tolist() == [Status.OUT_OF_STEPS] * 2
    assert found.folds.tolist() == [0, 0]


def test_groups_of_lanes_of_any_width_end_at_the_same_play(monkeypatch):
    """Few draws go through a narrow program, a thousand through a wide one, in two groups."""
    n, some = 1100, np.array([3, 700, 1099])
    levels = {"runner.precision": np.linspace(0.5, 5.0, n)}
    game = pursuit_game(n, b=np.linspace(0.1, 2.0, n), **levels)
    found = []
    for draws in (None, some):
        monkeypatch.setattr(program, "_programs", BoundedCache(8))
        found.append(follow(Task(game), draws=draws))
        (programs,) = program._programs._things.values()
        assert list(programs) == [512 if draws is None else 4]
    wide, narrow = found
    assert wide.converged.all()
    for name, rule in narrow.policies.items():
        np.testing.assert_allclose(rule, wide.policies[name][some], **TOL, err_msg=name)


def in_each_season(seasons: tuple[str, ...]) -> Game:
    """Two who need each other move after a season that both have seen."""
    rng = np.random.default_rng(3)
    moves = ("up", "down")

    def worth():
        cells = product(seasons, moves, moves)
        return table(("season", "a", "b"), {cell: parse(str(rng.normal())) for cell in cells})

    odds = {season: parse(str(1 / len(seasons))) for season in seasons}
    diagram = Diagram(
        ("ann", "bob"),
        (
            Chance("season", seasons, odds, date=day(0)),
            Decision("a", moves, "ann", day(1), ("season",)),
            Decision("b", moves, "bob", day(2), ("season",)),
        ),
        (Interest("wa", "ann", worth()), Interest("wb", "bob", worth())),
    )
    return compile_game(diagram, {f"{p}.precision": np.array([4.0]) for p in ("ann", "bob")})


@pytest.mark.slow
@either
def test_a_game_that_has_one_value_more_than_another_is_followed_in_all_of_them():
    """What is kept of the structure of one game must not be taken for the other's."""
    for seasons in (("dry", "wet"), ("dry", "mild", "wet"), ("dry", "wet")):
        game = in_each_season(seasons)
        found, branch = follow(Task(game)), branch_of(game)
        assert found.converged.all()
        for (name, context), rule in branch.rules.items():
            np.testing.assert_allclose(found.policies[name][(0, *context)], rule, **TOL)


@pytest.mark.slow
@either
def test_a_game_in_which_nothing_is_at_stake_tells_nothing_about_the_next():
    """All contexts of the one are alike; those of the other are not, however pure its play."""
    game = random_game(36, precision=60.0)
    nothing = tuple(replace(term, worth=0.0 * term.worth) for term in game.terms)
    assert follow(Task(replace(game, terms=nothing))).converged.all()
    found, branch = follow(Task(game)), branch_of(game)
    assert found.converged.all()
    for (name, context), rule in branch.rules.items():
        np.testing.assert_allclose(found.policies[name][(0, *context)], rule, **TOL, err_msg=name)


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_worth_that_is_no_number_leaves_the_other_draws_alone(wrong):
    """It is said, and nothing waits for ever."""
    game = pursuit_game(3)
    terms = []
    for term in game.terms:
        worth = np.array(np.broadcast_to(term.worth, (3, *term.worth.shape[1:])))
        worth[1] = wrong
        terms.append(replace(term, worth=worth))
    with np.errstate(invalid="ignore"):
        found = solve(Task(replace(game, terms=tuple(terms))))
    right = solve(Task(game))
    assert found.converged.tolist() == [True, False, True]
    np.testing.assert_allclose(
        found.policies["move"][[0, 2]], right.policies["move"][[0, 2]], **TOL
    )


@either
def test_no_draws_are_followed_where_none_are_asked_for():
    """The answer is empty."""
    found = follow(Task(pursuit_game(2)), draws=np.zeros(0, int))
    assert found.policies["move"].shape == (0, 2, 2)
    assert found.converged.tolist() == []


def test_whether_few_draws_are_in_doubt_is_asked_of_each_brisk_task_alone(monkeypatch):
    """Worlds that are solved beside it have no say in what is left out of one."""
    calm, hard = crowd(np.full(100, 0.5)), crowd(np.full(5, 5.0))
    sweeper = sweeper_of(calm)
    assert sweeper is sweeper_of(hard)
    monkeypatch.setattr(sweeper, "is_large", True)
    monkeypatch.setattr(sweeper, "is_tiny", False)
    tasks = [Task(calm, allow_skips=True)] * 6 + [Task(hard, allow_skips=True)]
    assert all(found.converged.all() for found in solve_all(tasks))
