"""Which value of a node is meant by what a file, a table or a user says.

Words are compared as words, so that '2.1' and '2.10' stay two values. Numbers are compared as numbers, so
that 1 and 1.0 are one. What was read as a number, and cannot tell two words apart, names neither.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from backchannel.language.names import Value, did_you_mean

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
SAME = 1e-9
"""Gap between two numbers, as a share of the larger (at least 1), up to which they are one value."""


def number_in(text: str) -> float | None:
    """Read a number from text; `None` if it is not one.

    >>> number_in(" 2.10 "), number_in("1e3"), number_in("nan"), number_in("one")
    (2.1, 1000.0, None, None)
    """
    plain = text.strip()
    return float(plain) if len(plain) < 400 and _NUMBER.fullmatch(plain) else None


def matching_values(said: object, domain: Sequence[Value]) -> list[Value]:
    """List the values of a domain that something said can mean; more than one is ambiguous.

    >>> matching_values("2.10", ["2.1", "2.10"]), matching_values(2.1, ["2.1", "2.10"])
    (['2.10'], ['2.1', '2.10'])
    >>> matching_values("1.0", [0, 1]), matching_values("1.0", ["0", "1"]), matching_values(True, ["true"])
    ([1], [], ['true'])
    """
    if isinstance(said, str):
        plain = said.strip()
        exact = [value for value in domain if str(value).strip() == plain]
        number = number_in(plain)
        return exact or [v for v in domain if not isinstance(v, str) and number == v]
    text = str(said)
    if text in ("True", "False"):
        truths: list[Value] = [
            v for v in domain if isinstance(v, str) and v.lower() == text.lower()
        ]
        return truths or [v for v in domain if not isinstance(v, str) and v == (text == "True")]
    number = number_in(text)
    if number is None:
        return [value for value in domain if str(value).strip() == text.strip()]
    return [v for v in domain if (number_in(v) if isinstance(v, str) else float(v)) == number]


def explain_no_value(said: object, domain: Sequence[Value], *, lists_all: bool = False) -> str:
    """Say in a sentence what to write instead of something that is no value of a domain.

    >>> explain_no_value("10", [10, 30])
    ' Its values are numbers: write 10 without quotes.'
    >>> explain_no_value(10, ["10", "30"])
    " Its values are words: write '10' in quotes."
    """
    known = [str(value) for value in domain]
    matches = matching_values(said, domain)
    if len(matches) > 1:
        quoted = " or ".join(f"'{value}'" for value in matches)
        return f" As a number it can be {quoted}: write one of them as a word, in quotes."
    if matches and isinstance(matches[0], str) and not isinstance(said, str):
        return f" Its values are words: write '{matches[0]}' in quotes."
    if matches and isinstance(said, str) and not isinstance(matches[0], str):
        return f" Its values are numbers: write {matches[0]} without quotes."
    hint, listed = did_you_mean(str(said), known), f" It can be: {', '.join(known)}."
    return hint + listed if lists_all else hint or listed


def repeated_value(domain: Sequence[Value]) -> tuple[Value, Value] | None:
    """Find two entries of a domain that are one value: the same word, or equal numbers.

    >>> repeated_value([0, 1, 1.0]), repeated_value(["2.1", "2.10"])
    ((1, 1.0), None)
    """
    seen: dict[str, Value] = {}
    for value in domain:
        if str(value) in seen:
            return seen[str(value)], value
        seen[str(value)] = value
    numbers = sorted((v for v in domain if not isinstance(v, str)), key=float)
    for before, value in pairwise(numbers):
        if value - before <= SAME * max(1.0, abs(before), abs(value)):
            return before, value
    return None
