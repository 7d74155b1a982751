"""Discounting: the future is discounted to the present of the round that decides; precision never."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision
from backchannel.equilibrium.branch.follow import follow
from backchannel.equilibrium.certificate.certify import certify
from backchannel.equilibrium.types import Task
from backchannel.language.expressions import parse
from backchannel.tensors.compile_game import compile_game
from tests.helpers import TOL, numbers, pursuit, solved


def _seen_from_later(diagram: Diagram) -> Diagram:
    """The same game, its worths counted from an earlier day at which they are worth half."""
    nodes = tuple(
        replace(node, scale=parse("1 / half")) if isinstance(node, Decision) else node
        for node in diagram.nodes
    )
    interests = tuple(
        replace(interest, worth=parse(f"half * ({interest.worth.text})"))
        for interest in diagram.interests
    )
    return replace(diagram, nodes=nodes, interests=interests)


@pytest.mark.slow
def test_where_worths_are_counted_from_changes_no_play_and_no_regret():
    """A decision looks from its own round: precision multiplies what is worth there and then."""
    plain = compile_game(pursuit(), numbers(3))
    earlier = compile_game(
        _seen_from_later(pursuit()), numbers(3) | {"half": np.array([0.5, 0.25, 1.0])}
    )
    one, other = solved(plain), solved(earlier)
    free = frozenset(one.policies)
    for name, rule in one.policies.items():
        np.testing.assert_allclose(other.policies[name], rule, **TOL)
    uniform = {name: np.full_like(rule, 0.5) for name, rule in one.policies.items()}
    expected = certify(plain, uniform, free=free)
    found = certify(earlier, uniform, free=free)
    np.testing.assert_allclose(found.residual, expected.residual, **TOL)
    for player in plain.diagram.players:
        np.testing.assert_allclose(found.regret[player], expected.regret[player], **TOL)
        np.testing.assert_allclose(found.loss[player], expected.loss[player], **TOL)


def test_following_the_branch_looks_from_the_deciding_round_too():
    """Every solver takes one precision a decision, and nothing else, from the game."""
    earlier = compile_game(
        _seen_from_later(pursuit()), numbers(3) | {"half": np.array([0.5, 0.25, 1.0])}
    )
    followed = follow(Task(earlier))
    swept = solved(earlier)
    assert (followed.residual < 1e-9).all()
    for name, rule in swept.policies.items():
        np.testing.assert_allclose(followed.policies[name], rule, rtol=0, atol=1e-8)
