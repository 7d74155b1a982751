"""Slips in expressions: signs and words of other languages, such as `=`, `AND`, `30%` and `0,3`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backchannel.language.errors import ExpressionError
from backchannel.language.lookalikes import describe_character, plain_character

LONGEST = 4_000
"""Longest expression, in characters, that is searched."""
_QUOTED = r"'[^']*'|\"[^\"]*\""
_WORDS = ("and", "or", "not", "in", "if", "else")
_SIGNS = {
    "&&": "and", "||": "or", "&": "and", "|": "or", "!": "not", "~": "not", "<>": "!=", "=/=": "!=", "=!": "!=",
    "=>": ">=", "=<": "<=", "===": "==", "!==": "!=", "^": "**", "≥": ">=", "≤": "<=", "≠": "!=", "∧": "and",
    "∨": "or", "¬": "not", "⇒": ">=", "=": "==",
}  # fmt: skip
_COMPARED = frozenset({"==", "!=", ">=", "<="})
_OPTION = re.compile(r"[(,]\s*\w+\s*$")
_OF_TESTS = ("P", "E", "best")
_TOKEN = re.compile(
    rf"(?P<quoted>{_QUOTED})"
    r"|(?P<percent>\d+(?:\.\d+)?\s*%(?!\s*[\w(]))"
    r"|(?P<comma>\d+,\d+(?:\.\d+)?)"
    r"|(?P<times>(?<![\w.])\d+(?:\.\d+)?\s*(?=[A-Za-df-z_(])(?![jJxXbBoO](?:\b|[0-9A-Fa-f]))(?!\s*(?i:and|or|in|if|else|not|is|for)\b))"
    r"|(?P<word>[^\W\d]\w*)"
    r"|(?P<number>\d[\d.eE_]*)"
    r"|(?P<sign>:=|=/=|=!|===|!==|==|!=|>=|<=|=>|=<|<>|&&|\|\||[&|!~^=≥≤≠∧∨¬⇒])"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])"
)


class SlipError(ExpressionError):
    """An expression with slips; `mended` is what was meant, and `notes` hold each column and message."""

    def __init__(self, notes: list[tuple[int, str]], mended: str) -> None:
        self.notes = notes
        self.mended = mended
        super().__init__(notes[0][1], notes[0][0])


@dataclass
class _Scan:
    """One pass over an expression."""

    notes: list[tuple[int, str]]
    open: list[tuple[str, int]]
    """The brackets that are open, each with its position: `test`, `call`, `group` or `list`."""

    def token(self, match: re.Match[str]) -> str:
        kind, text = match.lastgroup or "", match[0]
        changed = getattr(self, f"_{kind}", lambda _: match[0])(match)
        return text if changed is None else changed

    def _note(self, match: re.Match[str], message: str) -> None:
        self.notes.append((match.start() + 1, message))

    def _open(self, match: re.Match[str]) -> str:
        called = re.search(r"(\w+)\s*$", match.string[: match.start()])
        name = called[1] if called and called[1] not in _WORDS else ""
        kind = "test" if name in _OF_TESTS else "call" if name else "group"
        self.open.append((kind if match[0] == "(" else "list", match.start()))
        return match[0]

    def _close(self, match: re.Match[str]) -> str:
        if self.open:
            self.open.pop()
        return match[0]

    def _percent(self, match: re.Match[str]) -> str:
        number = f"{float(match[0].rstrip('%').strip()) / 100:.10g}"
        self._note(match, f"Write {number} for {match[0]}.")
        return number

    def _comma(self, match: re.Match[str]) -> str:
        if self.open and self.open[-1][0] != "group":
            return match[0]  # It can be a list of numbers.
        number = match[0].replace(",", ".", 1)
        self._note(match, f"Write the number with a point: {number}.")
        return number

    def _times(self, match: re.Match[str]) -> str:
        number = match[0].strip()
        following = re.match(r"\w+|\(", match.string[match.end() :])
        factor = following[0] if following and following[0] != "(" else "(...)"
        self._note(match, f"A sign is missing between two factors. Write {number} * {factor}.")
        return f"{number} * "

    def _word(self, match: re.Match[str]) -> str:
        small = match[0].lower()
        if small in _WORDS and match[0] != small:
            self._note(match, f"Write {small} in small letters, not {match[0]}.")
            return small
        return match[0]

    def _is_option(self, match: re.Match[str]) -> bool:
        """Say whether a sign gives a name to an argument, as in `do={...}`."""
        kind, start = self.open[-1] if self.open else ("group", 0)
        inside = match.string[start : match.start()]
        if not _OPTION.search(inside):
            return False
        return kind == "call" or (kind == "test" and "," in inside)

    def _sign(self, match: re.Match[str]) -> str:
        sign = match[0]
        if sign not in _SIGNS:
            return sign
        if sign == "=" and self._is_option(match):
            return sign
        meant = _SIGNS[sign]
        use = " to compare" if meant in _COMPARED else ""
        self._note(match, f"Write {meant}{use}, not {sign}.")
        return f" {meant} " if meant.isalpha() else meant


def with_slips(error: ExpressionError, text: str) -> ExpressionError:
    """Return the error that names the slips of an expression; the error itself, if there are none.

    >>> with_slips(ExpressionError("?"), "x = 'a' AND y").message
    'Write == to compare, not =.'
    """
    if len(text) > LONGEST:
        return error
    notes: list[tuple[int, str]] = []
    plain = _plain(notes, text)
    scan = _Scan(notes, [])
    mended = _TOKEN.sub(scan.token, plain)
    return SlipError(sorted(notes), mended) if notes else error


def _plain(notes: list[tuple[int, str]], text: str) -> str:
    """Replace unusual quotes, spaces and signs; letters stay, because they can stand in names."""
    plain = ""
    seen: set[str] = set()
    for i, letter in enumerate(text):
        usual = letter if letter.isalnum() or letter in _SIGNS else plain_character(letter)
        if usual != letter and letter not in seen:
            seen.add(letter)
            notes.append((i + 1, f"This is {describe_character(letter)}. Type the ordinary one."))
        if usual == '"' != letter and i in (0, len(text) - 1):
            usual = " "  # It stands where the file has its own quotes, or should have them.
        plain += usual or " "
    return plain
