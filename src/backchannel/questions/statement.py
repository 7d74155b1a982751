"""Statements: the answer to one question of the case in a sentence, with what its confidence depends on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from backchannel.language.names import Value
from backchannel.questions.composing import Influences
from backchannel.wording.words import estimative_word, percent

Unit = Literal["probability", "points", "number"]
"""A probability; a change of one; or a number of the case."""

LABEL_WORDS = (100, 14, 9, 6, 4)
"""Most words of a name in a sentence: first whole, then shorter and shorter."""

_ADVERBS = {
    "likely": "probably",
    "very likely": "very probably",
    "almost certain": "almost certainly",
}


@dataclass(frozen=True)
class Statement:
    """An answer in a sentence. It says what a reader can use: a number and its range over draws."""

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
    other_extreme: float | None = None
    """Of a counterfactual: the number with independent random shocks, the other extreme of what no record
    can show."""
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


def percent_or_words(probability: float) -> str:
    """A probability in whole percent, as a sentence says it.

    >>> percent_or_words(0.417), percent_or_words(0.002), percent_or_words(0.999)
    ('42%', 'under 1%', 'over 99%')
    """
    return percent(probability).replace("<", "under ").replace(">", "over ")


def percent_between(low: float, high: float) -> str:
    """A range of probabilities as a sentence says it.

    >>> percent_between(0.2, 0.75), percent_between(0.002, 0.35), percent_between(0.421, 0.424)
    ('20–75%', 'under 1% to 35%', '42%')
    """
    ends = percent_or_words(low), percent_or_words(high)
    if ends[0] == ends[1]:
        return ends[0]
    if all(end[0].isdigit() for end in ends):
        return f"{ends[0][:-1]}–{ends[1]}"
    return " to ".join(ends)


def with_range(number: float, low: float, high: float) -> str:
    """A probability with its range over draws; alone where the range adds nothing.

    >>> with_range(0.42, 0.2, 0.75), with_range(0.42, 0.419, 0.421)
    ('42% (20–75%)', '42%')
    """
    one, span = percent_or_words(number), percent_between(low, high)
    return one if one == span else f"{one} ({span})"


def adverb(probability: float) -> str:
    """The adverb for a probability above that of a roughly even chance; empty for others.

    >>> adverb(0.72), adverb(0.99), adverb(0.5)
    ('probably', 'almost certainly', '')
    """
    return _ADVERBS.get(estimative_word(probability), "")
