"""Rules of grammar that can be checked by a program, for texts that the program writes."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator
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
IN_TABLES = {name: rule for name, rule in ANYWHERE.items() if name != "a doubled space"}
"""What no row of a table may have."""
_FIGURES = re.compile(r"\s{2,}\S|[│┃─━╭╰█▇●○↑→]")
"""What a row of a table or of a picture has, and a sentence does not."""
_PLACE = re.compile(r"^\S+\.yaml(?::\d+)*: ")
_UNSEEN = re.compile(r"(?s)<(script|style|svg|template)\b.*?</\1>")
_BLOCKS = re.compile(
    r"</?(?:p|li|ul|ol|dl|dt|dd|td|th|tr|table|caption|figcaption|figure|h\d|summary|details|div|section|header|"
    r"footer|main|nav|label|button|a|br|title|body)\b[^>]*>"
)


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
        letter = re.search(r"[^\s(“‘*`]", sentence)
        if letter and letter[0].islower() and not sentence.lstrip("(").startswith("“"):
            found.append("a sentence that begins in lower case")
    return found


def faults_printed(printed: str) -> list[str]:
    """List what is wrong with what a command printed to a terminal so wide that no sentence is wrapped."""
    wrong = []
    for line in printed.splitlines():
        # A message about a file begins with its place.
        text = _PLACE.sub("", line.strip())
        # A row of a table may begin with an outcome that is called "None".
        text = re.sub(r"^None\b", "Nothing", text[:1].upper() + text[1:])
        if _FIGURES.search(text):
            found = [name for name, rule in IN_TABLES.items() if re.search(rule, text)]
        else:
            found = faults(text, is_sentence=text.rstrip(")").endswith((".", "!")))
        wrong += [f"{', '.join(found)}: {text}"] if found else []
    return wrong


def faults_on_page(page: str, *, phrases: Collection[str] = ()) -> list[str]:
    """List what is wrong with the texts of a page without scripts, paragraph by paragraph and cell by cell.

    Args:
        page: HTML.
        phrases: Texts that count as phrases even if they end with a full stop.
    """
    body = _UNSEEN.sub(" ", page)
    body = re.sub(r"</?code\b[^>]*>", "`", body)
    wrong = []
    for block in _BLOCKS.split(body):
        text = " ".join(html.unescape(re.sub(r"<[^>]+>", "", block)).split())
        # A heading such as “no.” is no sentence.
        is_sentence = " " in text and text.rstrip(")").endswith((".", "!")) and text not in phrases
        if found := faults(text, is_sentence=is_sentence):
            wrong.append(f"{', '.join(found)}: {text}")
    return wrong


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
    document: Any, where: str = "", as_phrases: Collection[str] = ()
) -> Iterator[tuple[str, str, bool]]:
    """Every text of a document: where it stands, the text, and whether it is made of whole sentences.

    Args:
        document: A model, or what one holds.
        where: The path to it.
        as_phrases: Fields (`Model.field`) whose texts count as phrases even if they end with a full stop.
    """
    if isinstance(document, BaseModel):
        for name in type(document).model_fields:
            inner = f"{where}.{name}" if where else name
            # A caption continues a sentence that begins with “Shown:”.
            is_phrase = isinstance(document, Facts)
            is_phrase |= f"{type(document).__name__}.{name}" in as_phrases
            for place, text, is_sentence in texts_of(getattr(document, name), inner, as_phrases):
                yield place, text, is_sentence and not is_phrase
    elif isinstance(document, dict):
        for key, value in document.items():
            yield from texts_of(value, f"{where}.{key}", as_phrases)
    elif isinstance(document, list | tuple):
        for i, value in enumerate(document):
            yield from texts_of(value, f"{where}[{i}]", as_phrases)
    elif isinstance(document, str) and " " in document:
        yield where, document, document.rstrip(")").endswith((".", "!"))
