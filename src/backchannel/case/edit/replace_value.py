"""Write a value in place of another in the text of a case file."""

from __future__ import annotations

from typing import Any

from ruamel.yaml.nodes import CollectionNode

from backchannel.case.edit.text_places import BY_HAND, TextEdit, TextPlaces, is_empty
from backchannel.case.edit.yaml_value import after_key, as_item, flow
from backchannel.case.read.document import KeyPath
from backchannel.language.errors import CommandError

STEP = 2
"""Spaces by which a part of a mapping is indented."""


def replace_value(
    places: TextPlaces, path: KeyPath, value: Any, *, in_lines: bool | None = None
) -> list[TextEdit]:
    """Write a value in place of another."""
    node, key = places.node(path), places.key(path) if path else None
    if node is None or not path:
        raise CommandError(BY_HAND)
    if _is_in_brackets(places, path):
        if is_empty(node):
            raise CommandError(BY_HAND)
        return [TextEdit(node.start_mark.index, places.end_of(node), flow(value))]
    is_block = isinstance(node, CollectionNode) and not node.flow_style
    if key is None:
        start, end = node.start_mark.index, places.end_of(node)
        column = places.node(path[:-1]).start_mark.column
        written = as_item(value, indent=column, in_lines=True if is_block else in_lines)
        if is_empty(node):
            start = end = places.dash_of(places.node(path[:-1]), int(path[-1])) + 1
            return [TextEdit(start, end, written.removeprefix("-"))]
        return [TextEdit(start, end, written.removeprefix("- "))]
    start, end = places.after_colon(key), places.end_of_pair(key, node)
    indent = node.start_mark.column if is_block else key.start_mark.column + STEP
    used = start - places.line_start(start)
    written = after_key(value, indent=indent, used=used, in_lines=True if is_block else in_lines)
    if is_block:
        # What stands behind the key on its own line can only be a comment.
        line_end = places.line_end(start)
        if written.startswith("\n"):
            return [TextEdit(line_end, end, written)]
        return [TextEdit(start, start, written), TextEdit(line_end, end, "")]
    return [TextEdit(start, end, written)]


def _is_in_brackets(places: TextPlaces, path: KeyPath) -> bool:
    around = (places.node(path[:n]) for n in range(len(path)))
    return any(isinstance(node, CollectionNode) and node.flow_style for node in around)


def is_in_lines(node: Any) -> bool | None:
    """Whether a mapping or list has lines of its own; None for anything else."""
    return not node.flow_style if isinstance(node, CollectionNode) else None
