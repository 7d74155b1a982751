"""The registry: every kind of request, and the module that carries it out.

A new request is a module here that defines `HANDLERS`, and a row in `MODULES`.
"""

from __future__ import annotations

from typing import Annotated, Any, Union

from pydantic import Field

from backchannel.web.handlers import (
    changing,
    editing,
    ledger,
    news,
    rivals,
    saving,
    scenarios,
    sliders,
    sources,
    undoing,
    what_ifs,
)
from backchannel.web.handlers.handler import RequestHandler
from backchannel.web.messages import SHARED_MESSAGES

MODULES = (
    sliders,
    what_ifs,
    editing,
    changing,
    undoing,
    saving,
    sources,
    ledger,
    news,
    scenarios,
    rivals,
)

HANDLERS: dict[str, RequestHandler] = {
    name: handler for module in MODULES for handler in module.HANDLERS for name in handler.types
}
"""By the `type` of a request."""


def request_type() -> Any:
    """The type of all requests together."""
    models = tuple(dict.fromkeys(handler.request for handler in HANDLERS.values()))
    return Annotated[Union[models], Field(discriminator="type")]  # noqa: UP007


def message_type() -> Any:
    """The type of all messages of the server together."""
    own = [message for handler in HANDLERS.values() for message in handler.messages]
    models = tuple(dict.fromkeys([*SHARED_MESSAGES, *own]))
    return Annotated[Union[models], Field(discriminator="type")]  # noqa: UP007
