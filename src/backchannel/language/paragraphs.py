"""Places in a source: the numbers of the paragraphs that a citation names, such as `¶ 6` or `¶ 13, 15`."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_IN_RANGE = 1_000
"""Most paragraphs that one range names."""

_MARK = re.compile(r"(?:¶+|\bparas?\.?|\bparagraphs?)\s*(?=\d)", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d{1,6})(?:\s*[-–—]\s*(\d{1,6}))?(\s*(?:,|;|&|\band\b)\s*¶*\s*(?=\d))?")


def paragraphs_of(at: str) -> tuple[int, ...]:
    """List the paragraphs that a place in a source names; none where it names pages or other places.

    >>> paragraphs_of("¶ 6"), paragraphs_of("¶ 1, 5, 12"), paragraphs_of("¶¶ 3–5")
    ((6,), (1, 5, 12), (3, 4, 5))
    >>> paragraphs_of("p. 3"), paragraphs_of("section 2, para. 4")
    ((), (4,))
    """
    numbers: dict[int, None] = {}
    for mark in _MARK.finditer(at):
        start = mark.end()
        while match := _NUMBERS.match(at, start):
            first = int(match[1])
            last = min(int(match[2] or first), first + MOST_IN_RANGE)
            numbers |= dict.fromkeys(range(first, last + 1) if last >= first else (first,))
            start = match.end()
            if not match[3]:
                break
    return tuple(numbers)


def cite_all(numbers: Iterable[int]) -> str:
    """Write the place of paragraphs as a case file cites it; empty without any.

    >>> cite_all([6]), cite_all([6, 13]), cite_all([])
    ('¶ 6', '¶ 6, 13', '')
    """
    listed = ", ".join(map(str, numbers))
    return f"¶ {listed}" if listed else ""
