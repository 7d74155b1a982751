"""Rules of grammar that can be checked by a program, for texts that the program writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from backchannel.wording.pieces import Facts

MOST_WORDS = 40
"""Words of a sentence, at most."""
NOUNS = (
    "point|draw|claim|world|cause|assumption|package|number|source|warning|start|step|day|round|event|fold|branch|"
    "promise|change|question|value|bit|set"
)
MONTHS = "january|february|april|june|july|august|september|october|november|december"

ANYWHERE = {
    "a sign beside a dash": r"[–-]\s?[<>]\d|[<>]\d+%?–|%–\D",
    "a number of one with a plural": rf"(?<![\d.,–/:+−])\b1 (?:more )?(?:{NOUNS})s\b",
    "a number of several with a singular": rf"(?<![\d.,/])\b(?:0|[2-9]|[1-9]\d+) (?:{NOUNS})\b(?!-)",
    "a doubled space": r"\S  \S",
    "doubled punctuation": r"[,;:](?:\s?[,;:.])|\.\.(?!\.)|\(\s|\s\)|\s[,;.](?!\d)|[.!?]\.",
    "something empty": r"\(\)|“”|‘’|: ?\.|: ?;|\b(?:None(?! of\b)|nan|NaN)\b",
    "a lower-case month": rf"\b(?:{MONTHS})\b",
}
"""What no text may have, of what kind it may be."""
IN_SENTENCES = {
    "a minus that reads as a dash": r"−\d+ points?\b|, −\d|\s−\s",
    "a bare identifier": r"(?<![`\w/.])[A-Za-z]+_[A-Za-z_\d]+(?![`\w])",
    "a date for machines": r"\b\d{4}-\d{2}(?:-\d{2})?\b",
    "a doubled word": r"\b(?!had\b|that\b|\d)(\w+) \1\b",
    "the most likely beside unlikely": r"(?i)(?:likeliest|most likely|leads)\b[^.]*\bunlikely\b",
    "a double negation": r"(?i)\bnot un(?!der|til|less|ion|ited)\w+|\bnot\b[^.,;]*\bin no\b|\bnot impossible",
    "a riddle": r"(?i)otherwise[^.]*all the same",
    "n/a as an answer": r"\bis does not arise|leads with.*does not arise|does not arise leads",
    "a sign in a sentence": r"[<>]\d",
}
"""What no sentence may have."""
_PART_OF_WHOLE = re.compile(
    r"\b[Oo]f (?:the|these) (\d+) points[^.]*?, (\d+) |\b(\d+) of (?:these )?(\d+) points"
)
_END = re.compile(r"(?<=[\w%)”\]’][.!?])\s+")
_ABBREVIATION = re.compile(r"(?:\bno|\be\.g|\bi\.e|\bvs)\.$")
_IN_CODE = re.compile(r"`[^`]*`")


def faults(text: str, *, is_sentence: bool) -> list[str]:
    """List what is wrong with a text.

    Args:
        text: The text.
        is_sentence: Whether it consists of whole sentences; a phrase is held to fewer rules.
    """
    found = [name for name, rule in ANYWHERE.items() if re.search(rule, _IN_CODE.sub("`x`", text))]
    if not is_sentence:
        return found
    plain = _IN_CODE.sub("`x`", text)
    found += [name for name, rule in IN_SENTENCES.items() if re.search(rule, plain)]
    for match in _PART_OF_WHOLE.finditer(plain):
        whole, part = match[1] or match[4], match[2] or match[3]
        if int(part) > int(whole):
            found.append("a part larger than its whole")
    for sentence in sentences_of(plain):
        if len(sentence.split()) > MOST_WORDS:
            found.append(f"a sentence of {len(sentence.split())} words")
        letter = re.search(r"[^\s(“‘*]", sentence)
        if letter and letter[0].islower() and not sentence.lstrip("(").startswith("“"):
            found.append("a sentence that begins in lower case")
    return found


def sentences_of(text: str) -> list[str]:
    """Split a text into sentences."""
    sentences: list[str] = []
    for piece in _END.split(text):
        if sentences and _ABBREVIATION.search(sentences[-1]):
            sentences[-1] += f" {piece}"
        else:
            sentences.append(piece)
    return [sentence for sentence in sentences if sentence.strip()]


def texts_of(
    document: Any, where: str = "", skip: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str, bool]]:
    """Every text of a document: where it stands, the text, and whether it is made of whole sentences.

    Args:
        document: A model, or what one holds.
        where: The path to it.
        skip: Names of fields that hold the user's own words, or names for machines.
    """
    if isinstance(document, BaseModel):
        for name in type(document).model_fields:
            if name in skip:
                continue
            inner = f"{where}.{name}" if where else name
            if isinstance(document, Facts):
                # A caption continues a sentence that begins with “Shown:”.
                yield inner, getattr(document, name), False
            else:
                yield from texts_of(getattr(document, name), inner, skip)
    elif isinstance(document, dict):
        for key, value in document.items():
            yield from texts_of(value, f"{where}.{key}", skip)
    elif isinstance(document, list | tuple):
        for i, value in enumerate(document):
            yield from texts_of(value, f"{where}[{i}]", skip)
    elif isinstance(document, str) and " " in document:
        yield where, document, document.rstrip(")").endswith((".", "!"))
