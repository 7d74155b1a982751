"""Move an item of a list to another place in the text of a case file, with the comments that belong to it."""

from __future__ import annotations

from ruamel.yaml.nodes import SequenceNode

from backchannel.case.edit.text_places import BY_HAND, TextEdit, TextPlaces
from backchannel.case.read.document import KeyPath
from backchannel.language.errors import CommandError


def move_item(places: TextPlaces, path: KeyPath, to: int) -> list[TextEdit]:
    """Move an item of a list; the items between the two places make room.

    Args:
        places: The text.
        path: Of the item.
        to: Its new position, counted from 0 in the list as it is then.

    Raises:
        CommandError: The items share lines with something else, so that they cannot be moved safely.
    """
    node, old = places.node(path[:-1]), int(path[-1])
    if not isinstance(node, SequenceNode):
        raise CommandError(BY_HAND)
    order = list(range(len(node.value)))
    order.insert(to, order.pop(old))
    spans = [_span(places, node, position) for position in order]
    return [
        TextEdit(*_span(places, node, position), places.text[start:end])
        for position, (start, end) in enumerate(spans)
        if order[position] != position
    ]


def _span(places: TextPlaces, node: SequenceNode, position: int) -> tuple[int, int]:
    """Where an item begins and ends; in lines, the comments right above it and behind it are part of it."""
    item = node.value[position]
    if node.flow_style:
        return item.start_mark.index, places.end_of(item)
    dash = places.dash_of(node, position)
    if not places.begins_line(dash):
        raise CommandError(BY_HAND)
    start = places.line_start(dash)
    while start > 0 and _is_comment(places, above := places.line_start(start - 1)):
        start = above
    return start, places.line_end(max(dash + 1, places.end_of(item)))


def _is_comment(places: TextPlaces, start: int) -> bool:
    return places.text[start : places.line_end(start)].lstrip(" ").startswith("#")
