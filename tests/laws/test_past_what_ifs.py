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


def test_a_view_that_is_not_known_is_refused(walkout):
    """In Python, and in a file where a forecast has one."""
    with pytest.raises(CommandError, match="'record'"):
        walkout.what_if("meanness", outcome="walkout", view="now")
    text = WALKOUT.read_text().replace("{forecast: deal}", "{forecast: deal, view: before}")
    with pytest.raises(CaseError, match="only a `what_if` can have"):
        Study.load(text)
