"""Mixtures of two versions of a case: what is switched together, and each mixture as a case."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered
from backchannel.case.read.case_file import as_case
from backchannel.case.read.document import Document
from backchannel.case.schema.case import Case
from backchannel.case.versions import (
    KINDS,
    MISSING,
    WORDS,
    EntryPath,
    Versions,
    entries_of,
    entry_key,
)
from backchannel.language.errors import CaseError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def lower_mixture(first: Lowered, second: Lowered, taken: Sequence[EntryPath]) -> Lowered:
    """The first version with some entries of the second, as a case of its own without questions.

    Raises:
        CaseError: It is no valid case.
    """
    document = Document("merge", mixture(first.case, second.case, taken), {}, {})
    return lower(as_case(document), document)


def is_case(first: Lowered, second: Lowered, taken: Sequence[EntryPath]) -> bool:
    """Whether a mixture is a valid case."""
    try:
        lower_mixture(first, second, taken)
    except CaseError:
        return False
    return True


def groups_of(versions: Versions, first: Case, second: Case) -> list[list[EntryPath]]:
    """Entries that differ, in groups that are switched together, so that every mixture of the versions is a case.

    An entry goes with the one that adds or removes a name in it, or that changes the values of a node in it. The last
    day that the case knows goes with the entries of the record that lie beyond the earlier of the two.
    """
    entries = list(dict.fromkeys(one.entry for one in versions.moving()))
    sides = entries_of(first), entries_of(second)
    names = {path: _names(path, sides) for path in entries}
    group = {path: path for path in entries}

    def root(path: EntryPath) -> EntryPath:
        while group[path] != path:
            path = group[path]
        return path

    for path in entries:
        for other in entries:
            if path != other and _needs(path, other, names, sides):
                group[root(path)] = root(other)
    grouped: dict[EntryPath, list[EntryPath]] = {}
    for path in entries:
        grouped.setdefault(root(path), []).append(path)
    return list(grouped.values())


def _needs(
    path: EntryPath,
    other: EntryPath,
    names: Mapping[EntryPath, set[str]],
    sides: tuple[dict[EntryPath, Any], dict[EntryPath, Any]],
) -> bool:
    """Whether an entry is switched together with another one that it names."""
    if path == ("as_of",) or other == ("as_of",):
        record = other if path == ("as_of",) else path
        earliest = min(str(side[("as_of",)]) for side in sides)
        return record[0] == "record" and record[1].split()[-1] > earliest
    if len(other) < 2 or other[0] in ("record", "base_rates", "correlations"):
        return False
    name = other[1]
    if name not in names[path]:
        return False
    ours, theirs = (side.get(other) for side in sides)
    if ours is None or theirs is None:
        return True
    return other[0] == "nodes" and ours.get("domain") != theirs.get("domain")


def _names(path: EntryPath, sides: tuple[dict[EntryPath, Any], dict[EntryPath, Any]]) -> set[str]:
    names: set[str] = set()
    for side in sides:
        entry = side.get(path)
        if isinstance(entry, dict):
            entry = {key: value for key, value in entry.items() if key not in WORDS}
        names |= set(_NAME.findall(json.dumps(entry, default=str)))
    return names


def mixture(first: Case, second: Case, taken: Sequence[EntryPath]) -> dict[str, Any]:
    """The content of the first version with some entries of the second, and without questions.

    The sources of both are there, since either may be cited. What answers no forecast is left out.
    """
    content = first.model_dump(mode="json", exclude_unset=True, by_alias=True)
    other = second.model_dump(mode="json", exclude_unset=True, by_alias=True)
    for path in taken:
        section = path[0]
        if len(path) == 1:
            _set(content, section, other.get(section, MISSING))
        elif isinstance(content.get(section, other.get(section)), list):
            entry = entries_of(second).get(path, MISSING)
            kept = [one for one in content.get(section, []) if entry_key(section, one) != path[1]]
            content[section] = kept if entry is MISSING else [*kept, entry]
        else:
            entries = dict(content.get(section, {}))
            _set(entries, path[1], other.get(section, {}).get(path[1], MISSING))
            content[section] = entries
    content["sources"] = {**other.get("sources", {}), **content.get("sources", {})}
    return {key: value for key, value in content.items() if KINDS.get(key) != "questions"}


def _set(entries: dict[str, Any], key: str, value: Any) -> None:
    if value is MISSING:
        entries.pop(key, None)
    else:
        entries[key] = value
