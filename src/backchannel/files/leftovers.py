"""Temporary files that a killed process left: the next one that writes into their folder deletes them.

A process locks its temporary file, and the system releases the lock when the process ends, however it ends. So a
file that can be locked belongs to nobody any more.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import time
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # On Windows, a file that is open cannot be deleted.
    fcntl = None

_SHOWN = 40
"""How many letters of a file's name its temporary file repeats; the whole name could be too long."""
_NAME = re.compile(r"\..{0,40}\.\d+\.[0-9a-f]{8}\.part", re.DOTALL)
OLD = 60.0
"""Seconds since the last change after which a file counts as left; until then, it may not be locked yet."""
_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC")
)

_searched: set[Path] = set()
"""Folders that this process has searched; a large folder takes time."""


def temporary_name(path: Path) -> Path:
    """A new name beside a file for its temporary file."""
    return path.with_name(f".{path.name[:_SHOWN]}.{os.getpid()}.{secrets.token_hex(4)}.part")


def is_temporary(name: str) -> bool:
    """Whether a file has the name of a temporary one."""
    return _NAME.fullmatch(name) is not None


def lock_temporary(handle: int) -> None:
    """Mark an open temporary file as in use, until its last handle is closed."""
    if fcntl:
        with suppress(OSError):  # Some file systems have no locks; there, nothing is deleted.
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def delete_leftovers(folder: Path) -> None:
    """Delete the temporary files in a folder whose process has ended; search it only once."""
    if folder in _searched:
        return
    _searched.add(folder)
    with suppress(OSError), os.scandir(folder) as entries:
        left = [entry.path for entry in entries if is_temporary(entry.name)]
        for path in left:
            with suppress(OSError):
                _delete_if_left(path)


def _delete_if_left(path: str) -> None:
    handle = os.open(path, _FLAGS)
    try:
        about = os.fstat(handle)
        is_mine = not hasattr(os, "getuid") or about.st_uid == os.getuid()
        # A replaced file gets the name of a temporary one for a moment; that changes its status, not its content.
        age = time.time() - max(about.st_mtime, about.st_ctime)
        if not is_mine or not stat.S_ISREG(about.st_mode) or age < OLD:
            return
        if fcntl:
            # Raises an error where another process holds the lock.
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(path)
    finally:
        os.close(handle)
    if not fcntl:
        os.unlink(path)
