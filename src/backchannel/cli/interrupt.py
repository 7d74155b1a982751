"""Ctrl-C ends a command within two seconds, whatever the command is doing.

Python handles a signal between two of its own instructions. Compiling a program, or waiting for a
thread, can delay this for minutes. An exception that arrives in the middle of other code, such as the
import of a library, may be turned into another one. So no exception is raised. The operating system
writes to a socket at once, and a thread that reads from it ends the process. Files are written whole
or not at all, so nothing is left half done.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

from backchannel.files.durable import written_files
from backchannel.language.visible import in_one_line

LONGEST_WRITE = 1.0
"""Seconds for which the end waits for a file that is being written."""
EXIT_CODE = 2

# A progress bar hides the cursor.
_SHOW_CURSOR = "\x1b[?25h"


class Interrupt:
    """The thread that ends the process when the user asks for it."""

    def __init__(self, wait_for_files: Callable[[float], Any]) -> None:
        """Prepare, without listening yet.

        Args:
            wait_for_files: Waits until no file is being written, at most the given seconds.
        """
        self._wait_for_files = wait_for_files
        self._is_left_to_others = threading.Event()

    def watch(self) -> None:
        """Begin to listen, unless the user's shell has set interrupts to be ignored."""
        if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            return
        reader, writer = socket.socketpair()
        writer.setblocking(False)
        signal.signal(signal.SIGINT, _do_nothing)
        signal.set_wakeup_fd(writer.detach(), warn_on_full_buffer=False)
        threading.Thread(target=self._listen, args=(reader,), name="interrupt", daemon=True).start()

    def leave_to_others(self) -> None:
        """Ignore interrupts from now on: the command ends in time by its own means."""
        self._is_left_to_others.set()

    def _listen(self, reader: socket.socket) -> None:
        while received := reader.recv(1):
            if received[0] == signal.SIGINT and not self._is_left_to_others.is_set():
                self._wait_for_files(LONGEST_WRITE)
                say_stopped()
                os._exit(EXIT_CODE)


def say_stopped() -> None:
    """Print that the command has stopped, and which files it had written before."""
    cursor = _SHOW_CURSOR if sys.stderr.isatty() else ""
    # Helper files, such as a case's journal, have names that begin with a dot.
    shown = [path.name for path in written_files() if not path.name.startswith(".")]
    names = ", ".join(map(in_one_line, shown))
    done = f"{names} was written before." if names else "Nothing was written."
    os.write(2, f"{cursor}\nStopped. {done}\n".encode(errors="replace"))


def _do_nothing(signum: int, frame: Any) -> None:
    # Python passes a signal on to the socket only if the signal has a handler.
    pass
