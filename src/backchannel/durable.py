"""Durable files: written whole or not at all, and by one process at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backchannel.errors import CommandError

try:
    import fcntl
except ImportError:  # Windows has no advisory locks of this kind.
    fcntl = None


_writing = threading.Lock()
"""Held while a file is written."""


def wait_for_writes(seconds: float) -> bool:
    """Wait until no file is being written, at most so many seconds; says whether that is so.

    Nothing is written by this process afterwards: it is about to end.
    """
    return _writing.acquire(timeout=seconds)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all: killed at any moment, what was there before stands.

    Raises:
        CommandError: The file cannot be written.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    path = path.resolve()  # A link stays a link: what it points to is written.
    with _writing:
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if path.exists():
                os.chmod(part, path.stat().st_mode & 0o777)
            os.replace(part, path)
            _keep_name(path.parent)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror or error}.") from None
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock beside a file, so that two who read, change and write it lose nothing.

    The lock belongs to the process, so it is gone with it, however it ends.

    Raises:
        CommandError: There is no folder to put the lock in.
    """
    path = path.resolve()
    lock = path.with_name(f".{path.name}.lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise CommandError(f"{path} cannot be changed: {error.strerror or error}.") from None
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _keep_name(folder: Path) -> None:
    # A new name is on the disk only once its folder is.
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
