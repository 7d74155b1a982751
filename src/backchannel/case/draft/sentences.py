"""Split a paragraph into sentences, by a few rules for English.

A full stop ends no sentence after an abbreviation, an initial or in a number, nor before a word that goes on in small
letters. A library of the field was tried beside these rules (decision 0047).
"""

from __future__ import annotations

import re

ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof gen col lt sgt capt maj adm sen rep gov pres rev st hon jr sr amb sec min no art fig vol ch pp "
    "p cf vs etc al e.g i.e approx dept est inc ltd co corp jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
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


_STARTERS = tuple(
    f"{word} "
    for word in "The A An In On At It He She They We This That These Those But And If When As For After Before".split()
)
