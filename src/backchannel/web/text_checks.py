"""The checks of the case text: one after every change, and what the newest one found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from backchannel.language.errors import CommandError
from backchannel.web.case_facts import CaseFacts
from backchannel.web.checker import Checker
from backchannel.web.checking import unchecked
from backchannel.web.internal_errors import log_internal_error
from backchannel.web.message_json import to_json
from backchannel.web.message_parts import Checked
from backchannel.web.messages import CheckedMessage
from backchannel.web.open_file import OpenFile
from backchannel.web.opened_text import OpenedText
from backchannel.web.shared_state import SharedState
from backchannel.web.windows import Window, Windows


class TextChecks:
    """Has the text checked, and tells every window what it says."""

    def __init__(
        self,
        shared: SharedState,
        open_file: OpenFile,
        windows: Windows,
        opened: OpenedText,
        *,
        on_valid: Callable[[], None],
    ) -> None:
        """Take the text of a case.

        Args:
            shared: Holds the text.
            open_file: The file on disk, whose folder has what the text refers to.
            windows: Who is told.
            opened: The result of the text's first check.
            on_valid: Called after every check that found no problem.
        """
        self.shared, self.open_file, self.windows = shared, open_file, windows
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

    def draw(self, sketch: str) -> None:
        """Send every window the sketch of the text as it is; empty where there is none."""
        self._sketch = self.shared.text_revision, sketch
        if sketch:
            self.windows.broadcast(sketch)

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
                self.take_facts(facts, text)
                self._on_valid()
            self.windows.broadcast(to_json(CheckedMessage(checked=checked)))
            if outline:
                self._outline = outline
                for message in outline:
                    self.windows.broadcast(message)

    def take_facts(self, facts: CaseFacts, text: str) -> None:
        """Take what is known of a text without problems."""
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
