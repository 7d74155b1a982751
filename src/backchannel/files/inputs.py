"""Input files: every file that a user or a case names is read here, and only as so many bytes.

A name can stand for much that is no file: a pipe that never ends, a device, a folder, an address on
the web. What is read is a regular file of bounded size, looked at and read through one descriptor, so
that nothing can be put in its place in between. Libraries are given the bytes and never the name.
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
"""Bytes asked for at a time."""

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
    """There is no file of that name."""


class FileTooLarge(CommandError):
    """The file has more bytes than are read; `size` is how many, as far as is known."""

    def __init__(self, message: str, size: int) -> None:
        self.size = size
        super().__init__(message)


@dataclass(frozen=True)
class Contents:
    """What stood in a file, and what the system said of it while it was open."""

    data: bytes
    about: os.stat_result


def read_bytes(path: str | Path, *, limit: int, what: str) -> bytes:
    """Read a regular file.

    Args:
        path: The file; a link to one will do.
        limit: The most bytes that it may have.
        what: What it is to be, for the message that it is too large: "a case", "a table".

    Raises:
        MissingFile: There is none of that name.
        TooLarge: It has more bytes than `limit`. A file that grows while it is read counts as well.
        CommandError: It is a folder, a pipe, a device or a socket, or it cannot be read.
    """
    return read_contents(path, limit=limit, what=what).data


def read_text(path: str | Path, *, limit: int, what: str, encoding: str = "utf-8") -> str:
    """Read a regular file as text; line ends stay as they are.

    Raises:
        CommandError: As `read_bytes`, or it is not UTF-8 text.
    """
    try:
        return read_bytes(path, limit=limit, what=what).decode(encoding)
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 text (byte {error.start}).") from None


def read_contents(path: str | Path, *, limit: int, what: str) -> Contents:
    """Read a regular file, and keep what the system says of it: its owner, its mode.

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
        # It may have been exchanged since the name was looked up.
        _check_kind(path, about)
        if about.st_size > limit:
            raise too_large(path, about.st_size, limit=limit, what=what)
        data = _read(handle, limit + 1)
    except OSError as error:
        raise _unreadable(path, error) from None
    finally:
        os.close(handle)
    if len(data) > limit:
        raise too_large(path, len(data), limit=limit, what=what)
    return Contents(data, about)


def check_regular(path: str | Path) -> os.stat_result:
    """Refuse what is no regular file, without opening it.

    Raises:
        MissingFile: There is none of that name.
        CommandError: It is something else than a file, or cannot be looked at.
    """
    try:
        about = os.stat(path)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    _check_kind(path, about)
    return about


def kind_of_file(mode: int) -> str:
    """What stands under a name, in words, by its mode; empty for a regular file."""
    if stat.S_ISREG(mode):
        return ""
    return next((name for test, name in _KINDS if test(mode)), "something else")


def too_large(path: str | Path, size: int, *, limit: int, what: str) -> FileTooLarge:
    """The message that a file is too large."""
    return FileTooLarge(f"{path} has {size:,} bytes; {what} may have at most {limit:,}.", size)


def is_address(name: str | Path) -> bool:
    """Does it look like an address on the web (`https://...`) and not like a file?"""
    return _ADDRESS.match(str(name)) is not None


def is_remote(name: str | Path) -> bool:
    """Is it an address, or in a folder that another machine shares?

    To read such a file tells that machine who reads it, so no case may name one.
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
        return CommandError(f"{str(path)!r} cannot be the name of a file.")
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        if is_address(path):
            return MissingFile(
                f"{path} is an address. Backchannel reads files only: save it as a file first."
            )
        return MissingFile(f"There is no file {path}.")
    return CommandError(f"{path} cannot be read: {error.strerror or error}.")
