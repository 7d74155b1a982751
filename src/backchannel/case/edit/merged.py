"""Merge two versions of a case into one file: the first version's text, with what the second changed.

Where only one side changed something since the base, its change is taken. Where both did, or no base is known, the
first version stays, and a comment above it says what the second has, so that a person chooses.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from backchannel.case.edit.operation_models import InsertItem, Operation, RemoveValue, SetValue
from backchannel.case.edit.operations import apply_operations
from backchannel.case.edit.yaml_value import flow
from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from backchannel.case.read.document import Document, parse_document
from backchannel.case.versions import CaseDisagreement, Versions, entry_key
from backchannel.language.errors import CaseError, CommandError
from backchannel.language.visible import in_one_line

Side = Literal["first", "second"]
MARK = "# CONFLICT"
"""Begins every comment that asks for a choice."""
LONGEST = 400
"""Characters of a value that a comment shows."""


@dataclass(frozen=True)
class MergedText:
    """A merged file."""

    text: str
    taken: tuple[str, ...]
    """Places in which the second version was taken."""
    conflicts: tuple[str, ...]
    """Places that a comment marks, in which the first version stands."""


def merged_case(
    text: str, other: str, versions: Versions, *, target: str, **choices: Any
) -> MergedText:
    """Merge two versions, and check that the result is a case.

    Args:
        text: The file of the first version.
        other: The file of the second.
        versions: Where they differ.
        target: The name of the merged file, for messages.
        choices: Those of `merged_text`.

    Raises:
        CommandError: A choice has no meaning, or the result is no valid case; its problems are listed.
    """
    merged = merged_text(text, other, versions, **choices)
    try:
        lower(*read_case_text(merged.text, file=target))
    except CaseError as error:
        raise CommandError(
            f"{error}\nWith these choices the merged case has problems, and {target} was not written. Take "
            "what belongs together from one version (--take PLACE, --prefer)."
        ) from None
    return merged


def merged_text(
    text: str,
    other: str,
    versions: Versions,
    *,
    names: tuple[str, str],
    prefer: Side | None = None,
    take: Collection[str] = (),
) -> MergedText:
    """Merge two versions.

    Args:
        text: The file of the first version, whose comments and layout stay.
        other: The file of the second.
        versions: Where they differ.
        names: What the versions are called in comments.
        prefer: The side that is taken where neither a base nor `take` decides; `None`: it is left to a person.
        take: Places in which the second version is taken.

    Raises:
        CommandError: There is no such place, or the layout of the file cannot be edited safely.
    """
    _check_places(versions, take)
    theirs = parse_document(other).data
    taken, conflicts = [], []
    for one in versions.disagreements:
        match _side_of(one, prefer, take):
            case "second":
                text = _with_second(text, theirs, one)
                taken.append(one.where)
            case None:
                conflicts.append(one)
    # Comments come last: they would move nothing, but the places of later changes are found by parsing again.
    for one in conflicts:
        text = _with_comment(text, one, names)
    return MergedText(text, tuple(taken), tuple(one.where for one in conflicts))


def _check_places(versions: Versions, take: Collection[str]) -> None:
    known = {one.where for one in versions.disagreements}
    strange = [place for place in take if place not in known]
    if strange:
        listed = ", ".join(sorted(known)) or "nowhere"
        raise CommandError(
            f"The versions do not differ at '{strange[0]}'. They differ at: {listed}."
        )


def _side_of(one: CaseDisagreement, prefer: Side | None, take: Collection[str]) -> Side | None:
    if one.where in take:
        return "second"
    if one.path[0] == "sources" and not one.in_first:
        return "second"  # What is taken may cite it.
    if one.changed_by in ("first", "second"):
        return one.changed_by
    return prefer


def _with_second(text: str, theirs: Any, one: CaseDisagreement) -> str:
    data = parse_document(text).data
    operation = _operation(data, theirs, one)
    return text if operation is None else apply_operations(text, [operation])


def _operation(data: Any, theirs: Any, one: CaseDisagreement) -> Operation | None:
    """What puts the second version's value in its place; `None` where another change did so already."""
    section, *rest = one.path
    wanted, known = theirs.get(section), data.get(section)
    if not rest:
        return _set_or_remove([section], wanted, is_there=section in data)
    if isinstance(wanted if wanted is not None else known, list):
        return _list_operation(section, known or [], wanted or [], rest)
    ours, entry = (
        side.get(rest[0]) if isinstance(side, dict) else None for side in (known, wanted)
    )
    if len(rest) > 1 and isinstance(ours, dict) and isinstance(entry, dict):
        return _set_or_remove([section, *rest], entry.get(rest[1]), is_there=rest[1] in ours)
    return _set_or_remove([section, rest[0]], entry, is_there=ours is not None)


def _list_operation(
    section: str, ours: Sequence[Any], theirs: Sequence[Any], rest: Sequence[str]
) -> Operation | None:
    position = next((i for i, e in enumerate(ours) if entry_key(section, e) == rest[0]), None)
    entry = next((e for e in theirs if entry_key(section, e) == rest[0]), None)
    if position is None:
        return None if entry is None else InsertItem(kind="insert", path=[section], value=entry)
    if entry is None:
        return RemoveValue(kind="remove", path=[section, position])
    if len(rest) > 1:
        return _set_or_remove(
            [section, position, rest[1]], entry.get(rest[1]), is_there=rest[1] in ours[position]
        )
    return SetValue(kind="set", path=[section, position], value=entry)


def _set_or_remove(path: list[str | int], value: Any, *, is_there: bool) -> Operation | None:
    if value is not None:
        return SetValue(kind="set", path=path, value=value)
    return RemoveValue(kind="remove", path=path) if is_there else None


def _with_comment(text: str, one: CaseDisagreement, names: tuple[str, str]) -> str:
    document = parse_document(text)
    theirs = _short(one.second) if one.in_second else "nothing"
    kept = f"{names[0]} stands below" if one.in_first else f"{names[0]} has nothing"
    # Names and values are somebody's words: nothing in them may end the comment.
    comment = in_one_line(
        f"{MARK} {one.where}: {names[1]} has {theirs}; {kept}. Choose, then delete this line."
    )
    lines = text.splitlines(keepends=True)
    at = _line_of(document, one) - 1
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    for position in (at, 0):
        line = lines[position] if position < len(lines) else ""
        indent = line[: len(line) - len(line.lstrip(" "))]
        marked = "".join([*lines[:position], f"{indent}{comment}{newline}", *lines[position:]])
        # A line inside a text over several lines is no place for a comment: the top of the file is one.
        with suppress(CaseError):
            if parse_document(marked).data == document.data:
                return marked
    return text


def _line_of(document: Document, one: CaseDisagreement) -> int:
    """The line of the entry, counted from 1: that of its section where it has none."""
    section, *rest = one.path
    data = document.data.get(section)
    path: tuple[Any, ...] = (section,)
    if rest and isinstance(data, dict) and rest[0] in data:
        path = (section, rest[0])
    elif rest and isinstance(data, list):
        same_key = [i for i, entry in enumerate(data) if entry_key(section, entry) == rest[0]]
        path = (section, same_key[0]) if same_key else path
    place = document.place(path)
    return max(place.line, 1)


def _short(value: Any) -> str:
    text = " ".join(flow(value).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
