"""Documents: plain values read from YAML, with the place of every key and value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backchannel.case.read.cut_texts import cut_texts
from backchannel.case.read.mend_text import Mended, mend_text
from backchannel.case.read.walker import KeyPath as KeyPath
from backchannel.case.read.walker import Walker
from backchannel.case.read.yaml_nodes import UnreadableText, compose_nodes
from backchannel.files.inputs import FileTooLarge, read_bytes
from backchannel.language.errors import CaseError, Place, Problem
from backchannel.language.visible import in_one_line

MAX_BYTES = 2_000_000


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
    cut: tuple[tuple[KeyPath, str], ...] = ()
    """Texts that a # may have cut, each with what it would be in quotes."""
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


def path_text(path: Sequence[Any], data: Any = None) -> str:
    """Write a path as text; positions in lists count from 1.

    Args:
        path: Keys and positions.
        data: The document, which tells positions from keys that are whole numbers.

    >>> path_text(("claims", 0, "test"))
    'claims[1].test'
    >>> path_text(("counts", 10), {"counts": {10: 4}})
    'counts.10'
    """
    text = ""
    for part in path:
        is_key = isinstance(data, dict)
        text += f"[{part + 1}]" if isinstance(part, int) and not is_key else f".{part}"
        if is_key:
            data = data.get(part)
        else:
            is_place = isinstance(data, list) and isinstance(part, int) and part < len(data)
            data = data[part] if is_place else None
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
        root = compose_nodes(text, file=file)
    except UnreadableText as error:
        mended = mend_text(text, file, error)
        try:
            root = compose_nodes(mended.text, file=file)
        except CaseError:
            unchecked = "The rest of the text is checked when these are corrected."
            raise CaseError(mended.problems, unchecked=unchecked) from None
    if root is None and mended.problems:
        raise CaseError(mended.problems)
    if root is None:
        raise _single_problem(file, "The file is empty. Start from `backchannel new NAME`.")
    walker = Walker(file, mended.lost)
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
        tuple(cut_texts(mended.text, walker.keys)),
        mended.is_partial,
    )


def _single_problem(file: str, message: str) -> CaseError:
    return CaseError([Problem(Place(file), message)])
