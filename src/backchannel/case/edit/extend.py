"""Extend a case: the same case with a longer record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backchannel.case.read.case_file import as_case
from backchannel.case.read.document import Document
from backchannel.case.schema.case import Case
from backchannel.language.plain_values import plain


def extended(
    case: Case,
    entries: Sequence[Mapping[str, Any]],
    sources: Mapping[str, Mapping[str, Any]],
) -> Case:
    """Add entries to a case's record, and new sources; `as_of` moves forward with them.

    Raises:
        CaseError: An entry or a source is not valid in a case file.
    """
    content = case.model_dump(mode="json", exclude_unset=True)
    content["sources"] = {**content.get("sources", {}), **plain(sources)}
    content["record"] = [*content.get("record", []), *plain(entries)]
    days = [str(entry["date"]) for entry in content["record"] if "date" in entry]
    content["as_of"] = max([str(content["as_of"]), *days])
    return as_case(Document("record", content, {}, {}))
