"""Levels of reasoning are what an enumeration with explicit hidden types says they are."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from backchannel.equilibrium.beliefs.models import Model, Models
from backchannel.equilibrium.beliefs.play import play
from backchannel.equilibrium.frame import frame_of
from backchannel.equilibrium.reasoning import program
from backchannel.equilibrium.reasoning.average import forgetful_players
from backchannel.equilibrium.reasoning.rules import hierarchy_rules, level_rules
from backchannel.tensors.thinking import PlayerTypes
from tests.helpers import TOL, quick_but
from tests.oracles.levels import one_below, poisson, rules_of_levels
from tests.oracles.tree import PlainGame, action_values, response
from tests.strategies import plain, random_game

SEEDS = range(14)
SLOW = (1, 2, 3, 6, 8, 10, 13)
"""Games whose enumeration takes seconds."""
MOST = 3


def _uniform(game):
    return {name: menu / menu.sum(axis=-1, keepdims=True) for name, menu in game.menus.items()}


def _reached(small: PlainGame, name: str) -> np.ndarray:
    """Contexts that some play reaches."""
    return action_values(small, name)[1] > 0


def _assert_same_levels(game, found, shares):
    small = plain(game, _uniform(game))
    expected = rules_of_levels(small, MOST, shares)
    for level in range(MOST + 1):
        for name, rule in expected[level].items():
            here = _reached(small, name)
            np.testing.assert_allclose(
                found[name][level, 0][here], rule[here], **TOL, err_msg=f"{name} at level {level}"
            )


@pytest.mark.parametrize("seed", quick_but(SLOW, SEEDS))
def test_level_k_rules_equal_enumeration(seed):
    """Everyone else one level below, own later moves by oneself."""
    game = random_game(seed)
    _assert_same_levels(game, level_rules(game, MOST).rules, one_below)


@pytest.mark.parametrize("seed", quick_but(SLOW, SEEDS))
def test_hierarchy_rules_equal_enumeration_of_hidden_types(seed):
    """What others did before is evidence of their level; also where they forget what they did."""
    game = random_game(seed)
    found = hierarchy_rules(game, np.array([1.4]), MOST).rules
    _assert_same_levels(game, found, partial(poisson, 1.4))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 2, 4, 5])
def test_of_several_others_each_has_a_type_of_its_own(seed):
    """Three players: both others may be at different levels."""
    game = random_game(seed, players=("ann", "bob", "cat"))
    assert len({d.player for d in game.diagram.decisions}) == 3
    found = hierarchy_rules(game, np.array([0.9]), MOST).rules
    _assert_same_levels(game, found, partial(poisson, 0.9))


def test_the_random_games_have_players_who_recall_and_players_who_forget():
    """Both ways of averaging are tested: the average rule, and the hidden node of the level."""
    frames = []
    for seed in SEEDS:
        game = random_game(seed)
        terms = [(term.player, term.scope) for term in game.terms]
        frames.append(frame_of(game.diagram, terms, held=()))
    several = [f for f in frames if len(set(f.owner.values())) < len(f.owner)]
    assert any(forgetful_players(frame) for frame in several)
    assert any(not forgetful_players(frame) for frame in several)


@pytest.mark.parametrize("seed", [0, 2])
def test_the_compiled_program_agrees_with_numpy(seed, monkeypatch):
    """Two ways through one plan, in several draws that differ in the mean level."""
    game = random_game(seed, draws=70)
    means = np.linspace(0.3, 3.0, 70)
    by_numpy = hierarchy_rules(game, means, MOST)
    monkeypatch.setattr(program, "LITTLE", 0)
    compiled = hierarchy_rules(game, means, MOST)
    for name, rules in by_numpy.rules.items():
        np.testing.assert_allclose(compiled.rules[name], rules, rtol=0, atol=1e-10)
    assert any(np.abs(r[:, 0] - r[:, -1]).max() > 1e-3 for r in by_numpy.rules.values())


def _typed(game, **levels):
    """A game whose players have the given types, one per draw; `mean` makes a hierarchy."""
    mean = levels.pop("mean", None)
    types = {
        player: PlayerTypes(np.array(row, float), MOST, mean) for player, row in levels.items()
    }
    return replace(game, types=types)


def _solved(game):
    truth = Models(Model(game, {}), {})
    return play(truth)


TYPES = {"ann": [-1, -1, 0, 1, 2, 3], "bob": [2, -1, -1, 3, 0, 1]}


@pytest.mark.parametrize("seed", quick_but(SLOW, SEEDS))
@pytest.mark.parametrize("mean", [None, 1.4])
def test_in_each_draw_players_play_their_type_and_equilibrium_players_answer_it(seed, mean):
    """Levels are the oracle's; those at equilibrium respond to what is in fact done."""
    n = len(TYPES["ann"])
    means = None if mean is None else np.full(n, mean)
    game = _typed(random_game(seed, draws=n), **TYPES, mean=means)
    found = _solved(game)
    assert found.converged.all()
    shares = one_below if mean is None else partial(poisson, mean)
    by_level = rules_of_levels(plain(game, _uniform(game)), MOST, shares)
    start = plain(game, _uniform(game))
    for draw in range(n):
        small = plain(game, found.policies, draw)
        for decision in game.diagram.decisions:
            level = TYPES[decision.player][draw]
            if level < 0:
                expected, reach = response(small, decision.name)
                here = reach > 1e-12
            else:
                expected, here = by_level[level][decision.name], _reached(start, decision.name)
            rule = found.policies[decision.name][draw]
            np.testing.assert_allclose(rule[here], expected[here], **TOL)
