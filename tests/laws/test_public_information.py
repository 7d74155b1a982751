"""Public information: dropping what a decision cannot use changes no play."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision
from backchannel.diagram.public import see_what_is_public, without_unneeded
from backchannel.tensors.compile_game import compile_game
from tests.helpers import quick_but, solved
from tests.strategies import branch_of, random_game

SEEDS = range(16)
LONG = (*range(0, 16, 2), 3, 5, 9, 13)
"""Diagrams whose branch the oracle follows for many seconds."""


def _public(seed: int) -> Diagram:
    """A random diagram in which everything earlier is seen, except what some player may not see."""
    diagram = random_game(seed).diagram
    rng = np.random.default_rng(seed)
    hidden = {
        node.name: ("ann" if rng.random() < 0.5 else "bob",)
        for node in diagram.nodes
        if not isinstance(node, Decision) and rng.random() < 0.5
    }
    names = {decision.name for decision in diagram.decisions}
    without_menus = tuple(
        replace(node, allowed={}) if isinstance(node, Decision) else node for node in diagram.nodes
    )
    diagram = replace(diagram, nodes=without_menus)
    return see_what_is_public(diagram, decisions=names, hidden_from=hidden)


def _pruned(diagram: Diagram) -> Diagram:
    return without_unneeded(diagram, decisions={d.name for d in diagram.decisions})


def _game(diagram: Diagram, precision: float = 2.0):
    return compile_game(
        diagram, {f"{player}.precision": np.array([precision]) for player in diagram.players}
    )


def test_the_random_diagrams_have_something_to_drop():
    """Otherwise the law below would say nothing."""
    dropped = [sum(len(d.unneeded) for d in _pruned(_public(seed)).decisions) for seed in SEEDS]
    assert sum(n > 0 for n in dropped) >= 8


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.slow if seed in LONG else ()) for seed in SEEDS]
)
def test_play_on_the_principal_branch_is_the_same_with_less_information(seed):
    """By enumeration of the tree, in every context that can be reached."""
    whole = _public(seed)
    less = _pruned(whole)
    game, small = _game(whole), _game(less)
    rules, fewer = branch_of(game, step=0.1).rules, branch_of(small, step=0.1).rules
    assert rules
    for (name, context), rule in rules.items():
        seen = whole.parents(name)
        kept = tuple(
            value for node, value in zip(seen, context, strict=True) if node in less.parents(name)
        )
        np.testing.assert_allclose(rule, fewer[name, kept], atol=1e-9)


@pytest.mark.parametrize("seed", quick_but([2], [2, 5]))
def test_the_solver_finds_the_same_play_with_less_information(seed):
    """Unreached contexts as well: what cannot be used is not used there either."""
    whole = _public(seed)
    less = _pruned(whole)
    play, small = solved(_game(whole)), solved(_game(less))
    for decision in whole.decisions:
        wide, narrow = play.policies[decision.name], small.policies[decision.name]
        at = [
            slice(None) if node in less.parents(decision.name) else None
            for node in whole.parents(decision.name)
        ]
        index = (slice(None), *at, slice(None))
        np.testing.assert_allclose(wide, np.broadcast_to(narrow[index], wide.shape), atol=1e-9)


def test_a_derived_node_is_seen_by_those_who_see_what_it_is_made_of():
    """A summary of hidden nodes would give them away."""
    for seed in SEEDS:
        diagram = _public(seed)
        for decision in diagram.decisions:
            for name in decision.sees:
                if type(diagram.node[name]).__name__ == "Derived":
                    assert set(diagram.parents(name)) <= set(decision.sees)


def test_players_remember_what_they_did_and_saw():
    """Perfect recall: what a player's earlier decision saw, and its action, are seen later."""
    for seed in SEEDS:
        diagram = _public(seed)
        for decision in diagram.decisions:
            for earlier in diagram.decisions:
                if earlier.player == decision.player and earlier.date < decision.date:
                    assert {earlier.name, *earlier.sees} <= set(decision.sees)
