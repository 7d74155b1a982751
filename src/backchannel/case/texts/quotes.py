"""Whether a text contains a quotation, and which paragraph comes nearest if it does not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backchannel.case.texts.source_text import SourceText, normalised

SHORTEST = 3
"""Characters that a quotation has at least, omissions left out."""

_OMISSION = re.compile(r"\[\s*(?:\.{3}|…)\s*\]|\(\s*(?:\.{3}|…)\s*\)|\.{3}|…")
_WORD = re.compile(r"\w+")


def quoted_in(text: SourceText, quotation: str, cited: Sequence[int] = ()) -> list[int]:
    """List the paragraphs in which a quotation stands; those that are cited come first.

    An omission (`...`, `[…]`) stands for any words of the same paragraph. The first letter may differ in case.

    >>> talks = SourceText(("They met.", "The envoy said: “We will, in time, go.”"))
    >>> quoted_in(talks, '"We will ... go."'), quoted_in(talks, "the envoy said"), quoted_in(talks, "We won't")
    ([2], [2], [])
    """
    parts = [part.strip() for part in _OMISSION.split(normalised(quotation))]
    parts = [part for part in parts if part]
    if sum(map(len, parts)) < SHORTEST:
        return []
    numbers = [i for i, paragraph in enumerate(text.normalised, 1) if _contains(paragraph, parts)]
    return sorted(numbers, key=lambda number: number not in cited)


def nearest(text: SourceText, quotation: str) -> int:
    """The paragraph that shares the most words with a quotation; 0 where none shares any."""
    words = set(_words(quotation))
    shared = [len(words.intersection(_words(paragraph))) for paragraph in text.paragraphs]
    return shared.index(max(shared)) + 1 if any(shared) else 0


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _contains(paragraph: str, parts: Sequence[str]) -> bool:
    """Whether parts stand in a paragraph one after the other; each is taken at its first place."""
    first = parts[0]
    starts = [
        paragraph.find(letter + first[1:])
        for letter in {first[0].lower(), first[0].upper(), first[0]}
    ]
    end = min((start for start in starts if start >= 0), default=-1)
    if end < 0:
        return False
    end += len(first)
    for part in parts[1:]:
        start = paragraph.find(part, end)
        if start < 0:
            return False
        end = start + len(part)
    return True
