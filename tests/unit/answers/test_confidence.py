"""Confidence follows from what an answer rests on: each criterion alone lowers it, and says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backchannel.answers.confidence import RULE, Grounds, Leading, confidence_in
from backchannel.language.support import Backing, Support

WELL = Backing(Support.WELL, "a source graded A1")
FAIRLY = Backing(Support.FAIRLY, "a source graded C3")
WEAKLY = Backing(Support.WEAKLY, "judgement alone")
FIRM = Grounds(
    (Leading("cost of war", 0.5, WELL),),
    weak=0, numbers=10, effective_draws=900, left_out=0.0, low=0.40, high=0.60,
)  # fmt: skip


def leading(*pairs: tuple[float, Backing]) -> Grounds:
    return replace(FIRM, leading=tuple(Leading(f"n{i}", *pair) for i, pair in enumerate(pairs)))


def test_what_rests_on_good_ground_has_high_confidence():
    """And nothing is held against it."""
    assert confidence_in(FIRM).level == "high"
    assert confidence_in(FIRM).reasons == ()


@pytest.mark.parametrize(
    ("grounds", "level", "criterion", "words"),
    [
        (leading((0.4, WELL), (0.10, WEAKLY)), "low", "sources", "“n1”, which rests on judgement alone"),
        (leading((0.05, WEAKLY), (0.05, WEAKLY)), "low", "sources", "“n0”"),
        (leading((0.4, FAIRLY)), "moderate", "sources", "rests on a source graded C3"),
        (leading((0.4, WELL), (0.06, FAIRLY), (0.04, WEAKLY)), "moderate", "sources", "“n1”"),
        (leading((0.4, WELL), (0.09, WEAKLY)), "high", "", ""),
        (replace(FIRM, leading=(), weak=6), "low", "sources", "6 of the case's 10 numbers"),
        (replace(FIRM, leading=(), weak=5), "moderate", "sources", "5 of the case's 10 numbers"),
        (replace(FIRM, leading=(), weak=2), "high", "", ""),
        (replace(FIRM, high=0.91), "low", "range", "the range is wide"),
        (replace(FIRM, high=0.66), "moderate", "range", "the range is wide"),
        (replace(FIRM, other_extreme=0.95, other_extreme_text="95%, not 50%"), "low", "range", "95%, not 50%"),
        (replace(FIRM, other_extreme=0.2, other_extreme_text="20%"), "moderate", "range", "no data can test"),
        (replace(FIRM, other_extreme=0.5, other_extreme_text="50%"), "high", "", ""),
        (replace(FIRM, left_out=0.11), "low", "draws left out", "11% of the draws"),
        (replace(FIRM, left_out=0.02), "moderate", "draws left out", "2% of the draws"),
        (replace(FIRM, left_out=0.01), "high", "", ""),
        (replace(FIRM, effective_draws=99), "low", "draws", "effective sample size is only 99"),
        (replace(FIRM, effective_draws=399), "moderate", "draws", "effective sample size is only 399"),
        (replace(FIRM, effective_draws=400), "high", "", ""),
    ],
)  # fmt: skip
def test_each_criterion_alone_lowers_confidence_and_names_the_reason(
    grounds, level, criterion, words
):
    """The limits are those of decision 35."""
    found = confidence_in(grounds)
    assert found.level == level
    assert [limit.criterion for limit in found.reasons] == [criterion] * bool(criterion)
    assert all(words in limit.text for limit in found.reasons)


def test_the_worst_criterion_counts_and_comes_first():
    """The others are told, too."""
    grounds = replace(FIRM, high=0.70, effective_draws=50, left_out=0.05)
    found = confidence_in(grounds)
    assert found.level == "low"
    assert [(limit.criterion, limit.level) for limit in found.reasons] == [
        ("draws", "low"), ("range", "moderate"), ("draws left out", "moderate"),
    ]  # fmt: skip


def test_the_probability_is_no_criterion():
    """What is almost certain may rest on little, and an even chance on much."""
    shifted = replace(FIRM, low=0.79, high=0.99)
    assert confidence_in(shifted) == confidence_in(FIRM)


def test_what_is_the_same_in_all_draws_needs_neither_draws_nor_sources():
    """There is nothing that an assumption could move."""
    same = replace(FIRM, leading=(Leading("n", 0.9, WEAKLY),), effective_draws=2, low=0.5, high=0.5)
    assert confidence_in(same).level == "high"


def test_the_printed_rule_has_every_limit():
    """What is printed is what is done."""
    text = " ".join(RULE)
    for limit in ("10%", "50%", "20%", "50 points", "25", "1%", "below 100", "below 400"):
        assert limit in text
