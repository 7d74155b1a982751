"""What readers of formulas share: the words still to come, the depth, and the problems found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from backchannel.language.formulas.tokens import (
    REMEDIES,
    FormulaToken,
    ReadingStopped,
    formula_tokens,
)

MAX_DEPTH = 20


class Stream:
    """The words and signs of a formula, taken one after another.

    Raises:
        FormulaError: The text is too long.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = 0
        self.operations = 0
        self.problems: list[tuple[int, str]] = []
        self._tokens = formula_tokens(text)
        self._at = 0

    @property
    def next(self) -> FormulaToken:
        """The word or sign that comes next."""
        return self._tokens[self._at]

    @property
    def after(self) -> FormulaToken:
        """The one after that."""
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def advance(self) -> FormulaToken:
        """Take the next one, whatever it is."""
        token = self.next
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def take(self, sign: str) -> bool:
        """Take a sign if it comes next."""
        if self.next.kind != "sign" or self.next.text != sign:
            return False
        self.advance()
        return True

    def expect(self, sign: str) -> None:
        """Take a sign that has to come next."""
        if not self.take(sign):
            raise self.unexpected(f"'{sign}'")

    def skip_brackets(self) -> None:
        """Pass over a pair of brackets and what stands between them."""
        open_ = 0
        while self.next.kind != "end":
            sign = self.next.text if self.next.kind == "sign" else ""
            open_ += (sign == "(") - (sign == ")")
            self.advance()
            if not open_:
                return

    def note(self, column: int, message: str) -> None:
        """Note a problem and read on."""
        self.problems.append((column, message))

    def stop(self, column: int, message: str) -> ReadingStopped:
        """Note a problem after which nothing can be read."""
        self.note(column, message)
        return ReadingStopped()

    def unexpected(self, wanted: str) -> ReadingStopped:
        """Say what should stand in the place of the next word or sign."""
        token = self.next
        if token.kind == "odd" or token.text == "/":
            remedy = REMEDIES.get(token.text)
            told = f"{token} is not in the language of formulas{': ' + remedy if remedy else ''}."
            return self.stop(token.column, told)
        return self.stop(token.column, f"{wanted} is expected here, not {token}.")

    @contextmanager
    def nested(self) -> Iterator[None]:
        """One level deeper, up to a bound."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.stop(self.next.column, f"it is nested more than {MAX_DEPTH} deep.")
        yield
        self.depth -= 1
