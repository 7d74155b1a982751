"""Extend a case: the same case with a longer record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backchannel.case.edit.news import moved_days
from backchannel.case.lowered import Lowered
from backchannel.case.read.case_file import as_case
from backchannel.case.read.document import Document
from backchannel.case.schema.case import Case
from backchannel.language.plain_values import plain


def extended(
    lowered: Lowered,
    entries: Sequence[Mapping[str, Any]],
    sources: Mapping[str, Mapping[str, Any]],
) -> Case:
    """Add entries to a case's record, and new sources; `as_of` moves forward with them.

    Where something happened earlier than planned, its day becomes the planned one.

    Raises:
        CommandError: Something happened earlier than planned, and its day cannot be changed.
        CaseError: An entry or a source is not valid in a case file.
    """
    content = lowered.case.model_dump(mode="json", exclude_unset=True)
    content["sources"] = {**content.get("sources", {}), **plain(sources)}
    content["record"] = [*content.get("record", []), *plain(entries)]
    for moved in moved_days(lowered, [_with_day(entry) for entry in entries]):
        content["nodes"][moved.node]["at"] = str(moved.day)
    days = [str(entry["date"]) for entry in content["record"] if "date" in entry]
    content["as_of"] = max([str(content["as_of"]), *days])
    return as_case(Document("record", content, {}, {}))


def _with_day(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry with its date as a `date`, if it can be read; otherwise the check of the longer case reports the
    error."""
    try:
        return {**entry, "date": date.fromisoformat(str(entry.get("date")))}
    except ValueError:
        return dict(entry)
