"""Claims: verdicts, what tests may say, and what a verdict hinges on."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel import Study
from backchannel.diagram.claim_tests import parse_test
from backchannel.language.errors import ExpressionError
from backchannel.questions.claims.verdicts import Verdict, grade
from tests.helpers import CANAL


@pytest.mark.parametrize(
    ("support", "verdict"),
    [
        (1.0, Verdict.BORNE_OUT), (0.9, Verdict.BORNE_OUT), (0.89, Verdict.LEANS),
        (0.61, Verdict.LEANS), (0.6, Verdict.OPEN), (0.4, Verdict.OPEN),
        (0.39, Verdict.LEANS_AGAINST), (0.11, Verdict.LEANS_AGAINST), (0.1, Verdict.CONTRADICTED),
        (0.0, Verdict.CONTRADICTED),
    ],
)  # fmt: skip
def test_verdicts_follow_the_share_of_draws(support, verdict):
    """The borders of design and documentation."""
    assert grade(support, 0.5) is verdict


def test_what_holds_in_every_prior_draw_is_built_in():
    """The case assumes it, and shows nothing."""
    assert grade(0.95, 1.0) is Verdict.BUILT_IN
    assert grade(0.95, 0.998) is Verdict.BORNE_OUT


def _judged(test: str, margin: float = 0.05):
    text = CANAL.read_text()
    start = text.index("claims:")
    claim = (
        f'claims:\n  - {{id: it, says: it, source: inquiry, margin: {margin}, test: "{test}"}}\n'
    )
    study = Study.load(text[:start] + claim, draws=128, seed=2)
    return next(iter(study.claims())), study


def test_both_sides_within_the_margin_are_no_difference():
    """Whatever the sign; and with a smaller margin the sign decides."""
    test = "P(reply == 'pay') > P(reply == 'pay', undo='misread')"
    assert _judged(test)[0].verdict is Verdict.NO_DIFFERENCE
    assert _judged(test, margin=0)[0].verdict is not Verdict.NO_DIFFERENCE


def test_a_probability_in_a_claim_is_the_forecast():
    """P(event) against the forecast's own number, draw by draw."""
    finding, study = _judged("P(parley == 'talk') > 0.5")
    assert finding.sides[0] == pytest.approx(study.forecast("parley").probability("talk"))
    expected = study.forecast("parley").per_draw[:, 0] > 0.5
    weights = study.ensemble.weights
    assert finding.support == pytest.approx(np.average(expected, weights=weights))


def test_given_conditions_by_hand():
    """P(a | b) is P(a and b) / P(b)."""
    ratio, _ = _judged("P(parley == 'talk', given=resolve == 'high') > 0.5")
    both, _ = _judged("P(parley == 'talk' and resolve == 'high') / P(resolve == 'high') > 0.5")
    assert ratio.support == both.support
    assert ratio.sides[0] == pytest.approx(both.sides[0])


def test_an_expected_worth_adds_its_interests_up():
    """A player's worth is the sum of its interests."""
    whole, _ = _judged("E(borland) > 0")
    parts, _ = _judged("E(burden) + E(honour) > 0")
    assert whole.sides[0] == pytest.approx(parts.sides[0])


def test_the_best_action_is_the_one_that_pays_most_by_hand():
    """Aria gains 0.05 by talking, and nothing by waiting."""
    finding, _ = _judged("best(parley) == 'talk'")
    assert finding.support == 1.0
    assert finding.sides is None
    assert _judged("best(parley) == 'wait'")[0].support == 0.0


def test_a_test_about_the_past_uses_the_whole_record():
    """Both sides alike, with independent shocks beside shared ones."""
    finding, study = _judged("P(reply == 'pay', do={'demand': 10}) > P(reply == 'pay')")
    assert finding.cut is None
    assert finding.independent is not None
    assert finding.sides[1] == pytest.approx(study.forecast("reply").probability("pay"))
    assert finding.hinges_on is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 > 0", "at least one of"),
        ("P(x == 1)", "A test must be a comparison"),
        ("P() > 1", "needs one part without a name"),
        ("P(a == 1, b == 2) > 1", "needs one part without a name"),
        ("E(a + b) > 1", "plain name first"),
        ("P(a == 1, do=3) > 1", "in quotes"),
        ("P(a == 1, do={'a': b}) > 1", "needs the name of a node in quotes"),
        ("P(a == 1, when='x') > 1", "not when="),
        ("P(a.b == 1) > 1", "a value has no attributes"),
        ("P(a == 1) > __import__('os')", "no function '__import__'"),
    ],
)
def test_what_is_no_test_is_refused(text, message):
    """With a column."""
    with pytest.raises(ExpressionError, match=message):
        parse_test(text)
