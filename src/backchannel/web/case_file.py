"""The case file on disk: reading it, and choosing where it may be saved."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from backchannel.case.catalog import case_name, catalog, find_case
from backchannel.case.read.document import MAX_BYTES
from backchannel.files.durable import file_exists_error
from backchannel.files.inputs import MissingFile, read_bytes
from backchannel.language.errors import CommandError
from backchannel.language.visible import in_one_line, visible

SUFFIXES = (".yaml", ".yml")
LONGEST = 200
"""Characters of a name that a message repeats."""


@dataclass(frozen=True)
class OnDisk:
    """The text of a file."""

    text: str
    """Its lines end in a line feed, as on a page."""
    newline: str = "\n"


@dataclass(frozen=True)
class CaseFile:
    """The path of a case."""

    path: Path
    given: str
    """As the user gave it."""

    @classmethod
    def find(cls, case: str) -> CaseFile:
        """Find a case by its path or its name in the catalog.

        Raises:
            CommandError: There is none, or it is a tree of Gambit.
        """
        if case.endswith(".efg"):
            raise CommandError(
                f"{case} is a tree, not a case file. Write one first: backchannel import {case}"
            )
        return cls(find_case(case), case)

    @property
    def is_catalog(self) -> bool:
        """Whether the case comes with the package; such a file is read-only."""
        return self.given in catalog() and self.path.name == "case.yaml"

    @property
    def name(self) -> str:
        """The name of the case in answers."""
        return in_one_line(case_name(self.path))

    @property
    def identity(self) -> str:
        """Its path from the root, or its name in the catalog: the same however the user gave it."""
        return self.given if self.is_catalog else str(self.path.resolve())

    @property
    def key(self) -> str:
        """What stands for it in the address of its workbench."""
        return key_of(self.identity)

    @property
    def save_as(self) -> Path:
        """Where the case is saved; a proposal for a case of the catalog."""
        return Path(f"{self.name}.yaml") if self.is_catalog else self.path

    def read(self) -> OnDisk | None:
        """The text as it is now; None if the file is gone.

        Raises:
            CommandError: It is there and cannot be read as text.
        """
        try:
            data = read_bytes(self.path, limit=MAX_BYTES, what="a case")
        except MissingFile:
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise CommandError(f"{self.given} is not UTF-8 text (byte {error.start}).") from None
        newline = "\r\n" if "\r\n" in text else "\n"
        return OnDisk(text.replace("\r\n", "\n").replace("\r", "\n"), newline)

    def other(self, path: str) -> CaseFile:
        """The file that a page asks to save as.

        Raises:
            CommandError: It is no place for a new case file.
        """
        if visible(path) != path or "\n" in path or "\t" in path:
            raise CommandError("The name of a case file cannot contain control characters.")
        folder = (Path() if self.is_catalog else self.path.parent).resolve()
        try:
            target = Path(path).expanduser()
            if target.name == path:  # A name alone means: beside the case.
                target = folder / path
            is_same = target.resolve() == self.path.resolve()
            is_there, is_beside = _is_there(target), target.parent.resolve() == folder
        except (OSError, RuntimeError, ValueError):
            raise CommandError(f"{path[:LONGEST]}: a file cannot have this name.") from None
        if not path or (is_same and not self.is_catalog):
            return self
        if target.suffix not in SUFFIXES:
            raise CommandError(f"{path}: a case file ends in .yaml.")
        if not is_beside:
            raise CommandError(f"{path}: a new case is saved beside this one, in {folder}.")
        if is_there:
            raise file_exists_error(path)
        return CaseFile(target.resolve(), path)


def key_of(identity: str) -> str:
    """What stands for a case in the address of its workbench."""
    return sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _is_there(path: Path) -> bool:
    """Whether something has this name, a link that leads nowhere included.

    Raises:
        OSError: Nothing can have it, as it is too long.
    """
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    return True
