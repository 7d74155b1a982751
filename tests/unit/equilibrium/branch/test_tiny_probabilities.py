"""Branches on which probabilities fall below what beliefs are lifted to."""

import numpy as np
import pytest

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.equilibrium.branch.follow import follow
from backchannel.equilibrium.certificate.certify import certify
from backchannel.equilibrium.types import Task
from backchannel.language.expressions import Expression, parse
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import FLOOR
from tests.helpers import day

KINDS, MESSAGES, REPLIES = (("a", "b", "c"), ("x", "y", "z"), ("p", "q", "r"))


def signalling(seed: int) -> Diagram:
    """A sender of three kinds, three messages, three replies; payoffs normal with deviation 3."""
    payoffs = np.round(np.random.default_rng(seed).normal(size=(3, 3, 3, 2)) * 3, 2)
    shares = np.random.default_rng(seed + 1).dirichlet(np.ones(3))

    def worth(player: int) -> Expression:
        return parse(
            " + ".join(
                f"({payoffs[i, j, k, player]}) * (kind == '{kind}') * (sent == '{sent}') * (reply == '{reply}')"
                for i, kind in enumerate(KINDS)
                for j, sent in enumerate(MESSAGES)
                for k, reply in enumerate(REPLIES)
            )
        )

    weights = {kind: parse(repr(float(share))) for kind, share in zip(KINDS, shares, strict=True)}
    return Diagram(
        ("sender", "receiver"),
        (
            Chance("kind", KINDS, weights, date=day(1)),
            Decision("sent", MESSAGES, "sender", day(2), sees=("kind",)),
            Decision("reply", REPLIES, "receiver", day(3), sees=("sent",)),
        ),
        (Interest("s", "sender", worth(0)), Interest("r", "receiver", worth(1))),
    )


@pytest.mark.parametrize("seed", [22, 26])
def test_a_branch_is_followed_through_the_floor_of_beliefs(seed):
    """Some action falls far below the floor on the way; the end is certified by the second opinion."""
    precision = {"sender.precision": np.array([20.0]), "receiver.precision": np.array([20.0])}
    game = compile_game(signalling(seed), precision)
    ends = follow(Task(game), draws=np.arange(1))
    rules = {name: ends.policies[name] for name in game.menus}
    assert ends.converged.all()
    assert min(rule[rule > 0].min() for rule in rules.values()) < FLOOR
    certified = certify(game, rules, free=frozenset(rules))
    assert certified.residual.max() < 1e-9
