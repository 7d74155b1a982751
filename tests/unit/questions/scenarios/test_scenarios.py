"""Scenarios: what each says is what separate what-ifs and separate cases say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backchannel import CaseError, CommandError, Study
from backchannel.answers.page.report import compose_report
from backchannel.case.lower.lower import lower
from backchannel.case.lower.scenarios import score_of
from backchannel.case.lower.shifted import shifted
from backchannel.case.read.case_file import read_case_text
from backchannel.questions.scenarios.ask import gap_between

CANAL = (Path(__file__).parents[3] / "cases" / "canal.yaml").read_text()
SCENARIOS = """
scenarios:
  cheap_war: {title: a cheap war, about: The navy has left., sliders: {war_cost: 0.08}}
  talks: {do: {parley: talk}, announced: start}
  both: {sliders: {war_cost: 0.3, p_high: 0.7}, do: {parley: talk}, announced: start}
  knows:
    beliefs: {aria: true_case}
    sees: {reply: {drop: [resolve]}}
    remove: {demand: [50]}
    announced: start
"""
CHEAP = "\ncauses:\n  cheap: {do: {demand: 10}, announced: start}\n"
DRAWS = 64


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.load(CANAL + SCENARIOS, draws=DRAWS)


@pytest.fixture(scope="module")
def found(study):
    return study.scenarios(outcomes=["parley", "resolve"])


def separate(changed: str = "", **sliders: float) -> Study:
    """A study of the case without any scenario, with sliders moved."""
    lowered = lower(*read_case_text(CANAL + changed, file="canal.yaml"))
    scores = {name: score_of(lowered.priors[name], number) for name, number in sliders.items()}
    return Study(shifted(lowered, scores), name="canal", draws=DRAWS)


def of(found, name):
    return next(solved for solved in found.solved if solved.scenario.name == name)


@pytest.mark.parametrize("node", ["parley", "resolve"])
def test_sliders_alone_give_the_forecast_of_the_case_with_that_prior(found, node):
    """And the difference is that of the two separate forecasts."""
    inside, base = separate(war_cost=0.08).forecast(node), separate().forecast(node)
    solved = of(found, "cheap_war")
    np.testing.assert_allclose(solved.forecasts[node].per_draw, inside.per_draw, atol=1e-12)
    np.testing.assert_allclose(solved.gaps[node].difference, inside.mean - base.mean, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("talks", {"do": {"parley": "talk"}, "announced": "start"}),
        (
            "knows",
            {
                "beliefs": {"aria": "true_case"},
                "sees": {"reply": {"drop": ["resolve"]}},
                "remove": {"demand": [50]},
                "announced": "start",
            },
        ),
    ],
)
@pytest.mark.parametrize("node", ["parley", "resolve"])
def test_changes_alone_are_the_what_if_of_the_same_changes(found, name, changes, node):
    """Beliefs, information and menus too, to the last digit."""
    compared = separate().what_if(changes, outcome=node)
    solved, gap = of(found, name), of(found, name).gaps[node]
    np.testing.assert_allclose(solved.forecasts[node].mean, compared.after.mean, atol=1e-12)
    np.testing.assert_allclose(gap.difference, compared.difference, atol=1e-12)
    np.testing.assert_allclose(gap.low, compared.difference_at(0.05), atol=1e-12)
    np.testing.assert_allclose(gap.high, compared.difference_at(0.95), atol=1e-12)


@pytest.mark.parametrize("node", ["parley", "resolve"])
def test_sliders_and_changes_together_are_the_what_if_in_the_case_with_the_sliders(found, node):
    moved = separate(war_cost=0.3, p_high=0.7)
    compared = moved.what_if(do={"parley": "talk"}, announced="start", outcome=node)
    solved = of(found, "both")
    np.testing.assert_allclose(solved.forecasts[node].mean, compared.after.mean, atol=1e-12)
    expected = compared.after.mean - separate().forecast(node).mean
    np.testing.assert_allclose(solved.gaps[node].difference, expected, atol=1e-12)


def test_two_scenarios_differ_by_what_their_forecasts_differ(found):
    """In both directions."""
    one, other = of(found, "both"), of(found, "cheap_war")
    expected = one.forecasts["parley"].mean - other.forecasts["parley"].mean
    gap = found.gap("both", "cheap_war", "parley")
    np.testing.assert_allclose(gap.difference, expected, atol=1e-12)
    back = found.gap("cheap_war", "both", "parley")
    np.testing.assert_allclose(back.difference, -expected, atol=1e-12)


def test_a_scenario_compared_with_itself_differs_in_nothing(found):
    forecast = of(found, "both").forecasts["parley"]
    gap = gap_between(forecast, forecast)
    assert gap.distance == 0
    assert (gap.low == 0).all()
    assert (gap.high == 0).all()


def test_a_cause_in_a_scenario_is_made_together_with_its_own_changes():
    """As one what-if with both changes."""
    scenario = "\nscenarios:\n  s: {causes: cheap, do: {reply: fight}, announced: start}\n"
    study = Study.load(CANAL.replace("\ncauses:\n", CHEAP) + scenario, draws=16)
    gap = study.scenarios("s", outcomes=["parley"]).solved[0].gaps["parley"]
    compared = study.what_if(
        do={"demand": 10, "reply": "fight"}, announced="start", outcome="parley"
    )
    np.testing.assert_allclose(gap.difference, compared.difference, atol=1e-12)


def test_the_document_says_what_each_scenario_is_and_ranks_what_it_changes(found):
    view = found.document()
    titles = [scenario.title for scenario in view.scenarios]
    assert titles == ["a cheap war", "talks", "both", "knows"]
    both = view.scenarios[2]
    assert [slider.parameter for slider in both.sliders] == ["war_cost", "p_high"]
    assert both.sliders[0].median == pytest.approx(0.3)
    assert both.changes == "“parley: talk” holds"
    distances = {outcome.node: outcome.distance for outcome in both.outcomes}
    assert both.most_changed == sorted(distances, key=lambda node: -distances[node])
    for outcome in both.outcomes:
        for value in outcome.values:
            assert value.before + value.difference == pytest.approx(value.probability, abs=1e-9)
    assert len(view.pairs) == 6
    frame = found.to_frame()
    assert set(frame["scenario"]) == {"cheap_war", "talks", "both", "knows"}


def test_a_run_has_the_scenarios_in_its_document_and_on_its_page(study):
    answers = study.answers()
    assert answers.scenarios is not None
    assert [outcome.node for outcome in answers.scenarios.scenarios[0].outcomes] == ["parley"]
    page = compose_report(answers)
    assert "The navy has left." in page


def test_a_case_without_scenarios_says_how_to_write_one():
    with pytest.raises(CommandError, match="under `scenarios`"):
        Study.load(CANAL, draws=16).scenarios()


def test_an_unknown_scenario_is_told_with_the_nearest_name(study):
    with pytest.raises(CommandError, match=r"Did you mean 'cheap_war'\?"):
        study.scenarios("cheap_wars")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{}", "it changes nothing"),
        (
            "{sliders: {war_cots: 0.1}}",
            "no assumption is called 'war_cots'. Did you mean 'war_cost'?",
        ),
        ("{sliders: {war_cost: 1.4}}", "1.4 lies outside of the prior of war_cost"),
        ("{sliders: {war_cost: high}}", "should be a number"),
        ("{announced: start, sliders: {war_cost: 0.1}}", "the scenario has no change of its own"),
        ("{causes: [nothing]}", "no cause is called 'nothing'"),
        ("{do: {parley: shout}}", "shout"),
        ("{remove: {parley: [talk, wait]}}", "at least one action must remain"),
        ("{beliefs: {borland: true_case}}", "has no wrong belief"),
    ],
)
def test_a_wrong_scenario_is_told_with_its_place(entry, message):
    with pytest.raises(CaseError) as caught:
        Study.load(f"{CANAL}\nscenarios:\n  s: {entry}\n")
    problems = [str(problem) for problem in caught.value.problems]
    assert any("scenarios.s" in problem and message in problem for problem in problems), problems


def test_changes_that_contradict_each_other_are_told():
    with pytest.raises(CaseError, match="“greed” and “s” change what is set at demand"):
        Study.load(f"{CANAL}\nscenarios:\n  s: {{causes: [greed], do: {{demand: 50}}}}\n")
    with pytest.raises(CaseError, match="not announced alike"):
        Study.load(
            f"{CANAL}\nscenarios:\n  s: {{causes: greed, do: {{parley: talk}}, announced: start}}\n"
        )
