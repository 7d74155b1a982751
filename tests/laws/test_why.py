"""What must hold of every explanation: shares, necessity, stages, and a worked example."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from backchannel import Study
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import change
from backchannel.ensemble.some_draws import some_draws
from backchannel.questions.why.ask import explain_outcome
from backchannel.questions.why.decomposition import CHANCE_MEMBER
from backchannel.questions.why.undo import undo_all
from tests.helpers import TOL

VISIT = Path(__file__).parent.parent / "cases" / "visit.yaml"
FIGHT = ("reply", "fight")


@pytest.fixture(scope="module")
def three(canal):
    """The fight explained by three causes, one of them silent and beside the point."""
    causes = {
        "greed": Intervention("greed", do={"demand": 10}),
        "misread": canal.lowered.causes["misread"],
        "parley": Intervention("parley", do={"parley": "talk"}, announced="never"),
    }
    return explain_outcome(canal.ensemble, FIGHT, causes, n_worlds=16)


def test_the_worked_example_comes_out_as_its_closed_form():
    """P(stays) is 13/18 in a storm and 0.39 in clear weather: 1 - p'/p = 0.46, 1 - p' = 0.61, and bounds."""
    found = Study.load(VISIT, draws=4).why(worlds=8)
    [storm] = found.causes
    assert storm.necessity.shared.mean == pytest.approx(0.46, abs=1e-9)
    assert storm.necessity.independent.mean == pytest.approx(0.61, abs=1e-9)
    assert storm.necessity.shared.error == pytest.approx(0, abs=1e-9)
    assert storm.bounds == pytest.approx((0.46, 0.61 * 18 / 13), abs=1e-9)
    assert storm.sufficiency.mean == 1.0
    assert storm.share == found.total


def test_shares_add_up_to_what_all_causes_do(three):
    """Nothing is lost and nothing counted twice, under both readings of the shocks."""
    for reading in ("shared", "independent"):
        shares = [getattr(finding.share, reading).mean for finding in three.causes]
        assert sum(shares) == pytest.approx(getattr(three.total, reading).mean, abs=1e-12)


def test_a_silent_cause_that_leads_nowhere_near_the_outcome_has_no_share(three):
    """It comes later, and nobody plans with it."""
    idle = three.of("parley")
    assert idle.share.shared.mean == idle.share.independent.mean == 0.0
    assert idle.necessity.shared.high == 0.0


def test_undoing_to_the_factual_value_unannounced_changes_nothing(canal):
    """Exactly nothing: the world is the same, and so are its shocks."""
    same = {"same": Intervention("same", do={"demand": 30}, announced="never")}
    found = explain_outcome(canal.ensemble, FIGHT, same, n_worlds=8)
    assert found.total.shared.high == found.total.independent.high == 0.0


def test_one_cause_of_one_choice_follows_from_the_rules_by_hand(canal):
    """Borland alone reacts to a lower demand, per draw and resolve by 1 - p'/p and by 1 - p'."""
    ensemble = canal.ensemble
    cause = {"greed": Intervention("greed", do={"demand": 10})}
    found = explain_outcome(ensemble, FIGHT, cause, n_worlds=64)
    after = change(ensemble, cause["greed"]).world.tables["reply"][:, :, 0, 1]
    before = ensemble.play.policies["reply"][:, :, 1, 1]
    resolve = np.stack([ensemble.numbers["p_high"], 1 - ensemble.numbers["p_high"]], axis=1)
    seen = ensemble.play.policies["demand"][:, 1, None] * resolve * before
    weights = seen.sum()
    lower = (seen * np.maximum(0, 1 - after / before)).sum() / weights
    upper = (seen * np.minimum(1, (1 - after) / before)).sum() / weights
    independent = (seen * (1 - after)).sum() / weights
    error = 4.5 * found.total.shared.error + 1e-3
    assert found.total.shared.mean == pytest.approx(lower, abs=error)
    assert found.total.independent.mean == pytest.approx(independent, abs=error)
    assert found.causes[0].bounds == pytest.approx((lower, upper), abs=2 * error)


def test_a_single_cause_is_undone_as_in_what_if(canal):
    """Necessity asks about the world that `what_if` asks about."""
    causes = dict(canal.lowered.causes)
    for name, cause in causes.items():
        [(_, undone)] = undo_all(canal.ensemble, causes, [frozenset({name})])
        expected = change(canal.ensemble, cause).world
        for node, table in undone.world.tables.items():
            np.testing.assert_allclose(table, expected.tables[node], **TOL, err_msg=node)


def test_what_comes_to_light_later_changes_no_earlier_plan(canal):
    """Aria knows the odds from the start, and not yet what Borland will be told to do in April."""
    causes = {
        "misread": canal.lowered.causes["misread"],
        "peace": Intervention("peace", parameters={"war_cost": 0.9}, announced=_day(canal, 1)),
    }
    sets = [frozenset({"misread"}), frozenset(causes)]
    worlds = dict(undo_all(canal.ensemble, causes, sets))
    early, both = (worlds[some].world.tables for some in sets)
    np.testing.assert_array_equal(both["demand"], early["demand"])
    assert np.abs(both["reply"] - early["reply"]).max() > 0.05


def _day(canal, days: int):
    return canal.lowered.diagram.dates["demand"] + timedelta(days=days)


def test_parts_of_the_draws_give_the_same_worlds(canal):
    """Some draws at a time or all together: the same play, and the same counterfactuals."""
    ensemble = canal.ensemble
    few = some_draws(ensemble, np.arange(10, 20))
    np.testing.assert_array_equal(few.world.tables["reply"], ensemble.world.tables["reply"][10:20])
    assert few.play.models.truth.game.n_draws == 10
    causes = {"greed": Intervention("greed", do={"demand": 10})}
    whole = explain_outcome(ensemble, FIGHT, causes, n_worlds=8, n_draws=20)
    assert whole.n_draws <= 20
    assert (
        whole.total.mean
        == explain_outcome(ensemble, FIGHT, causes, n_worlds=8, n_draws=20).total.mean
    )


def test_the_parts_of_a_cause_add_up_and_idle_players_have_none(canal):
    """Demand is set by hand, so Aria responds to nothing; Borland's reply is all there is."""
    cause = canal.lowered.causes["greed"]
    apart = canal.why.decompose("greed", {"reply": "fight"}, worlds=16)
    whole = explain_outcome(canal.ensemble, FIGHT, {"greed": cause}, n_worlds=16, seed=canal.seed)
    assert apart.total == whole.total
    assert apart.parts["aria"].mean == apart.parts[CHANCE_MEMBER].mean == apart.alone.mean == 0.0
    assert apart.parts["borland"].mean == pytest.approx(apart.total.mean, abs=1e-12)


def test_two_who_must_both_respond_share_a_cause_evenly():
    """An alarm reaches a guard and a watch; only if both stay does anything happen."""
    study = Study.load(BOTH, draws=4)
    apart = study.why.decompose("quiet", worlds=4000)
    p, q = 0.8, 0.1
    both = (1 - (q / p) ** 2) if q < p else 0.0
    assert apart.total.mean == pytest.approx(both, abs=0.02)
    assert apart.parts["guard"].mean == pytest.approx(apart.total.mean / 2, abs=0.02)
    assert apart.parts["watch"].mean == pytest.approx(apart.total.mean / 2, abs=0.02)
    parts = [part.mean for part in apart.parts.values()]
    assert sum(parts) + apart.alone.mean == pytest.approx(apart.total.mean, abs=1e-12)


BOTH = """
case: An alarm
utility_unit: one night
as_of: 2030-01-04
sources:
  book: {title: Guard book, date: 2030-01-03, grade: A1}
players:
  guard: {name: the guard, precision: 1}
  watch: {name: the watch, precision: 1}
nodes:
  alarm: {chance: true, domain: [rings, quiet], probability: {rings: 0.5, quiet: 0.5}, at: 2030-01-01}
  one: {player: guard, sees: [alarm], domain: [stays, goes], at: 2030-01-02}
  two: {player: watch, sees: [alarm], domain: [stays, goes], at: 2030-01-02}
  caught: {derived: "'yes' if one == 'stays' and two == 'stays' else 'no'", domain: ['yes', 'no'], at: 2030-01-03}
interests:
  first: {player: guard, worth: "(log(4) if alarm == 'rings' else log(1 / 9)) * (one == 'stays')"}
  second: {player: watch, worth: "(log(4) if alarm == 'rings' else log(1 / 9)) * (two == 'stays')"}
record:
  - {node: alarm, value: rings, date: 2030-01-01, source: book}
  - {node: caught, value: 'yes', date: 2030-01-03, source: book}
causes:
  quiet: {title: the alarm had been quiet, do: {alarm: quiet}}
questions:
  blame: {why: {caught: 'yes'}, causes: quiet}
"""
