"""Mixtures of two versions of a case, checked and lowered."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered
from backchannel.case.read.case_file import as_case
from backchannel.case.read.document import Document
from backchannel.case.versions import EntryPath, mixture
from backchannel.language.errors import CaseError


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
