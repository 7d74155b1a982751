"""The words that a case has for what it names, and what stands in where it gives none."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from backchannel.language.names import NOT_APPLICABLE
from backchannel.wording.words import DOES_NOT_ARISE, Wording, most_changed

TEXT = """\
case: A border
as_of: 2030-01-01
utility_unit: share of trade
players:
  minsk: {name: Minsk, precision: {between: [1, 4]}}
  the_eu: {name: the republicans, precision: 2}
parameters:
  aid_size: {prior: {uniform: [0, 1]}, unit: share of trade, why: {judgement: test}}
  cost: {prior: {uniform: [0, 1]}, unit: share of trade, about: what a closed border costs,
         why: {judgement: test}}
nodes:
  open_up:
    player: minsk
    title: the border
    domain: [opens, stays_shut]
    values: {opens: the border opens}
    at: 2030-02-01
  tons: {player: the_eu, domain: [10, 2.5], at: 2030-03-01, sees: [open_up]}
interests:
  calm: {player: minsk, worth: "aid_size * (tons == 10) - cost * (open_up == 'opens')"}
  trade_gain: {player: the_eu, worth: "tons / 10", about: trade}
"""


@pytest.fixture(scope="module")
def words() -> Wording:
    return Wording(lower(*read_case_text(TEXT)))


def test_a_title_or_a_label_is_used_and_else_the_name_without_underscores(words):
    """A whole number has no decimals."""
    assert words.node("open_up") == "the border"
    assert words.node("tons") == "tons"
    assert words.value("open_up", "opens") == "the border opens"
    assert words.value("open_up", "stays_shut") == "stays shut"
    assert words.value("tons", 10.0) == "10"
    assert words.value("tons", 2.5) == "2.5"
    assert words.value("tons", NOT_APPLICABLE) == DOES_NOT_ARISE
    assert words.event("open_up", "stays_shut") == "“the border: stays shut”"
    assert words.interest("trade_gain") == "trade"
    assert words.interest("calm") == "calm"


def test_a_number_is_called_by_what_it_is_about(words):
    """A player's precision by its owner; a name in the plural takes the apostrophe alone."""
    assert words.parameter("cost") == "what a closed border costs"
    assert words.parameter("aid_size") == "aid size"
    assert words.parameter("minsk.precision") == "Minsk's precision"
    assert words.parameter("the_eu.precision") == "the republicans' precision"


def test_who_reasons_at_equilibrium_needs_no_words_for_it(words):
    assert words.reasoning("minsk") == ""
    assert words.view(("minsk",)) == "Minsk"
    assert words.view(("minsk", "the_eu")) == "Minsk thinks the republicans"


@dataclass(frozen=True)
class Move:
    value: str
    by: float


def test_the_value_that_changes_most_is_named_unless_it_only_does_not_arise():
    """−0.3 is a larger change than +0.2; that the node does not arise is named if there is nothing else."""
    up, down, gone = Move("up", 0.2), Move("down", -0.3), Move(NOT_APPLICABLE, 0.5)
    assert most_changed([up, down, gone], lambda move: move.by) == down
    assert most_changed([gone], lambda move: move.by) == gone
