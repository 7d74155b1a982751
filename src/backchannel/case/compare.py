"""Compare two versions of a case: what was added, removed and changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from backchannel.case.schema.case import Case


@dataclass(frozen=True)
class Difference:
    """One place in which two versions differ."""

    kind: Literal["added", "removed", "changed"]
    path: tuple[str, ...]
    """The keys that lead to it, such as `parameters`, `war_cost`, `prior`."""
    before: Any = None
    after: Any = None

    @property
    def where(self) -> str:
        """The path as text.

        >>> Difference("changed", ("parameters", "war_cost", "prior")).where
        'parameters.war_cost.prior'
        """
        return ".".join(self.path)


def compare_cases(old: Case, new: Case) -> list[Difference]:
    """List the differences in the order of the file; comments and layout do not count."""
    differences: list[Difference] = []
    for name in type(new).model_fields:
        before, after = getattr(old, name), getattr(new, name)
        if isinstance(before, dict) and isinstance(after, dict):
            differences += _entries((name,), before, after)
        elif isinstance(after, list):
            differences += _listed((name,), before, after)
        elif before != after:
            differences.append(Difference("changed", (name,), _plain(before), _plain(after)))
    return differences


def _entries(path: tuple[str, ...], old: Any, new: Any) -> Iterator[Difference]:
    for key in [*old, *(key for key in new if key not in old)]:
        here = (*path, str(key))
        if key not in new:
            yield Difference("removed", here, before=_plain(old[key]))
        elif key not in old:
            yield Difference("added", here, after=_plain(new[key]))
        elif old[key] != new[key]:
            yield from _inside(here, _plain(old[key]), _plain(new[key]))


def _inside(path: tuple[str, ...], old: Any, new: Any) -> Iterator[Difference]:
    """Compare two entries of one name, key by key."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        yield Difference("changed", path, old, new)
        return
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        if before != after:
            yield Difference("changed", (*path, str(key)), before, after)


def _listed(path: tuple[str, ...], old: Any, new: Any) -> Iterator[Difference]:
    """Compare two lists by the content of their entries: a changed entry is removed and added."""
    before, after = [_plain(entry) for entry in old], [_plain(entry) for entry in new]
    for entry in before:
        if entry not in after:
            yield Difference("removed", path, before=entry)
    for entry in after:
        if entry not in before:
            yield Difference("added", path, after=entry)


def _plain(value: Any) -> Any:
    return value.model_dump(exclude_unset=True) if isinstance(value, BaseModel) else value
