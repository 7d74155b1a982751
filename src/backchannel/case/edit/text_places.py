"""Where the parts of a case file stand in its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from backchannel.case.read.document import KeyPath
from backchannel.case.read.walker import Walker
from backchannel.case.read.yaml_nodes import compose_nodes
from backchannel.language.errors import CaseError, CommandError

UNREADABLE = "The text has a fault, so it cannot be changed from here. Correct it in the text first: {problem}"


@dataclass(frozen=True)
class TextEdit:
    """Characters of a text that are replaced."""

    start: int
    end: int
    written: str


class TextPlaces:
    """A text of YAML, what it says, and where each part of that stands."""

    def __init__(self, text: str, *, exact: bool = False) -> None:
        """Read a text.

        Args:
            text: A case file, with lines that end in a line feed.
            exact: Use the slower parser.

        Raises:
            CommandError: It cannot be read.
        """
        self.text = text
        try:
            self.root = compose_nodes(text, exact=exact)
        except CaseError as error:
            raise CommandError(UNREADABLE.format(problem=error.counted[0])) from None
        if not isinstance(self.root, MappingNode):
            raise CommandError("The text is no case file: it has no keys such as `case:`.")
        walker = Walker("case.yaml", frozenset())
        self.data: dict[Any, Any] = walker.plain(self.root, ())
        """What the text says, in plain values."""
        if walker.problems:
            raise CommandError(UNREADABLE.format(problem=walker.problems[0]))

    def known(self, path: Sequence[str | int]) -> KeyPath:
        """A path with the keys that the text has, as far as there are any."""
        around: Any = self.data
        known: list[str | int] = []
        for part in path:
            key = child_key(around, part)
            known.append(part if key is None else key)
            around = None if key is None else around[key]
        return tuple(known)

    def node(self, path: KeyPath) -> Any:
        """The node of a value; None where there is none."""
        node: Any = self.root
        for part in path:
            pair = _pair(node, part)
            if pair is None:
                return None
            node = pair[1]
        return node

    def key(self, path: KeyPath) -> ScalarNode | None:
        """The node of a key; None for the item of a list, and where there is none."""
        pair = _pair(self.node(path[:-1]), path[-1])
        return None if pair is None else pair[0]

    def line_start(self, index: int) -> int:
        """The first character of the line that a character stands on."""
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """The end of that line, its line feed not included."""
        end = self.text.find("\n", index)
        return len(self.text) if end < 0 else end

    def begins_line(self, index: int) -> bool:
        """Whether only spaces stand before a character on its line."""
        return not self.text[self.line_start(index) : index].strip(" ")

    def end_of(self, node: Any) -> int:
        """The end of a value, without the spaces, comments and line ends that follow it."""
        if isinstance(node, CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self.end_of(last[1] if isinstance(last, tuple) else last) or self._end_of_key(
                last
            )
        if isinstance(node, ScalarNode) and node.style in ("|", ">"):
            return node.start_mark.index + len(
                self.text[node.start_mark.index : node.end_mark.index].rstrip()
            )
        if is_empty(node):
            return 0
        return node.end_mark.index

    def after_colon(self, key: ScalarNode) -> int:
        """The character after the colon of a key."""
        return self.text.index(":", key.end_mark.index) + 1

    def end_of_pair(self, key: ScalarNode, value: Any) -> int:
        """The end of a key with its value."""
        return max(self.after_colon(key), self.end_of(value))

    def dash_of(self, sequence: SequenceNode, position: int) -> int:
        """The dash before an item of a list in lines."""
        item = sequence.value[position]
        column = sequence.start_mark.column
        start = item.start_mark.index
        while True:
            line = self.line_start(start)
            if self.text[line + column : line + column + 1] == "-" and line + column <= start:
                return line + column
            if line == 0:
                raise CommandError(BY_HAND)
            start = line - 1

    def _end_of_key(self, last: Any) -> int:
        return self.after_colon(last[0]) if isinstance(last, tuple) else last.end_mark.index


BY_HAND = (
    "The layout of this part of the file cannot be edited safely (it may use aliases or unusual brackets), so "
    "nothing was changed. Change it by hand in the text."
)


def is_empty(node: Any) -> bool:
    """Whether a value is not written at all, as after `sources:` alone."""
    return isinstance(node, ScalarNode) and not node.style and node.value == ""


def child_key(value: Any, part: str | int) -> Any:
    """The key or position by which a plain value holds a part; None where it does not.

    A page names numbers as text, so `"10"` means the key 10 where there is no key "10".
    """
    if isinstance(value, dict):
        if part in value and not isinstance(part, bool):
            return part
        return next((key for key in value if str(key) == str(part)), None)
    is_position = isinstance(value, list) and isinstance(part, int) and not isinstance(part, bool)
    return part if is_position and 0 <= part < len(value) else None


def _pair(node: Any, part: str | int) -> tuple[ScalarNode | None, Node] | None:
    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(part)), None)
    if isinstance(node, SequenceNode) and isinstance(part, int) and 0 <= part < len(node.value):
        return None, node.value[part]
    return None


def applied(text: str, edits: list[TextEdit]) -> str:
    """A text with some of its characters replaced; the edits may not overlap."""
    # From the end, so that earlier positions stay; of several at one place, the first stays in front.
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.written + text[edit.end :]
    return text
