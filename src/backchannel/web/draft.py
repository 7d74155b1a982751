"""The draft: the case text on the desk, checked as it is typed, and how it keeps up with the file on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from backchannel.case.lower import Lowered
from backchannel.errors import CommandError
from backchannel.web import messages
from backchannel.web.checking import all_fine, check_text, runnable
from backchannel.web.desk import Desk, digest
from backchannel.web.messages import FileState, written
from backchannel.web.papers import Papers, Ticket
from backchannel.web.windows import Window, Windows


class Draft:
    """Takes what is typed and what becomes of the file, and tells every window."""

    def __init__(
        self, desk: Desk, papers: Papers, windows: Windows, *, is_fine: Callable[[], None]
    ) -> None:
        """Read the case.

        Args:
            desk: Where the text lies.
            papers: The file.
            windows: Who is told.
            is_fine: Called after every check that found no problem.

        Raises:
            CaseError: The case is wrong; every problem is listed.
        """
        self.desk, self.papers, self.windows = desk, papers, windows
        self._is_fine = is_fine
        self.lowered: Lowered = runnable(desk.text, file=papers.file.path.name)
        """The case in the last text without problems."""
        self.checked = all_fine(self.lowered, revision=0)

    async def edit(self, window: Window, request: messages.Edit) -> None:
        """Take the text as somebody types it."""
        self.desk.type_in(request.text)
        if request.base and request.base != digest(self.desk.file_text) and self.desk.is_unsaved:
            self._tell_file(
                FileState(
                    state="changed",
                    note="What was typed here began from another state of the file. Look at the "
                    "changes before you save.",
                    choices=["reload", "keep"],
                )
            )
        shown = self.desk.shown_text
        window.say(
            written("typed", request.id, revision=shown["revision"], unsaved=shown["unsaved"])
        )
        self.windows.tell_but(self._text_message(), {window})
        await self.check()

    async def check(self) -> None:
        """Check the text on the desk."""
        revision = self.desk.text_revision
        reading = await asyncio.to_thread(
            check_text, self.desk.text, file=self.papers.file.path.name, revision=revision
        )
        if self.desk.text_revision != revision:
            return  # Somebody has typed on, and that is checked as well.
        self.checked = reading.checked
        self.windows.tell(written("checked", checked=reading.checked))
        if reading.lowered is None:
            return
        if reading.lowered.case != self.lowered.case:
            self.lowered = reading.lowered
        self._is_fine()

    async def look(self) -> None:
        """See whether the file has changed, and take it where nothing unsaved would be lost."""
        try:
            found = await asyncio.to_thread(self.papers.look)
        except CommandError as error:
            state = FileState(state="gone", note=f"{error} What is on the desk is kept.")
            if state != self.papers.state:
                self._tell_file(state)
            return
        name = self.papers.file.path.name
        if found == "same":
            if self.papers.state.state == "gone" and self.papers.file.path.exists():
                self._tell_file(FileState(note=f"{name} is back, as it was."))
            return
        if found is None:
            self._tell_file(
                FileState(
                    state="gone",
                    note=f"{name} was deleted or moved. What is on the desk is kept; saving writes "
                    "the file again.",
                )
            )
        elif found.text == self.desk.file_text or found.text == self.desk.text:
            self.desk.file_text = found.text
            back = f"{name} is back, as it was." if self.papers.state.state == "gone" else ""
            self._tell_file(FileState(note=back))
            self.tell_text()
        elif self.desk.is_unsaved:
            self._tell_file(
                FileState(
                    state="changed",
                    note=f"{name} was changed on disk. What was typed here is kept and not saved.",
                    choices=["reload", "keep"],
                )
            )
        else:
            self._tell_file(FileState(note=f"{name} was changed on disk and has been read again."))
            await self._take(found.text)

    async def reload(self) -> None:
        """Take the file as it is; what was typed is given up.

        Raises:
            CommandError: It is not there.
        """
        found = await asyncio.to_thread(self.papers.file.read)
        if found is None:
            raise CommandError(
                f"{self.papers.file.path.name} is not there. What is on the desk is kept."
            )
        self.papers.seen(found.text)
        self._tell_file(FileState())
        await self._take(found.text)

    async def _take(self, text: str) -> None:
        self.desk.take_file(text)
        self.tell_text()
        await self.check()

    def stay(self) -> None:
        """Stay with what was typed: from now on it differs from the file as it is."""
        found = self.papers.file.read()
        if found is not None:
            self.desk.file_text = found.text
            self.papers.seen(found.text)
        self._tell_file(FileState())
        self.tell_text()

    async def save(self, key: str) -> Ticket:
        """Write what a ticket stands for.

        Raises:
            CommandError: The file has changed since, or cannot be written.
        """
        ticket = await asyncio.to_thread(self.papers.save, key)
        self.desk.file_text = ticket.text
        if self.desk.text == ticket.drafted:  # Nobody has typed on meanwhile.
            self.desk.take_file(ticket.text)
        self._tell_file(FileState())
        self.tell_text()
        return ticket

    def tell_text(self) -> None:
        """Tell every window of the text."""
        self.windows.tell(self._text_message())

    def _text_message(self) -> str:
        return written("text", text=self.desk.shown_text, digest=digest(self.desk.file_text))

    def _tell_file(self, state: FileState) -> None:
        self.papers.state = state
        self.windows.tell(written("file", file=state))
