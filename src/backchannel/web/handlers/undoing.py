"""Undo and redo: one history for everything that any window does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from backchannel.web.handlers.handler import RequestHandler
from backchannel.web.message_json import to_json
from backchannel.web.messages import DoneMessage
from backchannel.web.requests import Numbered

if TYPE_CHECKING:
    from backchannel.web.windows import Window
    from backchannel.web.workbench import Workbench


class Undo(Numbered):
    """Undo what was done last, by whichever window."""

    type: Literal["undo"]


class Redo(Numbered):
    """Do again what was undone last."""

    type: Literal["redo"]


async def _undo(bench: Workbench, window: Window, request: Undo) -> None:
    bench.take_step(bench.history.undo())
    window.send(to_json(DoneMessage(id=request.id)))


async def _redo(bench: Workbench, window: Window, request: Redo) -> None:
    bench.take_step(bench.history.redo())
    window.send(to_json(DoneMessage(id=request.id)))


HANDLERS = (RequestHandler(Undo, _undo), RequestHandler(Redo, _redo))
