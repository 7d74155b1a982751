"""Mends of brackets and braces: unclosed ones, ones too many, and a comment inside of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backchannel.case.read.line_mends import Mend, quoted
from backchannel.case.read.yaml_nodes import Fault

_CLOSING = {"[": "]", "{": "}", "(": ")"}
_QUOTES = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"")


def bracket_mends(lines: list[str], number: int, fault: Fault) -> Iterator[Mend]:
    """Yield the mends of the brackets of one line."""
    line = lines[number]
    masked = _QUOTES.sub(lambda match: "_" * len(match[0]), line)
    comment = re.search(r"(^|\s)#", masked)
    code = masked[: comment.start()] if comment else masked
    opened = _unclosed(code)
    if opened and comment:
        yield from _hash(line, number, comment.end() - 1)
    if opened:
        yield from _close(line, number, code, opened)
    yield from _too_many(line, number, code, fault)


def _unclosed(code: str) -> list[int]:
    """List the positions of the brackets that are open at the end of a line."""
    opened: list[int] = []
    for i, sign in enumerate(code):
        if sign in "[{":
            opened.append(i)
        elif sign in "]}" and opened and _CLOSING[code[opened[-1]]] == sign:
            opened.pop()
    return opened


def _hash(line: str, number: int, at: int) -> Iterator[Mend]:
    start = max(line.rfind(": ", 0, at), line.rfind(", ", 0, at)) + 2
    follows = re.search(r", *[A-Za-z_]\w* *:|[}\]]+ *$", line[at:])
    end = at + follows.start() if follows else len(line)
    text = quoted(line[start:end].strip())
    new = f"{line[:start]}{text}{line[end:]}"
    message = f"Everything after # is a comment. If it belongs to the text, put the text in quotes: {text}."
    yield Mend(number, at, message, {number: new}, 2)


def _close(line: str, number: int, code: str, opened: list[int]) -> Iterator[Mend]:
    first = opened[-1]
    sign = _CLOSING[code[first]]
    message = f"The bracket {code[first]} is not closed. Write {sign} where it ends."
    # Before a closing bracket of another kind, or before the next key.
    for match in re.finditer(r"[\]}]|, *[A-Za-z_]\w* *:", code[first:]):
        at = first + match.start()
        yield Mend(number, first, message, {number: f"{line[:at]}{sign}{line[at:]}"}, 5, True)
    closing = "".join(_CLOSING[code[i]] for i in reversed(opened))
    end = len(code.rstrip())
    trimmed = end - 1 if code[:end].endswith(",") else end
    for at in dict.fromkeys((trimmed, end)):
        yield Mend(number, first, message, {number: f"{line[:at]}{closing}{line[end:]}"}, 4, True)


def _too_many(line: str, number: int, code: str, fault: Fault) -> Iterator[Mend]:
    for i, sign in enumerate(code):
        if sign not in "]}":
            continue
        message = f"The bracket {sign} closes nothing here. Remove it, or add the one that opens."
        near = number == fault.line and i >= fault.column - 1
        yield Mend(number, i, message, {number: line[:i] + line[i + 1 :]}, 5 if near else 8, True)
