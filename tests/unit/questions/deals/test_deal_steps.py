"""Optional steps and promises kept together: what a file says, and what a reader is told."""

from __future__ import annotations

import io
from datetime import date

import numpy as np
import pytest
from rich.console import Console

from backchannel import Study
from backchannel.answers.page.report import compose_report
from backchannel.case.edit.delete_name import deletion_of
from backchannel.case.read.document import parse_document
from backchannel.case.schema.json_schema import case_schema
from backchannel.questions.cost import cost_of
from backchannel.questions.deals.document import DealView
from backchannel.questions.deals.terminal import show_deal
from tests.helpers import CANAL, TOL

ESCROW = CANAL.with_name("escrow.yaml")
TEXT = ESCROW.read_text()


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.load(ESCROW, draws=32)


@pytest.fixture(scope="module")
def view(study: Study) -> DealView:
    return study.deals("exchange", package=10).document()


def test_a_file_says_which_steps_are_optional_and_which_promises_are_kept_together(study):
    """Steps count from 0 inside; the payment after step 2 goes with it, the other comes last."""
    deal = study.lowered.deals["exchange"]
    assert (deal.optional, dict(deal.together)) == (frozenset({1}), {0: "escrow"})
    assert [joint.nodes for joint in deal.joint] == [("frees", "ships")]
    assert [a.after_all for a in deal.amounts if a.step is not None] == [True, True, False]
    assert [len(variant.commitments) for variant in deal.variants] == [3, 2]
    assert deal.n_packages == len(deal.packages) == 2 * (2 * 2 + 2)
    assert deal.date == date(2031, 2, 1)


@pytest.mark.slow
def test_what_a_package_leaves_out_is_named(view):
    """In its label and choices; it has no promise and no amount for it."""
    short = view.packages[4]
    assert view.alternatives == [
        "The crew",
        "The pardon",
        "penalty on the Guild",
        "payment by outsiders to the Port",
    ]
    assert short.choices == ["half", "left out", "0", "left out"]
    assert "The pardon: left out" in short.label
    assert set(short.terms) == {"frees", "ships"}
    assert "payment by outsiders to the Port" not in short.amounts
    assert [step.node for step in short.steps] == ["frees", "ships"]


def test_numbers_of_a_step_in_escrow_fit_together(study, view):
    """Nobody knows more than the others here, so in each draw the makers agree independently."""
    solved = study.deals("exchange").solved
    np.testing.assert_allclose(solved.through[:, 1], solved.kept[:, 0] * solved.kept[:, 1], **TOL)
    for package in view.packages:
        first, second, *later = package.steps
        assert first.step_chance == second.step_chance < min(first.chance, second.chance)
        last = later[0].chance if later else 1.0
        assert package.kept == pytest.approx(second.step_chance * last, abs=1e-8)
        assert all(step.step_chance is None for step in later)


def test_sentences_and_tables_say_how_promises_are_kept(view):
    """An escrow is agreed to; every chance names the steps before it."""
    text = " ".join(view.sentences)
    assert "The Port agrees to “The crew: all” by 1 February 2031" in text
    assert "Step 1 is in escrow: nobody acts unless all agree. All of them agree" in text
    assert "keeps “The pardon: pardons” by 1 March 2031" in text
    out = io.StringIO()
    show_deal(view, Console(file=out, width=120, no_color=True))
    assert "The crew: all, in escrow" in out.getvalue()
    assert "(each if all earlier steps are kept)" in out.getvalue()


@pytest.mark.slow
def test_a_step_that_is_unseen_is_told_as_such(study):
    """All of them keep their promises, or not."""
    unseen = Study.load(TEXT.replace("together: escrow", "together: unseen"), draws=8)
    view = unseen.deals("exchange").document()
    text = " ".join(view.sentences)
    assert "In step 1 everyone acts before it learns what the others did. All of them keep" in text
    assert view.packages[0].steps[0].together == "unseen by the others"


def test_the_page_shows_it_too(study):
    """And a question about the deal is answered."""
    answers = study.answers()
    assert "Step 1 is in escrow" in " ".join(answers.answers[0].sentences)
    page = compose_report(answers, None)
    assert ", in escrow</th>" in page
    assert "(each if all earlier steps are kept)" in page


def test_the_schema_for_editors_has_both_keys():
    """With the two words of `together`, so that an editor completes them."""
    step = case_schema()["$defs"]["DealStepEntry"]["properties"]
    assert step["optional"]["type"] == "boolean"
    assert step["together"]["anyOf"][0]["enum"] == ["unseen", "escrow"]


def test_a_lone_step_that_is_optional_is_warned_about():
    """There is nothing to leave it out of."""
    start, rest = TEXT.split("      - {do: {frees", 1)
    end = rest.split("    breach:", 1)[1].replace("guild: 0.1}, when: kept", "guild: 0.1}")
    text = f"{start}      - {{do: {{pardon: pardons}}, optional: true}}\n    breach:{end.replace(', after: 2', '')}"
    warnings = [str(w) for w in Study.load(text, draws=2).lowered.warnings]
    assert any("the only step, and a package without steps is no deal" in w for w in warnings)


def test_a_step_with_one_promise_left_is_no_longer_kept_together():
    """When a decision of it is deleted."""
    deletion = deletion_of(parse_document(TEXT).data, "node", "ships", "")
    gone = {path for path in deletion.paths if path[0] == "deals"}
    assert ("deals", "exchange", "steps", 0, "together") in gone
    assert ("deals", "exchange", "steps", 0) not in gone


def test_the_cost_of_a_run_counts_every_combination_of_steps(study):
    """Each is a program of its own, for its packages only."""
    other = Study.load(TEXT.replace(", optional: true", ""), draws=2)
    with_both, whole = cost_of(study.lowered, 32), cost_of(other.lowered, 32)
    assert with_both.equilibria - whole.equilibria == 2 * (12 - 8) * 32
