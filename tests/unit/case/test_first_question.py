"""The case's first question: one node, whoever asks for it."""

from __future__ import annotations

import pytest

from backchannel import Study

TWO_MONTHS = """\
case: Two months of fees
question: How much stone is left?
utility_unit: a month's income
as_of: 2030-12-31
players:
  owner: {name: The owner, precision: {between: [1, 4]}, why: {judgement: test}}
  mason: {name: The mason, precision: {between: [1, 4]}, why: {judgement: test}}
parameters:
  loss: {prior: {uniform: [0.1, 0.9]}, unit: income, why: {judgement: test}}
rounds:
  n: 2
  every: month
  from: 2031-01-01
  nodes:
    fee: {player: owner, domain: [low, high], day: 2}
    dig: {player: mason, domain: [none, some], sees: [fee], day: 10}
  interests:
    income: {player: owner, worth: "0.3 * (1 + (fee == 'high')) * (dig == 'some')", last: 0}
    loads: {player: mason, worth: "(dig == 'some') * (1 - loss * (fee == 'high'))", last: 0}
"""


@pytest.mark.parametrize(
    ("questions", "node"),
    [
        ("questions: {next: {forecast: fee}, then: {forecast: dig}}\n", "fee@2"),
        ("questions: {first: {forecast: dig@1}}\n", "dig@1"),
        ("questions: {set: {what_if: {do: {fee: high}}, outcome: fee}}\n", "dig@2"),
        ("", "dig@2"),
    ],
)
def test_every_answer_is_about_the_same_first_question(questions, node):
    """The last round of the first forecast; the last node in time, if no forecast is asked for."""
    study = Study.load(TWO_MONTHS + questions, draws=32)
    assert study.lowered.first_question == node
    assert study.sensitivity().sample.node == node
    answers = study.answers()
    assert answers.sensitivity.node == node
    assert answers.watch.about == node
