"""Put a value into the text of a case file: replace the value at a path, or add one in its usual place.

A mapping that replaces a mapping changes only the keys that differ, so that comments between the others stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml.nodes import MappingNode, SequenceNode

from backchannel.case.edit.remove_value import remove_parts
from backchannel.case.edit.replace_value import STEP, is_in_lines, replace_value
from backchannel.case.edit.text_places import BY_HAND, TextEdit, TextPlaces, child_key
from backchannel.case.edit.yaml_value import after_key, as_item, flow
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.language.errors import CommandError


def set_value(places: TextPlaces, path: KeyPath, value: Any) -> list[TextEdit]:
    """Put a value at a path; missing mappings on the way are made."""
    around, known = places.data, 0
    while known < len(path) and (key := child_key(around, path[known])) is not None:
        around, known = around[key], known + 1
    if known == len(path):
        return _change(places, path, around, value)
    for part in reversed(path[known + 1 :]):
        value = {part: value}
    inside, key = path[:known], path[known]
    if isinstance(around, list):
        return _add_item(places, inside, around, len(around), value)
    if not around:
        return replace_value(places, inside, {key: value}, in_lines=len(inside) < 2 or None)
    return _add_pairs(places, inside, {key: value}, range(len(around)))


def insert_value(
    places: TextPlaces, path: KeyPath, index: int | None, value: Any
) -> list[TextEdit]:
    """Put an item into a list, which is made where there is none.

    Args:
        places: The text.
        path: Of the list.
        index: Of the item that it goes before; None for the end.
        value: The item.
    """
    items: Any = places.data
    for part in path:
        key = child_key(items, part)
        if key is None:
            return set_value(places, path, [value])
        items = items[key]
    return _add_item(places, path, items or [], len(items or []) if index is None else index, value)


def _change(places: TextPlaces, path: KeyPath, old: Any, new: Any) -> list[TextEdit]:
    """Replace a value by another, changing as little as possible."""
    if _is_same(old, new):
        return []
    node = places.node(path)
    if isinstance(old, dict) and isinstance(new, Mapping) and old and new:
        return _change_mapping(places, path, node, old, new)
    if isinstance(old, list) and isinstance(new, list) and old and new:
        return _change_list(places, path, node, old, new)
    return replace_value(places, path, new)


def _change_mapping(
    places: TextPlaces, path: KeyPath, node: Any, old: dict[Any, Any], new: Mapping[Any, Any]
) -> list[TextEdit]:
    known = {str(key): key for key in old}
    meant = {known.get(str(key), key): value for key, value in new.items()}
    added = {key: value for key, value in meant.items() if key not in old}
    names = list(old)
    removed = [i for i, key in enumerate(names) if key not in meant]
    kept = [i for i in range(len(names)) if i not in removed]
    if not kept or not isinstance(node, MappingNode) or (node.flow_style and removed and added):
        return replace_value(places, path, meant)
    edits = [
        edit
        for key, value in old.items()
        if key in meant
        for edit in _change(places, (*path, key), value, meant[key])
    ]
    if removed:
        edits += remove_parts(places, path, removed)
    return edits + (_add_pairs(places, path, added, kept) if added else [])


def _change_list(
    places: TextPlaces, path: KeyPath, node: Any, old: list[Any], new: list[Any]
) -> list[TextEdit]:
    first = 0
    while first < min(len(old), len(new)) and _is_same(old[first], new[first]):
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and _is_same(old[-1 - last], new[-1 - last]):
        last += 1
    n_old, n_new = len(old) - last, len(new) - last
    both = min(n_old, n_new)
    if not isinstance(node, SequenceNode) or (node.flow_style and n_old != n_new):
        return replace_value(places, path, new)
    edits = [
        edit for i in range(first, both) for edit in _change(places, (*path, i), old[i], new[i])
    ]
    if n_old > both:
        edits += remove_parts(places, path, range(both, n_old))
    for item in new[both:n_new]:
        edits += _add_item(places, path, old, both, item)
    return edits


def _add_pairs(
    places: TextPlaces, path: KeyPath, pairs: Mapping[Any, Any], kept: Sequence[int]
) -> list[TextEdit]:
    """Add keys to a mapping, after the last of those that are kept; a section goes to its usual place."""
    node = places.node(path)
    if not isinstance(node, MappingNode):
        raise CommandError(BY_HAND)
    key, value = node.value[kept[-1]]
    if node.flow_style:
        end = max(key.end_mark.index, places.end_of(value))
        return [TextEdit(end, end, "".join(f", {flow(k)}: {flow(v)}" for k, v in pairs.items()))]
    column, in_lines = key.start_mark.column, is_in_lines(value)
    edits = []
    for name, added in pairs.items():
        if not path:
            key, value, in_lines = *_before_section(places, str(name)), True
        end = places.line_end(places.end_of_pair(key, value))
        written = " " * column + flow(name) + ":"
        written += after_key(added, indent=column + STEP, used=len(written), in_lines=in_lines)
        gap = "\n\n" if not path and isinstance(added, Mapping | list) else "\n"
        edits.append(TextEdit(end, end, gap + written))
    return edits


def _before_section(places: TextPlaces, name: str) -> tuple[Any, Any]:
    """The section after which a new one goes, so that sections stand in their usual order."""
    order = list(Case.model_fields)
    pairs = places.root.value  # pyright: ignore[reportOptionalMemberAccess]
    if name in order:
        earlier = set(order[: order.index(name)])
        before = [pair for pair in pairs if pair[0].value in earlier]
        if before:
            return before[-1]
    return pairs[-1]


def _add_item(
    places: TextPlaces, path: KeyPath, items: Sequence[Any], position: int, value: Any
) -> list[TextEdit]:
    """Add an item to a list, before the one at a position."""
    node = places.node(path)
    if not items or not isinstance(node, SequenceNode):
        return replace_value(
            places, path, [value], in_lines=isinstance(value, Mapping) or len(path) == 1
        )
    if node.flow_style:
        if position == len(items):
            end = places.end_of(node.value[-1])
            return [TextEdit(end, end, f", {flow(value)}")]
        start = node.value[position].start_mark.index
        return [TextEdit(start, start, f"{flow(value)}, ")]
    column = node.start_mark.column
    written = as_item(value, indent=column, in_lines=is_in_lines(node.value[-1]))
    if position > 0:
        end = places.line_end(places.end_of(node.value[position - 1]))
        return [TextEdit(end, end, "\n" + " " * column + written)]
    dash = places.dash_of(node, 0)
    return [TextEdit(dash, dash, written + "\n" + " " * column)]


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values are written alike: 1 and true, or 1 and 1.0, are not."""
    return type(one) is type(other) and repr(one) == repr(other)
