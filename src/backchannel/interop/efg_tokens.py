"""Words of a Gambit file: numbers, quoted text, braces and letters, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from backchannel.interop.game_tree import EfgError
from backchannel.language.errors import Place, Problem

LONGEST_NUMBER = 80
"""Longest number, in characters."""
LARGEST_EXPONENT = 300

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<text>"(?:[^"\\]|\\.)*")
    |(?P<number>[-+]?(?:\d+/\d+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?=[\s{},"]|\Z))
    |(?P<mark>[{},])
    |(?P<word>[^\s{},"]+)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class EfgToken:
    """One word of the file."""

    kind: str
    """`text`, `number`, `word`, `{`, `}`, `,` or `end`."""
    text: str
    place: Place

    def __str__(self) -> str:
        return "the end of the file" if self.kind == "end" else f"'{self.text[:40]}'"


def efg_tokens(text: str, *, file: str) -> Iterator[EfgToken]:
    """Split a file into words.

    Raises:
        EfgError: A quote is not closed.
    """
    at, line, start = 0, 1, 0
    while at < len(text):
        place = Place(file, line, at - start + 1)
        match = _TOKEN.match(text, at)
        if match is None:
            raise EfgError([Problem(place, "This quote is not closed.")])
        kind, piece = str(match.lastgroup), match.group()
        if kind == "text":
            yield EfgToken("text", re.sub(r'\\(["\\])', r"\1", piece[1:-1]), place)
        elif kind != "space":
            yield EfgToken(piece if kind == "mark" else kind, piece, place)
        breaks = piece.count("\n")
        if breaks:
            line, start = line + breaks, at + piece.rfind("\n") + 1
        at = match.end()
    yield EfgToken("end", "", Place(file, line, at - start + 1))


def exact_number(token: EfgToken) -> Fraction:
    """Read a number exactly: 0.1 is a tenth.

    Raises:
        EfgError: It is longer or larger than any payoff needs to be, or divides by 0.
    """
    exponent = re.search(r"[eE]([-+]?\d+)$", token.text)
    if len(token.text) > LONGEST_NUMBER or (
        exponent and abs(int(exponent.group(1))) > LARGEST_EXPONENT
    ):
        message = f"The number {token.text[:20]}… is too long or too large."
        raise EfgError([Problem(token.place, message)])
    try:
        return Fraction(token.text)
    except ZeroDivisionError:
        raise EfgError([Problem(token.place, f"{token.text} divides by 0.")]) from None
