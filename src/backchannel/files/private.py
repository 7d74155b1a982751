"""Small files that only their user can read: keys of the workbench, and the list of recent cases."""

from __future__ import annotations

import os
from pathlib import Path

from backchannel.files.durable import write_whole
from backchannel.files.inputs import read_contents
from backchannel.language.errors import CommandError


def read_private(path: Path, *, limit: int, what: str) -> bytes | None:
    """Read such a file; None where it is missing, unreadable, somebody else's, or readable by others.

    Args:
        path: The file.
        limit: The most bytes that it may have.
        what: What the file is.
    """
    try:
        contents = read_contents(path, limit=limit, what=what)
    except CommandError:
        return None
    about = contents.about
    if os.name == "posix" and (about.st_uid != os.getuid() or about.st_mode & 0o077):
        return None
    return contents.data


def write_private(path: Path, content: str) -> bool:
    """Write such a file, and its folder where it is missing; says whether it was possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, content, mode=0o600)
    except (OSError, CommandError):
        return False
    return True
