"""Nodes: YAML text composed into a tree, counted while it is read and refused before it is large.

The usual composers go down by recursion, so a text of nothing but brackets ends the process. Here the
parser only says what comes next; the tree is put together by a loop.
"""

from __future__ import annotations

from collections.abc import Iterable
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

from backchannel.errors import CaseError, Place, Problem

MAX_DEPTH = 40
"""Mappings and lists inside each other."""
MAX_NODES = 400_000
"""Keys and values, aliases not written out."""


def compose(text: str, *, file: str = "case.yaml", exact: bool = False) -> Node | None:
    """Compose the nodes of a text that holds one document.

    Args:
        text: YAML.
        file: What its problems are told of.
        exact: Positions count in characters of the text; takes the parser that is slower.

    Returns:
        The root, or nothing for an empty text.

    Raises:
        CaseError: It is no YAML, holds more than one document, or is nested too deeply or too large.
    """
    try:
        if not exact:
            try:
                return _composed(YAML(typ="safe").parse(StringIO(text)), file)
            except MarkedYAMLError:
                # The fast parser does not know all of YAML 1.2.
                pass
        return _composed(YAML(typ="safe", pure=True).parse(StringIO(text)), file)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        message = f"This is not YAML: {error.problem or error.context}."
        raise CaseError([Problem(place, message)]) from None
    except (YAMLError, RecursionError, ValueError, OverflowError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise CaseError([Problem(Place(file), f"This is not YAML: {said}.")]) from None


class _Composer:
    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.anchors: dict[str, Node] = {}
        self.open: list[tuple[Node, list[Node]]] = []
        """Collections that have begun, each with what it holds so far."""
        self.count = 0
        self.documents = 0

    def take(self, event: Event) -> None:
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self._refused(event, "Here a second document begins; a case is one.")
        elif isinstance(event, CollectionEndEvent):
            node, parts = self.open.pop()
            node.end_mark = event.end_mark
            node.value = (
                list(zip(parts[::2], parts[1::2], strict=True))
                if isinstance(node, MappingNode)
                else parts
            )
        elif isinstance(event, NodeEvent):
            self._add(self._known(event) if isinstance(event, AliasEvent) else self._new(event))
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                self.open.append((self.newest, []))
                if len(self.open) > MAX_DEPTH:
                    raise self._refused(
                        event,
                        f"This is nested too deeply: more than {MAX_DEPTH} mappings and lists stand "
                        "inside each other.",
                    )

    def _new(self, event: Any) -> Node:
        self.count += 1
        if self.count > MAX_NODES:
            raise self._refused(event, f"The file has over {MAX_NODES:,} keys and values.")
        # "!" is YAML's own sign for a value without a tag.
        tag, start, end = event.tag or "!", event.start_mark, event.end_mark
        if isinstance(event, ScalarEvent):
            node = ScalarNode(tag, event.value, start, end, style=event.style)
        else:
            kind = MappingNode if isinstance(event, MappingStartEvent) else SequenceNode
            node = kind(tag, [], start, end, flow_style=event.flow_style)
        self.newest = node
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _known(self, event: AliasEvent) -> Node:
        node = self.anchors.get(event.anchor)
        if node is None:
            raise self._refused(event, f"No value before this is called '&{event.anchor}'.")
        if any(node is other for other, _ in self.open):
            raise self._refused(event, "This is nested inside itself.")
        return node

    def _add(self, node: Node) -> None:
        if self.open:
            self.open[-1][1].append(node)
        else:
            self.root = node

    def _refused(self, event: Event, message: str) -> CaseError:
        mark = event.start_mark
        return CaseError([Problem(Place(self.file, mark.line + 1, mark.column + 1), message)])


def _composed(events: Iterable[Event], file: str) -> Node | None:
    composer = _Composer(file)
    for event in events:
        composer.take(event)
    return composer.root
