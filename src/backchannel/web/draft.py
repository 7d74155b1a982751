"""The draft: the case text on the desk, checked as it is typed, and how it keeps up with the file on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

from backchannel.language.errors import CommandError
from backchannel.web import messages
from backchannel.web.aside import aside
from backchannel.web.case_file import OnDisk
from backchannel.web.checker import Checker
from backchannel.web.checking import all_fine, facts_of, runnable, unchecked
from backchannel.web.desk import Desk, digest
from backchannel.web.messages import Checked, Facts, FileState, written
from backchannel.web.mistakes import note_mistake
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
        # Before there are windows or anything typed, so in this process: it may end as `check` does.
        lowered = runnable(desk.text, file=papers.file.path.name)
        self.facts: Facts = facts_of(lowered)
        """Of the case in the last text without problems."""
        self.fine_text = desk.text
        """That text."""
        self.checked = all_fine(lowered, revision=0)
        self._checker: Checker | None = None
        self._checking: asyncio.Task[None] | None = None
        self._asked = self._answered = 0
        self._is_looking = False

    def start(self, checker: Checker) -> None:
        """Check texts from now on."""
        self._checker = checker

    @property
    def is_checking(self) -> bool:
        """Is the text on the desk still to be checked?"""
        return self._asked != self._answered

    def edit(self, window: Window, request: messages.Edit) -> None:
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
        self.check()

    def check(self) -> None:
        """Have the text on the desk checked; every window is told what is found."""
        self._asked += 1
        if self._checking is None or self._checking.done():
            self._checking = asyncio.create_task(self._check())

    async def wait(self, seconds: float) -> bool:
        """Wait a little for a check to end; says whether it has."""
        if self._checking is not None:
            await asyncio.wait({self._checking}, timeout=seconds)
        return not self.is_checking

    async def _check(self) -> None:
        while (number := self._asked) != self._answered:
            text, revision = self.desk.text, self.desk.text_revision
            checked, facts = await self._found(text, revision, number)
            self._answered = number
            if self._asked != number:
                continue  # Somebody has typed on.
            self.checked = checked
            self.windows.tell(written("checked", checked=checked))
            if facts is None:
                continue
            if facts.case != self.facts.case:
                self.facts, self.fine_text = facts, text
            self._is_fine()

    async def _found(self, text: str, revision: int, number: int) -> tuple[Checked, Facts | None]:
        assert self._checker is not None
        head = {"do": "check", "file": self.papers.file.path.name, "revision": revision}
        try:
            found, _ = await self._checker.do(head, text, is_old=lambda: self._asked != number)
            facts = found["facts"] and Facts.model_validate(found["facts"])
            return Checked.model_validate(found["checked"]), facts
        except CommandError as error:
            return unchecked(str(error), revision=revision), None
        except Exception as error:  # A mistake of ours; the next text is checked all the same.
            note_mistake(error)
            why = f"Something went wrong inside Backchannel ({type(error).__name__})."
            return unchecked(why, revision=revision), None

    async def look(self) -> None:
        """See whether the file has changed, and take it where nothing unsaved would be lost."""
        if self._is_looking:
            return  # The disk has not answered yet.
        self._is_looking = True
        try:
            found = await aside(self._look)
        except CommandError as error:
            state = FileState(state="gone", note=f"{error} What is on the desk is kept.")
            if state != self.papers.state:
                self._tell_file(state)
            return
        name = self.papers.file.path.name
        if found == "same":
            if self.papers.state.state == "gone" and await aside(self.papers.file.path.exists):
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
            self._take(found.text)

    def _look(self) -> OnDisk | Literal["same"] | None:
        try:
            return self.papers.look()
        finally:
            self._is_looking = False

    async def reload(self) -> None:
        """Take the file as it is; what was typed is given up.

        Raises:
            CommandError: It is not there.
        """
        found = await aside(self.papers.file.read)
        if found is None:
            raise CommandError(
                f"{self.papers.file.path.name} is not there. What is on the desk is kept."
            )
        self.papers.seen(found.text)
        self._tell_file(FileState())
        self._take(found.text)

    def _take(self, text: str) -> None:
        self.desk.take_file(text)
        self.tell_text()
        self.check()

    async def stay(self) -> None:
        """Stay with what was typed: from now on it differs from the file as it is."""
        found = await aside(self.papers.file.read)
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
        ticket = await aside(self.papers.save, key)
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
