"""The open case file: whether it has changed on disk, and saving to it.

Nothing is written that the user has not seen: `changes` shows the difference and gives a ticket, and `save` writes
what was shown under that ticket, unless the file has changed since.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from backchannel.files import durable
from backchannel.language.errors import CommandError
from backchannel.web.case_facts import CaseFacts
from backchannel.web.case_file import CaseFile, OnDisk
from backchannel.web.checker import Checker
from backchannel.web.disk_thread import in_disk_thread
from backchannel.web.message_parts import Checked, FileState, LeftOut
from backchannel.web.messages import ChangesMessage
from backchannel.web.shared_state import SharedState

MOST_TICKETS = 20

What = Literal["shifts", "text"]


@dataclass(frozen=True)
class Ticket:
    """A difference that was shown, and may now be written."""

    what: What
    target: CaseFile
    text: str
    draft: str
    """The text as it was typed at that moment."""
    on_disk: OnDisk | None
    """What the new text was compared with; None: there was no file."""
    written: Mapping[str, float]
    """The sliders that are in the text as priors."""
    facts: CaseFacts | None
    """Of the case in the text, where sliders are in it."""


class OpenFile:
    """The case file that is open, and its state."""

    def __init__(self, file: CaseFile, on_disk: OnDisk) -> None:
        self.file = file
        self.newline = on_disk.newline
        self.state = FileState()
        self._tickets: dict[str, Ticket] = {}
        self._last_read: str | None = on_disk.text

    @property
    def is_editable(self) -> bool:
        """Whether the file itself may be written."""
        return not self.file.is_catalog

    async def changes(
        self,
        state: SharedState,
        what: What,
        path: str,
        *,
        reasons: Mapping[str, str],
        checker: Checker,
        checked: Checked | None,
    ) -> ChangesMessage:
        """Show what saving would change.

        Args:
            state: Sliders and text.
            what: Which of them to save.
            path: Where to save, if not in the open file.
            reasons: By slider, the analyst's reason for the new number.
            checker: Computes the difference, and writes sliders as priors.
            checked: The result of checking the text; None: it is still being checked.

        Raises:
            CommandError: There is nothing to save, no place to save it in, or it takes too long.
        """
        if what == "shifts" and not state.shifts:
            raise CommandError("No slider has been moved, so there is nothing to save.")
        target, on_disk = await in_disk_thread(self._target, path)
        base = state.file_text if on_disk is None else on_disk.text
        shifts = dict(state.shifts) if what == "shifts" else {}
        is_other = target is not self.file
        given = {name: why for name in shifts if (why := reasons.get(name, "").strip())}
        head = {"do": "changes", "file": str(target.path), "shifts": shifts, "is_new": is_other}
        head["reasons"] = given
        result, (text, diff) = await checker.run(head, base, state.text)
        left_out: dict[str, str] = result["left_out"]
        is_new = is_other or on_disk is None
        notes = self._notes(state, what, target, on_disk, checked)
        lacking = [name for name in shifts if name not in given and name not in left_out]
        is_changed = text != base or is_new
        key = secrets.token_urlsafe(16) if is_changed and not lacking else ""
        if is_changed and lacking:
            notes.append("Before this can be saved, say why you think so.")
        if key:
            written = {name: score for name, score in shifts.items() if name not in left_out}
            facts = result["facts"] and CaseFacts.model_validate(result["facts"])
            self._tickets[key] = Ticket(what, target, text, state.text, on_disk, written, facts)
            while len(self._tickets) > MOST_TICKETS:
                del self._tickets[next(iter(self._tickets))]
        elif not is_changed:
            notes.append("Nothing would change.")
        return ChangesMessage(
            what=what,
            diff=diff,
            path=str(target.path),
            ticket=key,
            note=" ".join(notes),
            left_out=[LeftOut(parameter=name, reason=why) for name, why in left_out.items()],
        )

    def _target(self, path: str) -> tuple[CaseFile, OnDisk | None]:
        target = self.file.other(path or ("" if self.is_editable else proposal(self.file)))
        return target, self.file.read()

    def _notes(
        self,
        state: SharedState,
        what: What,
        target: CaseFile,
        on_disk: OnDisk | None,
        checked: Checked | None,
    ) -> list[str]:
        notes = []
        problems = len(checked.problems) if checked else 0
        if what == "shifts" and state.is_unsaved:
            notes.append("The unsaved text is saved as well.")
        if what == "text" and checked is None:
            notes.append("The text is still being checked, and may have problems.")
        if what == "text" and problems:
            notes.append(
                f"The text has {problems} problem{'s' * (problems > 1)} and cannot be run."
            )
        if on_disk is None and target is self.file:
            notes.append("The file is no longer there; it will be written again.")
        if target is not self.file:
            notes.append(f"It is saved as a new file, {target.given}.")
        return notes

    def ticket(self, key: str) -> Ticket:
        """What was shown under a ticket.

        Raises:
            CommandError: There is no such ticket any more.
        """
        ticket = self._tickets.get(key)
        if ticket is None:
            raise CommandError(
                "Look at the changes again: they were shown too long ago to be saved."
            )
        return ticket

    def save(self, key: str) -> Ticket:
        """Write what was shown under a ticket.

        Raises:
            CommandError: The file has changed since, or cannot be written.
        """
        ticket = self.ticket(key)
        path = ticket.target.path
        text = ticket.text.replace("\n", self.newline)
        if ticket.target is not self.file:
            durable.write_new(path, text, access_of=self.file.path if self.is_editable else None)
        else:
            with durable.locked(path):
                self._check_unchanged(ticket, path)
                # Writing takes time: the file is compared once more right before it is replaced, and so is what
                # was replaced.
                durable.write_whole(
                    path,
                    text,
                    last_check=lambda: self._check_unchanged(ticket, path),
                    check_replaced=lambda replaced: self._check_unchanged(ticket, replaced),
                )
        del self._tickets[key]
        self.file = ticket.target
        self.was_read(ticket.text)
        return ticket

    def _check_unchanged(self, ticket: Ticket, path: Path) -> None:
        """Check that a file is still what a difference was shown for."""
        now = replace(self.file, path=path).read()
        if (now.text if now else None) != (ticket.on_disk.text if ticket.on_disk else None):
            raise CommandError(
                f"{self.file.path.name} has changed on disk since these changes were shown. Nothing was "
                "written, and your text is kept. Look at the changes again."
            )

    def was_read(self, text: str | None) -> None:
        """Note that the server knows the file in this state."""
        self._last_read, self.state = text, FileState()

    def reread(self) -> OnDisk | Literal["same"] | None:
        """Read the file again; `same` where it has not changed since it was last read, None where it is gone.

        Raises:
            CommandError: It is there and cannot be read.
        """
        now = self.file.read()
        text = None if now is None else now.text
        if text == self._last_read:
            return "same"
        self._last_read = text
        if now is not None:
            self.newline = now.newline
        return now


def proposal(file: CaseFile) -> str:
    """Where `save` writes if the page names no path."""
    target = file.save_as
    if file.is_catalog:
        n = 2
        while target.exists():
            target = Path(f"{file.name}-{n}.yaml")
            n += 1
    return str(target)
