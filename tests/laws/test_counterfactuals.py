"""What must hold for every counterfactual: worlds, shocks and replay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backchannel.diagram.nodes import Decision, Derived
from backchannel.questions.why.keyed_random import KeyedRandom
from backchannel.questions.why.replay import Coupling, Factual, needed_for, replay
from backchannel.questions.why.shocks import (
    clocks_given,
    fresh_clocks,
    probability_unchanged,
    sharp_bounds,
    winner,
)
from backchannel.questions.why.undo import UndoneWorld
from backchannel.questions.why.worlds import draw_worlds
from backchannel.tensors.inference import World, indicator, joint
from tests.oracles import tree, twins
from tests.strategies import plain, random_game, random_rules

MANY = 20000
SEEDS = range(8)


def _row(rng, size: int) -> np.ndarray:
    return rng.dirichlet(np.ones(size))


def _spread(row: np.ndarray, n: int = MANY) -> np.ndarray:
    return np.broadcast_to(row, (1, n, len(row)))


def _clocks(row: np.ndarray, value: np.ndarray, seed: int = 0) -> np.ndarray:
    random = KeyedRandom(seed, np.arange(1), value.shape[-1])
    return clocks_given(node="x", row=_spread(row, value.shape[-1]), value=value, random=random)


@pytest.mark.parametrize("seed", SEEDS)
def test_worlds_are_as_likely_as_the_record_makes_them(seed):
    """Frequencies of drawn worlds against the posterior by enumeration, soft evidence included."""
    game = random_game(seed)
    rules = random_rules(game, seed)
    diagram = game.diagram
    world = World(diagram, 1, {**game.factors, **rules})
    last, middle = diagram.order[-1], diagram.order[len(diagram.order) // 2]
    evidence = {
        last: indicator(diagram, last, diagram.domains[last][0]),
        middle: np.log(np.linspace(1.0, 0.1, len(diagram.domains[middle]))),
    }
    random = KeyedRandom(seed, np.arange(1), MANY)
    drawn = draw_worlds(world, nodes=diagram.order, evidence=evidence, random=random)
    likelihoods = {name: np.exp(seen) for name, seen in evidence.items()}
    exact = tree.joint(plain(game, rules), list(diagram.order), likelihoods)
    exact /= exact.sum()
    counts = np.zeros(exact.shape)
    np.add.at(counts, tuple(drawn[name][0] for name in diagram.order), 1.0)
    sigma = np.sqrt(exact * (1 - exact) / MANY)
    assert (np.abs(counts / MANY - exact) <= 4.5 * sigma + 1e-12).all()


def test_a_record_of_probability_one_in_a_billion_is_no_harder():
    """Nothing is rejected: every world that is drawn counts."""
    game = random_game(3)
    diagram = game.diagram
    rules = random_rules(game, 3)
    name = diagram.decisions[-1].name
    rare = rules[name].copy()
    rare[..., 0] = 1e-9
    rare[..., 1:] *= (1 - 1e-9) / rare[..., 1:].sum(axis=-1, keepdims=True)
    world = World(diagram, 1, {**game.factors, **rules, name: rare})
    evidence = {name: indicator(diagram, name, diagram.domains[name][0])}
    assert joint(world, keep=(), evidence=evidence)[0] == pytest.approx(1e-9)
    random = KeyedRandom(0, np.arange(1), 1000)
    drawn = draw_worlds(world, nodes=diagram.order, evidence=evidence, random=random)
    assert (drawn[name] == 0).all()


def test_shocks_given_a_world_bring_that_world_about():
    """Consistency: the same probabilities and the same shocks give the same value, always."""
    rng = np.random.default_rng(0)
    for size in (2, 3, 5):
        row = _row(rng, size)
        value = rng.choice(size, p=row, size=(1, MANY))
        assert (winner(_clocks(row, value), _spread(row)) == value).all()


def test_shocks_over_all_worlds_are_independent_gumbels():
    """What happened, then the shocks given it, must add up to shocks that knew nothing of it."""
    rng = np.random.default_rng(1)
    row = np.array([0.6, 0.3, 0.1])
    value = rng.choice(3, p=row, size=(1, MANY))
    gumbel = -np.log(_clocks(row, value))[0]
    quantiles = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    expected = -np.log(-np.log(quantiles))
    for v in range(3):
        below = (gumbel[:, v, None] <= expected).mean(axis=0)
        assert (np.abs(below - quantiles) < 4.5 * np.sqrt(quantiles * (1 - quantiles) / MANY)).all()
    assert np.abs(np.corrcoef(gumbel.T) - np.eye(3)).max() < 4.5 / np.sqrt(MANY)


def test_shocks_are_the_truncated_gumbels_of_the_literature():
    """Top down: the maximum is Gumbel at logsumexp, the others are truncated below it."""
    rng = np.random.default_rng(2)
    row, value = np.array([0.5, 0.2, 0.3]), np.full((1, MANY), 1)
    ours = np.sort(-np.log(_clocks(row, value))[0], axis=0)
    top = rng.gumbel(size=MANY)
    theirs = np.empty((MANY, 3))
    for v in range(3):
        free = np.log(row[v]) + rng.gumbel(size=MANY)
        under = -np.log(np.exp(-top) + np.exp(-free))
        theirs[:, v] = (top if v == 1 else under) - np.log(row[v])
    theirs.sort(axis=0)
    middle = slice(MANY // 50, -MANY // 50)
    assert np.abs(ours - theirs)[middle].max() < 0.12


def test_an_action_that_was_off_the_menu_keeps_an_untouched_shock():
    """Nothing was learnt about it, and its logit of minus infinity makes no trouble."""
    value = np.zeros((1, MANY), dtype=int)
    clocks = _clocks(np.array([1.0, 0.0]), value)
    assert clocks[0, :, 1].mean() == pytest.approx(1.0, abs=4.5 / np.sqrt(MANY))
    even = winner(clocks, _spread(np.array([0.5, 0.5])))
    assert (even == 0).mean() == pytest.approx(0.5, abs=4.5 * 0.5 / np.sqrt(MANY))


@pytest.mark.parametrize("size", [2, 3, 4])
def test_replayed_values_follow_the_race_that_was_integrated_by_hand(size):
    """Against the oracle's closed form, for every value that may have happened."""
    rng = np.random.default_rng(size)
    before, after = _row(rng, size), _row(rng, size)
    table = twins.transition(before, after)
    for was in range(size):
        clocks = _clocks(before, np.full((1, MANY), was), seed=was)
        now = winner(clocks, _spread(after))
        found = np.bincount(now[0], minlength=size) / MANY
        sigma = np.sqrt(table[was] * (1 - table[was]) / MANY)
        assert (np.abs(found - table[was]) <= 4.5 * sigma + 1e-12).all()
        kept = probability_unchanged(_spread(before, 1), _spread(after, 1), was)
        np.testing.assert_allclose(kept, table[was, was], rtol=0, atol=1e-12)


def test_what_became_no_less_likely_beside_another_never_gives_way_to_it():
    """Stability: if p'(z)/p(z) ≥ p'(v)/p(v), then z does not turn into v."""
    rng = np.random.default_rng(5)
    for seed in range(20):
        before, after = _row(rng, 4), _row(rng, 4)
        was = int(rng.integers(4))
        now = winner(_clocks(before, np.full((1, 2000), was), seed=seed), _spread(after, 2000))
        ratio = after / before
        assert (ratio[now[0]] >= ratio[was] - 1e-12).all()


def test_with_two_values_the_bounds_hold_what_shared_and_independent_shocks_say():
    """Shared shocks sit at the lower end; independent ones lie between."""
    rng = np.random.default_rng(7)
    for _ in range(20):
        before, after = (_spread(_row(rng, 2), 1) for _ in range(2))
        least, most = sharp_bounds(before, after, 0)
        shared, independent = 1 - probability_unchanged(before, after, 0), 1 - after[..., 0]
        np.testing.assert_allclose(shared, least, atol=1e-12)
        assert (independent >= least - 1e-12).all()
        assert (independent <= most + 1e-12).all()


def test_fresh_shocks_are_the_same_for_the_same_context_and_independent_otherwise():
    """One context has one set of shocks, in whichever set of causes it is met."""
    random = KeyedRandom(0, np.arange(2), 5000)

    def met(context: int) -> np.ndarray:
        where = np.full((2, 5000), context)
        return fresh_clocks(node="x", seen=("a",), context=where, n_values=2, random=random)

    np.testing.assert_array_equal(met(3), met(3))
    assert abs(np.corrcoef(met(3).ravel(), met(4).ravel())[0, 1]) < 4.5 / np.sqrt(20000)


def _two_worlds(seed: int):
    """A random game before and after: one node set by hand, another with other probabilities."""
    game = random_game(seed)
    diagram = game.diagram
    rules = random_rules(game, seed)
    before = World(diagram, 1, {**game.factors, **rules})
    free = [d.name for d in diagram.decisions]
    first, second = free[0], free[1]
    set_rule = np.zeros_like(rules[first])
    set_rule[..., -1] = 1.0
    possible = game.menus[first][..., -1:]
    set_rule = np.where(possible, set_rule, rules[first])
    other = random_rules(game, seed + 50)[second]
    after = replace(before, tables={**before.tables, first: set_rule, second: other})
    derived = {n.name for n in diagram.nodes if isinstance(n, Derived)}
    undone = UndoneWorld(after, np.ones(1, dtype=bool), frozenset({first, *derived}))
    plain_after = plain(game, {**rules, first: set_rule, second: other})
    return game, before, undone, plain(game, rules), plain_after


@pytest.mark.parametrize("shared", [True, False], ids=["shared", "independent"])
@pytest.mark.parametrize("seed", SEEDS)
def test_counterfactuals_equal_enumeration_of_both_worlds(seed, shared):
    """The oracle walks the trees of both worlds at once."""
    game, before, undone, old, new = _two_worlds(seed)
    diagram = game.diagram
    outcome = diagram.order[-1]
    random = KeyedRandom(seed, np.arange(1), MANY)
    first = diagram.order[0]
    evidence = {first: np.linspace(1.0, 0.3, len(diagram.domains[first]))}
    certain = indicator(diagram, outcome, diagram.domains[outcome][0])
    needed = needed_for(outcome, before)
    nodes = [name for name in diagram.order if name in needed]
    reported = {first: np.log(evidence[first])}
    seen = {**reported, outcome: certain + reported.get(outcome, 0.0)}
    drawn = draw_worlds(before, nodes=nodes, evidence=seen, random=random)
    coupling = Coupling.SHARED if shared else Coupling.INDEPENDENT
    played = replay(
        Factual(before, drawn, random), undone, nodes=needed - {outcome}, coupling=coupling
    )
    found = played.prevented(outcome, 0)
    expected = twins.prevented(old, new, evidence=evidence, outcome=outcome, value=0, shared=shared)
    assert found.mean() == pytest.approx(expected, abs=4.5 * found.std() / np.sqrt(MANY) + 1e-9)


@pytest.mark.parametrize("coupling", list(Coupling))
@pytest.mark.parametrize("seed", SEEDS)
def test_counterfactuals_averaged_over_the_prior_give_the_what_if(seed, coupling):
    """Whatever the shocks are assumed to share, nobody who saw nothing can tell."""
    game, before, undone, _, _ = _two_worlds(seed)
    diagram = game.diagram
    random = KeyedRandom(seed, np.arange(1), MANY)
    drawn = draw_worlds(before, nodes=diagram.order, evidence={}, random=random)
    played = replay(Factual(before, drawn, random), undone, nodes=diagram.order, coupling=coupling)
    for name in diagram.order:
        expected = joint(undone.world, keep=(name,))[0]
        found = np.bincount(played.value(name)[0], minlength=len(expected)) / MANY
        sigma = np.sqrt(expected * (1 - expected) / MANY)
        assert (np.abs(found - expected) <= 4.5 * sigma + 1e-12).all(), name


def test_replay_in_the_same_world_looks_at_nothing():
    """What is not undone happens again by construction, not by luck."""
    _, before, undone, _, _ = _two_worlds(1)
    random = KeyedRandom(0, np.arange(1), 100)
    order = before.diagram.order
    drawn = draw_worlds(before, nodes=order, evidence={}, random=random)
    same = replace(undone, world=before)
    assert not replay(Factual(before, drawn, random), same, nodes=order).replayed


def test_held_nodes_do_what_they_did_unless_they_cannot():
    """A choice that is no longer on the menu has to give way."""
    game, before, undone, _, _ = _two_worlds(2)
    random = KeyedRandom(0, np.arange(1), 2000)
    order = before.diagram.order
    drawn = draw_worlds(before, nodes=order, evidence={}, random=random)
    decisions = {n.name for n in game.diagram.nodes if isinstance(n, Decision)}
    held = decisions - undone.deterministic
    played = replay(Factual(before, drawn, random), undone, nodes=order, held=held)
    for name in held:
        row = played.row(name)
        possible = np.take_along_axis(row, drawn[name][..., None], axis=-1)[..., 0] > 0
        assert (played.value(name) == drawn[name])[possible].all()
        assert (played.value(name) != drawn[name])[~possible].all()
