"""Statements: the answer to one question of the case in a sentence, with what its confidence depends on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from backchannel.language.names import Value
from backchannel.questions.composing import Influences
from backchannel.wording.percents import percent_range, said

Unit = Literal["probability", "points", "number"]
"""A probability; a change of one; or a number of the case."""

LABEL_WORDS = (100, 14, 9, 6, 4)
"""Most words of a name in a sentence: first whole, then shorter and shorter."""


@dataclass(frozen=True)
class Statement:
    """An answer in a sentence, with the number in it and what moves that number."""

    texts: tuple[str, ...]
    """The sentence in full, then with less and less in it."""
    of: str
    """What the number is about."""
    number: float
    low: float
    """5% of the weighted draws lie below."""
    high: float
    """5% of the weighted draws lie above."""
    influences: Influences
    """The assumptions that explain the number's spread over draws."""
    effective_draws: float
    """Effective sample size of the draws that it rests on."""
    left_out: float
    """Share of draws that did not converge."""
    unit: Unit = "probability"
    scale: float = 1.0
    """What the width of the range is measured against: 1, or a number of the case."""
    other_extreme: float | None = None
    """Of a counterfactual: the number with independent random shocks, the other extreme of what no record
    can show."""
    other_extreme_text: str = ""
    """What the answer is at that extreme, in words."""
    node: str = ""
    """The node that the number is about, where a page can follow it as sliders move."""
    value: Value | None = None
    what_if: str = ""
    """The what-if that it is part of."""


def shorter_and_shorter(sentence: Callable[[int], str]) -> tuple[str, ...]:
    """Write a sentence with names in full, then with fewer and fewer words in each.

    Args:
        sentence: Writes it with at most so many words in a name.
    """
    return tuple(dict.fromkeys(sentence(most) for most in LABEL_WORDS))


def cut(name: str, most: int) -> str:
    """Cut a name after some words.

    >>> cut("how much dearer relief becomes when the freed speak", 4)
    'how much dearer relief …'
    """
    words = name.split()
    return name if len(words) <= most else f"{' '.join(words[:most])} …"


def with_range(number: float, low: float, high: float) -> str:
    """A probability with its range over draws; alone where the range adds nothing.

    >>> with_range(0.42, 0.2, 0.75), with_range(0.42, 0.419, 0.421)
    ('42% (20–75%)', '42%')
    """
    one, span = said(number), percent_range(low, high)
    return one if one == span else f"{one} ({span})"


def in_brackets(number: float, low: float, high: float) -> str:
    """A probability with its range over draws, in brackets after a word that says the same.

    >>> in_brackets(0.72, 0.4, 0.9), in_brackets(0.72, 0.719, 0.721)
    ('(72%; 40–90%)', '(72%)')
    """
    one, span = said(number), percent_range(low, high)
    return f"({one})" if one == span else f"({one}; {span})"
