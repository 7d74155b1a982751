"""The text of a source, in numbered paragraphs, as `at: ¶ n` cites them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from backchannel.language.errors import CommandError
from backchannel.language.lookalikes import plain_text
from backchannel.language.visible import visible

MOST_CHARACTERS = 2_000_000
MOST_PARAGRAPHS = 10_000

_DASH = re.compile(r"\s*-+\s*")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Signs that only say where a line may break."""


class UnreadableSource(CommandError):
    """The file of a source is missing, or has no text that can be read."""


@dataclass(frozen=True)
class SourceText:
    """The paragraphs of a source; the first is ¶ 1."""

    paragraphs: tuple[str, ...]
    """Each on one line, without markup. Headings are paragraphs too."""

    @cached_property
    def normalised(self) -> tuple[str, ...]:
        """The paragraphs as quotations are compared with them."""
        return tuple(map(normalised, self.paragraphs))

    def __getitem__(self, number: int) -> str:
        """The paragraph of a number, from 1."""
        return self.paragraphs[number - 1]

    def __len__(self) -> int:
        return len(self.paragraphs)


def normalised(text: str) -> str:
    """Make white space and quotation marks alike and leave dashes out, as they differ between copies of a text.

    >>> normalised("“A\\u00a0win”  for\\n all"), normalised("win-win") == normalised("win –\\n win")
    ('"A win" for all', True)
    """
    plain = text if text.isascii() else plain_text(text)
    return " ".join(_DASH.sub("", plain).split())


def from_blocks(blocks: Iterable[str]) -> SourceText:
    """Number blocks of text; white space becomes single spaces, and empty blocks do not count.

    >>> from_blocks(["One\\n  sentence.", " ", "Another."]).paragraphs
    ('One sentence.', 'Another.')
    """
    joined = (" ".join(visible(_INVISIBLE.sub("", block)).split()) for block in blocks)
    return SourceText(tuple(block for block in joined if block))


def split_plain(text: str) -> SourceText:
    """Split plain text: empty lines separate paragraphs; where there are none, every line is one.

    >>> split_plain("A title\\n\\nTwo\\nlines.\\n").paragraphs
    ('A title', 'Two lines.')
    >>> split_plain("First.\\nSecond.").paragraphs
    ('First.', 'Second.')
    """
    lines = text.strip().splitlines()
    if all(line.strip() for line in lines):
        return from_blocks(lines)
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return from_blocks(" ".join(block) for block in blocks)
