"""Days as a case file writes them, `2025-07-15`, and as people write them elsewhere."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime
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
_NUMBERS = re.compile(r"(\d{1,4})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{1,4})\.?")
_WITH_MONTH = re.compile(r"[A-Za-z]+|\d+")


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
    days = days_meant(value)
    written = [f"{day.isoformat()} for {day.day} {day:%B %Y}" for day in days]
    if len(days) == 1:
        raise ValueError(f"{FORM}. Write {written[0]}.")
    if days:
        raise ValueError(f"{FORM}. Write {written[0]}, or {written[1]}.")
    raise ValueError(f"{FORM}.{_last_day_of(str(value))}")


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


def _last_day_of(text: str) -> str:
    """Say how to write the last day of a month, a quarter or a year; empty where a text names none.

    >>> _last_day_of("March 2030"), _last_day_of("Q1 2030")
    (' Write 2030-03-31 for the end of March 2030.', ' Write 2030-03-31 for the end of Q1 2030.')
    >>> _last_day_of("2030"), _last_day_of("soon")
    (' Write 2030-12-31 for the end of 2030.', '')
    """
    plain = plain_text(text).strip()
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
    return f" Write {last.isoformat()} for the end of {named}."


def _possible(given: list[tuple[str, str, str]]) -> list[date]:
    days: list[date] = []
    for year, month, day in given:
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if found not in days:
            days.append(found)
    return days
