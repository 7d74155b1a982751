"""The JSON schema of requests and messages, from which the page's types are generated.

It is committed as `interface/messages.schema.json` (`python -m tests.house.test_message_schema` writes it); the
build of the interface turns it into `interface/src/lib/messages.ts`.
"""

from __future__ import annotations

from typing import Any

from backchannel.web.message_parts import MessagePart
from backchannel.web.messages import PROTOCOL, FromServer
from backchannel.web.requests import Request
from backchannel.web.start.messages import StartAnswer, StartRequest


class Messages(MessagePart):
    """What a page and `backchannel serve` say to each other."""

    request: Request
    from_server: FromServer
    start_request: StartRequest
    start_answer: StartAnswer


def message_schema() -> dict[str, Any]:
    """The schema of all requests and messages, with the number of the protocol."""
    schema = Messages.model_json_schema(mode="serialization")
    return {**schema, "constants": {"PROTOCOL": PROTOCOL}}
