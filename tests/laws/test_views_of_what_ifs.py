"""Two views of a change in the past: given what happened, and from before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backchannel import Study
from tests.laws.test_past_what_ifs import WALKOUT


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
