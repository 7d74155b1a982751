"""Dates and spans of time in words: nothing is said twice, and a month without a day stays one."""

from __future__ import annotations

from datetime import date

import pytest

from backchannel.language.days import Month
from backchannel.wording.dates import day, days, since


def test_a_day_has_no_zero_before_it_and_a_month_no_day():
    assert day(date(2025, 7, 4)) == "4 July 2025"
    assert day(Month.of(2025, 7)) == "July 2025"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2025, 7, 4), date(2025, 7, 4), "4 July 2025"),
        (date(2025, 7, 4), date(2025, 7, 9), "4 to 9 July 2025"),
        (date(2025, 7, 4), date(2025, 8, 9), "4 July to 9 August 2025"),
        (date(2025, 7, 4), date(2026, 7, 9), "4 July 2025 to 9 July 2026"),
        # To the end of a month: its name is needed on both sides.
        (date(2025, 7, 4), Month.of(2025, 7), "4 July to July 2025"),
        (Month.of(2025, 7), date(2025, 8, 9), "July to 9 August 2025"),
        (Month.of(2024, 12), Month.of(2025, 2), "December 2024 to February 2025"),
    ],
)
def test_month_and_year_are_said_once(first, last, text):
    assert days(first, last) == text


def test_somebody_looks_ahead_from_a_day_from_the_start_or_from_now():
    assert since(None) == "from now"
    assert since(date.min) == "from the start"
    assert since(Month.of(2025, 7)) == "from July 2025"
