"""A review: scores, what outcomes teach, whose fault it was, and what they say about rivals."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from rich.console import Console

from backchannel import CommandError, Ledger, Study
from backchannel.answers.page.report import compose_report
from backchannel.diagram.other_structures import Structure
from backchannel.diagram.rivals import Rival
from backchannel.questions.review.ask import LEAST, ask
from backchannel.questions.review.document import Lesson
from backchannel.questions.review.teaching import reviewed_rival
from backchannel.questions.review.terminal import show_review
from backchannel.wording.percents import percent
from tests.helpers import CANAL

TEXT = CANAL.read_text("utf-8")
RATE = (
    "\nbase_rates:\n  - {node: parley, counts: {talk: 9, wait: 3}, of: x, why: {source: gazette}}\n"
)
RIVAL = "\nrivals:\n  selfless: {drop_interest: income}\n"


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.load(TEXT + RATE + RIVAL, draws=256)


def test_every_view_is_scored_on_what_came_about(study):
    """The three forecasts of the parley, each by its own chance of `wait`."""
    (seen,) = study.review({"parley": "wait"}).outcomes
    forecast = study.forecast("parley")
    assert seen.pooled.chance == pytest.approx(forecast.probability("wait"))
    assert seen.inside.chance == pytest.approx(forecast.inside.probability("wait"))
    assert seen.outside.chance == pytest.approx(forecast.outside.probability("wait"))
    assert seen.pooled.bits == pytest.approx(-np.log2(seen.pooled.chance))
    p = forecast.mean
    assert seen.pooled.brier == pytest.approx(p[0] ** 2 + (1 - p[1]) ** 2 + p[2] ** 2)


def test_faults_divide_what_the_outcomes_would_have_gained(study):
    """By hand: the mean log probability under the weights after the outcome, less that before it."""
    found = study.review({"parley": "wait"})
    ensemble = study.ensemble
    chance = study.forecast("parley").inside.per_draw[:, 1]
    before = ensemble.weights / ensemble.weights.sum()
    after = before * chance / (before @ chance)
    bits = np.log2(np.maximum(chance, LEAST))
    assert found.could_gain == pytest.approx(after @ bits - before @ bits, abs=1e-9)
    assert sum(fault.bits for fault in found.faults) <= found.could_gain + 1e-6
    # Aria alone decides the parley, so its precision is what the outcome is about.
    assert found.faults[0].parameter == "aria.precision"
    assert found.faults[0].bits > 0.5 * found.could_gain


def test_the_outcomes_weigh_rivals_by_what_they_expected(study):
    """By hand: factor after = factor before × (mean of the rival's chance ÷ that of the case), given the record."""
    (rival,) = study.review({"parley": "wait"}).rivals
    base = study.ensemble
    own = study.forecast("parley").inside.per_draw[:, 1]
    likelihood = np.exp(base.log_likelihood)
    selfless = Study.load(
        TEXT.replace('worth: "revenue + 0.05', 'worth: "0 * revenue + 0 * 0.05'), draws=256
    )
    there = selfless.forecast("parley").per_draw[:, 1]
    with_it = np.exp(selfless.ensemble.log_likelihood)
    before = with_it.mean() / likelihood.mean()
    after = (with_it * there).mean() / (likelihood * own).mean()
    assert rival.before == pytest.approx(np.log(before), abs=1e-8)
    assert rival.after == pytest.approx(np.log(after), abs=1e-8)


def test_each_outcome_teaches_about_every_assumption(study):
    """By hand: the mean of each number under the weights times the chance that the draw gave to the outcome."""
    found = study.review({"parley": "wait", "resolve": "high"})
    ensemble = study.ensemble
    before = ensemble.weights / ensemble.weights.sum()
    for seen in found.outcomes:
        node, value = seen.observed.node, seen.observed.value
        forecast = study.forecast(node)
        chance = (forecast.inside or forecast).per_draw[:, forecast.domain.index(value)]
        after = before * chance / (before @ chance)
        learnt = {one.parameter: one for one in seen.teaches.assumptions}
        assert set(learnt) == {
            "war_cost",
            "p_high",
            "aria.p_high",
            "aria.precision",
            "borland.precision",
        }
        for name, one in learnt.items():
            numbers = ensemble.numbers[name]
            centre = before @ numbers
            assert one.before[0] == pytest.approx(centre, abs=1e-12)
            assert one.after[0] == pytest.approx(after @ numbers, abs=1e-12)
            sd = np.sqrt(before @ (numbers - centre) ** 2)
            assert one.in_sds == pytest.approx((after @ numbers - centre) / sd, abs=1e-9)
    assert found.outcomes[0].teaches != found.outcomes[1].teaches


def test_each_outcome_weighs_rivals_by_itself(study):
    """With two outcomes, each says of a rival what a review of it alone says; together they are no mere sum."""
    (both,) = study.review({"parley": "wait", "resolve": "high"}).rivals
    alone = [study.review(one).rivals[0] for one in ({"parley": "wait"}, {"resolve": "high"})]
    for shift, one in zip(both.alone, alone, strict=True):
        assert shift.change == pytest.approx(one.after - one.before, abs=1e-12)
    assert both.alone[0].change != pytest.approx(both.alone[1].change, abs=1e-6)
    assert both.after == pytest.approx(both.before + both.together.change)


RIVAL_BY_HAND = Rival("written", ("other",), lambda diagram, beliefs: Structure(diagram, ()))


def test_the_error_of_what_an_outcome_says_of_a_rival_is_that_of_its_draws(study):
    """By hand: draws taken with replacement, 2,000 times."""
    rng = np.random.default_rng(1)
    logs = np.log(rng.uniform(0.2, 0.9, (2, 1000)))
    own = np.array([logs[0], logs[0] + np.log(rng.uniform(0.3, 0.7, 1000))])
    theirs = np.array([logs[1], logs[1] + np.log(rng.uniform(0.1, 0.9, 1000))])
    shift = reviewed_rival(RIVAL_BY_HAND, theirs, own).together

    def change(chosen: np.ndarray) -> float:
        means = [np.exp(side[:, chosen]).mean(axis=1) for side in (theirs, own)]
        return np.log(means[0][1] / means[0][0]) - np.log(means[1][1] / means[1][0])

    assert shift.change == pytest.approx(change(np.arange(1000)))
    resampled = [change(rng.integers(1000, size=1000)) for _ in range(2000)]
    assert shift.error == pytest.approx(np.std(resampled), rel=0.06)


TYPES = "{name: Aria, reasoning: {mixture: {equilibrium: 0.5, level 0: 0.5}},"


def test_each_outcome_teaches_about_types():
    """By hand: each type's share of the weights, times the chance that the draw gave to the outcome."""
    study = Study.load(TEXT.replace("{name: Aria,", TYPES), draws=256)
    (seen,) = study.review({"parley": "wait"}).outcomes
    weights = study.ensemble.weights
    chance = study.forecast("parley").per_draw[:, 1]
    level = study.ensemble.numbers["aria.level"]
    assert [share.type for share in seen.teaches.types.of_player["aria"]] == [-1.0, 0.0]
    for share in seen.teaches.types.of_player["aria"]:
        has = level == share.type
        assert share.before == pytest.approx(weights @ has / weights.sum(), abs=1e-12)
        assert share.after == pytest.approx(weights @ (has * chance) / (weights @ chance))
        assert share.after != pytest.approx(share.before, abs=1e-6)
    assert "aria.level" not in {one.parameter for one in seen.teaches.assumptions}
    rows = {row.name: row for row in seen_rows(study, "parley", "wait")}
    assert rows["aria: level 0"].label == "Aria at level 0"


def seen_rows(study: Study, node: str, value: str) -> list[Lesson]:
    return study.review({node: value}).document().outcomes[0].teaches


def test_a_rival_that_gives_an_outcome_no_chance_has_the_factor_0():
    study = Study.load(TEXT + "\nrivals:\n  talks: {do: {parley: talk}}\n", draws=64)
    view = study.review({"parley": "wait"}).document()
    (row,) = [row for row in view.outcomes[0].teaches if row.about == "rival"]
    assert (row.after, row.after_text, row.stands_out) == (0.0, "0", True)
    assert view.rivals[0].factor_after == 0.0
    assert "loses: its Bayes factor goes from 1.0 to 0." in view.outcomes[0].taught


def test_what_stands_out_is_said_of_each_outcome_in_the_terminal(capsys):
    """A precision that the outcome is about stands in the table with both means."""
    study = Study.load(TEXT.replace("between: [2, 8]", "between: [0.5, 60]"), draws=256)
    view = study.review({"parley": "wait"}).document()
    row = next(row for row in view.outcomes[0].teaches if row.name == "aria.precision")
    assert row.stands_out
    assert f"Aria's precision from {row.before_text} to {row.after_text}" in view.outcomes[0].taught
    show_review(view, Console(width=120))
    printed = capsys.readouterr().out
    line = next(line for line in printed.splitlines() if line.startswith("parley: wait"))
    for text in ("Aria's precision", row.before_text, row.after_text, row.change_text):
        assert text in line


def test_some_outcomes_may_still_be_open(study):
    """The resolve is past and hidden; the parley is ahead."""
    found = study.review({"resolve": "high"})
    assert found.open_nodes == ("parley",)
    assert [one.observed.node for one in found.outcomes] == ["resolve"]
    view = found.document()
    assert view.open == ["parley"]
    assert view.sentences[0].startswith("The forecast gave “resolve: high”")


def test_an_outcome_that_the_case_rules_out_is_said_to_be(study):
    """The record settles the demand; nothing can be learnt from what has no chance in any draw."""
    text = TEXT.replace(
        "domain: [talk, wait]", 'domain: [talk, wait, flee], allowed: {flee: "demand == 10"}'
    ).replace("talk: 0.02,", "talk: 0.02, flee: 0,")
    found = Study.load(text, draws=16).review({"parley": "flee"})
    assert np.isinf(found.joint_bits)
    assert found.teaches.assumptions == ()
    assert found.document().outcomes[0].taught == ""
    assert "no chance at all" in found.document().sentences[0]


def test_a_review_without_an_outcome_or_with_a_wrong_one_is_refused(study):
    with pytest.raises(CommandError, match="No outcome of this case's forecasts is known"):
        study.review({"demand": 30})
    with pytest.raises(CommandError, match=r"parley cannot be 'tlk'\. Did you mean 'talk'"):
        study.review({"parley": "tlk"})


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory) -> Study:
    """The canal, with the parley known from a ledger."""
    ledger = tmp_path_factory.mktemp("ledger") / "team.ledger"
    study = Study.load(TEXT + RATE, draws=64)
    study.log(ledger)
    day = study.case.as_of + timedelta(days=40)
    Ledger(ledger).resolve(study.name, {"parley": "wait"}, on=day, source="gazette")
    assert study.read_outcomes(ledger) == 1
    return study


def test_a_run_that_knows_outcomes_reviews_its_case_on_the_page_and_in_the_brief(reviewed):
    """The same numbers as the question alone, in the document, on the page and in the brief."""
    answers = reviewed.answers()
    assert answers.review == reviewed.review().document()
    page = compose_report(answers)
    assert "What came about" in page
    assert percent(answers.review.outcomes[0].pooled.chance) in page
    brief = reviewed.brief()
    assert brief.review[0] == answers.review.sentences[0]
    assert "“parley” was “wait”" in brief.review[-1]
    assert answers.review.outcomes[0].taught in brief.review[-1]
    assert "What each outcome teaches" in page


def test_a_run_without_outcomes_has_no_review(study):
    assert ask(study, {}) is None


def test_an_outcome_that_is_older_than_the_case_is_not_one_of_its_forecasts(reviewed, tmp_path):
    """The ledger holds it, and the review leaves it out."""
    ledger = tmp_path / "team.ledger"
    reviewed.log(ledger)
    Ledger(ledger).resolve(
        reviewed.name, {"parley": "wait"}, on=reviewed.case.as_of, source="gazette"
    )
    assert Ledger(ledger).known_outcomes(reviewed.name, after=reviewed.case.as_of) == {}


def test_a_what_if_names_its_view_only_where_its_number_is_not_that_of_the_forecast(reviewed):
    """A base rate of what comes later does not move the reply: the case alone and the forecast say the same."""
    answers = reviewed.answers()
    (line,) = [line for line in answers.bottom_lines if line.title.startswith("What if")]
    assert answers.what_ifs[0].before_label == "without base rates"
    assert line.sentence.startswith("If “demand: 10” holds, “reply: pay”")
