"""Days and months as people write them: what is read, and what each other form is met with."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from backchannel.language.days import Month, days_meant, read_date, read_day, read_month_or_day


def test_a_day_is_read_in_one_form():
    """YAML's own dates are days already; a time of day is none."""
    assert read_day("2025-07-15") == read_day(date(2025, 7, 15)) == date(2025, 7, 15)
    with pytest.raises(ValueError, match="there is no 2025-02-30"):
        read_day("2025-02-30")
    with pytest.raises(ValueError, match="Write 2025-07-15 for 15 July 2025"):
        read_day(datetime(2025, 7, 15, 9, 30))


@pytest.mark.parametrize(
    ("written", "days"),
    [
        # The second number is no month, so only one reading is left.
        ("15/07/2025", [date(2025, 7, 15)]),
        ("07/15/2025", [date(2025, 7, 15)]),
        # Both readings are days.
        ("3.4.2030", [date(2030, 4, 3), date(2030, 3, 4)]),
        ("5/5/30", [date(2030, 5, 5)]),
        ("2025/7/4", [date(2025, 7, 4)]),
        ("20250704", [date(2025, 7, 4)]),
        ("4 July 2025", [date(2025, 7, 4)]),
        ("Jul 4, 2025", [date(2025, 7, 4)]),
        ("2025-07-04T09:30", [date(2025, 7, 4)]),
        ("31/02/2025", []),
        ("soon", []),
        ("1/2/2030" + " " * 20 + "or later, as far as we know", []),
    ],
)
def test_the_days_that_another_form_can_mean(written, days):
    """Day before month, the other way round, with a month's name, or none at all."""
    assert days_meant(written) == days


def test_a_month_counts_as_its_last_day_and_keeps_its_name():
    """2028 is a leap year."""
    february = read_date("2028-02")
    assert isinstance(february, Month)
    assert february == date(2028, 2, 29)
    assert str(february) == "2028-02"
    assert february.contains(date(2028, 2, 1))
    assert not february.contains(date(2027, 2, 28))
    later = february + timedelta(days=1)
    assert not isinstance(later, Month)
    assert later == date(2028, 3, 1)
    assert february - date(2028, 2, 1) == timedelta(days=28)
    assert read_month_or_day("2028-02") == date(2028, 2, 1)
    assert read_month_or_day("2028-02-03") == date(2028, 2, 3)


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("July 2025", "Write 2025-07 for July 2025"),
        ("7/2025", "Write 2025-07 for July 2025"),
        ("2025-13", "there is no 2025-13"),
        ("Q3 2025", "Write 2025-09, or 2025-09-30, for the end of Q3 2025"),
        ("2025", "Write 2025-12, or 2025-12-31, for the end of 2025"),
        ("15/07/2025", "Write 2025-07-15 for 15 July 2025"),
    ],
)
def test_a_month_in_another_form_is_met_with_what_to_write(written, remedy):
    """A quarter or a year has a last month, and a last day."""
    with pytest.raises(ValueError, match=remedy):
        read_date(written)
