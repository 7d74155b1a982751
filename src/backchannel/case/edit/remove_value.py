"""Remove a key or an item from the text of a case file, and rename a key."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ruamel.yaml.nodes import MappingNode, SequenceNode

from backchannel.case.edit.replace_value import replace_value
from backchannel.case.edit.text_places import BY_HAND, TextEdit, TextPlaces
from backchannel.case.edit.yaml_value import flow
from backchannel.case.read.document import KeyPath
from backchannel.language.errors import CommandError


def remove_value(places: TextPlaces, path: KeyPath) -> list[TextEdit]:
    """Remove a key with its value, or an item of a list; one that becomes empty is written `{}` or `[]`."""
    node = places.node(path[:-1])
    if isinstance(node, MappingNode):
        position = next(i for i, pair in enumerate(node.value) if pair[0].value == str(path[-1]))
    else:
        position = int(path[-1])
    return remove_parts(places, path[:-1], [position])


def remove_parts(places: TextPlaces, path: KeyPath, positions: Collection[int]) -> list[TextEdit]:
    """Remove some parts of a mapping or list.

    Args:
        places: The text.
        path: Of the mapping or list.
        positions: Which of its pairs or items, counted from 0.
    """
    node = places.node(path)
    kept = [i for i in range(len(node.value)) if i not in positions]
    if not kept:
        return replace_value(places, path, {} if isinstance(node, MappingNode) else [])
    if node.flow_style:
        return _remove_in_brackets(places, node, kept)
    first = kept[0]
    edits = []
    start = _start(places, node, 0)
    if first > 0 and not places.begins_line(start):
        # The first part stands behind the dash of an item around it, where the first that is kept goes.
        edits.append(TextEdit(start, _start(places, node, first), ""))
        comments = _comments(places, _end(places, node, first - 1), _start(places, node, first))
        line = places.line_start(start)
        edits.append(TextEdit(line, line, comments))
        positions = [i for i in positions if i > first]
    return edits + [_remove_lines(places, node, i) for i in positions]


def rename_key(places: TextPlaces, path: KeyPath, name: str | int | float) -> list[TextEdit]:
    """Give a key another name; what stands beside it stays."""
    key = places.key(path)
    if key is None:
        raise CommandError(BY_HAND)
    return [TextEdit(key.start_mark.index, key.end_mark.index, flow(name))]


def _remove_in_brackets(places: TextPlaces, node: Any, kept: list[int]) -> list[TextEdit]:
    edits = []
    if kept[0] > 0:
        edits.append(TextEdit(_start(places, node, 0), _start(places, node, kept[0]), ""))
    for here, after in zip(kept, [*kept[1:], len(node.value)], strict=True):
        if after - here > 1:
            start, end = _end(places, node, here), _end(places, node, after - 1)
            edits.append(TextEdit(start, end, ""))
    return edits


def _remove_lines(places: TextPlaces, node: Any, position: int) -> TextEdit:
    text = places.text
    start = places.line_start(_start(places, node, position))
    end = places.line_end(_end(places, node, position))
    if end == len(text):
        return TextEdit(max(start - 1, 0), end, "")
    end += 1
    is_section = node is places.root
    if is_section and text[:start].endswith("\n\n") and text[end : end + 1] in ("", "\n"):
        start -= 1  # One empty line between the sections around it is enough.
    return TextEdit(start, end, "")


def _start(places: TextPlaces, node: Any, position: int) -> int:
    if isinstance(node, MappingNode):
        return node.value[position][0].start_mark.index
    assert isinstance(node, SequenceNode)
    if node.flow_style:
        return node.value[position].start_mark.index
    return places.dash_of(node, position)


def _end(places: TextPlaces, node: Any, position: int) -> int:
    part = node.value[position]
    if isinstance(node, MappingNode):
        key, value = part
        return (
            max(key.end_mark.index, places.end_of(value))
            if node.flow_style
            else places.end_of_pair(key, value)
        )
    return max(_start(places, node, position) + 1, places.end_of(part))


def _comments(places: TextPlaces, start: int, end: int) -> str:
    """The lines of comments between two places, each with its line feed."""
    between = places.text[places.line_end(start) : places.line_start(end)]
    return "".join(f"{line}\n" for line in between.split("\n") if line.strip().startswith("#"))
