"""The case text while it is edited, kept in step with the file on disk."""

from __future__ import annotations

from typing import Literal

from backchannel.language.errors import CommandError
from backchannel.web.broadcasts import Broadcasts
from backchannel.web.case_file import OnDisk
from backchannel.web.difference import BEFORE_AND_AFTER, difference
from backchannel.web.disk_thread import in_disk_thread
from backchannel.web.history import History
from backchannel.web.message_json import to_json
from backchannel.web.message_parts import FileState
from backchannel.web.messages import (
    FileMessage,
    TypedMessage,
)
from backchannel.web.open_file import OpenFile, Ticket
from backchannel.web.requests import Edit
from backchannel.web.shared_state import SharedState, digest
from backchannel.web.text_checks import TextChecks
from backchannel.web.windows import Window, Windows

TYPED = "Edit the text"
READ_AGAIN = "Read the file again"
SAVED_SLIDERS = "Save sliders as priors"


class Draft:
    """Takes edits and changes of the file, and tells every window."""

    def __init__(
        self,
        shared: SharedState,
        open_file: OpenFile,
        windows: Windows,
        history: History,
        broadcasts: Broadcasts,
        checks: TextChecks,
    ) -> None:
        """Take the text of a case.

        Args:
            shared: Holds the text.
            open_file: The file on disk.
            windows: Who is told.
            history: Takes every change of the text.
            broadcasts: Tells all of the text and the history.
            checks: Checks the text after every change.
        """
        self.shared, self.open_file, self.windows = shared, open_file, windows
        self.history, self.broadcasts, self.checks = history, broadcasts, checks
        self._is_reading = False

    def edit(self, window: Window, request: Edit) -> None:
        """Take the text that somebody types."""
        with self.history.step(TYPED, group=("typed", window), difference=self.quick_difference):
            self.shared.edit(request.text)
        is_other_base = bool(request.base) and request.base != digest(self.shared.file_text)
        if is_other_base and self.shared.is_unsaved:
            self._set_file_state(
                FileState(
                    state="changed",
                    note="Your text began from an older state of the file. Look at the changes "
                    "before you save.",
                    choices=["reload", "keep"],
                )
            )
        text = self.shared.text_view
        window.send(
            to_json(TypedMessage(id=request.id, revision=text.revision, unsaved=text.unsaved))
        )
        self.broadcasts.text(unless=window)
        self.checks.check()

    def quick_difference(self, before: str, after: str) -> str:
        """How an edit changes the text, computed quickly: unchanged lines between the changes are not matched."""
        name = self.open_file.file.path.name
        return difference(before, after, name, states=BEFORE_AND_AFTER, matches=False)

    async def check_file(self) -> None:
        """Look whether the file has changed, and take it if no unsaved text would be lost."""
        if self._is_reading:
            return  # The disk has not answered yet.
        self._is_reading = True
        try:
            now = await in_disk_thread(self._reread)
        except CommandError as error:
            state = FileState(state="gone", note=f"{error} Your text is kept.")
            if state != self.open_file.state:
                self._set_file_state(state)
            return
        name = self.open_file.file.path.name
        was_gone = self.open_file.state.state == "gone"
        if now == "same":
            if was_gone and await in_disk_thread(self.open_file.file.path.exists):
                self._set_file_state(FileState(note=f"{name} is back, unchanged."))
        elif now is None:
            self._set_file_state(
                FileState(
                    state="gone",
                    note=f"{name} was deleted or moved. Your text is kept; saving writes the file again.",
                )
            )
        elif now.text in (self.shared.file_text, self.shared.text):
            self.shared.file_text = now.text
            self._set_file_state(FileState(note=f"{name} is back, unchanged." if was_gone else ""))
            self._broadcast_text()
        elif self.shared.is_unsaved:
            self._set_file_state(
                FileState(
                    state="changed",
                    note=f"{name} was changed on disk. Your unsaved text is kept.",
                    choices=["reload", "keep"],
                )
            )
        else:
            note = f"{name} was changed on disk and has been read again."
            self._set_file_state(FileState(note=note))
            self._take_file(now.text)

    def _reread(self) -> OnDisk | Literal["same"] | None:
        try:
            return self.open_file.reread()
        finally:
            self._is_reading = False

    async def reload(self) -> None:
        """Take the file as it is on disk; unsaved text is lost.

        Raises:
            CommandError: It is not there.
        """
        now = await in_disk_thread(self.open_file.file.read)
        if now is None:
            raise CommandError(f"{self.open_file.file.path.name} is not there. Your text is kept.")
        self.open_file.was_read(now.text)
        self._set_file_state(FileState())
        self._take_file(now.text)

    def _take_file(self, text: str) -> None:
        with self.history.step(READ_AGAIN, difference=self.quick_difference):
            self.shared.take_file(text)
        self._broadcast_text()
        self.checks.check()

    async def keep(self) -> None:
        """Stay with the unsaved text: from now on it is compared with the file as it is on disk."""
        now = await in_disk_thread(self.open_file.file.read)
        if now is not None:
            self.shared.file_text = now.text
            self.open_file.was_read(now.text)
        self._set_file_state(FileState())
        self._broadcast_text()

    async def save(self, key: str) -> Ticket:
        """Write what was shown under a ticket.

        Sliders that are in the text as priors are back in their middle, unless somebody has typed meanwhile: then
        they are still needed for the text that is on the page.

        Raises:
            CommandError: File or sliders have changed since, or the file cannot be written.
        """
        shown = self.open_file.ticket(key).written
        if any(self.shared.shifts.get(name) != score for name, score in shown.items()):
            raise CommandError(
                "The sliders have moved since these changes were shown. Nothing was written. Look at the "
                "changes again."
            )
        ticket = await in_disk_thread(self.open_file.save, key)
        self.shared.file_text = ticket.text
        if self.shared.text == ticket.draft:
            with self.history.step(SAVED_SLIDERS, difference=self.quick_difference):
                self.shared.take_file(ticket.text)
                for name in ticket.written:
                    self.shared.shifts.pop(name, None)
            if ticket.facts is not None:
                self.checks.take_facts(ticket.facts, ticket.text)
        self._set_file_state(FileState())
        self._broadcast_text()
        return ticket

    def _broadcast_text(self) -> None:
        self.broadcasts.text()
        self.broadcasts.history()

    def _set_file_state(self, state: FileState) -> None:
        self.open_file.state = state
        self.windows.broadcast(to_json(FileMessage(file=state)))
