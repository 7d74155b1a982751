"""Probabilities in words and percent at the ends of their scales, and numbers that must read differently."""

from __future__ import annotations

import pytest

from backchannel.wording.percents import (
    estimative_word,
    percent,
    percent_range,
    percents_apart,
    point_range,
    points,
    said_apart,
    told_apart,
)


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        # ICD 203: 1–5, 5–20, 20–45, 45–55, 55–80, 80–95, 95–99; each border belongs to the word above it.
        (0.0, "almost no chance"),
        (0.05, "very unlikely"),
        (0.2, "unlikely"),
        (0.45, "roughly even chance"),
        (0.55, "likely"),
        (0.7999, "likely"),
        (0.8, "very likely"),
        (0.95, "almost certain"),
        (1.0, "almost certain"),
    ],
)
def test_each_border_of_the_words_belongs_to_the_word_above(probability, word):
    assert estimative_word(probability) == word


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.0, "0%"), (0.0049, "<1%"), (0.006, "1%"), (0.994, "99%"), (0.9951, ">99%"), (1.0, "100%")],
)
def test_only_what_is_impossible_is_0_and_only_what_is_certain_is_100(probability, text):
    assert percent(probability) == text


def test_a_range_shares_its_percent_sign_where_both_ends_are_numbers():
    assert percent_range(0.1, 0.3) == "10–30%"
    assert percent_range(0.001, 0.3) == "under 1% to 30%"
    assert percent_range(0.001, 0.002) == "under 1%"


def test_points_have_a_sign_unless_they_round_to_nothing():
    """The minus is the mathematical one."""
    assert [points(x) for x in (-0.2, -0.004, 0.0, 0.004, 0.2)] == ["−20", "0", "0", "0", "+20"]
    assert point_range(-0.004, 0.2) == "0 to +20"
    assert point_range(0.2, 0.201) == "+20"


def test_two_numbers_get_as_many_digits_as_tell_them_apart_and_no_more():
    """1.2346 and 1.2341 are both 1.23; the fourth digit, rounded, tells them apart. Equal ones stay short."""
    assert told_apart(1.2346, 1.2341) == ("1.235", "1.234")
    assert told_apart(1 / 3, 1 / 3) == ("0.333", "0.333")


def test_two_percentages_are_not_told_apart_as_0_or_100():
    """0.03% and 0.06% need two places: with one place the first would be 0.0%."""
    assert percents_apart(0.0003, 0.0006) == ("0.03%", "0.06%")
    assert percents_apart(0.5, 0.5) == ("50%", "50%")
    assert said_apart(0.999, 0.5) == ("over 99%", "50%")
