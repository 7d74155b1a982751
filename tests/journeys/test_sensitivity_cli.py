"""Sensitivity from the command line, from Python and in the document, as a user meets it."""

from __future__ import annotations

import json

import pytest

from backchannel import Study
from backchannel.language.errors import CommandError
from backchannel.questions.sensitivity.compose import compose_sensitivity
from backchannel.questions.sensitivity.document import InverseView, SensitivityView
from backchannel.wording.words import Wording
from tests.commands import run

FEW = ["--draws", "256"]


def viewed(study: Study, node: str) -> SensitivityView:
    """What decides a node, in the document's words."""
    return compose_sensitivity(Wording(study.lowered), study.sensitivity(node))


def test_the_command_says_what_decides_and_writes_it_down(tmp_path):
    """Sentences, the tornado, tipping points both ways, the box, what to learn; and the document."""
    file = tmp_path / "found.json"
    done = run("sensitivity", "sanctions-threat", *FEW, "--of", "comply", "--solve", "--json", file)
    for piece in (
        "What decides “The target's answer: defies”",
        "stand out from chance in deciding",
        "Assumptions, strongest first",
        "Tipping points with the others at their medians, solved",
        "Tipping points over draws",
        "It mostly happens where",
        "Worth learning",
        "Shapley effects account for",
        "256 draws (effective sample size 256)",
        "What would change it:",
    ):
        assert piece in done.stdout, piece
    view = SensitivityView.model_validate_json(file.read_text())
    assert view.effects[0].parameter == "need"
    assert view.effects[0].solved_curve is not None
    assert {point.solved for point in view.solved_tipping or []} == {True}
    assert all(facts.would_change for facts in (view.facts, view.tipping_facts))


def test_the_inverse_question_is_answered_with_ranges_and_changes(tmp_path):
    """What it would take, first by the draws, then solved."""
    file = tmp_path / "found.json"
    done = run(
        "sensitivity", "sanctions-threat", *FEW, "--inverse", "comply=yields", "--likely", "likely",
        "--solve", "--json", file,
    )  # fmt: skip
    assert "What it would take for “The target's answer: yields”" in done.stdout
    assert "Smallest changes (solved)" in done.stdout
    view = InverseView.model_validate_json(file.read_text())
    assert view.asked == 0.55
    assert view.shifts
    assert all(one.solved for one in view.shifts)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--of", "complly"], "Did you mean 'comply'"),
        (["--of", "comply=yield"], "Did you mean 'yields'"),
        (["--inverse", "comply=yields", "--likely", "lykely"], "Did you mean 'likely'"),
        (["--inverse", "comply"], "write --inverse NODE=VALUE"),
        (["--likely", "likely"], "needs --inverse"),
        (["--of", "comply", "--inverse", "comply=yields"], "not both"),
        (["--of", "comply", "--json", "no/such/folder.json"], "cannot be written"),
    ],
)
def test_a_wrong_question_is_met_with_the_remedy(arguments, says):
    """The nearest spelling, or how to write it; nothing solved in vain where that can be seen."""
    done = run("sensitivity", "sanctions-threat", "--draws", "64", *arguments, check=2)
    assert says in done.stderr
    assert done.stdout == ""


def test_everything_that_is_wrong_with_a_question_is_said_at_once():
    """The value and the word, before anything is solved."""
    arguments = ["--inverse", "comply=yield", "--likely", "lykely"]
    done = run("sensitivity", "sanctions-threat", *arguments, check=2)
    assert "comply is never 'yield'. Did you mean 'yields'" in done.stderr
    assert "'lykely' is not a probability. Did you mean 'likely'" in done.stderr


def test_an_outcome_that_never_varies_is_said_to():
    """The sky is blue with the same odds whatever Ann is like."""
    view = viewed(Study.load(CERTAIN, draws=64), "sky")
    assert view.silent == "the outcome has the same chance in every draw"
    assert view.sentences == [
        "What decides “sky: blue” (75%) cannot be told: the outcome has the same chance in every draw."
    ]
    with pytest.raises(CommandError, match="same chance in every draw"):
        Study.load(CERTAIN, draws=64).inverse("sky", "grey")


def test_too_few_draws_are_said_to_be():
    """16 draws cannot tell eight assumptions apart."""
    view = viewed(Study.load("sanctions-threat", draws=16), "comply")
    assert view.silent.startswith("too few")
    assert "--draws" in view.sentences[0]


def test_a_run_tells_where_its_main_assumptions_tip_the_outcome(tmp_path):
    """The document of a run holds the tornado and what the runner-up would take."""
    file = tmp_path / "answers.json"
    done = run("run", "sanctions-threat", *FEW, "--full", "--json", file)
    assert "“yields” leads" in done.stdout
    answers = json.loads(file.read_text())
    assert answers["sensitivity"]["value"] == "defies"
    assert answers["what_it_would_take"]["value"] == "yields"
    assert answers["sensitivity"]["scenario"]["facts"]["shows"]


def test_a_notebook_gets_tables():
    """`to_frame` and the table that a notebook shows."""
    study = Study.load("sanctions-threat", draws=256)
    found = study.sensitivity("comply")
    frame = found.to_frame()
    assert frame.iloc[0]["assumption"] == "need"
    assert bool(frame.iloc[0]["stands out"])
    assert "<table" in found._repr_html_()
    assert len(study.inverse("comply", "yields").to_frame()) > 0


CERTAIN = """
case: Sky
question: What colour?
utility_unit: none
as_of: 2030-01-01
sources: {}
players: {ann: {name: Ann, precision: {between: [1, 3]}}}
nodes:
  sky: {chance: true, domain: [blue, grey], odds: {blue: 3, grey: 1}, at: 2030-01-02}
  walk: {player: ann, sees: [sky], domain: [goes, stays], at: 2030-01-03}
interests:
  joy: {player: ann, worth: "(walk == 'goes') * (sky == 'blue')"}
"""
