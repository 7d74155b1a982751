"""Durable files: written whole or not at all, and by one process at a time."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from backchannel.language.errors import CommandError

try:
    import fcntl
except ImportError:  # Windows has no advisory locks of this kind.
    fcntl = None

_SHOWN = 40
"""Letters of a file's name in that of its unfinished part: the whole could be too long."""
# Where links of this kind cannot be made.
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


_writing = threading.Lock()
"""Held while a file is written."""
_written: list[Path] = []
"""Files that this process has written, in order."""


def written_files() -> tuple[Path, ...]:
    """The files that this process has written so far, in order."""
    return tuple(dict.fromkeys(_written))


def wait_for_writes(seconds: float) -> bool:
    """Wait until no file is being written, at most so many seconds; says whether that is so.

    Nothing is written by this process afterwards: it is about to end.
    """
    return _writing.acquire(timeout=seconds)


class FileExists(CommandError):
    """A file stands where a new one was to be made."""


def write_whole(
    path: Path,
    content: str | bytes,
    *,
    mode: int | None = None,
    last_look: Callable[[], None] | None = None,
) -> None:
    """Write a file whole or not at all: killed at any moment, what was there before stands.

    Args:
        path: The file; a link stays a link, and what it points to is written.
        content: All of it; text is written as UTF-8.
        mode: Who may read and write it; as it was before, or as usual, if left out.
        last_look: Called when all is ready, right before the file is replaced; may raise.

    Raises:
        CommandError: The file cannot be written, or what stands there is no regular file.
    """
    path = resolve_links(path)
    with _failing(path), _part(path, content, mode) as part:
        if path.exists():
            before = path.stat().st_mode
            if not stat.S_ISREG(before):
                raise CommandError(f"{path} cannot be written: it is not a file.")
            if mode is None:
                os.chmod(part, before & 0o777)
        if last_look is not None:
            last_look()
        os.replace(part, path)
        _keep_name(path.parent)
        _written.append(path)


def write_new(path: Path, content: str | bytes) -> None:
    """Write a file that is not there yet, whole or not at all; what stands there is never replaced.

    Raises:
        Taken: Something stands there by now.
        CommandError: The file cannot be written.
    """
    path = resolve_links(path)
    with _failing(path), _part(path, content, None) as part:
        try:
            _name(part, path)
        except FileExistsError:
            raise file_exists_error(path) from None
        _keep_name(path.parent)
        _written.append(path)


def file_exists_error(path: str | Path) -> FileExists:
    """The message that a file stands where a new one was to be made."""
    return FileExists(f"{path} is there already, and is left as it is. Choose another name.")


def resolve_links(path: Path) -> Path:
    """The place that a path leads to, through all links; what is missing there stays in the name."""
    return Path(os.path.realpath(path))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock beside a file, so that two who read, change and write it lose nothing.

    The lock belongs to the process, so it is gone with it, however it ends.

    Raises:
        CommandError: There is no folder to put the lock in.
    """
    path = resolve_links(path)
    lock = path.with_name(f".{path.name}.lock")
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        handle = os.open(lock, flags, 0o666)
    except OSError as error:
        raise CommandError(f"{path} cannot be changed: {error.strerror or error}.") from None
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def _failing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}.") from None
    except ValueError:
        raise CommandError(f"{str(path)!r} cannot be the name of a file.") from None


@contextmanager
def _part(path: Path, content: str | bytes, mode: int | None) -> Iterator[Path]:
    """The whole content beside the file, on the disk, and gone afterwards."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    part = path.with_name(f".{path.name[:_SHOWN]}.{os.getpid()}.{secrets.token_hex(4)}.part")
    # Never through a link that somebody has put there.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    with _writing:
        handle = os.open(part, flags, 0o666 if mode is None else mode)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            yield part
        finally:
            part.unlink(missing_ok=True)


def _name(part: Path, path: Path) -> None:
    """Give a finished file its name, unless the name is taken."""
    try:
        os.link(part, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # Claimed empty first, so that it is never taken from anybody.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        os.replace(part, path)


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
