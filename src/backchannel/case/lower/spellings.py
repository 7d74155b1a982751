"""Combinations of values as a case file spells them: `all, full`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backchannel.language.names import Value
from backchannel.language.values import matching_values, number_in


class Spellings:
    """Finds combinations of values by their text; of numbers by the number that is written."""

    def __init__(self, domains: Sequence[tuple[Value, ...]]) -> None:
        self.domains = domains
        self.values = [{spelt(str(value)): value for value in domain} for domain in domains]
        self.numbers = [
            {float(value): value for value in domain if not isinstance(value, str)}
            for domain in domains
        ]

    def combination(self, key: Any) -> tuple[Value, ...] | None:
        """Return the values that a key names; a value with commas takes several parts of the key."""
        if not isinstance(key, str) and len(self.domains) == 1:
            matches = matching_values(key, self.domains[0])
            return (matches[0],) if len(matches) == 1 else None
        parts = str(key).split(",")
        # By the number of used parts, the values that they spell.
        ways: dict[int, tuple[Value, ...]] = {0: ()}
        for values, numbers in zip(self.values, self.numbers, strict=True):
            widths = {text.count(",") + 1 for text in values}
            longer: dict[int, tuple[Value, ...]] = {}
            for used, so_far in ways.items():
                for width in widths:
                    text = spelt(",".join(parts[used : used + width]))
                    value = values.get(text)
                    if value is None and numbers:
                        number = number_in(text)
                        value = None if number is None else numbers.get(number)
                    if used + width <= len(parts) and value is not None:
                        longer[used + width] = (*so_far, value)
            ways = longer
        return ways.get(len(parts))


def spelt(text: str) -> str:
    """Return a combination with one blank after each comma.

    >>> spelt("all ,full")
    'all, full'
    """
    return ", ".join(part.strip() for part in text.split(","))
