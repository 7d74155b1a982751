"""The answers about one question are about one outcome: its most likely value, in every command."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from backchannel import Study
from backchannel.questions.watch.terminal import show_watch

CASE = """
case: Two outcomes
utility_unit: one
as_of: 2030-03-15
sources: {wire: {title: Wire, date: 2030-03-12, grade: B2}}
players:
  ann: {name: Ann, precision: 3, why: {judgement: mine}}
  bob: {name: Bob, precision: 3, why: {judgement: mine}}
parameters:
  cost: {prior: {uniform: [0.1, 0.6]}, unit: one, about: what it costs, why: {judgement: mine}}
nodes:
  pressed: {chance: true, domain: ["yes", "no"], probability: {"yes": 0.7, "no": rest}, at: 2030-03-01}
  offer: {title: Ann's offer, player: ann, domain: [full, token], sees: [pressed], at: 2030-03-10}
  storm: {title: A storm, chance: true, domain: ["yes", "no"], probability: {"yes": 0.4, "no": rest}, at: 2030-03-20}
  reply: {title: Bob's reply, player: bob, domain: [frees, refuses], sees: [offer, storm], at: 2030-04-01}
interests:
  a: {player: ann, worth: "(reply == 'frees') - 0.4 * (offer == 'full')"}
  b: {player: bob, worth: "(reply == 'frees') * ((offer == 'full') - cost - 0.3 * (storm == 'yes'))"}
record:
  - {node: offer, value: token, date: 2030-03-10, source: wire}
causes:
  none_pressed: {title: nobody had pressed, do: {pressed: "no"}}
questions:
  next: {asks: "Which?", forecast: reply}
  why: {asks: "Why did Ann offer so little?", why: {offer: token}, causes: [none_pressed]}
"""


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.load(CASE, draws=64)


def test_watch_shows_the_outcome_that_a_run_is_about(study):
    """Bob most likely refuses, and that is what the run and the indicators speak of."""
    answers = study.answers()
    assert answers.matter_for == "Bob's reply: refuses"
    out = io.StringIO()
    show_watch(answers.watch, Console(file=out, width=120))
    assert "The probability of “refuses” is " in out.getvalue()


def test_a_brief_explains_its_bottom_line_or_names_the_other_question(study):
    """The case asks why about the offer; the bottom line is about the reply."""
    brief = study.brief()
    assert "refuses" in brief.bottom_line[0]
    assert brief.why[0].startswith("Why did Ann offer so little? ")
    assert all(
        "the probability of “refuses” is " in line for line in brief.change if "If so," in line
    )
    about_the_offer = study.brief("offer")
    assert not about_the_offer.why[0].startswith("Why did")
