"""What must hold for every logit equilibrium."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backchannel.diagram.nodes import Chance, Interest
from backchannel.language.expressions import parse
from backchannel.tensors.compile_game import compile_game
from tests.helpers import TOL, assert_same_play, numbers, pursuit, pursuit_game, solved

small = st.floats(-1, 1)
share = st.floats(0.05, 0.95)
precisions = st.floats(0, 2.5)


@given(share, small, small, small)
def test_precision_zero_is_uniform_play(p, a, b, c):
    """Without precision no stake matters."""
    game = pursuit_game(p=p, a=a, b=b, c=c, **{"runner.precision": 0, "chaser.precision": 0})
    for rule in solved(game).policies.values():
        np.testing.assert_allclose(rule, 0.5, **TOL)


@given(share, small, small, precisions)
def test_doubling_worths_and_halving_precision_changes_no_play(p, a, b, precision):
    """Only their product enters."""
    one = pursuit_game(p=p, a=a, b=b, **{"runner.precision": precision})
    two = pursuit_game(p=p, a=2 * a, b=2 * b, **{"runner.precision": precision / 2})
    assert_same_play(solved(one), solved(two))


@given(share, small, st.floats(-5, 5))
def test_adding_a_constant_to_a_players_worth_changes_no_play(p, a, constant):
    """Only differences matter."""
    diagram = pursuit()
    richer = replace(
        diagram, interests=(*diagram.interests, Interest("gift", "runner", parse("gift")))
    )
    plain = compile_game(richer, {**numbers(p=p, a=a), "gift": np.zeros(1)})
    gifted = compile_game(richer, {**numbers(p=p, a=a), "gift": np.array([constant])})
    assert_same_play(solved(plain), solved(gifted))


def test_a_batch_equals_a_loop():
    """Draws do not see each other, whatever chunk they are in."""
    rng = np.random.default_rng(5)
    p, a = rng.uniform(0.1, 0.9, 300), rng.normal(size=300)
    batch = solved(pursuit_game(300, p=p, a=a))
    for draw in (0, 17, 255, 256, 299):
        alone = solved(pursuit_game(p=p[draw], a=a[draw]))
        for name, rule in alone.policies.items():
            np.testing.assert_allclose(batch.policies[name][draw], rule[0], **TOL)


def test_permuting_the_values_of_a_domain_permutes_the_answer():
    """The order in which a menu is written means nothing."""
    turned = replace(pursuit(), nodes=tuple(_turned(node) for node in pursuit().nodes))
    one, two = solved(pursuit_game()), solved(compile_game(turned, numbers()))
    np.testing.assert_allclose(two.policies["move"][:, ::-1, ::-1], one.policies["move"], **TOL)
    np.testing.assert_allclose(two.policies["guess"][:, ::-1, ::-1], one.policies["guess"], **TOL)


def _turned(node):
    if isinstance(node, Chance):
        return replace(node, domain=node.domain[::-1])
    return replace(node, domain=node.domain[::-1])


def test_relabelling_the_players_relabels_the_answer():
    """Who is listed first means nothing."""
    diagram = replace(pursuit(), players=("chaser", "runner"))
    diagram = replace(diagram, interests=diagram.interests[::-1])
    assert_same_play(solved(pursuit_game()), solved(compile_game(diagram, numbers())))


def test_a_single_choice_is_the_logit_formula():
    """One decision without anyone else: exp(λu) over its sum, by hand."""
    game = pursuit_game(p=1 - 1e-15, b=0, a=0.7, **{"runner.precision": 3.0})
    chance = np.exp(3 * 0.7) / (1 + np.exp(3 * 0.7))
    np.testing.assert_allclose(solved(game).policies["move"][0, 0, 0], chance, **TOL)
