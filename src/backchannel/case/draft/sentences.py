"""Split a paragraph into sentences, by a few rules for English.

A full stop ends no sentence after an abbreviation, an initial or in a number, nor before a word that goes on in small
letters. A library of the field was tried beside these rules (decision 0047).
"""

from __future__ import annotations

import re

from backchannel.case.draft.lexicon import word_list

ABBREVIATIONS = word_list("abbreviations")
"""Abbreviations, without their full stop, after which a sentence usually goes on."""
CLOSING = "\"'”’»)]"

_END = re.compile(rf"[.!?…]+[{re.escape(CLOSING)}]*\s+(?=[\"'“‘«(\[]*[A-ZÀ-ÖØ-Þ0-9])")
_LAST_WORD = re.compile(r"([\w.’'-]+?)\.$")
_INITIALS = re.compile(r"(?:[A-Z]\.)*[A-Z]")


def split_sentences(paragraph: str) -> list[str]:
    """Split a paragraph into sentences.

    >>> split_sentences("Mr. Smith of the U.S. embassy left at 5. “Why?” he asked. It rose by 2.5 points.")
    ['Mr. Smith of the U.S. embassy left at 5.', '“Why?” he asked.', 'It rose by 2.5 points.']
    """
    sentences: list[str] = []
    start = 0
    for match in _END.finditer(paragraph):
        if not _goes_on(paragraph[start : match.end()].rstrip(), paragraph[match.end() :]):
            sentences.append(paragraph[start : match.end()].rstrip())
            start = match.end()
    last = paragraph[start:].strip()
    return [*sentences, last] if last else sentences


def _goes_on(before: str, after: str) -> bool:
    """Whether a full stop belongs to an abbreviation or an initial, so that the sentence goes on."""
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    text = word[1]
    if text.lower() in ABBREVIATIONS:
        return True
    # "the U.S. The talks" ends a sentence, "the U.S. Congress" and "J. Smith" do not.
    if _INITIALS.fullmatch(text):
        return not after.lstrip("\"'“‘«([").startswith(_STARTERS)
    return False


_STARTERS = tuple(f"{word.capitalize()} " for word in word_list("starters"))
"""Words that begin a sentence more often than a name."""
