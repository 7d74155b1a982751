"""What this process writes: at most one file at a time, and a list of what it has written.

The end of a command waits for the file that is being written, and tells which files are there.
"""

from __future__ import annotations

import threading
from pathlib import Path

being_written = threading.Lock()
"""Held while a file is written."""
_written: list[Path] = []


def add_written(path: Path) -> None:
    """Note that a file was written."""
    _written.append(path)


def written_files() -> tuple[Path, ...]:
    """The files that this process has written so far, in order."""
    return tuple(dict.fromkeys(_written))


def wait_for_writes(seconds: float) -> bool:
    """Wait until no file is being written; return whether that happened within the given seconds.

    The process writes nothing afterwards: it is about to end.
    """
    return being_written.acquire(timeout=seconds)
