"""The JSON schema of requests and messages, from which the page's types are generated.

It is committed as `interface/messages.schema.json` (`python -m tests.house.test_message_schema` writes it); the
build of the interface turns it into `interface/src/lib/messages.ts`.
"""

from __future__ import annotations

from typing import Any

from pydantic import create_model
from typing_extensions import TypeAliasType

from backchannel.web.handlers.registry import message_type, request_type
from backchannel.web.message_parts import MessagePart
from backchannel.web.messages import PROTOCOL
from backchannel.web.start.messages import StartAnswer, StartRequest
from backchannel.wording.percents import HARDLY, VISIBLE


def message_schema() -> dict[str, Any]:
    """The schema of all requests and messages, with the number of the protocol and the words' limits."""
    named: Any = TypeAliasType
    parts: dict[str, Any] = {
        "request": (named("Request", request_type()), ...),
        "from_server": (named("FromServer", message_type()), ...),
        "start_request": (StartRequest, ...),
        "start_answer": (StartAnswer, ...),
    }
    messages: Any = create_model("Messages", __base__=MessagePart, **parts)
    messages.__doc__ = "What a page and `backchannel serve` say to each other."
    schema = messages.model_json_schema(mode="serialization")
    constants = {"PROTOCOL": PROTOCOL, "HARDLY": HARDLY, "VISIBLE": VISIBLE}
    return {**schema, "constants": constants}
