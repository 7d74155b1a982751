"""The outline of a case: what its text says, and the pages' document with nothing solved yet."""

from __future__ import annotations

from typing import Any

from backchannel.answers.outline import compose_outline
from backchannel.answers.sketch import compose_sketch
from backchannel.case.lowered import Lowered
from backchannel.web.answer_messages import OutlineMessage, SketchMessage
from backchannel.web.case_facts import CaseFacts
from backchannel.web.message_json import to_json


def outline_messages(
    content: Any,
    lowered: Lowered | None,
    facts: CaseFacts | None,
    *,
    name: str,
    revision: int,
    is_sketched: bool = False,
) -> list[str]:
    """The messages that bring the outline of a text to pages.

    Args:
        content: What the text says.
        lowered: The case in it; None where it has problems, and its diagram is only sketched.
        facts: Of that case.
        name: Of the case.
        revision: Of the text.
        is_sketched: Pages have a sketch of this text already.
    """
    outline = OutlineMessage(
        revision=revision,
        content=json_content(content),
        answers=lowered and compose_outline(lowered, name=name),
        case_digest=facts.case if facts else "",
    )
    if lowered or is_sketched:
        return [to_json(outline)]
    return [to_json(outline), sketch_message(content, revision=revision)]


def sketch_message(content: Any, *, revision: int) -> str:
    """The message that brings the diagram of a text that is not checked; empty where there is none.

    Args:
        content: What the text says.
        revision: Of the text.
    """
    sketch = compose_sketch(content)
    if sketch is None:
        return ""
    return to_json(SketchMessage(revision=revision, **dict(sketch)))


def json_content(value: Any) -> Any:
    """What a text says as JSON has it: every key is text."""
    if isinstance(value, dict):
        return {str(key): json_content(item) for key, item in value.items()}
    return [json_content(item) for item in value] if isinstance(value, list) else value
