"""Open a case, in any form that a user may have it in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backchannel.case.catalog import case_name, find_case
from backchannel.case.read.case_file import as_case, read_case, read_case_text
from backchannel.case.read.document import Document
from backchannel.case.schema.case import Case
from backchannel.case.write import write_case
from backchannel.language.plain_values import plain
from backchannel.language.visible import in_one_line


def open_case(case: str | Path | Mapping[str, Any] | Case) -> tuple[Case, Document, str]:
    """Read a case from the catalog, a file, a text, a mapping or a `Case`.

    Returns:
        The case, the document with the places of its keys and values, and the case's name.

    Raises:
        CaseError: The case is wrong; every problem is listed.
        CommandError: There is no such case.
    """
    if isinstance(case, Case):
        return *read_case_text(write_case(case)), "case"
    if isinstance(case, Mapping):
        document = Document("case", plain(case), {}, {})
        return as_case(document), document, "case"
    if isinstance(case, str) and "\n" in case:
        return *read_case_text(case), "case"
    path = find_case(case)
    # A file name can hold bytes that are not valid text.
    return *read_case(path), in_one_line(case_name(path))
