"""The case text while it is edited: checked with every change, and kept in step with the file on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

from backchannel.language.errors import CommandError
from backchannel.web.case_facts import CaseFacts
from backchannel.web.case_file import OnDisk
from backchannel.web.checker import Checker
from backchannel.web.checking import (
    unchecked,
)
from backchannel.web.difference import BEFORE_AND_AFTER, difference
from backchannel.web.disk_thread import in_disk_thread
from backchannel.web.history import History
from backchannel.web.internal_errors import log_internal_error
from backchannel.web.message_parts import Checked, FileState
from backchannel.web.messages import (
    CheckedMessage,
    FileMessage,
    HistoryMessage,
    TextMessage,
    TypedMessage,
    to_json,
)
from backchannel.web.open_file import OpenFile, Ticket
from backchannel.web.opened_text import OpenedText
from backchannel.web.requests import Edit
from backchannel.web.shared_state import SharedState, digest
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
        opened: OpenedText,
        *,
        on_valid: Callable[[], None],
    ) -> None:
        """Take the text of a case.

        Args:
            shared: Holds the text.
            open_file: The file on disk.
            windows: Who is told.
            history: Takes every change of the text.
            opened: The result of the text's first check.
            on_valid: Called after every check that found no problem.
        """
        self.shared, self.open_file, self.windows = shared, open_file, windows
        self.history = history
        self._on_valid = on_valid
        self.facts = opened.facts or CaseFacts.unknown(open_file.file.name)
        """Of the case in the last text without problems."""
        self.shared.case_digest = self.facts.case
        self.valid_text = "" if opened.facts is None else shared.text
        """That text; empty while there has been none."""
        self.checked = opened.checked
        self._outline = opened.outline
        """Of the last text that could be read, as the messages that bring it."""
        self._sketch: tuple[int, str] = (-1, "")
        """The newest sketch of a change, as the message that brings it, and its revision of the text."""
        self._checker: Checker | None = None
        self._checking: asyncio.Task[None] | None = None
        self._n_asked = self._n_answered = 0
        self._is_reading = False

    def start(self, checker: Checker) -> None:
        """Check texts from now on."""
        self._checker = checker

    def greet(self, window: Window) -> None:
        """Send a new window what the text says."""
        for message in self._outline:
            window.send(message, is_greeting=True)
        revision, sketch = self._sketch
        if sketch and revision == self.shared.text_revision:
            window.send(sketch, is_greeting=True)

    @property
    def is_checking(self) -> bool:
        """Whether the newest text is still being checked."""
        return self._n_asked != self._n_answered

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
        self.windows.broadcast_except(self._text_message(), {window})
        self.check()

    def draw(self, sketch: str) -> None:
        """Send every window the sketch of the text as it is; empty where there is none."""
        self._sketch = self.shared.text_revision, sketch
        if sketch:
            self.windows.broadcast(sketch)

    def quick_difference(self, before: str, after: str) -> str:
        """How an edit changes the text, in next to no time."""
        name = self.open_file.file.path.name
        return difference(before, after, name, states=BEFORE_AND_AFTER, matches=False)

    def check(self) -> None:
        """Have the text checked; every window is told the result."""
        self._n_asked += 1
        if self._checking is None or self._checking.done():
            self._checking = asyncio.create_task(self._check())

    async def wait(self, seconds: float) -> bool:
        """Wait a little for a check to end; says whether it has."""
        if self._checking is not None:
            await asyncio.wait({self._checking}, timeout=seconds)
        return not self.is_checking

    async def _check(self) -> None:
        while (number := self._n_asked) != self._n_answered:
            text, revision = self.shared.text, self.shared.text_revision
            checked, facts, outline = await self._check_text(text, revision, number)
            self._n_answered = number
            if self._n_asked != number:
                continue  # The text has changed again.
            self.checked = checked
            # Windows learn of the case before they learn that its text is fine: never do answers to an earlier
            # text look like answers to this one.
            if facts is not None:
                self._take_facts(facts, text)
                self._on_valid()
            self.windows.broadcast(to_json(CheckedMessage(checked=checked)))
            if outline:
                self._outline = outline
                for message in outline:
                    self.windows.broadcast(message)

    def _take_facts(self, facts: CaseFacts, text: str) -> None:
        if facts.case != self.facts.case:
            self.facts, self.valid_text = facts, text
            self.shared.case_digest = facts.case

    async def _check_text(
        self, text: str, revision: int, number: int
    ) -> tuple[Checked, CaseFacts | None, list[str]]:
        assert self._checker is not None
        file = self.open_file.file
        head = {
            "do": "check",
            "file": str(file.path),
            "name": file.name,
            "revision": revision,
            "is_sketched": revision == self._sketch[0],
        }
        try:
            result, outline = await self._checker.run(
                head, text, is_outdated=lambda: self._n_asked != number
            )
            facts = result["facts"] and CaseFacts.model_validate(result["facts"])
            return Checked.model_validate(result["checked"]), facts, [m for m in outline if m]
        except CommandError as error:
            return unchecked(str(error), revision=revision), None, []
        except Exception as error:  # An error of ours; the next text is checked all the same.
            log_internal_error(error)
            why = f"Something went wrong inside Backchannel ({type(error).__name__})."
            return unchecked(why, revision=revision), None, []

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
            self.broadcast_text()
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
        self.broadcast_text()
        self.check()

    async def keep(self) -> None:
        """Stay with the unsaved text: from now on it is compared with the file as it is on disk."""
        now = await in_disk_thread(self.open_file.file.read)
        if now is not None:
            self.shared.file_text = now.text
            self.open_file.was_read(now.text)
        self._set_file_state(FileState())
        self.broadcast_text()

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
                self._take_facts(ticket.facts, ticket.text)
        self._set_file_state(FileState())
        self.broadcast_text()
        return ticket

    def broadcast_text(self) -> None:
        """Tell every window the text, and what can be undone."""
        self.windows.broadcast(self._text_message())
        self.windows.broadcast(to_json(HistoryMessage(history=self.history.view)))

    def _text_message(self) -> str:
        return to_json(
            TextMessage(text=self.shared.text_view, digest=digest(self.shared.file_text))
        )

    def _set_file_state(self, state: FileState) -> None:
        self.open_file.state = state
        self.windows.broadcast(to_json(FileMessage(file=state)))
