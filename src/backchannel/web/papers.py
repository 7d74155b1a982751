"""Papers: the case text on the desk, the file on disk, and the way from one to the other.

Nothing is written but what somebody has been shown: `changes` shows the difference and gives a ticket,
and `save` writes what the ticket stands for, unless the file has changed since.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from backchannel.files import durable
from backchannel.language.errors import CommandError
from backchannel.web.aside import aside
from backchannel.web.case_file import CaseFile, OnDisk
from backchannel.web.checker import Checker
from backchannel.web.desk import Desk
from backchannel.web.messages import Checked, FileState

MOST_TICKETS = 20

What = Literal["shifts", "text"]


@dataclass(frozen=True)
class Ticket:
    """What somebody has been shown, and may have written."""

    what: What
    target: CaseFile
    text: str
    drafted: str
    """What lay on the desk."""
    on_disk: OnDisk | None
    """What the difference was taken to; None: there was no file."""
    written: tuple[str, ...]
    """Assumptions whose sliders are in the text."""


class Papers:
    """The file that is open, and its state."""

    def __init__(self, file: CaseFile, on_disk: OnDisk) -> None:
        self.file = file
        self.newline = on_disk.newline
        self.state = FileState()
        self._tickets: dict[str, Ticket] = {}
        self._seen: str | None = on_disk.text

    @property
    def is_editable(self) -> bool:
        """May the file itself be written?"""
        return not self.file.is_catalog

    async def changes(
        self, desk: Desk, what: What, path: str, *, checker: Checker, checked: Checked | None
    ) -> dict[str, Any]:
        """Show what saving would change.

        Args:
            desk: What lies on it.
            what: The sliders, or the text as it is typed.
            path: Where to save, if elsewhere.
            checker: Finds the difference, and writes sliders as priors.
            checked: What is known of the text on the desk; None: it is still being checked.

        Raises:
            CommandError: There is nothing to save, no place to save it in, or it takes too long.
        """
        if what == "shifts" and not desk.shifts:
            raise CommandError("No slider has been moved, so there is nothing to save.")
        target, on_disk = await aside(self._target, path)
        base = desk.file_text if on_disk is None else on_disk.text
        shifts = dict(desk.shifts) if what == "shifts" else {}
        head = {"do": "changes", "file": target.path.name, "shifts": shifts}
        found, (text, diff) = await checker.do(head, base, desk.text)
        is_new = target is not self.file or on_disk is None
        key = secrets.token_urlsafe(16) if text != base or is_new else ""
        notes = self._notes(desk, what, target, on_disk, checked)
        if key:
            written = tuple(name for name in shifts if name not in found["left_out"])
            self._tickets[key] = Ticket(what, target, text, desk.text, on_disk, written)
            while len(self._tickets) > MOST_TICKETS:
                del self._tickets[next(iter(self._tickets))]
        else:
            notes.append("Nothing would change.")
        return {
            "what": what,
            "diff": diff,
            "path": str(target.path),
            "ticket": key,
            "note": " ".join(notes),
            "left_out": [{"parameter": n, "reason": why} for n, why in found["left_out"].items()],
        }

    def _target(self, path: str) -> tuple[CaseFile, OnDisk | None]:
        target = self.file.other(path or ("" if self.is_editable else proposal(self.file)))
        return target, self.file.read()

    def _notes(
        self,
        desk: Desk,
        what: What,
        target: CaseFile,
        on_disk: OnDisk | None,
        checked: Checked | None,
    ) -> list[str]:
        notes = []
        problems = len(checked.problems) if checked else 0
        if what == "shifts" and desk.is_unsaved:
            notes.append("It holds what was typed as well.")
        if what == "text" and checked is None:
            notes.append("The text is still being checked, and may have problems.")
        if what == "text" and problems:
            notes.append(
                f"The text has {problems} problem{'s' * (problems > 1)} and will not run like this."
            )
        if on_disk is None and target is self.file:
            notes.append("The file is no longer there; it will be written again.")
        if target is not self.file:
            notes.append(f"It is saved as a new file, {target.given}.")
        return notes

    def save(self, key: str) -> Ticket:
        """Write what a ticket stands for.

        Raises:
            CommandError: The file is not what the difference was taken to, or cannot be written.
        """
        ticket = self._tickets.get(key)
        if ticket is None:
            raise CommandError(
                "Look at the changes again: they were shown too long ago to be saved."
            )
        path = ticket.target.path
        moves = ticket.target is not self.file
        text = ticket.text.replace("\n", self.newline)
        if moves:
            durable.write_new(path, text)
        else:
            with durable.locked(path):
                now = self.file.read()
                if (now.text if now else None) != (ticket.on_disk.text if ticket.on_disk else None):
                    raise CommandError(
                        f"{path.name} has changed on disk since these changes were shown. Nothing was "
                        "written, and what was typed is kept. Look at the changes again."
                    )
                durable.write_whole(path, text)
        del self._tickets[key]
        self.file = ticket.target
        self.seen(ticket.text)
        return ticket

    def seen(self, text: str | None) -> None:
        """Take note that the file is known to read so."""
        self._seen, self.state = text, FileState()

    def look(self) -> OnDisk | Literal["same"] | None:
        """Read the file: `same` where it reads as it did when it was looked at last.

        Raises:
            CommandError: It is there and cannot be read.
        """
        now = self.file.read()
        text = None if now is None else now.text
        if text == self._seen:
            return "same"
        self._seen = text
        if now is not None:
            self.newline = now.newline
        return now


def proposal(file: CaseFile) -> str:
    """Where `save` writes, as a page is told."""
    target = file.save_as
    if file.is_catalog:
        n = 2
        while target.exists():
            target = Path(f"{file.name}-{n}.yaml")
            n += 1
    return str(target)
