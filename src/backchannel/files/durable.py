"""Safe writing of files: whole or not at all, and one process at a time."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from backchannel.files.exchange import replace_checked
from backchannel.files.leftovers import delete_leftovers, lock_temporary, temporary_name
from backchannel.language.errors import CommandError
from backchannel.machine.writes import add_written, being_written

try:
    import fcntl
except ImportError:  # Windows has no such advisory locks.
    fcntl = None

# Errors of file systems that have no hard links.
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


class FileExists(CommandError):
    """A new file cannot be created because a file of that name exists."""


def write_whole(
    path: Path,
    content: str | bytes,
    *,
    mode: int | None = None,
    access_of: Path | None = None,
    last_check: Callable[[], None] | None = None,
    check_replaced: Callable[[Path], None] | None = None,
) -> None:
    """Write a file whole or not at all: if the process is killed, the old file remains.

    Args:
        path: The file; if it is a link, the file that it points to is written.
        content: The whole content; text is written as UTF-8.
        mode: File permissions; by default those of the old file, or the usual ones of a new file.
        access_of: A file that has part of the content; whoever may not read it may not read the new file.
        last_check: Called right before the file is replaced; may raise.
        check_replaced: Called with the file that was replaced, where the system can; if it raises, that file is
            put back.

    Raises:
        CommandError: The file cannot be written, or the path is not a regular file.
    """
    path = resolve_links(path)
    like = path if access_of is None else access_of
    with _reporting_errors(path), _temporary(path, content, mode, like) as part:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            raise CommandError(f"{path} cannot be written: it is not a file.")
        if last_check is not None:
            last_check()
        if check_replaced is None:
            os.replace(part, path)
        else:
            replace_checked(part, path, check_replaced)
        _sync_folder(path.parent)
        add_written(path)


def write_new(path: Path, content: str | bytes, *, access_of: Path | None = None) -> None:
    """Write a new file, whole or not at all; an existing file is never replaced.

    Args:
        path: The file.
        content: The whole content; text is written as UTF-8.
        access_of: A file that has part of the content; whoever may not read it may not read the new file.

    Raises:
        FileExists: A file of that name exists by now.
        CommandError: The file cannot be written.
    """
    path = resolve_links(path)
    with _reporting_errors(path), _temporary(path, content, None, access_of) as part:
        try:
            _name(part, path)
        except FileExistsError:
            raise file_exists_error(path) from None
        _sync_folder(path.parent)
        add_written(path)


def file_exists_error(path: str | Path) -> FileExists:
    """Make the error for a file that exists already."""
    return FileExists(f"{path} exists already and was not changed. Choose another name.")


def resolve_links(path: Path) -> Path:
    """Resolve all links of a path; parts that do not exist stay as they are."""
    return Path(os.path.realpath(path))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file beside a file, so that two processes that change it lose nothing.

    The lock belongs to the process and is released when the process ends, however it ends.

    Raises:
        CommandError: The folder does not exist.
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
def _reporting_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}.") from None
    except ValueError:
        raise CommandError(f"{str(path)!r} is not a valid file name.") from None


@contextmanager
def _temporary(
    path: Path, content: str | bytes, mode: int | None, like: Path | None
) -> Iterator[Path]:
    """Write the content to a temporary file beside the target; delete it at the end.

    It never has more readers than it will have under its name.
    """
    about = _access(like) if mode is None else None
    data = content.encode("utf-8") if isinstance(content, str) else content
    delete_leftovers(path.parent)
    part = temporary_name(path)
    # O_EXCL: never through a link that somebody put there.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    with being_written:
        first = mode if mode is not None else 0o666 if about is None else about.st_mode & 0o600
        handle = os.open(part, flags, first)
        lock_temporary(handle)
        # Windows gives no name to an open file; elsewhere the file stays open, and so locked, until it has its name.
        held = os.dup(handle) if os.name == "posix" else None
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if about is not None:
                _share(part, about)
            yield part
        finally:
            part.unlink(missing_ok=True)
            if held is not None:
                os.close(held)


def _access(path: Path | None) -> os.stat_result | None:
    """Who may read and write a file; None where it is no regular file."""
    try:
        about = path.stat() if path is not None else None
    except OSError:
        return None
    return about if about is not None and stat.S_ISREG(about.st_mode) else None


def _share(part: Path, about: os.stat_result) -> None:
    """Give a file to the same readers and the same group as another."""
    mode = about.st_mode & 0o777
    if hasattr(os, "chown") and part.stat().st_gid != about.st_gid:
        try:
            os.chown(part, -1, about.st_gid)
        except OSError:
            mode &= ~0o070  # Another group is not to read what this one may.
    os.chmod(part, mode)


def _name(part: Path, path: Path) -> None:
    """Give a finished file its name, unless the name is taken."""
    try:
        os.link(part, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # Create it empty first, so that no other process can lose a file of that name.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        os.replace(part, path)


def _sync_folder(folder: Path) -> None:
    # A new name is on the disk only after its folder is synchronised.
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
