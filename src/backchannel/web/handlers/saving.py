"""Saving: show what would change, and write what was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backchannel.language.errors import CommandError
from backchannel.web.handlers.handler import RequestHandler
from backchannel.web.message_json import to_json, with_id
from backchannel.web.messages import ChangesMessage, SavedMessage
from backchannel.web.requests import AskChanges, Save

if TYPE_CHECKING:
    from backchannel.web.windows import Window
    from backchannel.web.workbench import Workbench

CHECK_SECONDS = 0.3
"""Seconds that a request to save waits for the check of the text."""


async def _changes(bench: Workbench, window: Window, request: AskChanges) -> None:
    is_checked = await bench.checks.wait(CHECK_SECONDS)
    if request.what == "shifts" and not is_checked:
        raise CommandError("The text is still being checked. Try again in a moment.")
    checked = bench.checks.checked if is_checked else None
    if request.what == "shifts" and bench.checks.checked.problems:
        raise CommandError("The text has problems. Correct them first, then save the sliders.")
    changes = await bench.open_file.changes(
        bench.shared.copy(),
        request.what,
        request.path,
        reasons=request.reasons,
        checker=bench.side_checker,
        checked=checked,
    )
    window.send(to_json(changes.model_copy(update={"id": request.id})))


async def _save(bench: Workbench, window: Window, request: Save) -> None:
    ticket = await bench.draft.save(request.ticket)
    bench.shared.revision += 1
    bench.broadcasts.shared()
    bench.broadcasts.history()
    bench.answering.name = bench.open_file.file.name
    path = str(ticket.target.path)
    message = to_json(SavedMessage(path=path, note=f"Wrote {path}.", case=bench.about))
    window.send(with_id(message, request.id))
    bench.windows.broadcast_except(message, {window})
    bench.checks.check()
    bench.on_saved()


HANDLERS = (
    RequestHandler(AskChanges, _changes, (ChangesMessage,)),
    RequestHandler(Save, _save, (SavedMessage,)),
)
