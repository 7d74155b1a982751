"""Who expects what: forecasts in belief models, beside what the forecast says."""

from __future__ import annotations

import io
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console

from backchannel import Study
from backchannel.diagram.beliefs import Belief, Observation, Unaware
from backchannel.ensemble.ensemble import Ensemble, build_ensemble
from backchannel.questions.surprise.ask import compare_expectations, resolve_view
from backchannel.questions.surprise.compose import compose_surprise
from backchannel.questions.surprise.terminal import show, show_surprise
from backchannel.wording.words import Wording
from tests.helpers import CANAL, TOL, day
from tests.laws.nested import NUMBERS, bargain, bargained
from tests.oracles import tree
from tests.strategies import plain

P8 = {"p": "p8"}
EU = Belief("eu", P8, about=(Belief("usa", {"g": "g2"}),))


def _recorded(*entries: tuple[str, str], beliefs: tuple[Belief, ...] = (EU,)) -> Ensemble:
    record = [Observation(node, value, day(i)) for i, (node, value) in enumerate(entries)]
    numbers = {name: np.array([value]) for name, value in NUMBERS.items()}
    return build_ensemble(bargain(), beliefs, numbers, record)


def _enumerated(ensemble: Ensemble, view, node: str, seen: dict[str, int]) -> np.ndarray:
    """P(node | seen) in a model, by walking its whole tree."""
    play = ensemble.play
    model = play.models.views[view] if view else play.models.truth
    rules = play.views[view].policies if view else play.policies
    domains = ensemble.diagram.domains
    evidence = {name: np.eye(len(domains[name]))[i] for name, i in seen.items()}
    table = tree.joint(plain(model.game, rules), [node], evidence)
    return table / table.sum()


def test_expectations_are_forecasts_in_the_model_by_enumeration():
    """What is on record is known: fully where a node is open, up to its entry where it is not."""
    ensemble = _recorded(("open", "z1"), ("offer", "x0"))
    found = compare_expectations(ensemble)
    known = {"open": 1, "offer": 0}
    for node, seen in (("answer", known), ("state", known), ("offer", {"open": 1})):
        one = found.of("eu", node)
        expects, is_so = (_enumerated(ensemble, v, node, seen) for v in (("eu",), ()))
        np.testing.assert_allclose(one.expects[0], expects, **TOL)
        np.testing.assert_allclose(one.actual[0], is_so, **TOL)
        assert one.gap == pytest.approx(np.abs(expects - is_so).sum() / 2, abs=1e-9)
        assert one.divergence == pytest.approx((is_so * np.log2(is_so / expects)).sum(), abs=1e-9)
    assert found.expectations[0].gap == max(one.gap for one in found.expectations)
    assert found.unerring == ("blr", "usa")
    assert not [one for one in found.expectations if one.view == ("eu",) and one.node == "open"]


def test_surprise_at_an_entry_is_its_log_score():
    """In the model and in the case, after the entries before it; one's own moves surprise nobody."""
    ensemble = _recorded(("open", "z1"), ("offer", "x0"), ("answer", "some"))
    found = compare_expectations(ensemble).record_frame().set_index("node")
    assert list(found.index) == ["offer", "answer"]
    seen = {"open": 1, "offer": 0}
    expects, is_so = (_enumerated(ensemble, v, "answer", seen)[1] for v in (("eu",), ()))
    assert found.loc["answer", "bits"] == pytest.approx(-np.log2(expects), abs=1e-9)
    assert found.loc["answer", "unavoidable"] == pytest.approx(-np.log2(is_so), abs=1e-9)
    assert found.loc["answer", "impossible"] == 0


def test_who_thinks_rightly_of_others_is_in_for_no_surprise():
    """A belief that is true, though written as a belief."""
    found = compare_expectations(
        bargained(Belief("eu", {"p": "p_too"}), numbers={**NUMBERS, "p_too": 0.3})
    )
    assert max(one.gap for one in found.expectations) < 1e-12


def test_what_one_thinks_that_another_expects_is_held_against_what_it_expects():
    """Washington errs too, in another way than the EU thinks."""
    ensemble = _recorded(beliefs=(EU, Belief("usa", {"p": "p8"})))
    one = compare_expectations(ensemble).of(("eu", "usa"), "offer")
    np.testing.assert_allclose(
        one.expects[0], _enumerated(ensemble, ("eu", "usa"), "offer", {}), **TOL
    )
    np.testing.assert_allclose(one.actual[0], _enumerated(ensemble, ("usa",), "offer", {}), **TOL)
    known = [(), ("eu",), ("eu", "usa"), ("usa",)]
    assert resolve_view(("usa", "eu"), known) == ("usa",)
    assert resolve_view(("blr", "usa"), known) == ("usa",)
    assert resolve_view(("blr",), known) == ()


def test_an_action_not_thought_of_that_is_taken_was_impossible():
    """And the player still expects something afterwards."""
    unaware = Belief("eu", unaware=Unaware(actions={"offer": ("x1",)}))
    ensemble = _recorded(("open", "z0"), ("offer", "x1"), beliefs=(unaware,))
    found = compare_expectations(ensemble)
    (taken,) = found.record_surprises
    assert taken.impossible == 1
    assert taken.bits == np.inf
    expects = found.of("eu", "answer").expects[0]
    np.testing.assert_allclose(
        expects, _enumerated(ensemble, (), "answer", {"open": 0, "offer": 1}), **TOL
    )
    assert ensemble.n_impossible_for_a_player == 1


def test_a_node_not_thought_of_is_expected_as_it_is_taken_to_be_and_not_noticed():
    """It is on record, and passes the player by."""
    unaware = Belief("usa", unaware=Unaware(nodes={"open": "z1"}))
    ensemble = _recorded(("open", "z0"), ("offer", "x1"), beliefs=(unaware,))
    found = compare_expectations(ensemble)
    assert [found.record[one.entry].node for one in found.record_surprises] == ["offer"]
    np.testing.assert_allclose(found.of("usa", "open").expects[0], [0, 1], **TOL)
    expects = _enumerated(ensemble, ("usa",), "offer", {"open": 1})
    np.testing.assert_allclose(found.of("usa", "offer").expects[0], expects, **TOL)
    assert ensemble.n_impossible_for_a_player == 0


@pytest.fixture(scope="module")
def told(canal):
    view = compose_surprise(Wording(canal.lowered), canal.surprise())
    stream = io.StringIO()
    show_surprise(view, Console(file=stream, width=110, no_color=True))
    return view, stream.getvalue()


def test_the_table_says_who_is_in_for_what(told):
    """Aria takes Borland for weak: its expectation, the actual probability, and the gap, in one unit."""
    view, text = told
    widest = view.expectations[0]
    assert (widest.view, widest.node) == (["aria"], "resolve")
    high, low = widest.values
    assert high.expects + low.expects == pytest.approx(1)
    assert widest.gap == pytest.approx(abs(high.expects - high.is_so), abs=1e-9)
    assert f"{100 * low.expects:.0f}%" in text
    assert f"{100 * low.is_so:.0f}%" in text
    assert "Borland holds the true case, and expects what the forecast says." in text
    row = next(row for row in view.heat if row.node == "resolve")
    assert row.gaps == [widest.gap]
    assert [viewer.title for viewer in view.viewers] == ["Aria"]
    assert "fight" in text


def test_a_run_shows_the_widest_gaps_and_nothing_where_nobody_errs(canal, told):
    """In short."""
    stream = io.StringIO()
    show(SimpleNamespace(surprise=told[0]), Console(file=stream, width=110, no_color=True))
    assert stream.getvalue().startswith("Players with the widest gaps in expectations")
    text = CANAL.read_text().replace("beliefs:\n  aria: {parameters: {p_high: unlikely}}\n", "")
    text = text.replace("  misread: {beliefs: {aria: true_case}}\n", "").replace("misread, ", "")
    text = text[: text.index("claims:")]
    study = Study.load(text, draws=32)
    view = compose_surprise(Wording(study.lowered), study.surprise())
    stream = io.StringIO()
    show_surprise(view, Console(file=stream, width=110, no_color=True))
    assert "gives no player wrong beliefs" in " ".join(stream.getvalue().split())
    assert study.surprise().to_frame().empty
