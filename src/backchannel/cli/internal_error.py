"""Report an error of Backchannel itself in one line, and write its traceback into a log file."""

from __future__ import annotations

import os
import platform
import secrets
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backchannel import __version__
from backchannel.console.say import say
from backchannel.language.visible import in_one_line, visible
from backchannel.machine.folders import state_folder

EXIT_CODE = 4
OUT_OF_MEMORY = 2
LONGEST = 200
"""The number of characters of an error that are printed; the log file has the whole text."""


def report_internal_error(error: BaseException, *, is_debug: bool, goes_on: bool = False) -> int:
    """Tell an error in one line, and write it to a log file; with `--debug`, show all of it instead.

    Args:
        error: The error.
        is_debug: Whether to show the traceback.
        goes_on: Whether the command goes on, because the error came in a part of it.

    Returns:
        The exit code of the command.
    """
    code = OUT_OF_MEMORY if isinstance(error, MemoryError) else EXIT_CODE
    if is_debug:
        say("".join(traceback.format_exception(error)), err=True, nl=False)
        return code
    text = in_one_line(f"{type(error).__name__}: {error}"[:LONGEST])
    if isinstance(error, MemoryError):
        what = "Memory ran out. Ask for fewer draws, or allow less with --memory."
    else:
        what = f"Backchannel failed ({text.rstrip('.')}). Please report this."
    log = _written(error)
    where = f"Details: {log}" if log else "No log file could be written; --debug shows the details."
    say(f"{what} {'The command goes on. ' if goes_on else ''}{where}", err=True)
    return code


@contextmanager
def errors_elsewhere(is_debug: Callable[[], bool]) -> Iterator[None]:
    """Inside a `with` block, tell errors of threads and of clean-up in the same way."""

    def of_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            report_internal_error(args.exc_value, is_debug=is_debug(), goes_on=True)

    def of_cleanup(unraisable: Any) -> None:
        if unraisable.exc_value is not None:
            report_internal_error(unraisable.exc_value, is_debug=is_debug(), goes_on=True)

    before = threading.excepthook, sys.unraisablehook
    threading.excepthook, sys.unraisablehook = of_thread, of_cleanup
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = before


def _written(error: BaseException) -> Path | None:
    """Write the log file; only the user may read it, since it holds names of files and parts of their text."""
    now = datetime.now(UTC)
    content = visible(
        f"Backchannel {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"{now.isoformat(timespec='seconds')}\n{' '.join(sys.argv)}\n\n"
        f"{''.join(traceback.format_exception(error))}"
    )
    name = f"error-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.log"
    folders = [state_folder(), Path(tempfile.gettempdir())]
    for folder in filter(None, folders):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Not by the one writer of files: the error may have come while it was writing.
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(content)
        except (OSError, ValueError):
            continue
        return folder / name
    return None
