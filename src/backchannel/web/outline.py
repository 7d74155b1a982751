"""The outline of a case: what its text says, and the pages' document with nothing solved yet."""

from __future__ import annotations

import json
from typing import Any

from backchannel.case.lowered import Lowered
from backchannel.case.read.document import parse_tolerantly
from backchannel.language.errors import CaseError
from backchannel.web.case_facts import CaseFacts
from backchannel.web.messages import OutlineMessage, to_json


def outline_message(
    text: str, lowered: Lowered | None, facts: CaseFacts | None, *, name: str, revision: int
) -> str:
    """The message that brings the outline of a text to pages; empty where the text cannot be read.

    Args:
        text: The text.
        lowered: The case in it; None where it has problems.
        facts: Of that case.
        name: Of the case.
        revision: Of the text.
    """
    try:
        content = parse_tolerantly(text).data
    except CaseError:
        return ""
    return to_json(
        OutlineMessage(
            revision=revision,
            content=as_json(content),
            answers=None,
            case_digest=facts.case if facts else "",
        )
    )


def as_json(value: Any) -> Any:
    """What a text says as JSON has it: every key is text, and a number that JSON lacks is text."""
    return (
        json.loads(json.dumps(value, default=str, allow_nan=False))
        if not isinstance(value, float)
        else value
    )
