"""Read input files: every file that a user or a case names is read here, up to a size.

A name can belong to something else than a file: a pipe that never ends, a device, a folder, a web
address. Only regular files of limited size are read. They are checked and read through one
descriptor, so that nobody can exchange them in between. Libraries receive the bytes, never the name.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from backchannel.language.errors import CommandError

PIECE = 1 << 20
"""Bytes that are read at a time."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
# Opening a pipe would wait for a writer, and opening a terminal could take it over.
_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
)


class MissingFile(CommandError):
    """No file of that name exists."""


class FileTooLarge(CommandError):
    """The file is too large; `size` is its number of bytes, as far as known."""

    def __init__(self, message: str, size: int) -> None:
        self.size = size
        super().__init__(message)


@dataclass(frozen=True)
class Contents:
    """The bytes of a file, and its status while it was open."""

    data: bytes
    about: os.stat_result


def read_bytes(path: str | Path, *, limit: int, what: str) -> bytes:
    """Read a regular file.

    Args:
        path: The file, or a link to it.
        limit: The most bytes that the file may have.
        what: What the file is, for error messages: "a case", "a table".

    Raises:
        MissingFile: No file of that name exists.
        FileTooLarge: The file has more bytes than `limit`, or grows past it while it is read.
        CommandError: The path is a folder, a pipe, a device or a socket, or cannot be read.
    """
    return read_contents(path, limit=limit, what=what).data


def read_text(path: str | Path, *, limit: int, what: str, encoding: str = "utf-8") -> str:
    """Read a regular file as text; line ends are not changed.

    Raises:
        CommandError: As `read_bytes`, or it is not UTF-8 text.
    """
    try:
        return read_bytes(path, limit=limit, what=what).decode(encoding)
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 text (byte {error.start}).") from None


def read_contents(path: str | Path, *, limit: int, what: str) -> Contents:
    """Read a regular file, with its status (owner, mode).

    Raises:
        CommandError: As `read_bytes`.
    """
    check_regular(path)
    try:
        handle = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    try:
        about = os.fstat(handle)
        # The file may have been exchanged since `check_regular`.
        _check_kind(path, about)
        if about.st_size > limit:
            raise file_too_large_error(path, about.st_size, limit=limit, what=what)
        data = _read(handle, limit + 1)
    except OSError as error:
        raise _unreadable(path, error) from None
    finally:
        os.close(handle)
    if len(data) > limit:
        raise file_too_large_error(path, len(data), limit=limit, what=what)
    return Contents(data, about)


def check_regular(path: str | Path) -> os.stat_result:
    """Check that a path is a regular file, without opening it.

    Raises:
        MissingFile: No file of that name exists.
        CommandError: The path is not a regular file, or its status cannot be read.
    """
    try:
        about = os.stat(path)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    _check_kind(path, about)
    return about


def kind_of_file(mode: int) -> str:
    """Describe what a path is, by its mode; empty for a regular file."""
    if stat.S_ISREG(mode):
        return ""
    return next((name for test, name in _KINDS if test(mode)), "something else")


def file_too_large_error(path: str | Path, size: int, *, limit: int, what: str) -> FileTooLarge:
    """Make the error for a file that is too large."""
    return FileTooLarge(f"{path} has {size:,} bytes; {what} may have at most {limit:,}.", size)


def is_address(name: str | Path) -> bool:
    """Say whether a name looks like a web address (`https://...`)."""
    return _ADDRESS.match(str(name)) is not None


def is_remote(name: str | Path) -> bool:
    """Say whether a name is a web address, or is on a network share.

    Reading such a file would tell the other machine who reads it, so no case may name one.
    """
    return is_address(name) or str(name)[:2] in ("//", "\\\\", "/\\", "\\/")


def _check_kind(path: str | Path, about: os.stat_result) -> None:
    kind = kind_of_file(about.st_mode)
    if kind:
        raise CommandError(f"{path} is {kind}, not a file.")


def _read(handle: int, most: int) -> bytes:
    data = bytearray()
    while len(data) < most:
        piece = os.read(handle, min(PIECE, most - len(data)))
        if not piece:
            break
        data += piece
    return bytes(data)


def _unreadable(path: str | Path, error: OSError | ValueError) -> CommandError:
    if isinstance(error, ValueError):
        return CommandError(f"{str(path)!r} is not a valid file name.")
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        if is_address(path):
            return MissingFile(
                f"{path} is a web address. Backchannel only reads files: download it first."
            )
        return MissingFile(f"There is no file {path}.")
    return CommandError(f"{path} cannot be read: {error.strerror or error}.")
