"""Compiled programs, stored on disk and used again by the next run.

What is stored is machine code that JAX compiled from the shape of a case: no text, name or number of it. JAX
names every program by a digest of what it was compiled from, with its own version and the kind of processor,
so that another version or machine compiles again. Runs at the same time may share the folder.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from backchannel.machine.folders import cache_folder

WORTH_STORING = 0.3
"""Seconds of compilation from which a program is stored."""
MOST_STORED = 500_000_000
"""Bytes that may lie in the folder when a command begins; of more, what was written first is deleted."""


def keep_compiled() -> None:
    """Store compiled programs in the user's cache folder; only for processes that Backchannel starts.

    `BACKCHANNEL_CACHE` names another folder; if it is empty, nothing is stored. Nothing is stored either in a
    folder that cannot be written, or into which another user could have put a program.
    """
    folder = os.environ.get("BACKCHANNEL_CACHE", str(cache_folder() or ""))
    if not folder or not _is_own(Path(folder)):
        return
    import jax

    _bound(Path(folder))
    jax.config.update("jax_compilation_cache_dir", folder)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", WORTH_STORING)


def _is_own(folder: Path) -> bool:
    """Whether a folder is there, can be written, and can be written by nobody else; it is made if need be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError:
        return False
    if os.name != "posix":
        return os.access(folder, os.W_OK)
    others = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return status.st_uid == os.getuid() and not others and os.access(folder, os.W_OK)


def _bound(folder: Path) -> None:
    """Delete the oldest programs of a folder that holds too much."""
    stored = sorted(_programs(folder))
    size = sum(each for _, each, _ in stored)
    for _, each, path in stored:
        if size <= MOST_STORED:
            return
        with suppress(OSError):  # Another process may have deleted it, or be reading it.
            path.unlink()
        size -= each


def _programs(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """When each program was written, its bytes and its path; only files that JAX names so."""
    for path in folder.glob("jit_*-cache"):
        with suppress(OSError):
            status = path.stat()
            yield status.st_mtime, status.st_size, path
