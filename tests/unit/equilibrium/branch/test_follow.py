"""The principal branch, followed: against closed forms, an independent solver, enumeration."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from benchmarks.private_type import numbers as weights
from benchmarks.private_type import private_type
from scipy.optimize import brentq

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.equilibrium.branch import by_sweeps, program, quotient
from backchannel.equilibrium.branch import follow as module
from backchannel.equilibrium.branch.bounded_cache import BoundedCache
from backchannel.equilibrium.branch.follow import follow, follow_several
from backchannel.equilibrium.solve import solve, solve_all
from backchannel.equilibrium.sweep.sweeper import sweeper_of
from backchannel.equilibrium.types import Status, Task
from backchannel.language.expressions import parse, table
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game
from tests.helpers import TOL, day, numbers, pursuit, pursuit_game
from tests.oracles import tree
from tests.strategies import branch_of, plain, random_game


@pytest.fixture(params=["compiled", "by sweeps"])
def each_way(request, monkeypatch):
    """A small game is followed by a program of its own, a large one by its sweep: here any game is."""
    monkeypatch.setattr(module, "goes_by_sweeps", lambda *_, **__: request.param == "by sweeps")


either = pytest.mark.usefixtures("each_way")

REFERENCE = Path(__file__).parents[3] / "reference" / "private_type" / "small_lambda5.json"
GAINS = (2.0, -1.2, 1.2)
"""What joining gains in `crowd`, when none, one or both of the others join."""


def crowd(precision: np.ndarray) -> Game:
    """Three players join or not; joining pays with nobody or with both of the others, not with one."""
    players = ("ann", "bob", "cat")
    none, one, both = GAINS
    interests = []
    for me in players:
        x, y = (f"(join_{other} == 'yes')" for other in players if other != me)
        gain = f"{none} * (1 - {x}) * (1 - {y}) + {both} * {x} * {y} + {one} * ({x} + {y} == 1)"
        interests.append(Interest(f"w_{me}", me, parse(f"(join_{me} == 'yes') * ({gain})")))
    nodes = tuple(Decision(f"join_{p}", ("yes", "no"), p, day(i)) for i, p in enumerate(players))
    diagram = Diagram(players, nodes, tuple(interests))
    return compile_game(diagram, {f"{p}.precision": precision for p in players})


def crowd_by_hand(precision: float) -> tuple[float, int]:
    """P(join) where the symmetric branch first reaches a precision, and its folds before.

    log(p / (1 - p)) = λ g(p) gives λ as a function of p, which starts at p = 1/2.
    """
    p = np.linspace(0.5, 1 - 1e-6, 2_000_001)[1:]
    none, one, both = GAINS
    gain = none * (1 - p) ** 2 + 2 * one * p * (1 - p) + both * p**2
    found = np.log(p / (1 - p)) / gain
    at = int(np.argmax(found >= precision))
    rising = np.diff(found[: at + 1]) > 0
    share = (precision - found[at - 1]) / (found[at] - found[at - 1])
    return float(p[at - 1] + share * (p[at] - p[at - 1])), int((rising[1:] != rising[:-1]).sum())


@either
def test_a_branch_that_folds_is_followed_round_its_folds():
    """λ rises to 3.2, runs back to 2.8 and rises again; the closed form says where it is when."""
    precision = np.array([0.0, 0.5, 2.0, 3.1, 3.3, 5.0])
    found = follow(Task(crowd(precision)))
    by_hand = [crowd_by_hand(one) if one else (0.5, 0) for one in precision]
    assert found.converged.all()
    for player in ("ann", "bob", "cat"):
        joins = found.policies[f"join_{player}"][:, 0]
        np.testing.assert_allclose(joins, [p for p, _ in by_hand], rtol=0, atol=1e-8)
    assert found.folds.tolist() == [folds for _, folds in by_hand] == [0, 0, 0, 0, 2, 2]


@either
def test_the_trace_of_a_branch_lies_on_its_closed_form():
    """The way is returned, too; past a fold the share of the precision runs back."""
    found = follow(Task(crowd(np.array([5.0]))), trace=True)
    assert found.trace is not None
    (trace,) = found.trace
    p = trace.policies["join_ann"][1:, 0]
    none, one, both = GAINS
    gain = none * (1 - p) ** 2 + 2 * one * p * (1 - p) + both * p**2
    np.testing.assert_allclose(5.0 * trace.t[1:], np.log(p / (1 - p)) / gain, rtol=0, atol=1e-5)
    assert trace.t[0] == 0.0
    assert trace.t[-1] == 1.0
    assert (np.diff(trace.t) < 0).any()


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


def _at_precision_ten(seed: int) -> None:
    for precision in (1.5, 10.0):
        game = random_game(seed, precision=precision)
        found = follow(Task(game))
        assert found.converged.all()
        assert tree.residual(plain(game, found.policies)) < 1e-10


@either
@pytest.mark.parametrize("seed", [0, 3, 5])
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
def test_a_held_rule_is_answered_to_all_along_a_branch():
    """One of the crowd keeps to a rule; the other two need each other, and closed form knows them."""
    precision, held = np.array([1.0, 2.0]), 0.25
    stays = {"join_cat": np.tile([held, 1 - held], (2, 1))}
    found = follow(Task(crowd(precision), held=stays))
    assert found.converged.all()
    p = found.policies["join_ann"][:, 0]
    none, one, both = GAINS
    gain = none * (1 - p) * (1 - held) + one * (p + held - 2 * p * held) + both * p * held
    np.testing.assert_allclose(np.log(p / (1 - p)), precision * gain, **TOL)
    np.testing.assert_allclose(found.policies["join_bob"][:, 0], p, **TOL)


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
