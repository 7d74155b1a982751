"""Replace a file and look at what was replaced: another program may have written it at the last moment.

Linux and macOS can exchange the names of two files in one step. What stood there before is then still there, under
the other name, and can be put back.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

_HERE = -100
"""Paths are relative to the working directory (AT_FDCWD)."""
_EXCHANGE = 2
"""RENAME_EXCHANGE of Linux, and RENAME_SWAP of macOS."""
# Errors of systems and file systems that cannot exchange names.
_CANNOT = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)


def replace_checked(part: Path, path: Path, check: Callable[[Path], None]) -> None:
    """Give a file the name of an existing one, unless that is not the one that is to be replaced.

    Args:
        part: The new file.
        path: The name; where nothing has it, or names cannot be exchanged, the file simply gets it.
        check: Looks at what was replaced; where it raises, that is put back, and the error goes on.

    Raises:
        OSError: The file cannot get the name.
    """
    if not _exchange(part, path):
        os.replace(part, path)
        return
    try:
        check(part)
    except BaseException:
        _exchange(part, path)
        raise


def _exchange(path: Path, other: Path) -> bool:
    """Exchange the names of two files in one step; says whether the system could."""
    rename = _rename_function()
    if rename is None or not other.exists():
        return False
    paths = os.fsencode(path), os.fsencode(other)
    if sys.platform == "darwin":
        failed = rename(*paths, ctypes.c_uint(_EXCHANGE))
    else:
        failed = rename(_HERE, paths[0], _HERE, paths[1], ctypes.c_uint(_EXCHANGE))
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in (*_CANNOT, errno.ENOENT):
        return False
    raise OSError(number, os.strerror(number), str(other))


@cache
def _rename_function() -> Callable[..., int] | None:
    """The system's function that can exchange names; None where there is none."""
    name = {"linux": "renameat2", "darwin": "renamex_np"}.get(sys.platform)
    try:
        library = ctypes.CDLL(None, use_errno=True)
        return getattr(library, name) if name else None
    except (OSError, AttributeError, TypeError):
        return None
