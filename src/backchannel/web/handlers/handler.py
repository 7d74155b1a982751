"""How a module says which requests it carries out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from backchannel.web.message_json import News, Reply
from backchannel.web.requests import Numbered

if TYPE_CHECKING:
    from backchannel.web.windows import Window
    from backchannel.web.workbench import Workbench


@dataclass(frozen=True)
class RequestHandler:
    """Carries out one kind of request."""

    request: type[Numbered]
    """Its form; the literals of `type` name it."""
    carry_out: Callable[[Workbench, Window, Any], Awaitable[None]]
    """Sends the window exactly one message with the request's `id`, or raises a `CommandError`."""
    messages: tuple[type[News | Reply], ...] = ()
    """Messages that only it sends."""

    @property
    def types(self) -> tuple[str, ...]:
        """The names of the requests."""
        return get_args(self.request.model_fields["type"].annotation)
