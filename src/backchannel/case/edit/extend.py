"""Extend a case: the same case with a longer record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backchannel.case.read.case_file import as_case
from backchannel.case.read.document import Document
from backchannel.case.schema.case import Case


def extended(
    case: Case,
    entries: Sequence[Mapping[str, Any]],
    sources: Mapping[str, Mapping[str, Any]],
) -> Case:
    """Add entries to a case's record, and new sources; `as_of` moves forward with them.

    Raises:
        CaseError: An entry or a source is not valid in a case file.
    """
    plain = case.model_dump(mode="json", exclude_unset=True)
    plain["sources"] = {**plain.get("sources", {}), **{n: dict(s) for n, s in sources.items()}}
    plain["record"] = [*plain.get("record", []), *map(dict, entries)]
    days = [str(entry["date"]) for entry in plain["record"] if "date" in entry]
    plain["as_of"] = max([str(plain["as_of"]), *days])
    return as_case(Document("record", plain, {}, {}))
