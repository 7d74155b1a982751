"""The text as it is typed, and its ties to the file: edit, reset, reload, keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backchannel.web.handlers.handler import RequestHandler
from backchannel.web.message_json import to_json
from backchannel.web.messages import DoneMessage
from backchannel.web.requests import Edit, Keep, Reload, Reset

if TYPE_CHECKING:
    from backchannel.web.windows import Window
    from backchannel.web.workbench import Workbench

RESET = {
    "shifts": "Put all sliders back",
    "text": "Drop the unsaved text",
    "what_ifs": "Drop all what-ifs",
    "all": "Drop all that is not saved",
}


async def _edit(bench: Workbench, window: Window, request: Edit) -> None:
    bench.draft.edit(window, request)
    bench.broadcasts.history()


async def _reset(bench: Workbench, window: Window, request: Reset) -> None:
    shared = bench.shared
    is_edited = shared.is_unsaved and request.what in ("text", "all")
    for key in list(shared.what_ifs) if request.what in ("what_ifs", "all") else ():
        bench.answering.what_ifs.forget(key)
    with bench.history.step(RESET[request.what], difference=bench.draft.quick_difference):
        shared.clear(request.what)
    bench.broadcasts.shared(window, request.id)
    bench.broadcasts.history()
    if request.what in ("shifts", "all"):
        bench.schedule.solve_quickly()
        bench.schedule.solve_later_if_back()
    if is_edited:
        bench.broadcasts.text()
        bench.checks.check()


async def _reload(bench: Workbench, window: Window, request: Reload) -> None:
    await bench.draft.reload()
    window.send(to_json(DoneMessage(id=request.id)))


async def _keep(bench: Workbench, window: Window, request: Keep) -> None:
    await bench.draft.keep()
    window.send(to_json(DoneMessage(id=request.id)))


HANDLERS = (
    RequestHandler(Edit, _edit),
    RequestHandler(Reset, _reset),
    RequestHandler(Reload, _reload),
    RequestHandler(Keep, _keep),
)
