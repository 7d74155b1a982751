"""The calendar of rounds: lengths as they are written, and days counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from backchannel.language.calendar import Calendar, RoundLength, read_round_length


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("month", RoundLength(1, "month")),
        ("2 weeks", RoundLength(2, "week")),
        (" 10 days ", RoundLength(10, "day")),
        ("1 quarters", RoundLength(1, "quarter")),
    ],
)
def test_a_length_is_a_unit_with_a_number_before_it(written, length):
    assert read_round_length(written) == length


@pytest.mark.parametrize("written", ["0 days", "fortnight", "days 2", "2  ", "-1 day", "1.5 years"])
def test_what_is_no_length_is_met_with_an_example(written):
    with pytest.raises(ValueError, match="10 days"):
        read_round_length(written)


@pytest.mark.parametrize(
    ("length", "begins", "rounds", "day"),
    [
        (RoundLength(10, "day"), date(2031, 2, 20), 1, date(2031, 3, 2)),
        (RoundLength(2, "week"), date(2031, 1, 1), 3, date(2031, 2, 12)),
        # February is short, and March ends on its own last day again, counted from January.
        (RoundLength(1, "month"), date(2031, 1, 31), 1, date(2031, 2, 28)),
        (RoundLength(1, "month"), date(2031, 1, 31), 2, date(2031, 3, 31)),
        (RoundLength(1, "quarter"), date(2031, 11, 30), 1, date(2032, 2, 29)),
        (RoundLength(1, "year"), date(2032, 2, 29), 1, date(2033, 2, 28)),
        (RoundLength(1, "month"), date(2031, 12, 5), 0, date(2031, 12, 5)),
    ],
)
def test_a_day_some_rounds_later(length, begins, rounds, day):
    assert length.after(begins, rounds) == day


def test_days_are_counted_into_rounds():
    """Three rounds of two weeks from 1 January begin on the 1st, the 15th and the 29th."""
    calendar = Calendar(3, date(2031, 1, 1), RoundLength(2, "week"))
    assert [calendar.start(t) for t in (1, 2, 3, 4)] == [
        date(2031, 1, 1),
        date(2031, 1, 15),
        date(2031, 1, 29),
        date(2031, 2, 12),
    ]
    days = [date(2030, 1, 1), date(2031, 1, 14), date(2031, 1, 15), date(2031, 1, 29)]
    assert [calendar.index(day) for day in days] == [0, 0, 1, 2]
    # After the last round its discount is that of all three.
    assert calendar.index(date(2040, 1, 1)) == 3


def test_rounds_that_are_months_are_called_by_the_month():
    """Others have a number, and the day on which they begin."""
    month, week = RoundLength(1, "month"), RoundLength(1, "week")
    assert Calendar(3, date(2031, 12, 1), month).label(2) == "January 2032"
    assert Calendar(3, date(2031, 12, 5), month).label(2) == "round 2 (from 5 January 2032)"
    assert Calendar(3, date(2031, 12, 1), week).label(1) == "round 1 (from 1 December 2031)"
