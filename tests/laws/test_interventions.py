"""What interventions may and may not change."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from backchannel import Study
from backchannel.diagram.relevance import relevance_graph
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import change
from backchannel.ensemble.ensemble import build_ensemble
from backchannel.ensemble.evidence import evidence_of
from backchannel.language.errors import CommandError
from backchannel.questions.forecast.ask import forecast, node_chances
from backchannel.questions.what_if.ask import what_if
from backchannel.tensors.inference import indicator
from tests.helpers import CANAL, TOL, pursuit


def _rules(changed):
    return {d.name: changed.world.tables[d.name] for d in changed.world.diagram.decisions}


def test_an_unannounced_intervention_changes_no_rule_and_nothing_upstream(canal):
    """Nobody learns of it; only what follows from the set node by itself can differ."""
    ensemble = canal.ensemble
    silent = Intervention(do={"demand": 10}, announced="never")
    changed = change(ensemble, silent)
    for name, rule in _rules(changed).items():
        if name != "demand":
            np.testing.assert_array_equal(rule, ensemble.play.policies[name])
    downstream = nx.descendants(ensemble.diagram.graph, "demand") | {"demand"}
    for node in ensemble.diagram.order:
        compared = what_if(ensemble, silent, node)
        if node not in downstream:
            np.testing.assert_allclose(compared.after.per_draw, compared.before.per_draw, **TOL)
    assert abs(what_if(ensemble, silent, "reply").of("pay")[0]) > 0.05


def test_unannounced_on_a_root_chance_node_equals_conditioning(canal):
    """Seeing and doing agree where nothing comes before, and no rule reacts."""
    ensemble = canal.ensemble
    silent = Intervention(do={"resolve": "low"}, announced="never")
    changed = change(ensemble, silent)
    seen = {"resolve": indicator(ensemble.diagram, "resolve", "low")}
    for node in ("demand", "reply", "parley"):
        np.testing.assert_allclose(
            node_chances(changed.world, node, {}), node_chances(ensemble.world, node, seen), **TOL
        )


def test_an_announced_change_holds_the_rules_of_earlier_decisions(canal):
    """What was decided before the day cannot react."""
    ensemble = canal.ensemble
    changed = change(ensemble, Intervention(do={"reply": "pay"}))
    np.testing.assert_array_equal(_rules(changed)["demand"], ensemble.play.policies["demand"])
    early = change(ensemble, Intervention(do={"reply": "pay"}, announced="start"))
    gap = np.abs(_rules(early)["demand"] - ensemble.play.policies["demand"]).max()
    assert gap > 0.01


def test_an_announced_change_leaves_rules_alone_that_it_is_not_relevant_to():
    """By d-separation: who guesses last does not care how the state came about, given the move."""
    ensemble = _pursuit_ensemble()
    needs = relevance_graph(ensemble.diagram)
    assert not needs.has_edge("late", "move")
    changed = change(ensemble, Intervention(do={"move": "left"}, announced="start"))
    np.testing.assert_allclose(
        _rules(changed)["late"], ensemble.play.policies["late"], rtol=0, atol=1e-9
    )


def _pursuit_ensemble():
    from dataclasses import replace

    from backchannel.diagram.nodes import Decision, Interest
    from backchannel.language.expressions import parse
    from tests.helpers import day, numbers

    diagram = pursuit()
    late = Decision("late", ("stay", "go"), "chaser", day(9), sees=("guess",))
    worth = Interest("after", "chaser", parse("0.4 * (late == 'go') * (guess == 'high')"))
    diagram = replace(diagram, nodes=(*diagram.nodes, late), interests=(*diagram.interests, worth))
    return build_ensemble(diagram, (), numbers(8))


def test_evidence_of_probability_one_changes_nothing():
    """Hearing what was certain is no news."""
    ensemble = _pursuit_ensemble()
    certain = {"state": np.ones(2)}
    np.testing.assert_allclose(
        node_chances(ensemble.world, "guess", certain),
        node_chances(ensemble.world, "guess", {}),
        **TOL,
    )


def test_removing_an_action_unannounced_shares_its_probability_out(canal):
    """The owner's rule is renormalised; nobody else moves."""
    ensemble = canal.ensemble
    changed = change(ensemble, Intervention(remove={"demand": (50,)}, announced="never"))
    before = ensemble.play.policies["demand"]
    expected = before * np.array([1, 1, 0])
    expected = expected / expected.sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(_rules(changed)["demand"], expected, **TOL)
    np.testing.assert_array_equal(_rules(changed)["reply"], ensemble.play.policies["reply"])


def test_a_removed_action_is_never_taken_when_announced(canal):
    """And who is left with the rest plays logit over it."""
    changed = change(canal.ensemble, Intervention(remove={"demand": (50,)}))
    rule = _rules(changed)["demand"]
    assert (rule[..., 2] == 0).all()
    np.testing.assert_allclose(rule.sum(axis=-1), 1, **TOL)


def test_correcting_the_only_wrong_belief_gives_the_case_without_beliefs(canal):
    """`true_case` undoes the error, not the player's ignorance of the state."""
    lowered = canal.lowered
    right = build_ensemble(lowered.diagram, (), canal.ensemble.numbers, lowered.record)
    changed = change(canal.ensemble, canal.intervention("misread"))
    for name, rule in _rules(changed).items():
        np.testing.assert_allclose(rule, right.play.policies[name], rtol=0, atol=1e-9)
    gap = np.abs(right.play.policies["demand"] - canal.ensemble.play.policies["demand"]).max()
    assert gap > 0.005


def test_both_sides_of_a_comparison_know_the_same_part_of_the_record(canal):
    """Before t if t is in the record; all of it if t is after."""
    early = change(canal.ensemble, Intervention(do={"demand": 10}))
    assert [entry.node for entry in early.record] == []
    middle = change(canal.ensemble, Intervention(do={"reply": "pay"}))
    assert [entry.node for entry in middle.record] == ["demand"]
    late = change(canal.ensemble, Intervention(do={"parley": "talk"}))
    assert late.cut is None
    assert [entry.node for entry in late.record] == ["demand", "reply"]


def test_only_the_told_replan(canal):
    """Told Borland alone, Aria keeps to its rules."""
    made = Intervention(parameters={"war_cost": 0.6}, told=("borland",))
    changed = change(canal.ensemble, made)
    rules = _rules(changed)
    np.testing.assert_array_equal(rules["demand"], canal.ensemble.play.policies["demand"])
    assert np.abs(rules["reply"] - canal.ensemble.play.policies["reply"]).max() > 0.05


def test_a_change_of_sight_must_be_told(canal):
    """A player cannot see more without noticing."""
    with pytest.raises(CommandError, match="cannot be unannounced"):
        canal.what_if(sees={"demand": {"add": ["resolve"]}}, announced=False, outcome="reply")


def test_seeing_more_makes_the_rule_depend_on_it(canal):
    """Aria that sees Borland's resolve asks more of a soft Borland."""
    made = canal.intervention(sees={"demand": {"add": ["resolve"]}})
    rule = _rules(change(canal.ensemble, made))["demand"]
    assert rule.shape[1:] == (2, 3)
    greedy = rule[:, :, 2].mean(axis=0)
    assert greedy[1] > greedy[0] + 0.02


def test_weights_are_the_likelihood_of_the_record(canal):
    """By hand: P(demand = 30) times P(what was reported of the reply)."""
    ensemble = canal.ensemble
    policies, p_high = ensemble.play.policies, ensemble.numbers["p_high"]
    fights = policies["reply"][:, :, 1, 1]
    fight = p_high * fights[:, 0] + (1 - p_high) * fights[:, 1]
    expected = policies["demand"][:, 1] * (0.95 * fight + 0.05 * (1 - fight))
    np.testing.assert_allclose(np.exp(ensemble.log_likelihood), expected, **TOL)


def test_a_forecast_of_something_recorded_for_certain_is_certain(canal):
    """Reliability 1."""
    assert forecast(canal.ensemble, "demand").probability(30) == pytest.approx(1)
    evidence = evidence_of(canal.ensemble.diagram, canal.ensemble.record)
    assert np.exp(evidence["reply"]) == pytest.approx([0.05, 0.95])


def test_the_same_seed_gives_the_same_numbers_and_another_does_not():
    """Runs can be repeated."""

    one, two, other = (Study.load(CANAL, draws=32, seed=s).forecast("parley") for s in (3, 3, 4))
    np.testing.assert_array_equal(one.per_draw, two.per_draw)
    assert np.abs(one.per_draw - other.per_draw).max() > 1e-6


def test_a_replaced_mechanism_is_the_case_with_that_mechanism():
    """Known from the start, it is as if the file had said so."""
    text = CANAL.read_text()
    study = Study.load(text, draws=64, seed=4)
    made = study.intervention(
        mechanisms={"resolve": {"odds": {"high": 0.9, "low": 0.1}}}, announced="start"
    )
    odds = "odds: {high: p_high, low: 1 - p_high}"
    rewritten = Study.load(text.replace(odds, "odds: {high: 0.9, low: 0.1}"), draws=64, seed=4)
    changed = change(study.ensemble, made)
    for name, rule in _rules(changed).items():
        np.testing.assert_allclose(
            rewritten.ensemble.play.policies[name], rule, rtol=0, atol=1e-9, err_msg=name
        )


def test_a_replaced_parameter_is_the_case_with_that_number(canal):
    """And who is told of it no longer errs about it."""
    changed = change(canal.ensemble, canal.intervention(parameters={"p_high": 0.9}))
    numbers = {**canal.ensemble.numbers, "p_high": np.full(256, 0.9)}
    right = build_ensemble(canal.lowered.diagram, (), numbers, ())
    for name, rule in _rules(changed).items():
        np.testing.assert_allclose(right.play.policies[name], rule, rtol=0, atol=1e-9, err_msg=name)


def test_a_believed_decision_is_chance_in_the_believer_s_model():
    """Aria is sure that Borland pays whatever is asked, so it asks for the most."""
    belief = "aria: {nodes: {reply: {odds: {pay: 1, fight: 0.000001}}}}"
    text = CANAL.read_text().replace("aria: {parameters: {p_high: unlikely}}", belief)
    study = Study.load(text, draws=64, seed=4)
    sure = study.ensemble.play.policies["demand"][:, 2]
    lam = study.ensemble.numbers["aria.precision"]
    weights = np.exp(np.outer(lam, [0.1, 0.3, 0.5]))
    np.testing.assert_allclose(sure, weights[:, 2] / weights.sum(axis=1), atol=1e-5)
