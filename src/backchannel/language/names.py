"""Names that every layer uses: of nodes, players, parameters, values and rounds."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from typing import Literal, TypeAlias

from backchannel.language.lookalikes import explain_lookalikes, plain_text

NodeName: TypeAlias = str
PlayerName: TypeAlias = str
ParameterName: TypeAlias = str

LONGEST_GUESSED = 100
"""Longest misspelt word, in characters, for which a suggestion is searched."""
MOST_LISTED = 12
"""Most names that a message lists if none of them is near."""
MOST_GUESSED = 500
"""Most words that are compared with a misspelt one."""

Value: TypeAlias = str | int | float
"""A value of a node: a word or a number."""

RecordView: TypeAlias = Literal["record", "before"]
"""What a question about a change is given: the whole record, or what was recorded before the change."""

ROUND_SIGN = "@"
"""Joins the name of a repeated node and its round: `release@3`, `release@prev`."""

NOT_APPLICABLE = "n/a"
"""The value of a node whose `when:` condition does not hold."""

ICD_203: dict[str, tuple[float, float]] = {
    "almost no chance": (0.01, 0.05),
    "very unlikely": (0.05, 0.20),
    "unlikely": (0.20, 0.45),
    "roughly even chance": (0.45, 0.55),
    "likely": (0.55, 0.80),
    "very likely": (0.80, 0.95),
    "almost certain": (0.95, 0.99),
}
"""Words of estimative probability and the range each stands for.

Source: Intelligence Community Directive 203, Analytic Standards (2015), section D.6.e.
"""

ICD_203_SYNONYMS: dict[str, str] = {
    "remote": "almost no chance",
    "highly improbable": "very unlikely",
    "improbable": "unlikely",
    "roughly even odds": "roughly even chance",
    "even chance": "roughly even chance",
    "probable": "likely",
    "highly probable": "very likely",
    "nearly certain": "almost certain",
}


def probability_range(word: str) -> tuple[float, float] | None:
    """Look up an ICD 203 word or one of its synonyms; `None` for any other word.

    >>> probability_range("probable")
    (0.55, 0.8)
    """
    plain = " ".join(word.lower().split())
    return ICD_203.get(ICD_203_SYNONYMS.get(plain, plain))


def did_you_mean(word: str, known: list[str]) -> str:
    """Suggest the nearest known spelling in a sentence; empty if none is near.

    >>> did_you_mean("resolv", ["resolve", "reply"])
    " Did you mean 'resolve'?"
    """
    if len(word) > LONGEST_GUESSED:
        return ""
    if not word.isascii():
        plain = " ".join(plain_text(word).split())
        if plain in known:
            return f" Did you mean '{plain}'?{explain_lookalikes(word)}"
    for other in known:
        if not other.isascii() and " ".join(plain_text(other).split()) == word:
            return f" Did you mean '{other}'? That name is written unusually.{explain_lookalikes(other)}"
    # Words of very different lengths are never near, and comparing long words is slow.
    alike = (other for other in known if len(word) <= 3 * len(other) <= 9 * len(word))
    near = get_close_matches(word, list(islice(alike, MOST_GUESSED)), n=1, cutoff=0.6)
    parts = word.replace(",", " ").split()
    if len(parts) > 1 and all(part in known for part in parts):
        if "," in word:
            return f" Write the names in brackets: [{', '.join(parts)}]."
        return f" A comma is missing between the names: write {', '.join(parts)}."
    letters = explain_lookalikes(word)
    return f" Did you mean '{near[0]}'?{letters}" if near else letters


def name_hint(word: str, known: Iterable[str]) -> str:
    """Suggest the nearest known spelling; if none is near, list what there is, in a sentence.

    >>> name_hint("reuters", ["wire"]), name_hint("x", [])
    (' There is: wire.', '')
    """
    names = [name for name in known if round_number(name) is None]
    hint = did_you_mean(word, names) or explain_lookalikes(word)
    if hint or not names:
        return hint
    return f" There {'is' if len(names) == 1 else 'are'}: {first_few(names, MOST_LISTED)}."


def first_few(names: Iterable[object], most: int = 8) -> str:
    """List names in a sentence; after `most` of them, say how many more there are.

    >>> first_few(["a", "b"]), first_few(range(1, 8), 3)
    ('a, b', '1, 2, 3 and 4 more')
    """
    listed = list(names)
    left = len(listed) - most
    return ", ".join(map(str, listed[:most])) + (f" and {left:,} more" if left > 0 else "")


def precision_of(player: PlayerName) -> ParameterName:
    """Name the parameter that holds a player's logit precision."""
    return f"{player}.precision"


def is_precision(name: str) -> bool:
    """Whether a name ends as that of a precision does, also inside what is believed of a player."""
    return name.endswith(".precision")


def discount_of(player: PlayerName) -> ParameterName:
    """Name the parameter that holds a player's discount factor per round."""
    return f"{player}.discount"


def level_of(player: PlayerName) -> ParameterName:
    """Name the number that holds a player's type: its level, or that it is at equilibrium."""
    return f"{player}.level"


def hierarchy_of(player: PlayerName) -> ParameterName:
    """Name the number that holds the mean level in a player's cognitive hierarchy."""
    return f"{player}.hierarchy"


def complexity_of(player: PlayerName, covariate: str) -> ParameterName:
    """Name the number by which a covariate of complexity changes a player's precision."""
    return f"{player}.precision_by_{covariate}"


def in_round(name: str, number: int | str) -> str:
    """Name a repeated node or interest in one round.

    >>> in_round("release", 3)
    'release@3'
    """
    return f"{name}{ROUND_SIGN}{number}"


def split_round(name: str) -> tuple[str, str]:
    """Split a name into its base and its round; the round is empty if the node does not repeat.

    >>> split_round("release@3"), split_round("demand")
    (('release', '3'), ('demand', ''))
    """
    base, _, number = name.partition(ROUND_SIGN)
    return base, number


def round_number(name: str) -> int | None:
    """Read the round from the name of a node; round 0 is before the first.

    >>> round_number("release@3"), round_number("demand")
    (3, None)
    """
    number = split_round(name)[1]
    return int(number) if number.isdecimal() and len(number) < 10 else None
