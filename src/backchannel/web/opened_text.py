"""The text of a case that is opened, with the result of its check."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.language.errors import CommandError
from backchannel.web.case_facts import CaseFacts
from backchannel.web.case_file import CaseFile, OnDisk
from backchannel.web.checking import (
    facts_of,
    read_beside,
    runnable_case,
    without_problems,
)
from backchannel.web.message_parts import Checked
from backchannel.web.outline import outline_messages


@dataclass(frozen=True)
class OpenedText:
    """The text of a case that is opened, and the result of its check."""

    on_disk: OnDisk
    checked: Checked
    facts: CaseFacts | None
    """None: it has problems."""
    outline: list[str]
    """The messages that bring its outline; none where it cannot be read at all."""

    @classmethod
    def read(cls, file: CaseFile) -> OpenedText:
        """Read and check a case in this process, where nothing is lost if that ends it.

        Raises:
            CommandError: There is no such file.
            CaseError: The case is wrong; every problem is listed.
        """
        on_disk = file.read()
        if on_disk is None:
            raise CommandError(f"{file.given} is not there.")
        document = read_beside(on_disk.text, file=str(file.path))
        lowered = runnable_case(document)
        facts = facts_of(lowered)
        outline = outline_messages(document.data, lowered, facts, name=file.name, revision=0)
        return cls(on_disk, without_problems(lowered, document, revision=0), facts, outline)
