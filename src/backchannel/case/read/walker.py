"""Walk YAML nodes: turn them into plain values, and note the place of every key and value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from backchannel.case.read.lonely_keys import joined_pairs
from backchannel.language.errors import Place, Problem

KeyPath: TypeAlias = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""

_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_HALF = re.compile(r"[\ud800-\udfff]")
_PLAIN_TAG = re.compile(
    r"tag:yaml\.org,2002:(str|int|float|bool|null|timestamp|merge|value|map|seq)|!"
)


class Walker:
    """Turns YAML nodes into plain values; aliases are expanded."""

    def __init__(self, file: str, lost: frozenset[int]) -> None:
        self.file = file
        self.lost = lost
        self.doubtful: set[KeyPath] = set()
        self.keys: dict[KeyPath, Place] = {}
        self.values: dict[KeyPath, Place] = {}
        self.quoted: set[KeyPath] = set()
        self.folded: set[KeyPath] = set()
        self.problems: list[Problem] = []

    def plain(self, node: Any, path: KeyPath) -> Any:
        place = Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)
        self.values[path] = place
        if place.line in self.lost:
            self.doubtful.add(path)
        if isinstance(node, ScalarNode):
            if node.end_mark.line != node.start_mark.line:
                self.folded.add(path)
            elif node.style in ("'", '"'):
                self.quoted.add(path)
            return self._scalar(node, place)
        self._check_tag(node, place)
        if isinstance(node, SequenceNode):
            return [self.plain(item, (*path, i)) for i, item in enumerate(node.value)]
        assert isinstance(node, MappingNode)
        return dict(self._pairs(node, path))

    def _pairs(self, node: MappingNode, path: KeyPath) -> Iterator[tuple[Any, Any]]:
        seen: dict[Any, Place] = {}
        pairs = joined_pairs(node, self.file)
        self.problems += pairs.problems
        if pairs.problems and not pairs.pairs:
            self.doubtful.add(path)
        for key_node, value_node in pairs.pairs:
            place = Place(self.file, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if not isinstance(key_node, ScalarNode):
                self.problems.append(
                    Problem(
                        place, "A key must be a word or a number, not a list. Put it in quotes."
                    )
                )
                continue
            key = self._scalar(key_node, place)
            if key == "<<":
                self.problems.append(
                    Problem(place, "The key << is not supported. Write its keys out here.")
                )
                continue
            if isinstance(key, bool) or key is None:
                key = key_node.value
            if key in seen:
                self.problems.append(
                    Problem(
                        place,
                        f"The key '{key}' is repeated; it was first given at line {seen[key].line}.",
                    )
                )
                continue
            seen[key] = place
            self.keys[(*path, key)] = place
            yield key, self.plain(value_node, (*path, key))

    def _check_tag(self, node: Any, place: Place) -> None:
        tag = node.tag  # Each look makes its text again.
        if tag and not _PLAIN_TAG.fullmatch(tag):
            self.problems.append(
                Problem(
                    place,
                    f"The type mark {tag[:80]} is not supported. Remove it; put a text that "
                    "begins with ! in quotes.",
                )
            )

    def _scalar(self, node: ScalarNode, place: Place) -> Any:
        text = node.value
        self._check_tag(node, place)
        if _HALF.search(text):
            self.problems.append(
                Problem(
                    place, "This contains half a character (\\ud800 to \\udfff). Type it again."
                )
            )
            return ""
        if node.style in ("'", '"', "|", ">"):
            return text
        # YAML 1.2: only these spellings are not text, so the country code NO is a word.
        if text in ("", "~", "null", "Null", "NULL"):
            return None
        if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
            return text[0] in "tT"
        if _INTEGER.fullmatch(text):
            return int(text) if len(text) < 20 else float(text)
        return float(text) if _NUMBER.fullmatch(text) else text
