"""Words of a Gambit file: numbers, quoted text, braces and letters, each with its place, one after the other."""

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


class EfgWords:
    """The words of a file, read one after the other; each step says what the grammar wants there."""

    def __init__(self, text: str, *, file: str) -> None:
        """Begin with the first word."""
        self._tokens = efg_tokens(text, file=file)
        self.current = next(self._tokens)

    def advance(self) -> EfgToken:
        """Advance by one word; return the word that was current."""
        before, self.current = self.current, next(self._tokens, self.current)
        return before

    def take(self, kind: str, what: str) -> EfgToken:
        """Advance over a word of one kind.

        Args:
            kind: The kind of the word.
            what: What the grammar wants, for the message.

        Raises:
            EfgError: There is another word.
        """
        if self.current.kind != kind:
            raise self.stop(f"Here should be {what}, not {self.current}.")
        return self.advance()

    def take_integer(self, what: str) -> int:
        """Advance over a whole number.

        Raises:
            EfgError: There is another word.
        """
        token = self.take("number", what)
        if not token.text.lstrip("+").isdecimal() or len(token.text) > 9:
            raise EfgError([Problem(token.place, f"Here should be {what}, not {token}.")])
        return int(token.text)

    def stop(self, message: str) -> EfgError:
        """The error that ends the reading at the current word."""
        return EfgError([Problem(self.current.place, message)])


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
