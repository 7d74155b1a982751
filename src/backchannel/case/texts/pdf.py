"""Read the text of a PDF, and put its lines together to paragraphs.

A PDF stores lines and no paragraphs. A line ends a paragraph if the next one stands further below than lines usually
do or is indented, or if it is clearly shorter than the lines of its page and ends a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError

from backchannel.case.texts.source_text import MOST_CHARACTERS, SourceText, from_blocks

MOST_PAGES = 2_000
SHORT = 0.85
"""Share of the usual length of a line below which it may be the last of a paragraph."""
WIDE = 1.3
"""Share of the usual distance of lines above which a paragraph begins."""
INDENT = 4.0
"""Points by which the first line of a paragraph is indented at least."""

_ENDS = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_HYPHEN = re.compile(r"(?<=[a-zà-ÿ])-$")
_NUMBER = re.compile(r"\W*\d{1,4}\W*")


@dataclass(frozen=True)
class Line:
    """A line of a page and where it begins, in points from the left and from below."""

    text: str
    x: float
    y: float


class EncryptedFile(Exception):
    """The file can only be opened with a password."""


def read_pdf(data: bytes) -> SourceText:
    """Read the paragraphs of a PDF.

    Raises:
        EncryptedFile: It needs a password.
    """
    reader = PdfReader(BytesIO(data), strict=False)
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            raise EncryptedFile
    except DependencyError:  # A cipher that needs one more library.
        raise EncryptedFile from None
    pages: list[list[Line]] = []
    length = 0
    for page in reader.pages[:MOST_PAGES]:
        pages.append(_lines_of(page))
        length += sum(len(line.text) for line in pages[-1])
        if length > MOST_CHARACTERS:
            break
    return from_blocks(_joined(pages))


def _lines_of(page: Any) -> list[Line]:
    lines: list[Line] = []
    pieces: list[str] = []
    place = (0.0, 0.0)

    def end_line() -> None:
        if text := "".join(pieces).strip():
            lines.append(Line(text, *place))
        pieces.clear()

    def take(text: str, page_matrix: Any, matrix: Any, font: Any, size: Any) -> None:
        nonlocal place
        for i, piece in enumerate(text.split("\n")):
            if i:
                end_line()
            if piece.strip() and not "".join(pieces).strip():
                a, b, c, d, e, f = page_matrix
                x, y = matrix[4], matrix[5]
                place = (a * x + c * y + e, b * x + d * y + f)
            pieces.append(piece)

    page.extract_text(visitor_text=take)
    end_line()
    return lines


def _joined(pages: Sequence[list[Line]]) -> Iterator[str]:
    """Join lines to paragraphs; a paragraph may go on after the end of a page."""
    block = ""
    apart = _quantile([b.y - a.y for lines in pages for a, b in pairwise(lines) if b.y < a.y], 0.5)
    for lines in pages:
        while lines and _NUMBER.fullmatch(lines[-1].text):
            lines.pop()  # The number of the page.
        length = _quantile([len(line.text) for line in lines], 0.75)
        for i, line in enumerate(lines):
            if i and _begins(line, lines[i - 1], length, apart):
                yield block
                block = ""
            is_cut = _HYPHEN.search(block) is not None
            block = _HYPHEN.sub("", block) + line.text if is_cut else f"{block} {line.text}"
        if _ENDS.search(block):
            yield block
            block = ""
    yield block


def _begins(line: Line, before: Line, length: float, apart: float) -> bool:
    """Whether a line begins a paragraph, by the usual length and distance (below 0) of lines."""
    is_far = line.y - before.y < WIDE * apart if apart else False
    is_indented = INDENT < line.x - before.x < 10 * INDENT
    is_short = len(before.text) < SHORT * length
    ends = _ENDS.search(before.text) is not None
    return (
        is_far or (is_indented and ends) or (is_short and (ends or len(before.text) < length / 2))
    )


def _quantile(numbers: Sequence[float], share: float) -> float:
    return sorted(numbers)[int(len(numbers) * share)] if numbers else 0.0
