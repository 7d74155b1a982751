"""Two analysts' versions of one case: where they agree, where they differ, and who changed what since a common base.

`compare` lists what became of an old version in a new one. Here neither version is older: a difference has two sides,
and with a base it is known which side moved.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from backchannel.case.schema.case import Case
from backchannel.language.errors import CommandError

Kind = Literal["structure", "numbers", "record", "questions", "words"]
ChangedBy = Literal["first", "second", "both", "unknown"]
KINDS: Mapping[str, Kind] = {
    "parameters": "numbers",
    "correlations": "numbers",
    "priors": "numbers",
    "base_rates": "numbers",
    "base_rate_weight": "numbers",
    "record": "record",
    "as_of": "record",
    "causes": "questions",
    "rivals": "questions",
    "scenarios": "questions",
    "deals": "questions",
    "questions": "questions",
    "claims": "questions",
    "case": "words",
    "question": "words",
    "about": "words",
    "sources": "words",
}
"""By section, what a difference in it is about; all other sections are structure."""
WORDS = frozenset({"about", "why", "labels", "name", "title", "resolves", "says"})
"""Keys inside an entry that hold words and reasons, and move no answer."""
NUMBERS_OF_PLAYERS = frozenset({"precision", "discount", "weights"})
LIST_KEYS: Mapping[str, tuple[str, ...]] = {
    "record": ("node", "date"),
    "base_rates": ("node",),
    "claims": ("id", "says"),
    "correlations": ("between",),
}
"""By section that is a list, the keys by which an entry of one version is recognised in another."""
FEWEST_SHARED = 0.5
"""Share of the nodes of the smaller version that the other must have, too."""
MISSING = object()
"""Stands for an entry that a version does not have."""

EntryPath = tuple[str, ...]


@dataclass(frozen=True)
class CaseDisagreement:
    """One place in which two versions differ."""

    kind: Kind
    path: EntryPath
    """Section, entry, key; an entry of a list by what it is recognised by."""
    first: Any
    """`None` where the first version has nothing there."""
    second: Any
    base: Any
    """`None` without a base, or where it has nothing there."""
    changed_by: ChangedBy
    in_first: bool
    in_second: bool

    @property
    def where(self) -> str:
        """The path as text."""
        return ".".join(self.path)

    @property
    def entry(self) -> EntryPath:
        """The section and the entry: what is switched as a whole."""
        return self.path[:2]


@dataclass(frozen=True)
class Versions:
    """Two versions of one case, entry by entry."""

    agreed: Mapping[str, int]
    """By section, how many entries are the same in both."""
    disagreements: Sequence[CaseDisagreement]

    def moving(self) -> list[CaseDisagreement]:
        """The disagreements that can move a forecast."""
        return [one for one in self.disagreements if one.kind in ("structure", "numbers", "record")]


def compare_versions(first: Case, second: Case, base: Case | None = None) -> Versions:
    """Compare two versions of a case.

    Args:
        first: One analyst's version.
        second: The other's.
        base: The version from which both began, if it is known.

    Raises:
        CommandError: The versions do not belong together.
    """
    check_related(first, second, "The two files")
    if base is not None:
        check_related(base, first, "The base and the first file")
        check_related(base, second, "The base and the second file")
    sides = [entries_of(case) if case else None for case in (first, second, base)]
    one, other, before = sides
    assert one is not None
    assert other is not None
    agreed: dict[str, int] = {}
    disagreements: list[CaseDisagreement] = []
    for path in dict.fromkeys([*one, *other]):
        ours, theirs = one.get(path, MISSING), other.get(path, MISSING)
        if ours == theirs:
            agreed[path[0]] = agreed.get(path[0], 0) + 1
            continue
        known = MISSING if before is None else before.get(path, MISSING)
        disagreements += _inside(path, ours, theirs, known, has_base=before is not None)
    return Versions(agreed, disagreements)


def check_related(first: Case, second: Case, which: str) -> None:
    """Check that two cases are versions of one.

    Raises:
        CommandError: They share too few nodes, or no player.
    """
    nodes, others = set(first.nodes), set(second.nodes)
    if first.rounds is not None:
        nodes |= set(first.rounds.nodes)
    if second.rounds is not None:
        others |= set(second.rounds.nodes)
    shared, fewest = nodes & others, min(len(nodes), len(others))
    players = set(first.players) & set(second.players)
    if len(shared) < FEWEST_SHARED * fewest or not players or not shared:
        raise CommandError(
            f"{which} are not versions of one case: of {len(nodes)} and {len(others)} nodes they share "
            f"{len(shared)}, and of their players {len(players)}. Merge versions that began from the same file."
        )


def entries_of(case: Case) -> dict[EntryPath, Any]:
    """Every entry of a case by its path, as plain values; words and lists included."""
    content = case.model_dump(mode="json", exclude_unset=True, by_alias=True)
    entries: dict[EntryPath, Any] = {}
    for section, value in content.items():
        if section == "rounds" and value is None:
            continue
        if isinstance(value, dict) and section not in ("priors", "rounds"):
            entries |= {(section, str(name)): entry for name, entry in value.items()}
        elif isinstance(value, list):
            for entry in value:
                key = entry_key(section, entry)
                while (section, key) in entries:
                    key += "'"
                entries[section, key] = entry
        else:
            entries[(section,)] = value
    return entries


def entry_key(section: str, entry: Any) -> str:
    """By what an entry of a list is recognised in another version."""
    known = [entry.get(key) for key in LIST_KEYS.get(section, ()) if isinstance(entry, dict)]
    parts = [part for part in known if part]
    if section == "claims":
        parts = parts[:1]
    return " ".join(map(str, parts)) or json.dumps(entry, ensure_ascii=False, default=str)


def _inside(
    path: EntryPath, first: Any, second: Any, base: Any, *, has_base: bool
) -> Iterator[CaseDisagreement]:
    """The differences of one entry: key by key, where both versions have it."""
    if not (isinstance(first, dict) and isinstance(second, dict)):
        yield _made(path, first, second, base, has_base=has_base)
        return
    for key in dict.fromkeys([*first, *second]):
        ours, theirs = first.get(key, MISSING), second.get(key, MISSING)
        if ours != theirs:
            known = base.get(key, MISSING) if isinstance(base, dict) else MISSING
            yield _made((*path, str(key)), ours, theirs, known, has_base=has_base)


def _made(
    path: EntryPath, first: Any, second: Any, base: Any, *, has_base: bool
) -> CaseDisagreement:
    def shown(value: Any) -> Any:
        return None if value is MISSING else value

    by: ChangedBy = "unknown"
    if has_base:
        by = "second" if first == base else "first" if second == base else "both"
    return CaseDisagreement(
        kind=_kind(path),
        path=path,
        first=shown(first),
        second=shown(second),
        base=shown(base),
        changed_by=by,
        in_first=first is not MISSING,
        in_second=second is not MISSING,
    )


def _kind(path: EntryPath) -> Kind:
    kind = KINDS.get(path[0], "structure")
    if kind in ("structure", "numbers") and len(path) > 2:
        if path[2] in WORDS:
            return "words"
        if path[0] == "players" and path[2] in NUMBERS_OF_PLAYERS:
            return "numbers"
    return kind
