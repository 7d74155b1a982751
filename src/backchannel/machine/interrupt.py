"""Ctrl-C, SIGTERM and SIGHUP end a command within two seconds, whatever the command is doing.

Python handles a signal between two of its own instructions. Compiling a program, or waiting for a
thread, can delay this for minutes. An exception that arrives in the middle of other code, such as the
import of a library, may be turned into another one or dropped. So no exception is raised. The operating
system writes to a pipe at once, and a thread that reads from it ends the process. Files are written whole
or not at all, so nothing is left half done.

This module is imported before any other work, so that nothing of start-up comes first; it imports little.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

from backchannel.language.visible import in_one_line
from backchannel.machine.second_signal import end_at_second
from backchannel.machine.writes import wait_for_writes, written_files

LONGEST_WRITE = 1.0
"""Seconds for which the end waits for a file that is being written."""
EXIT_CODE = 2
SIGNALS = {
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
}
"""The signals that end a command: Ctrl-C, the end by another program, the loss of the terminal, Ctrl-Break."""

# A progress bar hides the cursor.
_SHOW_CURSOR = "\x1b[?25h"


class Interrupt:
    """The thread that ends the process when the user, or the system, asks for it."""

    def __init__(self) -> None:
        """Prepare, without listening yet."""
        self._end: Callable[[], Any] | None = None
        self._is_watching = False

    def watch(self) -> None:
        """Begin to listen to every signal that the program which started this one left as it is.

        A shell sets interrupts to be ignored for a command in the background, and `nohup` the loss of the terminal.
        """
        waiting = [number for number in SIGNALS if _is_default(number)]
        is_main = threading.current_thread() is threading.main_thread()
        if self._is_watching or not waiting or not is_main:
            return
        self._is_watching = True
        reader, writer = os.pipe()
        if os.name == "posix":
            os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        for number in waiting:
            signal.signal(number, _do_nothing)
        threading.Thread(
            target=self._listen, args=(reader, waiting), name="interrupt", daemon=True
        ).start()
        for number in waiting:
            end_at_second(number)

    def end_by(self, end: Callable[[], Any] | None) -> None:
        """Let the first signal call a function, which ends the command in time; the second ends it at once.

        Args:
            end: The function; None ends the process again.
        """
        self._end = end

    def _listen(self, reader: int, waiting: list[int]) -> None:
        while received := os.read(reader, 1):
            if received[0] not in waiting:
                continue
            end, self._end = self._end, None
            if end is None:
                _stop()
            end()


interrupt = Interrupt()
"""The one of this process."""


def say_stopped() -> None:
    """Print that the command has stopped, and which files it had written before."""
    # Helper files, such as a case's journal, have names that begin with a dot.
    shown = [path.name for path in written_files() if not path.name.startswith(".")]
    names = ", ".join(map(in_one_line, shown))
    done = f"{names} was written before." if names else "Nothing was written."
    # The terminal may be gone.
    with suppress(OSError, ValueError, AttributeError):
        cursor = _SHOW_CURSOR if sys.stderr.isatty() else ""
        os.write(2, f"{cursor}\nStopped. {done}\n".encode(errors="replace"))


def _stop() -> NoReturn:
    try:
        wait_for_writes(LONGEST_WRITE)
        say_stopped()
    finally:
        os._exit(EXIT_CODE)


def _is_default(number: int) -> bool:
    return signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler)


def _do_nothing(signum: int, frame: Any) -> None:
    # Python passes a signal on to the pipe only if the signal has a handler.
    pass
