"""Which base rates enter an answer about a change: claims, deals and scenarios say so."""

from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console

from backchannel import Study
from backchannel.answers.page.report import compose_report
from backchannel.case.lower.lower import lower
from backchannel.case.lower.scenarios import score_of
from backchannel.case.lower.shifted import shifted
from backchannel.case.read.case_file import read_case_text
from backchannel.questions.claims.terminal import show_claims, show_tests
from backchannel.questions.deals.terminal import show_deal
from backchannel.questions.scenarios.terminal import show_scenarios
from tests.helpers import CANAL

CASE = CANAL.read_text("utf-8")
RANSOM = CANAL.with_name("ransom.yaml").read_text("utf-8")
RESOLVE = "{node: resolve, counts: {high: 2, low: 8}, of: x, weight: 0.2, why: {source: gazette}}"
NONE = "no base rate enters, as those of the case are about what comes after"
TESTS = {
    "P(resolve == 'high', do={'parley': 'talk'}) < 0.9": "the test carries the base rate of “resolve”",
    "P(demand == 10, undo='misread') > P(demand == 10)": f"{NONE} the change",
    "P(resolve == 'high') > 0.9": "",
}
"""Tests of claims, and what is said of each: the resolve comes before the parley and after the start."""


def rated(text: str, *rates: str) -> str:
    """A case with base rates."""
    return text + "\nbase_rates:\n" + "".join(f"  - {rate}\n" for rate in rates)


def claiming(*tests: str) -> str:
    """The canal with other claims."""
    lines = [
        f'  - {{says: "{i}", source: inquiry, test: "{test}"}}\n' for i, test in enumerate(tests)
    ]
    return CASE.split("claims:")[0] + "claims:\n" + "".join(lines)


def printed(show, *shown) -> str:
    """What a terminal shows, on one line."""
    out = io.StringIO()
    show(*shown, Console(file=out, width=110, no_color=True))
    return " ".join(out.getvalue().split())


def test_a_claim_with_a_change_says_which_base_rates_its_test_carries():
    """Beside the tests themselves, what most of them say is not repeated."""
    study = Study.load(rated(claiming(*TESTS), RESOLVE), draws=16)
    claims = study.claims().document()
    assert [claim.base_rates for claim in claims] == list(TESTS.values())
    carried, left_out, _ = TESTS.values()
    text = printed(show_claims, claims)
    assert f"1 claim with a change: {carried}." in text
    assert f"1 claim with a change: {left_out}." in text
    shown = printed(show_tests, [*claims, claims[0]])
    assert f"({left_out})" in shown
    assert f"({carried})" not in shown
    page = compose_report(study.answers())
    assert carried in page
    assert left_out in page


def test_a_claim_judged_on_the_record_before_its_change_says_so_too():
    """The demand is changed after the resolve, and before everything on record."""
    rate = "{node: resolve, counts: {high: 2, low: 8}, of: x, why: {source: gazette}}"
    claim = "  - {says: a, source: inquiry, view: before, test: \"P(reply == 'pay', do={'demand': 10}) > 0.1\"}\n"
    text = CASE.split("claims:")[0] + "claims:\n" + claim
    (found,) = Study.load(rated(text, rate), draws=16).claims().document()
    assert found.record_before is not None
    assert found.base_rates == "the test carries the base rate of “resolve”"


@pytest.mark.parametrize("rates", [[], [RESOLVE.replace("0.2", "1")]])
def test_a_case_in_which_no_base_rate_has_a_say_says_nothing_of_them(rates):
    """Neither without base rates nor with one of weight 1."""
    text = claiming(*TESTS)
    claims = Study.load(rated(text, *rates) if rates else text, draws=16).claims().document()
    assert [claim.base_rates for claim in claims] == ["", "", ""]
    assert "base rate" not in printed(show_claims, claims)


STORM = "{node: storm, counts: {comes: 8, passes: 2}, of: x, why: {source: books}}"
FEAST = "{node: feast, counts: {holds: 8, cancels: 2}, of: x, why: {source: books}}"


@pytest.mark.parametrize(
    ("rates", "says"),
    [
        ([STORM, FEAST], "the deal carries the base rate of “storm”"),
        ([FEAST], f"{NONE} its day"),
        ([], ""),
    ],
)
def test_a_deal_says_which_base_rates_it_carries(rates, says):
    """The storm comes before the deal's day, the feast after it."""
    chances = "domain: [comes, passes], probability: {comes: 0.3, passes: rest}"
    storm = f"nodes:\n  storm: {{chance: true, {chances}, at: 2031-01-10}}\n"
    text = RANSOM.replace("nodes:\n", storm, 1)
    study = Study.load(rated(text, *rates) if rates else text, draws=8)
    view = study.deals("hopeless").document()
    assert view.base_rates == says
    sentence = f"({says[:1].upper()}{says[1:]}.)"
    assert (sentence in view.sentences) == bool(says)
    assert (sentence in printed(show_deal, view)) == bool(says)


SCENARIOS = """
scenarios:
  both: {sliders: {war_cost: 0.3}, do: {parley: talk}, announced: start}
  later: {do: {parley: talk}}
  dear: {sliders: {war_cost: 0.3}}
"""


def test_a_scenario_with_changes_says_which_base_rates_both_sides_carry():
    view = Study.load(rated(CASE + SCENARIOS, RESOLVE), draws=16).scenarios().document()
    both, later, dear = (scenario.record for scenario in view.scenarios)
    assert both.endswith(f"; {NONE} the change")
    assert later.endswith("; both sides carry the base rate of “resolve”")
    assert dear == ""
    labels = [scenario.before_label for scenario in view.scenarios]
    assert labels == ["without base rates", "as it is", "as it is"]
    text = printed(show_scenarios, view)
    assert "outcome value as it is" in text
    alone = view.model_copy(update={"scenarios": view.scenarios[:1]})
    assert "outcome value without base rates" in printed(show_scenarios, alone)
    assert both in text
    assert later in text
    assert "only the base rates of what comes about before them" in text


def test_scenarios_of_a_case_without_base_rates_say_nothing_of_them():
    view = Study.load(CASE + SCENARIOS, draws=16).scenarios().document()
    assert "base rate" not in view.model_dump_json()


def test_a_scenario_with_sliders_and_changes_is_compared_with_the_case_without_what_it_leaves_out():
    """Otherwise the difference would be that between two sets of base rates."""
    text = rated(CASE, RESOLVE)
    lowered = lower(*read_case_text(text, file="canal.yaml"))
    score = score_of(lowered.priors["war_cost"], 0.3)
    assert score is not None
    base = Study.load(text, draws=32)
    moved = Study(shifted(lowered, {"war_cost": score}), name="canal", draws=32)
    made = {"do": {"parley": "talk"}, "announced": "start"}
    expected = moved.what_if(made, outcome="resolve").after.mean
    expected = expected - base.what_if(made, outcome="resolve").before.mean
    study = Study.load(rated(CASE + SCENARIOS, RESOLVE), draws=32)
    gap = study.scenarios("both", outcomes=["resolve"]).solved[0].gaps["resolve"]
    np.testing.assert_allclose(gap.difference, expected, atol=1e-12)
    seen = base.forecast("resolve")
    assert seen.inside is not None
    assert abs(seen.mean - seen.inside.mean).max() > 0.1
