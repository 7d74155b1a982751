"""Entries that are added to a case file, to its record and its sources, as small changes of the same text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backchannel.case.edit.operation_models import InsertItem, Operation, SetValue


def entry_operations(
    as_of: str,
    entries: Sequence[Mapping[str, Any]],
    *,
    sources: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Operation]:
    """The changes that append entries to the record, add sources, and move `as_of` forward if needed."""
    operations: list[Operation] = [
        SetValue(kind="set", path=["sources", name], value=_plain(source))
        for name, source in (sources or {}).items()
    ]
    operations += [
        InsertItem(kind="insert", path=["record"], value=_plain(entry)) for entry in entries
    ]
    latest = max([as_of, *(str(entry["date"]) for entry in entries)])
    if latest != as_of:
        operations.append(SetValue(kind="set", path=["as_of"], value=latest))
    return operations


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: str(value) if isinstance(value, date) else value for key, value in entry.items()}
