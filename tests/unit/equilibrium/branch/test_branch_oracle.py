"""The oracle of the principal branch itself, against closed forms and published numbers."""

from __future__ import annotations

import numpy as np
import pytest

from tests.oracles.branch import all_equilibria, follow_branch, leaves_of
from tests.oracles.tree import PlainGame, PlainNode

POKER = {1.0: (0.9317854, 0.5390868, 0.6144444), 5.0: (0.9999986, 0.4090198, 0.6912013)}


def _poker(precision: float) -> PlainGame:
    """Ante 1, bet 1, a king or a queen: the stripped-down poker of Reiley et al. (2008)."""
    even = np.full((2, 2), 0.5)
    nodes = [
        PlainNode("card", 2, [], np.array([0.5, 0.5])),
        PlainNode("bet", 2, ["card"], even, "first", np.ones((2, 2))),
        PlainNode("call", 2, ["bet"], even, "second", np.ones((2, 2))),
    ]
    # Axes: card (king, queen), bet (bet, fold), call (call, fold).
    gain = np.array([[[2, 1], [-1, -1]], [[-2, 1], [-1, -1]]], float)
    scope = ["card", "bet", "call"]
    worths = [("first", scope, gain), ("second", scope, -gain)]
    return PlainGame(nodes, worths, {"first": precision, "second": precision})


def test_a_lone_choice_is_the_logit_formula():
    """One player, one decision: exp(λu) over its sum, by hand."""
    node = PlainNode("pick", 3, [], np.ones(3) / 3, "ann", np.ones(3))
    game = PlainGame([node], [("ann", ["pick"], np.array([0.0, 0.4, 1.0]))], {"ann": 2.0})
    weights = np.exp(2.0 * np.array([0.0, 0.4, 1.0]))
    found = follow_branch(leaves_of(game)).rules["pick", ()]
    np.testing.assert_allclose(found, weights / weights.sum(), atol=1e-12)


@pytest.mark.parametrize("precision", POKER)
def test_the_oracle_finds_the_published_poker(precision):
    """To the last printed digit."""
    rules = follow_branch(leaves_of(_poker(precision))).rules
    found = rules["bet", (0,)][0], rules["bet", (1,)][0], rules["call", (0,)][0]
    np.testing.assert_allclose(found, POKER[precision], atol=6e-8)


def test_the_jacobian_is_the_slope_of_the_residual():
    """Against differences, at random rules."""
    from tests.oracles.branch import System

    system = System(leaves_of(_poker(3.0)))
    x = np.random.default_rng(3).normal(size=system.n)
    steps = 1e-6 * np.eye(system.n)
    slopes = [(system.at(x + e, 0.7)[0] - system.at(x - e, 0.7)[0]) / 2e-6 for e in steps]
    np.testing.assert_allclose(system.at(x, 0.7)[1], np.array(slopes).T, atol=1e-7)


def test_newton_from_many_starts_finds_the_three_equilibria_of_a_coordination_game():
    """Both agree on one thing, on the other, or neither is sure."""
    one, other = (PlainNode(n, 2, [], np.full(2, 0.5), n, np.ones(2)) for n in ("ann", "bob"))
    worth = np.eye(2)
    game = PlainGame(
        [one, other],
        [("ann", ["ann", "bob"], worth), ("bob", ["ann", "bob"], worth)],
        {"ann": 4.0, "bob": 4.0},
    )
    found = sorted(rules["ann", ()][0] for rules in all_equilibria(leaves_of(game)))
    assert len(found) == 3
    np.testing.assert_allclose(found[1], 0.5, atol=1e-9)
    # At the outer two p = exp(4p) / (exp(4p) + exp(4 - 4p)).
    p = found[2]
    np.testing.assert_allclose(np.log(p / (1 - p)), 4 * (2 * p - 1), atol=1e-9)
