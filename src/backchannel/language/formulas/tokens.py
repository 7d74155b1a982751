"""Words and signs of a formula, each with its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backchannel.language.errors import CommandError
from backchannel.language.formulas.tree import NAME

MAX_LENGTH = 2_000

_TOKEN = re.compile(
    rf"""\s*(?:
      (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<name>{NAME.pattern})
    | `(?P<quoted>[^`\n]+)`
    | '(?P<single>[^'\\\n]*)' | "(?P<double>[^"\\\n]*)"
    | (?P<sign>\*\*|[-+*/:^()|,=\[\]])
    )""",
    re.VERBOSE,
)
REMEDIES = {
    "~": "write only the part to the right of '~'",
    ".": "name every column",
    "`": "a name in backticks ends on the same line with another backtick",
    "'": "words in quotes end with the same quote and hold no backslash",
    '"': "words in quotes end with the same quote and hold no backslash",
    "%": "write a + a:b for b within a",
    "/": "write a + a:b for a/b",
    "<": "a formula cannot compare: make the comparison a column of the table",
    ">": "a formula cannot compare: make the comparison a column of the table",
}

"""What to do instead of some signs."""


class FormulaError(CommandError):
    """A formula is not in the language; every problem with its column, counted from 1."""

    def __init__(self, text: str, problems: list[tuple[int, str]]) -> None:
        self.problems = tuple(problems)
        short = text if len(text) <= 80 else text[:77] + "..."
        lines = [f"the formula '{short}', column {at}: {message}" for at, message in problems]
        super().__init__("\n".join(lines))


class ReadingStopped(Exception):
    """The rest of the formula cannot be read; the problem is noted already."""


@dataclass(frozen=True)
class FormulaToken:
    """One word or sign."""

    kind: str
    """`number`, `name`, `quoted` (a name in backticks), `text`, `sign`, `odd` (a character that is not
    in the language) or `end`."""
    text: str
    column: int

    def __str__(self) -> str:
        """What it is called in messages."""
        return "the end of the formula" if self.kind == "end" else f"'{self.text}'"


def formula_tokens(text: str) -> list[FormulaToken]:
    """Cut a formula into words and signs.

    Raises:
        FormulaError: It is too long.
    """
    if len(text) > MAX_LENGTH:
        message = f"it has {len(text):,} characters; at most {MAX_LENGTH:,} are allowed."
        raise FormulaError(text, [(1, message)])
    tokens, at = [], 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            tokens.append(FormulaToken("odd", text[at], at + 1))
            at += 1
            continue
        group = str(match.lastgroup)
        # The quotes of words and names are no part of them, but their place begins there.
        quotes = group in ("quoted", "single", "double")
        kind = "text" if group in ("single", "double") else group
        tokens.append(FormulaToken(kind, match[group], match.start(group) + 1 - quotes))
        at = match.end()
    return [*tokens, FormulaToken("end", "", end + 1)]
