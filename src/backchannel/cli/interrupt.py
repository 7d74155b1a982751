"""Ctrl-C ends a command within two seconds, whatever the command is doing.

Python handles a signal between two of its own instructions. A program that is being compiled, or a
thread that is waited for, can put that off for minutes; and an exception that arrives in the middle
of somebody else's code (a library that is just being imported, say) comes out as something else. So
nothing is raised. The operating system tells a socket of ours at once, and a thread that listens
there ends the process. Files are written whole or not at all, so nothing is left half done.
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
"""Seconds that a file that is just being written may take, so that no part of it is left behind."""
EXIT_CODE = 2

# A progress bar hides it.
_SHOW_CURSOR = "\x1b[?25h"


class Interrupt:
    """The thread that ends the process when the user asks for it."""

    def __init__(self, wait_for_files: Callable[[float], Any]) -> None:
        """Prepare; nothing is listened to yet.

        Args:
            wait_for_files: Waits, at most so many seconds, until no file is being written.
        """
        self._wait_for_files = wait_for_files
        self._is_left_to_others = threading.Event()

    def watch(self) -> None:
        """Begin to listen, unless the user's shell said that interrupts are to be ignored."""
        if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            return
        told, tell = socket.socketpair()
        tell.setblocking(False)
        signal.signal(signal.SIGINT, _do_nothing)
        signal.set_wakeup_fd(tell.detach(), warn_on_full_buffer=False)
        threading.Thread(target=self._listen, args=(told,), name="interrupt", daemon=True).start()

    def leave_to_others(self) -> None:
        """End nothing from now on: the command has a way of its own to end in time."""
        self._is_left_to_others.set()

    def _listen(self, told: socket.socket) -> None:
        while received := told.recv(1):
            if received[0] == signal.SIGINT and not self._is_left_to_others.is_set():
                self._wait_for_files(LONGEST_WRITE)
                say_stopped()
                os._exit(EXIT_CODE)


def say_stopped() -> None:
    """Say that the command has stopped, and which files it had written before."""
    cursor = _SHOW_CURSOR if sys.stderr.isatty() else ""
    # Files beside a case, such as its journal, have names that begin with a dot.
    shown = [path.name for path in written_files() if not path.name.startswith(".")]
    names = ", ".join(map(in_one_line, shown))
    done = f"{names} was written before." if names else "Nothing was written."
    os.write(2, f"{cursor}\nStopped. {done}\n".encode(errors="replace"))


def _do_nothing(signum: int, frame: Any) -> None:
    # Without a handler in Python the signal would not be passed on to the socket.
    pass
