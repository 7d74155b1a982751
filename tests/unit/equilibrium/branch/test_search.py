"""The search for other equilibria: signalling games whose equilibria are the roots of one equation."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.equilibrium.branch.several import Found, search
from backchannel.equilibrium.branch.starts import KINDS, make_start
from backchannel.equilibrium.solve import solve
from backchannel.equilibrium.types import Task
from backchannel.tensors.game import Game
from tests.crisis import Crisis, crisis_game, random_crisis
from tests.fooling import meeting, random_tables, simultaneous
from tests.helpers import quick_but

STARTS = 24
"""As many as a search has by default."""


def _several(count: int, types: int, seed: int) -> list[tuple[Crisis, list[float]]]:
    """Random crises that have more than one equilibrium, with all of them."""
    rng = np.random.default_rng(seed)
    found = []
    while len(found) < count:
        crisis = random_crisis(types, rng, float(rng.choice([15.0, 30.0, 60.0])))
        roots = crisis.roots()
        if len(roots) > 1:
            found.append((crisis, roots))
    return found


def _searched(game: Game, starts: int = STARTS) -> Found:
    known = solve(Task(game))
    assert known.converged.all()
    draws = np.arange(game.n_draws)
    return search(Task(game), draws=draws, known=known.policies, starts=starts)


def _resist(found: Found, draw: int) -> list[float]:
    return sorted(float(play["reply"][:, 0, 0].mean()) for play in found.plays[draw])


@pytest.mark.parametrize("seed", quick_but([0, 2], [0, 1, 2]))
def test_every_equilibrium_of_a_crisis_is_found(seed):
    """Most have three, some five; in each, sweeps are drawn to every other one only."""
    crises = _several(6, 8, seed)
    found = _searched(crisis_game([crisis for crisis, _ in crises]))
    for draw, (_, roots) in enumerate(crises):
        np.testing.assert_allclose(_resist(found, draw), roots, atol=1e-8)


@pytest.mark.slow
def test_one_draw_needs_no_other():
    """A case without priors has no draws that could hand equilibria on."""
    for crisis, roots in _several(3, 8, seed=5):
        found = _searched(crisis_game([crisis]))
        np.testing.assert_allclose(_resist(found, 0), roots, atol=1e-8)


@pytest.mark.slow
def test_all_are_found_with_many_types():
    """Tables of pairs of types have 1,600 cells here."""
    crises = _several(2, 40, seed=3)
    found = _searched(crisis_game([crisis for crisis, _ in crises]))
    for draw, (_, roots) in enumerate(crises):
        np.testing.assert_allclose(_resist(found, draw), roots, atol=1e-8)


@pytest.mark.parametrize("starts", quick_but([STARTS], [1, 3, STARTS]))
def test_identical_draws_have_identical_equilibria(starts):
    """Also where so few starts are made that some are missed; the order is the same, too."""
    (crisis, _), (other, _) = _several(2, 8, seed=7)
    found = _searched(crisis_game([crisis, other, crisis, crisis]), starts)
    for again in (2, 3):
        assert len(found.plays[again]) == len(found.plays[0])
        for one, two in zip(found.plays[0], found.plays[again], strict=True):
            for name, rule in one.items():
                np.testing.assert_allclose(two[name], rule, atol=1e-9)


def test_others_of_equals_have_the_same_order_in_every_draw():
    """The two ways to meet are mirror images, equally far from the principal one."""
    found = _searched(meeting(np.full(4, 2.5)))
    north = [[float(play["go_ann"][0]) for play in plays] for plays in found.plays]
    assert all(len(row) == 3 for row in north)
    np.testing.assert_allclose(north, [north[0]] * 4, atol=1e-9)
    assert north[0][1] > north[0][2]


def test_what_one_draw_found_is_a_start_for_the_others():
    """With one start each nearly as much is found as with many, as draws differ in their luck."""
    rng = np.random.default_rng(1)
    (crisis, _) = _several(1, 8, seed=11)[0]
    near = [
        Crisis(crisis.resisted + shift, crisis.fights, crisis.fight, crisis.precision)
        for shift in rng.normal(scale=1e-3, size=12)
    ]
    counts = {len(plays) for plays in _searched(crisis_game(near), starts=2).plays}
    assert len(counts) == 1


@pytest.mark.slow
def test_the_number_of_equilibria_of_regular_games_is_odd():
    """Equilibria off the principal branch come in pairs that a branch joins (McKelvey & Palfrey 1995)."""
    first, second = random_tables(30, 4, 5)
    found = _searched(simultaneous(first, 0.6 * first + 0.4 * second, 12.0))
    counts = np.array([len(plays) for plays in found.plays])
    assert (counts % 2 == 1).all()
    assert (counts > 1).sum() > 15


def test_the_schedule_of_starts_is_fixed():
    """Kinds take turns; whole decisions are tilted in all contexts alike; pure play is pure."""
    game = crisis_game([random_crisis(4, np.random.default_rng(0))])
    menus = {name: menu * 1.0 for name, menu in game.menus.items()}
    owner = {"move": "A", "reply": "B"}
    starts = [make_start(i, menus=menus, owner=owner, seed=0) for i in range(STARTS)]
    again = [make_start(i, menus=menus, owner=owner, seed=0) for i in range(STARTS)]
    for one, two in zip(starts, again, strict=True):
        assert one.leaders == two.leaders
        for name, rule in one.play.items():
            np.testing.assert_array_equal(rule, two.play[name])
            np.testing.assert_allclose(rule.sum(axis=-1), 1.0)
    by_kind = {kind: starts[i :: len(KINDS)] for i, kind in enumerate(KINDS)}
    assert all(not start.leaders for start in by_kind["cells"])
    for kind in ("decisions", "players", "pure"):
        assert {name for start in by_kind[kind] for name in start.leaders} == {"move", "reply"}
        for start in by_kind[kind]:
            for name in start.leaders:
                rule = start.play[name].reshape(-1, start.play[name].shape[-1])
                assert (rule == rule[0]).all()
    tops = [start.play[name].max() for start in by_kind["pure"] for name in start.leaders]
    assert min(tops) > 0.99
    assert max(tops) == pytest.approx(1.0, abs=1e-12)
    led = [s.play["reply"][0, 0, 0, 0] for s in by_kind["decisions"] if "reply" in s.leaders]
    assert max(led) - min(led) > 0.4
