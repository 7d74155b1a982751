"""The principal branch, followed: against enumeration, with held rules and menus, and where branches cross."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision, Interest
from backchannel.equilibrium.branch import quotient
from backchannel.equilibrium.branch.follow import follow
from backchannel.equilibrium.solve import solve
from backchannel.equilibrium.types import Status, Task
from backchannel.language.expressions import parse
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game
from tests.helpers import TOL, day, numbers, pursuit, pursuit_game, quick_but
from tests.oracles import tree
from tests.strategies import plain, random_game
from tests.unit.equilibrium.branch.each_way import each_way, either

__all__ = ["each_way"]


def _at_precision_ten(seed: int) -> None:
    for precision in (1.5, 10.0):
        game = random_game(seed, precision=precision)
        found = follow(Task(game))
        assert found.converged.all()
        assert tree.residual(plain(game, found.policies)) < 1e-10


@either
@pytest.mark.parametrize("seed", quick_but([3], [0, 3, 5]))
def test_random_games_are_followed_to_a_fixed_point_by_enumeration(seed):
    """The oracle walks the tree; seed 3 folds twice on the way, seed 5 needs no unknown."""
    _at_precision_ten(seed)


@either
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6, 40))
def test_many_random_games_are_followed_to_a_fixed_point_by_enumeration(seed):
    """Menus that depend on what is seen, derived nodes, hidden moves."""
    _at_precision_ten(seed)


@either
def test_sweep_and_homotopy_and_enumeration_agree():
    """Where play is unique all three must find it; here the players' precisions differ, too."""
    game = pursuit_game(5, p=np.linspace(0.2, 0.8, 5))
    found, swept = follow(Task(game)), solve(Task(game))
    for name, rule in swept.policies.items():
        np.testing.assert_allclose(found.policies[name], rule, **TOL)
    for draw in range(5):
        rules = {name: rule[draw : draw + 1] for name, rule in found.policies.items()}
        assert tree.residual(plain(game, rules, draw)) < 1e-10


@either
def test_the_order_of_actions_changes_nothing():
    """The last action on a menu is what log-odds are taken against; any will do."""
    there, back = follow(Task(pursuit_game(2))), pursuit(("right", "left"))
    given = numbers(2)
    swapped = replace(back, interests=pursuit().interests)
    turned = follow(Task(compile_game(swapped, given)))
    np.testing.assert_allclose(turned.policies["move"], there.policies["move"][..., ::-1], **TOL)
    np.testing.assert_allclose(turned.policies["guess"], there.policies["guess"][:, ::-1], **TOL)


@either
def test_held_rules_stay_and_the_others_answer_to_them():
    """Hold the mover: the guesser's answer is one exact step."""
    game = pursuit_game(2)
    move = np.broadcast_to(np.array([[0.9, 0.1], [0.3, 0.7]]), (2, 2, 2))
    found, swept = follow(Task(game, held={"move": move})), solve(Task(game, held={"move": move}))
    assert found.converged.all()
    np.testing.assert_array_equal(found.policies["move"], move)
    np.testing.assert_allclose(found.policies["guess"], swept.policies["guess"], **TOL)


@either
def test_contexts_that_were_wrongly_put_together_are_told_apart_after_the_check(monkeypatch):
    """What is found alike in some draws need not be so in all; the end is checked on the game."""
    game = pursuit_game(2)
    right = follow(Task(game))
    monkeypatch.setattr(quotient, "ALIKE", 1e9)
    found = follow(Task(game))
    assert found.converged.all()
    np.testing.assert_allclose(found.policies["move"], right.policies["move"], **TOL)


@either
def test_an_action_that_is_removed_is_not_played():
    """A menu of one action leaves nothing to follow for that decision."""
    game = pursuit_game(1)
    found = follow(Task(game, available={"move": np.array([True, False])}))
    assert found.converged.all()
    np.testing.assert_array_equal(found.policies["move"][0], [[1, 0], [1, 0]])


@either
def test_chosen_draws_come_in_the_order_in_which_they_were_asked_for():
    """Each as if it had been followed alone."""
    game = pursuit_game(6, b=np.linspace(0.1, 2.0, 6))
    every, some = follow(Task(game)), follow(Task(game), draws=np.array([4, 1]))
    np.testing.assert_allclose(some.policies["move"], every.policies["move"][[4, 1]], **TOL)


@either
def test_a_number_that_is_not_finite_is_said_to_be_so():
    """And the other draws are as they were."""
    game = pursuit_game(2)
    spoilt = {name: values.copy() for name, values in game.precision.items()}
    spoilt["runner"][1] = np.nan
    found = follow(Task(replace(game, precision=spoilt)))
    assert found.status.tolist() == [Status.CONVERGED, Status.NOT_FINITE]


def chicken_game(precisions: list[float]) -> Game:
    """Two who want to differ, each a little fonder of the left: an exact symmetry."""
    diagram = Diagram(
        players=("ann", "bob"),
        nodes=(
            Decision("x", ("left", "right"), "ann", day(1)),
            Decision("y", ("left", "right"), "bob", day(1)),
        ),
        interests=(
            Interest("a", "ann", parse("(x != y) + 0.3 * (x == 'left')")),
            Interest("b", "bob", parse("(x != y) + 0.3 * (y == 'left')")),
        ),
    )
    numbers = {f"{player}.precision": np.array(precisions) for player in diagram.players}
    return compile_game(diagram, numbers)


def test_where_branches_cross_the_principal_one_goes_straight_on():
    """A symmetric game has a symmetric principal branch; beyond a precision, branches on which the
    two differ cross it, and the determinant that tells branches apart changes its sign on it."""
    precisions = [0.5, 2.0, 3.0, 5.0, 12.0]
    followed = follow(Task(chicken_game(precisions)))
    played = solve(Task(chicken_game(precisions)))
    assert followed.converged.all()
    assert played.converged.all()
    for i, precision in enumerate(precisions):
        root = brentq(
            lambda p, rate=precision: p - 1 / (1 + np.exp(-rate * (1 - 2 * p + 0.3))), 0, 1
        )
        for policies in (followed.policies, played.policies):
            both = [policies["x"][i, 0], policies["y"][i, 0]]
            np.testing.assert_allclose(both, root, rtol=0, atol=1e-9)


@either
def test_branches_that_all_but_cross_are_told_apart():
    """With the symmetry broken by a hair the branch turns, and no step goes straight on."""
    game = chicken_game([12.0])
    moved = replace(
        game,
        terms=tuple(
            replace(t, worth=t.worth * (1 + 1e-3 * (t.player == "ann"))) for t in game.terms
        ),
    )
    followed = follow(Task(moved), care=2)
    assert followed.converged.all()
    gap = abs(followed.policies["x"][0, 0] - followed.policies["y"][0, 0])
    assert gap > 0.9
