"""Days and months as a case file writes them, `2025-07-15` and `2025-07`, and as people write them elsewhere."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

from backchannel.language.lookalikes import plain_text

FORM = "should be a day, written as year-month-day, such as 2025-07-15"
_MONTHS = {
    name: i
    for i, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"), 1
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})")
_MONTH_ALONE = re.compile(r"(\d{4})[-/. ](\d{1,2})|(\d{1,2})[-/. ](\d{4})")
_WEEK = re.compile(r"(\d{4})[- ]?[Ww](?:eek)? ?(\d{1,2})")
MONTH_FORM = "should be a day, such as 2025-07-15, or a month, such as 2025-07"


class Month(date):
    """A month of which the day is not known. It counts as its last day, and equals it."""

    @classmethod
    def of(cls, year: int, month: int) -> Month:
        """Make the month of a year.

        Raises:
            ValueError: There is no such month.

        >>> Month.of(2025, 2) == date(2025, 2, 28), str(Month.of(2025, 2))
        (True, '2025-02')
        """
        if not 1 <= month <= 12:
            raise ValueError(f"there is no month {month}")
        return cls(year, month, monthrange(year, month)[1])

    def contains(self, when: date) -> bool:
        """Whether a day lies in this month."""
        return (when.year, when.month) == (self.year, self.month)

    def isoformat(self) -> str:
        """Write the month as ISO 8601 does, without a day."""
        return f"{self.year:04}-{self.month:02}"

    __str__ = isoformat

    def __add__(self, other: timedelta) -> date:  # pyright: ignore[reportIncompatibleMethodOverride]
        # What lies some days after a month is a day.
        return date(self.year, self.month, self.day) + other

    def __sub__(self, other: Any) -> Any:
        return date(self.year, self.month, self.day) - other


_NUMBERS = re.compile(r"(\d{1,4})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{1,4})\.?")
_WITH_MONTH = re.compile(r"[A-Za-z]+|\d+")


def day(when: date) -> str:
    """A date in words: a day, or a month where the case gives no day.

    >>> day(date(2025, 7, 15)), day(Month(2025, 7, 31))
    ('15 July 2025', 'July 2025')
    """
    return f"{when:%B %Y}" if isinstance(when, Month) else f"{when.day} {when:%B %Y}"


def read_day(value: Any) -> date:
    """Read a day of a case file.

    Raises:
        ValueError: It is not a day; the message says what to write.
    """
    if isinstance(value, datetime):
        value = value.isoformat()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _ISO.fullmatch(value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            raise ValueError(f"should be a day, but there is no {value}.") from None
    raise ValueError(f"{FORM}.{day_hint(value)}")


def day_hint(value: Any) -> str:
    """Say in a sentence how to write the day that something in another form means; empty if it means none.

    >>> day_hint("15/07/2025"), day_hint("soon")
    (' Write 2025-07-15 for 15 July 2025.', '')
    """
    days = days_meant(value)
    written = [f"{day.isoformat()} for {day.day} {day:%B %Y}" for day in days]
    if written:
        return f" Write {', or '.join(written)}."
    return _last_day_of(str(value))


def read_date(value: Any) -> date:
    """Read a day of a case file, or a month.

    Raises:
        ValueError: It is neither; the message says what to write.
    """
    if isinstance(value, Month):
        return value
    if isinstance(value, str):
        text = plain_text(value).strip()
        if match := _ISO_MONTH.fullmatch(text):
            try:
                return Month.of(int(match[1]), int(match[2]))
            except ValueError:
                raise ValueError(f"should be a day or a month, but there is no {text}.") from None
        if _ISO.fullmatch(text):
            return read_day(value)
        if meant := _month_meant(text):
            raise ValueError(f"{MONTH_FORM}. Write {meant} for {meant:%B %Y}.")
    elif isinstance(value, date):
        return read_day(value)
    days = days_meant(value)
    raise ValueError(
        f"{MONTH_FORM}.{day_hint(value) if days else _last_day_of(str(value), by_month=True)}"
    )


def read_month_or_day(value: Any) -> date:
    """Read a month as its first day, or a day.

    Raises:
        ValueError: It is neither; the message says what to write.
    """
    when = read_date(value)
    return date(when.year, when.month, 1) if isinstance(when, Month) else when


def _month_meant(text: str) -> Month | None:
    """The month that a text in another form can mean.

    >>> str(_month_meant("July 2025")), str(_month_meant("7/2025")), _month_meant("soon")
    ('2025-07', '2025-07', None)
    """
    year, month = "", 0
    if match := _MONTH_ALONE.fullmatch(text):
        year, month = (match[1], int(match[2])) if match[1] else (match[4], int(match[3]))
    else:
        parts = [part.lower() for part in _WITH_MONTH.findall(text)]
        named = [_MONTHS[part] for part in parts if part in _MONTHS]
        years = [part for part in parts if part.isdecimal()]
        if len(parts) == 2 and len(named) == len(years) == 1 and len(years[0]) == 4:
            year, month = years[0], named[0]
    return Month.of(int(year), month) if year and 1 <= month <= 12 and int(year) else None


def days_meant(value: Any) -> list[date]:
    """List the days that something in another form can mean, at most two.

    >>> [str(day) for day in days_meant("15/07/2025")], [str(day) for day in days_meant("July 4, 2025")]
    (['2025-07-15'], ['2025-07-04'])
    >>> [str(day) for day in days_meant("01/04/2030")]
    ['2030-04-01', '2030-01-04']
    """
    text = plain_text(str(value)).strip()
    if len(text) > 40:
        return []
    if re.fullmatch(r"\d{8}", text):
        return _possible([(text[:4], text[4:6], text[6:])])
    # A time of day after the day is left out.
    text = re.sub(r"[T ]\d{1,2}:\d{2}.*", "", text)
    if match := _NUMBERS.fullmatch(text):
        first, second, third = match.groups()
        if len(first) == 4:
            return _possible([(first, second, third)])
        year = third if len(third) > 2 else f"20{third:0>2}"
        return _possible([(year, second, first), (year, first, second)])
    parts = [part.lower() for part in _WITH_MONTH.findall(text)]
    months = [_MONTHS[part] for part in parts if part in _MONTHS]
    numbers = [part for part in parts if part.isdecimal()]
    if len(months) == 1 and len(numbers) == 2:
        day, year = sorted(numbers, key=len)
        return _possible([(year, str(months[0]), day)])
    return []


def _last_day_of(text: str, *, by_month: bool = False) -> str:
    """Say how to write the last day of a week, a month, a quarter or a year; empty where a text names none.

    Args:
        text: The text as it is in the file.
        by_month: A month would do as well, which counts as its last day.

    >>> _last_day_of("March 2030"), _last_day_of("Q1 2030")
    (' Write 2030-03-31 for the end of March 2030.', ' Write 2030-03-31 for the end of Q1 2030.')
    >>> _last_day_of("Q1 2030", by_month=True)
    ' Write 2030-03, or 2030-03-31, for the end of Q1 2030.'
    >>> _last_day_of("2030"), _last_day_of("2030-W10"), _last_day_of("soon")
    (' Write 2030-12-31 for the end of 2030.', ' Write 2030-03-10 for the end of 2030-W10.', '')
    """
    plain = plain_text(text).strip()
    if week := _WEEK.fullmatch(plain):
        days = _possible_week(int(week[1]), int(week[2]))
        return f" Write {days} for the end of {plain}." if days else ""
    parts = [part.lower() for part in _WITH_MONTH.findall(plain)] if len(plain) <= 40 else []
    years = [part for part in parts if len(part) == 4 and part.isdecimal() and part[0] in "12"]
    quarter = re.search(r"\bq\s*([1-4])\b|\b([1-4])\s*q\b", plain.lower())
    months = [_MONTHS[part] for part in parts if part in _MONTHS]
    months += [int(part) for part in parts if part.isdecimal() and len(part) < 3 and not quarter]
    if len(years) != 1 or len(months) > 1 or any(not 1 <= month <= 12 for month in months):
        return ""
    month = 3 * int(quarter[1] or quarter[2]) if quarter else months[0] if months else 12
    year = int(years[0])
    last = date(year, month, monthrange(year, month)[1])
    named = plain if quarter or (months and parts[0] in _MONTHS) else f"{year:04d}"
    if months and parts[0] not in _MONTHS:
        named = f"{last:%B} {year:04d}"
    written = f"{last:%Y-%m}, or {last.isoformat()}," if by_month else last.isoformat()
    return f" Write {written} for the end of {named}."


def _possible_week(year: int, week: int) -> str:
    try:
        return date.fromisocalendar(year, week, 7).isoformat()
    except ValueError:
        return ""


def _possible(given: list[tuple[str, str, str]]) -> list[date]:
    days: list[date] = []
    for year, month, day in given:
        try:
            candidate = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if candidate not in days:
            days.append(candidate)
    return days
