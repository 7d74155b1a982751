"""Compose YAML text into a tree of nodes; a text that grows too large is refused while it is read.

The usual composers recurse, so a text that consists of brackets ends the process. Here the parser yields
events, and a loop builds the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.tag import Tag

from backchannel.language.errors import CaseError, Place, Problem

MAX_DEPTH = 40
"""Deepest nesting of mappings and lists."""
MAX_VALUES = 200_000
"""Most values after aliases are expanded; a small file can expand to billions."""
MOST_EXACT = 50_000
"""Longest text, in characters, for the exact parser; it takes up to 50 µs per character."""

_QUESTION = re.compile(r"(?<=[^\s,\[\]{}])\?")
"""A question mark at the end of a word, which does not begin a key."""
_COLON = re.compile(r"(?<=[^\s,\[\]{}'\"]):(?=[^\s,\[\]{}])")
"""A colon inside of a word, as in a web address, which the fast parser refuses in braces."""
_NO_TAG = Tag(suffix="!")
"""YAML's sign for a value without a tag; shared, since each tag works its text out once."""
_STAND_IN = "\ue03f"
"""Replaces such a mark: in braces the fast parser would take it for the sign of a key."""


def compose_nodes(text: str, *, file: str = "case.yaml", exact: bool = False) -> Node | None:
    """Compose the nodes of a text that holds one document.

    Args:
        text: YAML.
        file: The file name, for error messages.
        exact: Use the slower parser, whose positions are always exact.

    Returns:
        The root; None for an empty text.

    Raises:
        CaseError: The text is not YAML, holds more than one document, or is nested too deeply or too large.
    """
    is_short = len(text) <= MOST_EXACT
    try:
        if not (exact and is_short):
            try:
                return _by_fast_parser(text, file)
            except MarkedYAMLError:
                # The fast parser does not know all of YAML 1.2.
                if not is_short:
                    raise
        return _composed(YAML(typ="safe", pure=True).parse(StringIO(text)), file)
    except MarkedYAMLError as error:
        raise UnreadableText(file, error) from None
    except (YAMLError, RecursionError, ValueError, OverflowError) as error:
        raise UnreadableText(file, None, _explained(error)) from None


class UnreadableText(CaseError):
    """The text does not follow the rules of YAML."""

    def __init__(
        self,
        file: str,
        error: MarkedYAMLError | None,
        message: str = "",
        place: Place | None = None,
    ) -> None:
        mark = error and (error.problem_mark or error.context_mark)
        here = Place(file, mark.line + 1, mark.column + 1) if mark else place or Place(file)
        super().__init__([Problem(here, message or CANNOT_BE_READ)])


CANNOT_BE_READ = (
    "This line cannot be read. Check it and the line above: spaces at the start, colons, commas, quotes and "
    "brackets."
)


def first_fault(text: str) -> Fault | None:
    """Find the first place at which a text breaks the rules of YAML; `None` if it follows them."""
    try:
        readable = _COLON.sub(_STAND_IN, _QUESTION.sub(_STAND_IN, text))
        for _ in YAML(typ="safe").parse(StringIO(readable)):
            pass
    except MarkedYAMLError as error:
        start, mark = error.context_mark, error.problem_mark or error.context_mark
        context = error.context or ""
        is_scanning = any(word in context for word in ("simple key", "quoted scalar"))
        at = start if is_scanning and start else mark
        line, column = (at.line, at.column) if at else (0, 0)
        began = start.line if start else line
        return Fault(line, column, mark.line if mark else line, began, error.problem or "", context)
    except (YAMLError, RecursionError, ValueError, OverflowError):
        return None
    return None


@dataclass(frozen=True)
class Fault:
    """A place at which a text breaks the rules of YAML; lines and columns count from 0."""

    line: int
    column: int
    noticed: int
    """The line at which the parser gave up, which can be after the fault."""
    began: int
    """The line at which the value that holds the fault begins."""
    problem: str
    """What the parser says; never shown to the user."""
    context: str

    @property
    def position(self) -> tuple[int, int]:
        """Where the fault is, for comparison."""
        return self.line, self.column


def _explained(error: Exception) -> str:
    said = (str(error).splitlines() or [type(error).__name__])[0]
    if "control characters" in said or "special characters" in said:
        return f"The text holds a control character ({said}). Delete it."
    return f"The text cannot be read: {said}."


def _by_fast_parser(text: str, file: str) -> Node | None:
    if _STAND_IN in text:
        return _composed(YAML(typ="safe").parse(StringIO(text)), file)
    events = YAML(typ="safe").parse(StringIO(_QUESTION.sub(_STAND_IN, text)))
    return _composed(events, file, stand_in=_STAND_IN)


class _Composer:
    def __init__(self, file: str, stand_in: str) -> None:
        self.file = file
        self.stand_in = stand_in
        self.root: Node | None = None
        self.anchors: dict[str, Node] = {}
        self.open: list[tuple[Node, list[Node]]] = []
        """Collections that are not complete yet, each with its parts so far."""
        self.count = 0
        """Values so far, with aliases expanded."""
        self.size: dict[int, int] = {}
        """Number of values in each complete collection, itself included."""
        self.began: list[int] = []
        self.documents = 0

    def take(self, event: Event) -> None:
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self._refused(
                    event, "A second YAML document begins here; a case file holds only one."
                )
        elif isinstance(event, CollectionEndEvent):
            node, parts = self.open.pop()
            self.size[id(node)] = self.count - self.began.pop()
            node.end_mark = event.end_mark
            node.value = (
                list(zip(parts[::2], parts[1::2], strict=True))
                if isinstance(node, MappingNode)
                else parts
            )
        elif isinstance(event, AliasEvent):
            self._add(self._known(event), event)
        elif isinstance(event, NodeEvent):
            began = self.count
            node = self._new(event)
            self._add(node, event)
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                self.open.append((node, []))
                self.began.append(began)
                if len(self.open) > MAX_DEPTH:
                    raise self._refused(
                        event,
                        f"This is nested too deeply: at most {MAX_DEPTH} levels of keys and lists "
                        "are allowed.",
                    )

    def _new(self, event: Any) -> Node:
        tag, start, end = event.tag or _NO_TAG, event.start_mark, event.end_mark
        if isinstance(event, ScalarEvent):
            value = event.value.replace(self.stand_in, "?") if self.stand_in else event.value
            node = ScalarNode(tag, value, start, end, style=event.style)
        else:
            kind = MappingNode if isinstance(event, MappingStartEvent) else SequenceNode
            node = kind(tag, [], start, end, flow_style=event.flow_style)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _known(self, event: AliasEvent) -> Node:
        node = self.anchors.get(event.anchor)
        if node is None:
            mark = event.start_mark
            place = Place(self.file, mark.line + 1, mark.column + 1)
            message = f"A text cannot begin with *. Put it in quotes: '*{event.anchor[:40]}'."
            raise UnreadableText(self.file, None, message, place)
        if any(node is other for other, _ in self.open):
            raise self._refused(event, "This value contains itself.")
        return node

    def _add(self, node: Node, event: Event) -> None:
        if not self.open:
            self.root = node
            self.count += 1
            return
        above, parts = self.open[-1]
        is_key = isinstance(above, MappingNode) and len(parts) % 2 == 0
        parts.append(node)
        self.count += 0 if is_key else self.size.get(id(node), 1)
        if self.count > MAX_VALUES:
            raise self._refused(
                event,
                f"After expanding its aliases, the file has more than {MAX_VALUES:,} values.",
            )

    def _refused(self, event: Event, message: str) -> CaseError:
        mark = event.start_mark
        return CaseError([Problem(Place(self.file, mark.line + 1, mark.column + 1), message)])


def _composed(events: Iterable[Event], file: str, *, stand_in: str = "") -> Node | None:
    composer = _Composer(file, stand_in)
    for event in events:
        composer.take(event)
    return composer.root
