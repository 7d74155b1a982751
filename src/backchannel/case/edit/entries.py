"""Edit a case file as text: add entries in their places and change no other character.

The place is found by parsing. The change is made in the text, and the result is parsed again and
compared with the intended one. If they differ, the author has to edit the file by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from backchannel.case.edit.yaml_value import flow
from backchannel.case.read.document import parse_document
from backchannel.case.read.yaml_nodes import compose_nodes
from backchannel.language.errors import CaseError, CommandError


def add_entries(
    text: str,
    entries: Sequence[Mapping[str, Any]],
    *,
    sources: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:
    """Append entries to the record, add new sources, and move `as_of` forward if needed.

    Args:
        text: A case file.
        entries: Keys and values of each entry, in the order in which they are written.
        sources: New sources by name.

    Returns:
        The text with the entries; comments and layout are kept.

    Raises:
        CommandError: The layout of the text cannot be edited safely.
    """
    if "\r\n" in text and text.count("\n") == text.count("\r\n"):
        # The file of another system: every line of the new text ends as all lines do.
        edited = add_entries(text.replace("\r\n", "\n"), entries, sources=sources)
        return edited.replace("\n", "\r\n")
    before = parse_document(text).data
    intended = _intended(before, entries, sources or {})
    try:
        for name, source in (sources or {}).items():
            text = _add_pair(text, "sources", name, source)
        for entry in entries:
            text = _append(text, "record", entry)
        if intended["as_of"] != before["as_of"]:
            text = _replace(text, "as_of", intended["as_of"])
        result = parse_document(text).data
    except CaseError:
        result = None
    if result != intended:
        raise _by_hand(entries)
    return text


def _intended(
    before: dict[str, Any],
    entries: Sequence[Mapping[str, Any]],
    sources: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    def plain(entry: Mapping[str, Any]) -> dict[str, Any]:
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in entry.items()}

    latest = max([str(before["as_of"]), *(plain(entry)["date"] for entry in entries)])
    intended = {
        **before,
        "as_of": latest,
        "record": [*(before.get("record") or []), *map(plain, entries)],
    }
    if sources:
        added = {name: plain(source) for name, source in sources.items()}
        intended["sources"] = {**(before.get("sources") or {}), **added}
    return intended


def _append(text: str, key: str, entry: Mapping[str, Any]) -> str:
    node = _value_of(text, key)
    if not isinstance(node, SequenceNode):
        return _begin(text, key, f"  - {flow(entry)}")
    if node.flow_style:
        return _append_in_brackets(text, node, entry)
    column, last = node.start_mark.column, node.value[-1]
    if isinstance(last, MappingNode) and not last.flow_style:
        lines = [f"{flow(k)}: {flow(v)}" for k, v in entry.items()]
        written = "- " + f"\n{' ' * (column + 2)}".join(lines)
    else:
        written = f"- {flow(entry)}"
    return _insert_after(text, _last_line(last), " " * column + written)


def _append_in_brackets(text: str, node: SequenceNode, entry: Mapping[str, Any]) -> str:
    close = node.end_mark.index - 1
    if not node.value:
        line_start = text.rfind("\n", 0, node.start_mark.index) + 1
        indent = " " * (len(text[line_start:]) - len(text[line_start:].lstrip(" ")) + 2)
        opened = text[: node.start_mark.index].rstrip(" ")
        return f"{opened}\n{indent}- {flow(entry)}{text[close + 1 :]}"
    end = node.value[-1].end_mark.index
    return f"{text[:end]}, {flow(entry)}{text[end:]}"


def _add_pair(text: str, key: str, name: str, value: Mapping[str, Any]) -> str:
    node = _value_of(text, key)
    if not isinstance(node, MappingNode):
        return _begin(text, key, f"  {name}: {flow(value)}")
    if node.flow_style:
        close = node.end_mark.index - 1
        comma = ", " if node.value else ""
        return f"{text[:close]}{comma}{name}: {flow(value)}{text[close:]}"
    column = node.value[0][0].start_mark.column
    written = f"{' ' * column}{name}: {flow(value)}"
    return _insert_after(text, _last_line(node.value[-1][1]), written)


def _begin(text: str, key: str, line: str) -> str:
    """Begin a section: a missing one at the end of the file, an empty one in its place."""
    name, _ = _pair(text, key)
    if name is not None:
        return _insert_after(text, name.start_mark.line, line)
    return f"{text.rstrip()}\n\n{key}:\n{line}\n"


def _replace(text: str, key: str, value: str) -> str:
    node = _value_of(text, key)
    assert isinstance(node, ScalarNode)
    quote = node.style or ""
    return f"{text[: node.start_mark.index]}{quote}{value}{quote}{text[node.end_mark.index :]}"


def _value_of(text: str, key: str) -> Any:
    return _pair(text, key)[1]


def _pair(text: str, key: str) -> tuple[Any, Any]:
    root = compose_nodes(text, exact=True)
    if not isinstance(root, MappingNode) or root.flow_style:
        raise CommandError(
            "The whole file is one mapping in braces, which cannot be edited here. Add the entry by "
            "hand, or write the file in lines (`key: value`)."
        )
    return next(((name, value) for name, value in root.value if name.value == key), (None, None))


def _last_line(node: Any) -> int:
    """Return the last line of a value, counted from 0."""
    if isinstance(node, ScalarNode):
        # A block text ends where the next value begins.
        return node.end_mark.line - (node.style in ("|", ">"))
    if node.flow_style or not node.value:
        return node.end_mark.line
    last = node.value[-1]
    return _last_line(last[1] if isinstance(last, tuple) else last)


def _insert_after(text: str, line: int, written: str) -> str:
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    if not lines[line].endswith("\n"):
        lines[line] += newline
    lines.insert(line + 1, written.replace("\n", newline) + newline)
    return "".join(lines)


def _by_hand(entries: Sequence[Mapping[str, Any]]) -> CommandError:
    lines = "\n".join(f"  - {flow(entry)}" for entry in entries)
    return CommandError(
        "The layout of the file cannot be edited safely, so it was not changed. Add this to its "
        f"`record` by hand:\n{lines}"
    )
