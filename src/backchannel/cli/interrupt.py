"""Ctrl-C ends a command within two seconds, whatever the command is doing.

Python handles a signal between two of its own instructions. A program that is being compiled, or a
thread that is waited for, can put that off for minutes. The operating system tells a socket of ours
at once, so a thread that listens there gives the command a moment to end by itself, and then ends it.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

import click

GRACE = 1.0
"""Seconds in which an interrupted command may end by itself."""
LONGEST_WRITE = 0.5
"""Seconds more for a file that is just being written, so that no part of it is left behind."""
EXIT_CODE = 2
STOPPED = "\nStopped. Nothing was written.\n"

# A progress bar hides it.
_SHOW_CURSOR = "\x1b[?25h"


class Interrupt:
    """Whether the user asked to stop, and the thread that sees to it."""

    def __init__(self, wait_for_files: Callable[[float], Any]) -> None:
        """Prepare; nothing is listened to yet.

        Args:
            wait_for_files: Waits, at most so many seconds, until no file is being written.
        """
        self.came = False
        self._wait_for_files = wait_for_files
        self._told: socket.socket | None = None
        self._is_left_to_others = threading.Event()
        self._is_said = threading.Lock()

    def watch(self) -> None:
        """Begin to listen, unless the user's shell said that interrupts are to be ignored."""
        if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
            return
        signal.signal(signal.SIGINT, self._note)
        self._told, tell = socket.socketpair()
        tell.setblocking(False)
        signal.set_wakeup_fd(tell.detach(), warn_on_full_buffer=False)
        threading.Thread(target=self._see_to_it, name="interrupt", daemon=True).start()

    def stop_if_it_came(self) -> None:
        """Stop now if the user asked for it at any time before."""
        if self.came:
            raise click.exceptions.Abort

    def leave_to_others(self) -> None:
        """End nothing by force from now on: the command has a way of its own to end in time."""
        self._is_left_to_others.set()

    def say_stopped(self) -> None:
        """Say once, from whichever thread comes first, that the command has stopped."""
        if self._is_said.acquire(blocking=False):
            cursor = _SHOW_CURSOR if sys.stderr.isatty() else ""
            os.write(2, f"{cursor}{STOPPED}".encode())

    def _note(self, signum: int, frame: Any) -> None:
        # JAX drops a `KeyboardInterrupt` that arrives while it collects garbage, so it is noted.
        self.came = True
        signal.default_int_handler(signum, frame)

    def _see_to_it(self) -> None:
        assert self._told is not None
        while received := self._told.recv(1):
            if received[0] == signal.SIGINT and not self._is_left_to_others.is_set():
                break
        else:
            return
        # The process ends here where the command ends by itself in time: this thread is a daemon.
        threading.Event().wait(GRACE)
        self._wait_for_files(LONGEST_WRITE)
        self.say_stopped()
        os._exit(EXIT_CODE)
