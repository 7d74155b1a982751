"""What a file is at one moment: whether somebody changed it since, and whether two names mean one file."""

from __future__ import annotations

import os
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from backchannel.files.durable import resolve_links


@dataclass(frozen=True)
class SeenFile:
    """The status of a file at one moment; equal as long as nobody changes the file."""

    place: tuple[int, int]
    """Of its content on the disk: the same under every name."""
    mode: int
    size: int
    changed: int
    """When it was last changed, in nanoseconds."""

    @classmethod
    def of(cls, path: str | Path) -> SeenFile | None:
        """Look at a file; None where there is none.

        Raises:
            OSError: It cannot be looked at.
            ValueError: No file can have this name.
        """
        try:
            about = os.stat(path)
        except FileNotFoundError:
            return None
        place = about.st_dev, about.st_ino
        return cls(place, about.st_mode, about.st_size, about.st_mtime_ns)

    @property
    def is_stream(self) -> bool:
        """Whether it is a pipe or a device, which holds nothing that could be lost."""
        return stat.S_ISFIFO(self.mode) or stat.S_ISCHR(self.mode)

    def is_same(self, path: str | Path) -> bool:
        """Say whether a path is the same file, under any name, link or spelling."""
        try:
            other = SeenFile.of(path)
        except (OSError, ValueError):
            return False
        return other is not None and other.place == self.place


def identity_of(path: Path) -> object:
    """Return equal values for two names of one file, even if it does not exist yet; None for a stream."""
    try:
        seen = SeenFile.of(path)
    except (OSError, ValueError):
        return None
    if seen is not None:
        return None if seen.is_stream else seen.place
    # On many file systems, names that differ in case or in the encoding of accents are one name.
    return unicodedata.normalize("NFC", str(resolve_links(path))).casefold()
