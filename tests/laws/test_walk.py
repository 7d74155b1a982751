"""A walk through the nodes finds what enumeration, differentiation and elimination find."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.ensemble.quantities import expected_worth
from backchannel.equilibrium.certificate import certify as certificates
from backchannel.equilibrium.certificate.certify import certify
from backchannel.equilibrium.certificate.walk import is_narrow, walk_of, walked
from backchannel.tensors.inference import World, chances_given
from backchannel.tensors.marginals import (
    chances_of_scopes,
    chances_with,
    expected_worths,
    marginals,
)
from tests.helpers import TOL
from tests.oracles import tree
from tests.strategies import plain, random_game, random_rules

SEEDS = range(14)


def _world(seed: int):
    game = random_game(seed)
    rules = random_rules(game, seed + 50)
    return game, rules, World(game.diagram, 1, {**game.factors, **rules})


@pytest.mark.parametrize("seed", SEEDS)
def test_walked_action_values_equal_enumeration(seed):
    """Up to what came before the decision, which no action changes."""
    game, rules, _ = _world(seed)
    values, reach = walked(game, walk_of(game), rules, np.zeros(1, dtype=int))
    for decision in game.diagram.decisions:
        expected, likely = tree.action_values(plain(game, rules), decision.name)
        np.testing.assert_allclose(reach[decision.name][0].max(axis=-1), likely, **TOL)
        there = likely > 0
        found = values[decision.name][0][there] / likely[there][..., None]
        expected = expected[there]
        np.testing.assert_allclose(
            found - found[..., :1], expected - expected[..., :1], **TOL, err_msg=decision.name
        )


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_walking_and_differentiating_give_one_certificate(seed, monkeypatch):
    """The certificate of wide games, which are not walked through."""
    game, rules, _ = _world(seed)
    free = frozenset(rules)
    assert is_narrow(game)
    by_walk = certify(game, rules, free=free)
    monkeypatch.setattr(certificates, "is_narrow", lambda game: False)
    by_derivative = certify(game, rules, free=free)
    np.testing.assert_allclose(by_walk.residual, by_derivative.residual, **TOL)
    for player in game.diagram.players:
        np.testing.assert_allclose(by_walk.regret[player], by_derivative.regret[player], **TOL)
        np.testing.assert_allclose(by_walk.loss[player], by_derivative.loss[player], **TOL)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("seen", ["nothing", "first", "last", "both"])
def test_marginals_of_a_walk_equal_elimination(seed, seen):
    """Whether the evidence lies behind a node, ahead of it, or both."""
    game, _, world = _world(seed)
    order = game.diagram.order
    names = {"nothing": [], "first": order[:1], "last": order[-1:], "both": (order[0], order[-1])}
    evidence = {
        name: np.log(np.linspace(1.0, 0.2, len(game.diagram.domains[name]))) for name in names[seen]
    }
    found = marginals(world, evidence)
    for name in order:
        expected = chances_given(world, keep=(name,), evidence=evidence)
        np.testing.assert_allclose(found[name], expected, **TOL, err_msg=name)
    apart = [(order[0], order[-1]), (order[1], order[2])]
    for scope, table in zip(apart, chances_of_scopes(world, apart, evidence), strict=True):
        np.testing.assert_allclose(
            table, chances_given(world, keep=scope, evidence=evidence), **TOL
        )
    for name, table in chances_with(world, order[-1], order[:-1], evidence).items():
        expected = chances_given(world, keep=(name, order[-1]), evidence=evidence)
        np.testing.assert_allclose(table, expected, **TOL, err_msg=name)
    worths = expected_worths(world, game, evidence)
    for interest, worth in worths.items():
        expected = expected_worth(world, game, interest, evidence)
        np.testing.assert_allclose(worth, expected, **TOL, err_msg=interest)
