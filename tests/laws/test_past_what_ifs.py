"""What must hold of every question about a change in the past: it is given the whole record, as a counterfactual."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backchannel import CaseError, Study
from backchannel.diagram.claim_tests import Claim, parse_test
from backchannel.ensemble.change import change
from backchannel.ensemble.evidence import entries_before
from backchannel.language.errors import CommandError
from backchannel.questions.claims.ask import judge
from backchannel.questions.counterfactuals import recorded_worlds
from backchannel.questions.forecast.ask import forecast_in
from backchannel.questions.why.replay import Coupling
from backchannel.questions.why.shocks import transition
from backchannel.tensors.inference import joint
from tests.helpers import TOL
from tests.oracles import twins
from tests.strategies import plain

WALKOUT = Path(__file__).parent.parent / "cases" / "walkout.yaml"
CAUSES = ("meanness", "thin_books", "strike_fund")
EVIDENCE = {"offer": np.array([0.0, 0.0, 1.0]), "walkout": np.array([0.8, 0.2])}
"""By hand, from the record of the case."""


@pytest.fixture(scope="module")
def walkout() -> Study:
    """One draw says all; 40,000 worlds in each of two draws bring the noise below half a point."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recorded_worlds, "WORLDS", 40_000)
        study = Study.load(WALKOUT, draws=2)
        recorded_worlds.recorded_worlds(study.ensemble)
    return study


def _games(study: Study, cause: str):
    ensemble = study.ensemble
    changed = change(ensemble, study.lowered.causes[cause])
    rules = [
        {d.name: world.tables[d.name] for d in ensemble.diagram.decisions}
        for world in (ensemble.world, changed.world)
    ]
    return plain(ensemble.play.models.truth.game, rules[0]), plain(changed.game, rules[1])


def _oracle(study: Study, cause: str, number, *, shared: bool) -> float:
    before, after = _games(study, cause)
    return twins.counterfactual_mean(before, after, evidence=EVIDENCE, number=number, shared=shared)


@pytest.mark.parametrize("node", ["orders", "offer", "walkout", "told", "deal"])
@pytest.mark.parametrize("cause", CAUSES)
def test_a_change_in_the_past_is_what_enumeration_of_all_shocks_gives(walkout, cause, node):
    """Both couplings, recorded and open nodes; the side without the change is the forecast."""
    compared = walkout.what_if(cause, outcome=node)
    assert compared.cut is None
    np.testing.assert_array_equal(compared.before.mean, walkout.forecast(node).mean)
    for found, shared in ((compared.after, True), (compared.independent, False)):
        for k, value in enumerate(compared.before.domain):
            expected = _oracle(walkout, cause, lambda leaf, k=k: leaf[node] == k, shared=shared)
            assert found.probability(value) == pytest.approx(expected, abs=0.01)


def test_setting_what_happened_changes_nothing(walkout):
    """Silently: what is on record happens again, to the last digit, whatever the shocks share."""
    for node in walkout.ensemble.diagram.order:
        compared = walkout.what_if(do={"offer": "low"}, announced=False, outcome=node)
        for side in (compared.after, compared.independent):
            np.testing.assert_allclose(side.mean, walkout.forecast(node).mean, **TOL)


def test_a_change_after_the_record_is_exact(walkout):
    """No worlds are drawn: P(Y | record, do X) by inference."""
    compared = walkout.what_if(do={"deal": "settles"}, outcome="deal")
    assert compared.independent is None
    assert compared.cut is None
    assert compared.after.probability("settles") == 1.0


@pytest.mark.parametrize("cause", CAUSES)
def test_the_view_from_before_is_there_on_request(walkout, cause):
    """P(Y | record before the change) on both sides, with the draws weighted by the whole record."""
    ensemble = walkout.ensemble
    changed = change(ensemble, walkout.lowered.causes[cause])
    compared = walkout.what_if(cause, outcome="walkout", view="before")
    assert compared.cut == changed.earliest
    assert compared.independent is None
    for side, world in ((compared.before, ensemble.world), (compared.after, changed.world)):
        expected = forecast_in(
            ensemble,
            world,
            "walkout",
            record=entries_before(ensemble.record, changed.earliest),
            weights=ensemble.weights,
            converged=ensemble.converged,
        )
        np.testing.assert_array_equal(side.per_draw, expected.per_draw)
    assert compared.before.mean[0] < walkout.forecast("walkout").mean[0] - 0.1


def _judged(study: Study, text: str, **options):
    return judge(
        study.ensemble, Claim("it", "it", parse_test(text), **options), study.lowered.causes
    )


def _both_sides(tested):
    return {Coupling.SHARED: tested.sides[0], Coupling.INDEPENDENT: tested.independent.sides[0]}


@pytest.mark.parametrize("cause", CAUSES)
def test_a_probability_of_a_claim_is_what_enumeration_gives(walkout, cause):
    """An event over two nodes, one of which comes after the record."""
    event = "walkout == 'no' or deal == 'settles'"
    found = _both_sides(_judged(walkout, f"P({event}, undo='{cause}') > 0.5"))
    for coupling, mean in found.items():
        expected = _oracle(
            walkout, cause, lambda leaf: leaf["walkout"] == 1 or leaf["deal"] == 0,
            shared=coupling is Coupling.SHARED,
        )  # fmt: skip
        assert mean == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_condition_of_a_claim_is_about_the_changed_world(walkout, cause):
    """P(A and B) / P(B), both in the world with the change, given what happened in the world without."""
    tested = _judged(walkout, f"P(deal == 'settles', undo='{cause}', given=walkout == 'yes') > 0.5")
    for coupling, mean in _both_sides(tested).items():
        shared = coupling is Coupling.SHARED
        both = _oracle(
            walkout, cause, lambda leaf: leaf["walkout"] == 0 and leaf["deal"] == 0, shared=shared
        )
        held = _oracle(walkout, cause, lambda leaf: leaf["walkout"] == 0, shared=shared)
        assert mean == pytest.approx(both / held, abs=0.01)


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("player", ["firm", "union"])
def test_an_expected_worth_of_a_claim_is_what_enumeration_gives(walkout, cause, player):
    """With the numbers of the changed case."""
    _, after = _games(walkout, cause)
    worths = [(scope, table) for owner, scope, table in after.worths if owner == player]

    def worth(leaf: dict[str, int]) -> float:
        return sum(float(table[tuple(leaf[n] for n in scope)]) for scope, table in worths)

    found = _both_sides(_judged(walkout, f"E({player}, undo='{cause}') > 0"))
    for coupling, mean in found.items():
        expected = _oracle(walkout, cause, worth, shared=coupling is Coupling.SHARED)
        assert mean == pytest.approx(expected, abs=0.01)


def test_every_quantity_of_a_claim_is_given_the_whole_record_unless_it_asks_for_the_view_before(
    walkout,
):
    """P(walkout) is the forecast beside a counterfactual too."""
    text = "P(walkout == 'yes', undo='meanness') < P(walkout == 'yes')"
    now, then = _judged(walkout, text), _judged(walkout, text, view="before")
    assert now.cut is None
    assert now.sides[1] == pytest.approx(walkout.forecast("walkout").mean[0], abs=1e-12)
    assert str(then.cut) == "2030-02-01"
    assert then.independent is None
    earlier = joint(walkout.ensemble.world, keep=("walkout",))[0, 0]
    assert then.sides[1] == pytest.approx(earlier, abs=1e-9)


def test_the_best_action_is_the_same_whether_a_fact_is_recorded_directly_or_through_a_derived_node():
    """`told` says what `walkout` was; a decision that must have been taken has a best action too."""
    text = WALKOUT.read_text().replace(", reliability: 0.8", "")
    line = "{node: walkout, value: 'yes', date: 2030-03-01, source: paper}"
    assert line in text
    derived = text.replace(line, "{node: told, value: idle, date: 2030-03-02, source: paper}")
    results = []
    for some in (text, derived):
        some = some.replace("strike_pay: {prior: 0.4", "strike_pay: {prior: {uniform: [-0.4, 0.4]}")
        study = Study.load(some, draws=64)
        tested = [_judged(study, f"best(walkout) == '{action}'") for action in ("yes", "no")]
        results.append([(one.verdict, one.support) for one in tested])
        assert sum(one.support for one in tested) == pytest.approx(1.0)
        assert 0 < tested[0].support < 1
    for (verdict, support), (other, other_support) in zip(*results, strict=True):
        assert verdict == other
        assert support == pytest.approx(other_support, abs=0.03)


def test_the_best_action_pays_most_given_what_happened(walkout):
    """Enumeration: who walks out gets 0.4, and 0.3 more with full orders; who stays gets 0.2."""
    before, _ = _games(walkout, "meanness")
    full = twins.counterfactual_mean(
        before, before, evidence=EVIDENCE, number=lambda leaf: leaf["orders"] == 0, shared=True
    )
    assert _judged(walkout, "best(walkout) == 'yes'").support == float(0.4 + 0.3 * full > 0.2)


@pytest.mark.parametrize("size", [2, 3, 5])
@pytest.mark.parametrize("seed", range(6))
def test_what_one_value_turns_into_is_the_race_integrated_by_hand(size, seed):
    """All values at once, with impossible ones before and after."""
    rng = np.random.default_rng(seed)
    before, after = rng.dirichlet(np.ones(size)), rng.dirichlet(np.ones(size))
    if seed % 3 == 1 and size > 2:
        before[0] = 0.0
        after[1] = 0.0
    if seed % 3 == 2 and size > 2:
        before[:2], after[0] = 0.0, 0.0
    before, after = before / before.sum(), after / after.sum()
    expected = twins.transition(before, after)
    for value in np.flatnonzero(before):
        found = transition(before[None, None], after[None, None], np.array([[value]]))[0, 0]
        np.testing.assert_allclose(found, expected[value], rtol=0, atol=1e-12)


def test_in_the_starter_case_the_what_if_starts_from_the_forecast():
    """The offer and the reply: 57% in the forecast and "as it is", where one said 57% and the other 84%."""
    from backchannel.case import starter

    study = Study.load(Path(starter.__file__).with_name("starter.yaml"), draws=256)
    compared = study.what_if("stinginess", outcome="reply")
    forecast = study.forecast("reply").mean
    np.testing.assert_array_equal(compared.before.mean, forecast)
    assert forecast[0] == pytest.approx(0.57, abs=0.02)


@pytest.fixture(scope="module")
def answers():
    return Study.load(WALKOUT, draws=8).answers()


def test_a_case_can_ask_in_both_views_and_each_says_which_it_is(answers):
    """`view: before` in a question and in a claim; the other is given the whole record."""
    now, then = answers.what_ifs
    assert [now.name, then.name] == ["meanness", "meanness:before"]
    assert (now.before_label, then.before_label) == ("as it is", "as it looked on 1 February 2030")
    assert (now.is_counterfactual, then.is_counterfactual) == (True, False)
    assert now.title == then.title == "the firm had offered the middle"
    asked = {answer.name: answer for answer in answers.answers}
    assert asked["meant"].what_ifs == ["meanness"]
    assert asked["meant_then"].what_ifs == ["meanness:before"]
    assert "as it is" not in " ".join(asked["meant_then"].sentences)
    assert asked["meant_then"].sentences[0].startswith("As it looked on 1 February 2030, if ")
    forecast = {one.node: one for one in answers.forecasts}
    for outcome in now.outcomes:
        expected = [value.probability for value in forecast[outcome.node].values]
        assert [value.before for value in outcome.values] == pytest.approx(expected, abs=1e-9)
    mean, mean_then = answers.claims
    assert (mean.record_before, str(mean_then.record_before)) == (None, "2030-02-01")
    assert mean.verdict_independent is not None
    assert mean_then.verdict_independent is None


def test_the_workbench_and_the_command_take_the_view(tmp_path):
    """The same numbers as in Python."""
    from backchannel.machine.reports import Silence
    from backchannel.web.live import solve_live
    from backchannel.web.message_parts import CustomWhatIf
    from tests.commands import run

    study = Study.load(WALKOUT, draws=8)
    live = solve_live(study.lowered, {}, draws=8, seed=0, progress=Silence())
    for view, label in (("record", "as it is"), ("before", "as it looked on 1 February 2030")):
        asked = CustomWhatIf(key="x", do={"offer": "middle"}, outcomes=["walkout"], view=view)
        found, columns = live.custom_what_if(asked, Silence())
        compared = study.what_if("meanness", outcome="walkout", view=view)
        assert found.before_label == label
        assert found.outcomes[0].values[0].after == pytest.approx(compared.after.mean[0])
        assert columns.outcomes[0].node == "walkout"
        told = run(
            "what-if", WALKOUT, "--do", "offer=middle", "--outcome", "walkout", "--view", view,
            "--draws", "8",
        ).stdout  # fmt: skip
        assert label in " ".join(told.split())
    assert "Invalid value for '--view'" in run(
        "what-if", WALKOUT, "--do", "offer=middle", "--outcome", "walkout", "--view", "now", check=2
    ).stderr  # fmt: skip


def test_a_view_that_is_not_known_is_refused(walkout):
    """In Python, and in a file where a forecast has one."""
    with pytest.raises(CommandError, match="'record'"):
        walkout.what_if("meanness", outcome="walkout", view="now")
    text = WALKOUT.read_text().replace("{forecast: deal}", "{forecast: deal, view: before}")
    with pytest.raises(CaseError, match="only a `what_if` can have"):
        Study.load(text)


@pytest.mark.slow
def test_in_the_flagship_what_is_on_record_is_as_it_is():
    """That no relief came is reported with 95%; the view from before called 52% "as it is"."""
    study = Study.load("belarus-2025", draws=32)
    now = study.what_if("diversion", outcome="us_relief")
    then = study.what_if("diversion", outcome="us_relief", view="before")
    # The comparison carries base rates of nodes before its change only; the forecast carries all.
    np.testing.assert_allclose(now.before.mean, study.forecast("us_relief").mean, atol=1e-3)
    assert now.before.probability("none") > 0.95
    assert then.before.probability("none") < 0.7
    assert (now.document().before_label, then.document().before_label) == (
        "without base rates",
        "as it looked on 13 June 2025",
    )
    assert "as it is" not in then.to_frame().columns
