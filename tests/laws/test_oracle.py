"""On every small game, contraction equals enumeration."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.equilibrium.certificate.certify import certify
from backchannel.questions.forecast.ask import node_chances
from backchannel.tensors.inference import World, joint
from tests.helpers import TOL, quick_but, solved
from tests.oracles import tree
from tests.strategies import plain, random_game, random_rules

SEEDS = range(14)
LARGE = (1, 3, 8, 10, 13)
"""Games whose program takes several seconds to compile."""


def _free(game):
    return frozenset(decision.name for decision in game.diagram.decisions)


@pytest.mark.parametrize("seed", quick_but(LARGE, SEEDS))
def test_solved_play_is_a_fixed_point_by_enumeration(seed):
    """The oracle walks the tree; the solver never does."""
    game = random_game(seed)
    play = solved(game)
    assert tree.residual(plain(game, play.policies)) < 1e-10


@pytest.mark.parametrize("seed", SEEDS)
def test_the_certificate_sees_the_residual_that_enumeration_sees(seed):
    """At play that is no equilibrium, too: a certificate that always says 0 would be worthless."""
    game = random_game(seed)
    rules = random_rules(game, seed)
    found = certify(game, rules, free=_free(game))
    expected = tree.residual(plain(game, rules))
    assert expected > 1e-3
    np.testing.assert_allclose(found.residual[0], expected, **TOL)


@pytest.mark.parametrize("seed", SEEDS)
def test_joint_and_conditional_forecasts_equal_enumeration(seed):
    """With and without evidence, hard and soft."""
    game = random_game(seed)
    rules = random_rules(game, seed + 100)
    diagram = game.diagram
    world = World(diagram, 1, {**game.factors, **rules})
    small = plain(game, rules)
    first, last = diagram.order[0], diagram.order[-1]
    evidence = {first: np.linspace(1.0, 0.2, len(diagram.domains[first]))}
    reported = {first: np.log(evidence[first])}
    np.testing.assert_allclose(
        joint(world, keep=(first, last), evidence=reported)[0],
        tree.joint(small, [first, last], evidence),
        **TOL,
    )
    expected = tree.joint(small, [last], evidence)
    np.testing.assert_allclose(
        node_chances(world, last, reported)[0], expected / expected.sum(), **TOL
    )
