"""Hints for the names of numbers and coefficients: `gain[intercept]` is called `gain[1]`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from backchannel.language.names import did_you_mean, first_few, name_hint

_PARTS = re.compile(r"([\w.]+)\s*[\[(](.*)[\])]\s*")
_INTERCEPT = re.compile(r"\W*(intercept|const|constant|_?cons|0|one)\W*", re.IGNORECASE)
"""What other programs call the intercept."""
MOST_NAMED = 6


def coefficient_hint(name: str, known: Iterable[str]) -> str:
    """Say in a sentence which number or coefficient can be meant.

    >>> coefficient_hint("gain[intercept]", ["gain", "gain[1]", "gain[x]"])
    " The intercept is called 'gain[1]'."
    >>> coefficient_hint("gain[z]", ["gain", "gain[1]", "gain[x]"])
    ' The coefficients of gain are: gain[1], gain[x].'
    >>> coefficient_hint("usa", ["usa.precision", "cost"])
    " Did you mean 'usa.precision'?"
    """
    names = list(known)
    parts = _PARTS.fullmatch(name)
    number = parts[1] if parts else name
    own = [other for other in names if other.startswith(f"{number}[")]
    if parts and _INTERCEPT.fullmatch(parts[2]) and f"{number}[1]" in own:
        return f" The intercept is called '{number}[1]'."
    if parts and own:
        inside = [other[len(number) + 1 : -1] for other in own]
        near = did_you_mean(parts[2], inside)
        for name_inside in inside:
            if f"'{name_inside}'" in near:
                return f" Did you mean '{number}[{name_inside}]'?"
        more = f" and {len(own) - MOST_NAMED} more" if len(own) > MOST_NAMED else ""
        return f" The coefficients of {number} are: {', '.join(own[:MOST_NAMED])}{more}."
    below = [other for other in names if other.startswith((f"{name}.", f"{name}["))]
    if below:
        said = f"'{below[0]}'" if len(below) == 1 else f"one of {first_few(below, MOST_NAMED)}"
        return f" Did you mean {said}?"
    return name_hint(name, names)
