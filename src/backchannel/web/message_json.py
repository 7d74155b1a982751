"""What every message is: news for every window or the reply to a request, written as JSON text."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict

from backchannel.web.message_parts import ServerPart


class News(ServerPart):
    """A message to every window."""


def _optional_id(schema: dict[str, Any]) -> None:
    """A page gets the number or nothing, never null."""
    number = schema["properties"]["id"]
    schema["properties"]["id"] = {"type": "integer", "description": number["description"]}
    schema["required"].remove("id")


class Reply(ServerPart):
    """A message that can answer a request."""

    model_config = ConfigDict(json_schema_extra=_optional_id)

    id: int | None = None
    """The request that this answers; missing in the same message to other windows."""


def to_json(message: News | Reply) -> str:
    """Write a message as JSON text; `id` is left out where it is missing.

    >>> from backchannel.web.messages import DoneMessage
    >>> to_json(DoneMessage(id=3))
    '{"id":3,"type":"done"}'
    >>> to_json(DoneMessage())
    '{"type":"done"}'
    """
    is_unnumbered = isinstance(message, Reply) and message.id is None
    return message.model_dump_json(exclude={"id"} if is_unnumbered else None, fallback=str)


def with_id(text: str, id: int) -> str:
    """Turn the text of a message without `id` into the answer to a request.

    >>> from backchannel.web.messages import DoneMessage
    >>> with_id(to_json(DoneMessage()), 3)
    '{"id":3,"type":"done"}'
    """
    return f'{{"id":{id},{text[1:]}'
