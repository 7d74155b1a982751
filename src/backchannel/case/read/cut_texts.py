"""Texts that a # may have cut: `title: The #reply` is read as `The`, and `#reply` as a comment.

A comment after a value is allowed, and usually has a space after its sign. Where none stands there, in a key
that holds prose, the sign may belong to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from backchannel.case.read.line_mends import quoted
from backchannel.case.read.walker import KeyPath
from backchannel.language.errors import Place

PROSE = (
    "about", "asks", "at", "author", "case", "judgement", "name", "question", "says", "title", "unit",
    "utility_unit",
)  # fmt: skip
"""Keys that hold prose."""
_CUT = re.compile(rf"\s*(?:- +)*({'|'.join(PROSE)}) *: +([^'\"#|>{{\[&*!\s\d].*?) +(#\w.*)")


def cut_texts(text: str, keys: Mapping[KeyPath, Place]) -> Iterator[tuple[KeyPath, str]]:
    """Yield the path of each text that a # may have cut, and the text with quotes around all of it.

    Args:
        text: The file.
        keys: The place of every key, which tells a key from a line of a longer text.
    """
    if " #" not in text:
        return
    matches = {
        number: match
        for number, line in enumerate(text.split("\n"), 1)
        if " #" in line and (match := _CUT.fullmatch(line.rstrip()))
    }
    for path, place in keys.items():
        match = matches.get(place.line)
        if match and path[-1] == match[1] and place.column == match.start(1) + 1:
            yield path, quoted(f"{match[2]} {match[3]}")
