"""Change a part of a text that stands in a case file, however it is written there: plain, in quotes, over lines."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ruamel.yaml.nodes import ScalarNode

from backchannel.case.edit.text_places import TextEdit, TextPlaces
from backchannel.case.edit.yaml_value import flow
from backchannel.case.read.walker import Walker
from backchannel.case.read.yaml_nodes import compose_nodes
from backchannel.language.errors import CaseError

Replacement = tuple[int, int, str]
"""First character, the one after the last, and what is written there; they do not overlap."""


def with_replacements(value: str, replacements: Sequence[Replacement]) -> str:
    """A text with some of its characters replaced.

    >>> with_replacements("demand * 2 + demand", [(0, 6, "offer"), (13, 19, "offer")])
    'offer * 2 + offer'
    """
    for start, end, written in sorted(replacements, reverse=True):
        value = value[:start] + written + value[end:]
    return value


def scalar_edits(
    places: TextPlaces, node: ScalarNode, replacements: Sequence[Replacement]
) -> list[TextEdit]:
    """Replace some characters of a text where it stands; where that cannot be, it is written again on one line."""
    value = node.value
    start, end = node.start_mark.index, places.end_of(node)
    whole = with_replacements(value, replacements)
    at = _character_places(places.text[start:end], node)
    if at is None or (not node.style and not reads_as_text(whole)):
        return [TextEdit(start, end, flow(whole))]
    return [
        TextEdit(start + at[first], start + at[last - 1] + 1, _escaped(written, node.style))
        for first, last, written in replacements
    ]


def reads_as_text(text: str) -> bool:
    """Whether a text without quotes is read as the same text, not as a number, a truth or nothing.

    >>> reads_as_text("pay"), reads_as_text("10"), reads_as_text("null"), reads_as_text("a: b")
    (True, False, False, False)
    """
    try:
        root = compose_nodes(text)
    except CaseError:
        return False
    if not isinstance(root, ScalarNode) or root.value != text:
        return False
    return Walker("", frozenset()).plain(root, ()) == text


def _character_places(written: str, node: ScalarNode) -> list[int] | None:
    """For each character of a value, its place in what is written; None where that is not known.

    Lines may be folded, which changes only white space, so the other characters are matched in their order.
    """
    style = node.style or ""
    begin = 0
    if style in ("|", ">"):
        begin = written.find("\n") + 1
    elif style in ("'", '"'):
        begin = 1
        if style == '"' and "\\" in written:
            return None
    places, here = [], begin
    for character in node.value:
        if character.isspace():
            places.append(here)
            continue
        while here < len(written) and written[here].isspace():
            here += 1
        if here >= len(written) or written[here] != character:
            return None
        places.append(here)
        here += 2 if style == "'" and character == "'" else 1
    return places


def _escaped(text: str, style: str | None) -> str:
    if style == '"':
        return json.dumps(text, ensure_ascii=False)[1:-1]
    return text.replace("'", "''") if style == "'" else text
