"""The text of a source for pages: its paragraphs, and what rules have marked in them.

This runs in the process that checks: a text can be long, and a PDF can be made to take long.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from backchannel.case.draft.confirm import Offer, offers
from backchannel.case.draft.find import find_candidates
from backchannel.case.draft.sentences import split_sentences
from backchannel.case.read.document import parse_tolerantly
from backchannel.case.texts.read_source import read_source
from backchannel.case.texts.source_text import SourceText
from backchannel.language.errors import CommandError
from backchannel.web.frames import FrameHead

MOST_OFFERS = 400
"""Candidates that a page gets; those that are likely come first."""


def source_of(head: FrameHead, text: str) -> tuple[FrameHead, list[str]]:
    """Read the text of a source that a case names.

    Args:
        head: `name` of the source, and `file`, the path of the case.
        text: The case as it is typed.

    Returns:
        `problem`, and as JSON the sentences of each paragraph.
    """
    problem, paragraphs = "", []
    try:
        read = _read(_content(text), head)
        paragraphs = [split_sentences(paragraph) for paragraph in read.paragraphs] if read else []
    except CommandError as error:
        problem = str(error)
    return {"problem": problem}, [json.dumps(paragraphs)]


def read_text_file(head: FrameHead) -> tuple[FrameHead, list[str]]:
    """Read a text that is to become a source, to see whether it can be read.

    Args:
        head: `file`, its path.

    Raises:
        CommandError: It cannot; the text says why.
    """
    path = Path(head["file"])
    return {"n_paragraphs": len(read_source(path.name, folder=path.parent))}, []


def candidates_of(head: FrameHead, text: str) -> tuple[FrameHead, list[str]]:
    """Mark the candidates of a source's text, with the changes that take each up.

    Raises:
        CommandError: The source has no text that can be read.
    """
    content = _content(text)
    read = _read(content, head)
    if read is None:
        raise CommandError("This source has no `file`, so there is no text to mark.")
    candidates = find_candidates(read, year=_year(content))
    listed = sorted(
        offers(candidates, content, source=head["name"]), key=lambda offer: not offer.is_likely
    )
    return {}, [json.dumps([_offer(offer) for offer in listed[:MOST_OFFERS]])]


def _content(text: str) -> dict[str, Any]:
    data = parse_tolerantly(text).data
    return data if isinstance(data, dict) else {}


def _read(content: dict[str, Any], head: FrameHead) -> SourceText | None:
    sources = content.get("sources")
    entry = sources.get(head["name"]) if isinstance(sources, dict) else None
    if not isinstance(entry, dict):
        raise CommandError(f"No source is called '{head['name']}'.")
    file = entry.get("file")
    return read_source(file, folder=Path(head["file"]).parent) if isinstance(file, str) else None


def _offer(offer: Offer) -> dict[str, Any]:
    operations = [operation.model_dump(mode="json") for operation in offer.operations]
    return {**vars(offer), "paragraphs": list(offer.paragraphs), "operations": operations}


def _year(content: dict[str, Any]) -> int | None:
    digits = str(content.get("as_of"))[:4]
    return int(digits) if digits.isdecimal() and len(digits) == 4 else None
