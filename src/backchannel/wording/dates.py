"""Times as a person writes them: from one date to another, and since a date."""

from __future__ import annotations

from datetime import date

from backchannel.language.days import Month, day


def days(first: date, last: date) -> str:
    """The time from one date to another, without saying month or year twice.

    >>> days(date(2025, 7, 15), date(2025, 8, 3)), days(date(2025, 7, 15), date(2025, 7, 20))
    ('15 July to 3 August 2025', '15 to 20 July 2025')
    >>> days(date(2025, 7, 15), date(2026, 1, 3)), days(date(2025, 7, 15), date(2025, 7, 15))
    ('15 July 2025 to 3 January 2026', '15 July 2025')
    """
    if first == last:
        return day(first)
    start = day(first)
    if first.year == last.year:
        start = start.removesuffix(f" {first.year}")
        if first.month == last.month and not isinstance(last, Month):
            start = start.removesuffix(f" {first:%B}")
    return f"{start} to {day(last)}"


def since(when: date | None) -> str:
    """From when somebody looks ahead: a day, the start, or now if there is none.

    >>> since(None), since(date.min), since(date(2025, 7, 15))
    ('from now', 'from the start', 'from 15 July 2025')
    """
    if when is None:
        return "from now"
    return "from the start" if when == date.min else f"from {day(when)}"
