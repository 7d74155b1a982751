"""The calendar of rounds: how long a round is, and on which day each one begins."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_UNITS = {"day": 1, "week": 7, "month": 0, "quarter": 0, "year": 0}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class RoundLength:
    """How long a round is: a number of days, weeks, months, quarters or years."""

    count: int
    unit: str

    def after(self, begins: date, rounds: int) -> date:
        """Return the day that lies some rounds after another; a month's end stays a month's end."""
        steps = self.count * rounds
        if self.unit in _MONTHS:
            month = begins.month - 1 + _MONTHS[self.unit] * steps
            year, month = begins.year + month // 12, month % 12 + 1
            last = monthrange(year, month)[1]
            return date(year, month, min(begins.day, last))
        return begins + timedelta(days=_UNITS[self.unit] * steps)


@dataclass(frozen=True)
class Calendar:
    """When the rounds are."""

    n: int
    begins: date
    every: RoundLength

    def start(self, number: int) -> date:
        """Return the first day of a round; round n + 1 begins on the day after the last round."""
        return self.every.after(self.begins, number - 1)

    def index(self, when: date) -> int:
        """Count the rounds between the first and a day: 0 before and in the first round."""
        return next((t for t in range(self.n, 0, -1) if when >= self.start(t + 1)), 0)

    def label(self, number: int) -> str:
        """Describe a round in words.

        >>> Calendar(3, date(2031, 1, 1), read_round_length("month")).label(2)
        'February 2031'
        """
        first = self.start(number)
        if self.every.unit == "month" and self.every.count == 1 and first.day == 1:
            return f"{first:%B %Y}"
        return f"round {number} (from {first.day} {first:%B %Y})"


def read_round_length(text: str) -> RoundLength:
    """Read `month`, `2 weeks` or `10 days`.

    Raises:
        ValueError: The text is not a length of time.
    """
    match = re.fullmatch(r"(?:([0-9]{1,4}) +)?(day|week|month|quarter|year)s?", text.strip())
    if not match or int(match[1] or 1) == 0:
        raise ValueError(
            "should be day, week, month, quarter or year, with a number before it if there are "
            "several: 10 days."
        )
    return RoundLength(int(match[1] or 1), match[2])
