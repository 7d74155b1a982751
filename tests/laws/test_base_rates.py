"""What must hold of base rates: the pool, Jeffrey's rule, and what they leave alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backchannel import CommandError, Study
from backchannel.ensemble.outside import pool
from backchannel.ensemble.pooling import pooled
from backchannel.questions.forecast.ask import forecast
from backchannel.tensors.inference import World, chances_given
from backchannel.tensors.soft_evidence import fit_soft_evidence
from tests.helpers import CANAL, TOL
from tests.oracles import jeffrey, tree
from tests.strategies import plain, random_game, random_rules

CASE = CANAL.read_text("utf-8")
RATE = "{node: parley, counts: {talk: 9, wait: 3}, of: blockades since 2001, weight: WEIGHT, why: {source: gazette}}"


def _with_rates(*rates: str) -> Study:
    text = CASE + "\nbase_rates:\n" + "".join(f"  - {rate}\n" for rate in rates)
    return Study.load(text, draws=64)


def _weighted(weight: float) -> Study:
    return _with_rates(RATE.replace("WEIGHT", str(weight)))


def _joint(seed: int) -> tuple[World, np.ndarray]:
    """A random game with random rules, and its whole joint distribution, by enumeration."""
    game = random_game(seed)
    rules = random_rules(game, seed)
    world = World(game.diagram, 1, {**game.factors, **rules})
    written = plain(game, rules)
    table = np.zeros([node.size for node in written.nodes])
    for leaf, factors in tree.leaves(written):
        table[tuple(leaf.values())] += np.prod(list(factors.values()))
    return world, table


def _wanted(rng: np.random.Generator, present: np.ndarray) -> np.ndarray:
    """Other chances, for values that can happen."""
    odds = rng.uniform(0.1, 1, len(present)) * (present > 0)
    return odds / odds.sum()


@pytest.mark.parametrize("seed", range(12))
def test_one_soft_node_is_jeffreys_rule_on_the_whole_joint(seed):
    """Every other node moves with it as the enumerated joint distribution says."""
    world, table = _joint(seed)
    rng = np.random.default_rng(seed)
    order = world.diagram.order
    for axis, name in enumerate(order):
        wanted = _wanted(rng, jeffrey.marginal(table, axis))
        fitted = fit_soft_evidence(world, {}, {name: wanted[None]}, np.arange(1))
        assert not fitted.missed[name].any()
        by_hand = jeffrey.jeffrey(table, axis, wanted)
        for other_axis, other in enumerate(order):
            found = chances_given(world, keep=(other,), evidence=fitted.logs)[0]
            np.testing.assert_allclose(found, jeffrey.marginal(by_hand, other_axis), **TOL)


@pytest.mark.parametrize("seed", range(12))
def test_several_soft_nodes_have_the_nearest_distribution_with_their_chances(seed):
    """Taking turns arrives where Newton's method on the dual does, for two nodes and for three."""
    world, table = _joint(seed)
    rng = np.random.default_rng(100 + seed)
    order = world.diagram.order
    # The chances of another tilt of the same joint can be had together, for certain.
    axes = sorted(rng.choice(len(order), size=min(3, len(order)), replace=False))
    tilted = table.copy()
    for axis in axes:
        tilted = tilted * jeffrey.along(rng.uniform(0.4, 1, table.shape[axis]), axis, table.ndim)
    tilted /= tilted.sum()
    wanted = {axis: jeffrey.marginal(tilted, axis) for axis in axes}
    by_name = {order[axis]: row[None] for axis, row in wanted.items()}
    fitted = fit_soft_evidence(world, {}, by_name, np.arange(1))
    assert not any(missed.any() for missed in fitted.missed.values())
    by_hand = jeffrey.nearest(table, wanted)
    for axis, name in enumerate(order):
        found = chances_given(world, keep=(name,), evidence=fitted.logs)[0]
        np.testing.assert_allclose(found, jeffrey.marginal(by_hand, axis), **TOL)


def test_a_weight_of_one_changes_nothing():
    """Not a bit of any forecast: the draws of the case's own numbers are the same."""
    without, with_it = Study.load(CASE, draws=64), _weighted(1)
    for node in without.lowered.diagram.order:
        np.testing.assert_array_equal(
            with_it.forecast(node).per_draw, without.forecast(node).per_draw
        )
    seen = with_it.forecast("parley")
    assert seen.outside is not None
    assert seen.inside is not None
    np.testing.assert_array_equal(seen.inside.mean, seen.mean)


def test_a_weight_of_zero_has_the_outside_forecast_exactly():
    """Given that it arises at all: counts say nothing about whether it does."""
    study = _weighted(0)
    seen = study.forecast("parley")
    assert seen.outside is not None
    assert seen.inside is not None
    arises = seen.per_draw[:, :2].sum(axis=1, keepdims=True)
    np.testing.assert_allclose(seen.per_draw[:, :2], arises * seen.outside.per_draw[:, :2], **TOL)
    np.testing.assert_allclose(seen.per_draw[:, 2], seen.inside.per_draw[:, 2], **TOL)


def test_the_document_holds_the_pool_for_a_row_of_weights():
    """What a slider shows is what solving with that weight gives."""
    values = _weighted(0.5).forecast("parley").document().values
    for weight in (0, 0.3, 1):
        solved = _weighted(weight).forecast("parley")
        shown = [value.by_weight[round(10 * weight)] for value in values if value.by_weight]
        np.testing.assert_allclose(shown, solved.mean[:2], **TOL)


def test_a_pool_is_the_normalised_product_of_powers():
    """By hand: .6^.25 .2^.75 : .4^.25 .8^.75 = .2632 : .6727."""
    found = pool(np.array([[0.6, 0.4]]), np.array([[0.2, 0.8]]), 0.25)
    np.testing.assert_allclose(found, [[0.28123, 0.71877]], rtol=0, atol=1e-5)


def test_outside_draws_have_the_posterior_mean_and_spread_of_their_counts():
    """Dirichlet(9.5, 3.5): mean 9.5 / 13, variance .7308 × .2692 / 14."""
    study = Study.load(
        CASE + "\nbase_rates:\n  - " + RATE.replace("WEIGHT", "0.5") + "\n", draws=4096
    )
    chances = study.ensemble.outside[0].chances
    np.testing.assert_allclose(chances.mean(axis=0)[:2], [9.5 / 13, 3.5 / 13], rtol=0, atol=2e-4)
    np.testing.assert_allclose(chances[:, 0].var(), 9.5 * 3.5 / 13**2 / 14, rtol=0.01)
    # Independent of every number of the case.
    for numbers in study.ensemble.numbers.values():
        if np.ptp(numbers) > 0:
            assert abs(np.corrcoef(numbers, chances[:, 0])[0, 1]) < 0.03


def test_the_draws_keep_their_weights():
    """Worlds are reweighted inside every draw; what the record says about the numbers stays."""
    study = _weighted(0.3)
    together = pooled(study.ensemble)
    assert together is not study.ensemble
    np.testing.assert_array_equal(together.weights, study.ensemble.weights)
    reply = forecast(study.ensemble, "reply")
    assert reply.inside is not None
    # The parley follows the reply, so its chances tell nothing about whether Borland fought: n/a is not counted.
    np.testing.assert_allclose(reply.per_draw, reply.inside.per_draw, **TOL)


def test_two_base_rates_that_exclude_each_other_are_named():
    """The resolve is hidden; what is derived from it cannot have other chances."""
    text = CASE.replace(
        "  demand:", "  mirror: {derived: resolve, domain: [high, low], at: 2031-01-02}\n  demand:"
    )
    rates = (
        "  - {node: resolve, counts: {high: 9, low: 1}, of: x, weight: 0, why: {source: gazette}}\n"
        "  - {node: mirror, counts: {high: 1, low: 9}, of: x, weight: 0, why: {source: gazette}}\n"
    )
    study = Study.load(f"{text}\nbase_rates:\n{rates}", draws=64)
    with pytest.raises(CommandError, match="resolve and mirror cannot have their pooled chances"):
        study.forecast("resolve")


def test_a_base_rate_of_what_comes_after_a_change_enters_neither_side():
    """The parley comes after the reply, so the case answers alone; of what comes before, both sides carry it."""
    plain_case, rated = Study.load(CASE, draws=64), _weighted(0.2)
    for study in (plain_case, rated):
        study.ensemble  # noqa: B018
    one = plain_case.what_if({"do": {"reply": "fight"}}, outcome="parley", view="before")
    other = rated.what_if({"do": {"reply": "fight"}}, outcome="parley", view="before")
    np.testing.assert_array_equal(one.after.per_draw, other.after.per_draw)
    np.testing.assert_array_equal(one.before.per_draw, other.before.per_draw)


def test_a_base_rate_of_what_comes_before_a_change_enters_both_sides():
    """With the resolve pooled at weight 0, the change at the parley leaves it as the base rate has it."""
    study = _with_rates(
        "{node: resolve, counts: {high: 2, low: 8}, of: x, weight: 0, why: {source: gazette}}"
    )
    outside = study.ensemble.outside[0].chances
    compared = study.what_if({"do": {"parley": "talk"}}, outcome="resolve")
    for side in (compared.before, compared.after):
        np.testing.assert_allclose(side.per_draw, outside, **TOL)


def test_a_claim_about_the_case_as_it_is_agrees_with_the_forecast():
    """A claim without a change speaks of the pooled chances; one with a change of those before it."""
    study = _with_rates(
        "{node: resolve, counts: {high: 2, low: 8}, of: x, weight: 0, why: {source: gazette}}"
    )
    text = CASE + (
        "\n  - {says: it is firm, source: inquiry, test: \"P(resolve == 'high') > 0.9\"}\n"
        "base_rates:\n  - {node: resolve, counts: {high: 2, low: 8}, of: x, weight: 0, why: {source: gazette}}\n"
    )
    claim = Study.load(text, draws=64).claims().findings[-1]
    assert claim.sides is not None
    np.testing.assert_allclose(claim.sides[0], study.forecast("resolve").probability("high"), **TOL)


def test_news_about_a_node_ends_the_say_of_its_base_rate():
    """What is on record is no longer a matter of how often it happens."""
    study = _weighted(0)
    assert pooled(study.ensemble) is not study.ensemble
    news = study.update(
        {"node": "parley", "value": "talk", "date": "2031-05-02", "source": "gazette"}
    )
    assert news.study.forecast("parley").probability("talk") == pytest.approx(1.0)
    ensemble = news.study.ensemble
    assert ensemble.outside
    assert pooled(ensemble) is ensemble


def test_a_why_carries_only_base_rates_of_what_came_before_its_causes():
    """Both causes of the case change what players believed from the start, so no base rate enters."""
    alone = Study.load(CASE, draws=64).why("blame", worlds=16)
    rated = _weighted(0.2).why("blame", worlds=16)
    assert rated.total.shared.mean == alone.total.shared.mean


def test_the_flagship_forecast_is_unchanged_where_nothing_is_pooled():
    """A folder that has no base rates compiles, solves and answers as before: there is no second path."""
    study = Study.load(Path(CANAL), draws=64)
    assert pooled(study.ensemble) is study.ensemble
    assert study.forecast("parley").inside is None


def test_the_weight_of_the_case_counts_where_a_base_rate_gives_none():
    """One line of the case is the same as that weight in each entry; a weight of an entry's own goes first."""
    line = "\nbase_rate_weight: 0.2\n"
    alone = (
        CASE
        + "\nbase_rates:\n  - {node: parley, counts: {talk: 9, wait: 3}, of: x, why: {source: gazette}}\n"
    )
    by_line = Study.load(alone + line, draws=32).forecast("parley")
    own = alone.replace("of: x", "of: x, weight: 0.2")
    assert by_line.weight == 0.2
    np.testing.assert_allclose(
        by_line.mean, Study.load(own, draws=32).forecast("parley").mean, **TOL
    )
    assert Study.load(own.replace("0.2", "0.9") + line, draws=4).forecast("parley").weight == 0.9
    (warning,) = [
        w for w in Study.load(own + line).lowered.warnings if "base_rate_weight" in str(w)
    ]
    assert "this changes nothing" in str(warning)
