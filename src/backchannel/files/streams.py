"""Write into what holds nothing that could be lost: standard streams, pipes and devices."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from backchannel.files.seen_file import SeenFile
from backchannel.language.errors import CommandError


def write_to_stream(path: Path, seen: SeenFile, content: str | bytes) -> None:
    """Write to a standard stream, a pipe or a device.

    Raises:
        BrokenPipeError: The program that reads it has ended.
        CommandError: It cannot be written, or is another one by now.
    """
    data = memoryview(content.encode("utf-8") if isinstance(content, str) else content)
    try:
        number = standard_stream(seen)
        if number is not None:
            (sys.stdout if number == 1 else sys.stderr).flush()
            handle = os.dup(number)
        else:
            handle = os.open(path, os.O_WRONLY | getattr(os, "O_NOCTTY", 0))
        try:
            about = os.fstat(handle)
            if (about.st_dev, about.st_ino) != seen.place:
                raise CommandError(f"{path} was replaced in the meantime, and was not written.")
            while data:
                data = data[os.write(handle, data) :]
        finally:
            os.close(handle)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}.") from None


def standard_stream(seen: SeenFile) -> int | None:
    """Return the standard stream that is this file (`--json /dev/stdout > all.txt`), if any."""
    for number in (1, 2):
        try:
            about = os.fstat(number)
        except OSError:
            continue
        if (about.st_dev, about.st_ino) == seen.place:
            return number
    return None
