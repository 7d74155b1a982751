"""Documents: plain values read from YAML, with the place of every key and value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from backchannel.case.read.lonely_keys import joined_pairs
from backchannel.case.read.mend_text import Mended, mend_text
from backchannel.case.read.yaml_nodes import UnreadableText, compose
from backchannel.files.inputs import FileTooLarge, read_bytes
from backchannel.language.errors import CaseError, Place, Problem
from backchannel.language.visible import in_one_line

MAX_BYTES = 2_000_000

KeyPath: TypeAlias = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""

_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")

_PLAIN_TAG = re.compile(
    r"tag:yaml\.org,2002:(str|int|float|bool|null|timestamp|merge|value|map|seq)|!"
)
_HALF = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True)
class Document:
    """The plain values of a file, and the place of each."""

    file: str
    data: Any
    keys: dict[KeyPath, Place]
    values: dict[KeyPath, Place]
    quoted: frozenset[KeyPath] = frozenset()
    """Texts in quotes, whose first character is one column after the value's place."""
    folded: frozenset[KeyPath] = frozenset()
    """Texts over several lines, whose characters have no column."""
    folder: Path | None = None
    """The folder in which files that it names are searched; the current folder, if unknown."""
    problems: tuple[Problem, ...] = ()
    """What was wrong with the text; the values are those of the mended text."""
    doubtful: frozenset[KeyPath] = frozenset()
    """Values that stand in for something that could not be read; nothing is reported about them."""
    with_comments: frozenset[int] = frozenset()
    """Lines that hold a comment after something else."""
    is_partial: bool = False
    """Some lines could not be read at all, so that names may be missing."""

    def doubts(self, path: KeyPath) -> bool:
        """Say whether the value at a path, or a value that holds it, could not be read."""
        return any(path[:n] in self.doubtful for n in range(len(path) + 1))

    def line_has_comment(self, path: KeyPath) -> bool:
        """Say whether a comment stands on the line of a key."""
        return path in self.keys and self.keys[path].line in self.with_comments

    def place(self, path: KeyPath) -> Place:
        """Return the place of a value; for a missing value, the place where it would be added."""
        while path and path not in self.values:
            path = path[:-1]
        return self.keys.get(path) or self.values.get(path) or Place(self.file)

    def place_of_value(self, path: KeyPath) -> Place:
        """Return the place where a value itself begins, after its key."""
        return self.values.get(path) or self.place(path)

    def place_inside(self, path: KeyPath, column: int) -> Place:
        """Return the place of a character in a text; columns count from 1."""
        start = self.place_of_value(path)
        if path not in self.values or path in self.folded:
            return start
        return Place(start.file, start.line, start.column + column - 1 + (path in self.quoted))


def read_document(path: Path) -> Document:
    """Read a file; faults of its text are mended and listed in `problems`.

    Raises:
        CommandError: There is no such file, it is not a regular file, or it cannot be read.
        CaseError: It is too large, not text, or nothing in it can be read.
    """
    name = in_one_line(path.name)  # A file name can hold bytes that are not valid text.
    try:
        text = read_bytes(path, limit=MAX_BYTES, what="a case").decode("utf-8-sig")
    except FileTooLarge as error:
        message = f"The file has {error.size:,} bytes; a case has at most {MAX_BYTES:,}."
        raise _single_problem(name, message) from None
    except UnicodeDecodeError as error:
        raise _single_problem(name, f"The file is not UTF-8 text (byte {error.start}).") from None
    return parse_tolerantly(text, file=name, folder=path.parent)


def path_text(path: Sequence[Any]) -> str:
    """Write a path as text; positions in lists count from 1.

    >>> path_text(("claims", 0, "test"))
    'claims[1].test'
    """
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def parse_document(text: str, *, file: str = "case.yaml", folder: Path | None = None) -> Document:
    """Read YAML text into plain values: mappings, lists, words, numbers, true, false, null.

    Raises:
        CaseError: Something is wrong with the text; every problem is listed.
    """
    document = parse_tolerantly(text, file=file, folder=folder)
    if document.problems:
        raise CaseError(document.problems)
    return document


def parse_tolerantly(text: str, *, file: str = "case.yaml", folder: Path | None = None) -> Document:
    """Read what can be read: faults of the text are mended and listed in `problems`.

    Raises:
        CaseError: The text is empty or too large, or nothing in it can be read.
    """
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise _single_problem(file, f"The text is longer than {MAX_BYTES:,} bytes.")
    mended = Mended(text)
    try:
        root = compose(text, file=file)
    except UnreadableText as error:
        mended = mend_text(text, file, error)
        try:
            root = compose(mended.text, file=file)
        except CaseError:
            raise CaseError(mended.problems) from None
    if root is None and mended.problems:
        raise CaseError(mended.problems)
    if root is None:
        raise _single_problem(file, "The file is empty. Start from `backchannel new NAME`.")
    walker = _Walker(file, mended.lost)
    data = walker.plain(root, ())
    return Document(
        file,
        data,
        walker.keys,
        walker.values,
        frozenset(walker.quoted),
        frozenset(walker.folded),
        folder,
        (*mended.problems, *walker.problems),
        frozenset(walker.doubtful),
        frozenset(i for i, line in enumerate(mended.text.split("\n"), 1) if " #" in line.strip()),
        mended.is_partial,
    )


class _Walker:
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
        if node.tag and not _PLAIN_TAG.fullmatch(str(node.tag)):
            self.problems.append(
                Problem(
                    place,
                    f"The type mark {str(node.tag)[:80]} is not supported. Remove it; put a text that "
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


def _single_problem(file: str, message: str) -> CaseError:
    return CaseError([Problem(Place(file), message)])
