"""A process of our own that can be stopped: it takes frames, gives frames, and can be ended at any time.

The server's own process never does what a case text could make long, large or fatal. Frames are read
and written by threads, so that no full pipe and no busy process ever holds the event loop.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from backchannel.web.frames import Head, read_frame, write_frame

Post = Callable[[Callable[[], None]], None]
"""Runs something in the thread of the event loop."""
SECONDS_TO_END = 1.0
"""How long a killed process may take to be gone."""


def start_process(module: str) -> subprocess.Popen[bytes]:
    """Start a module of ours as a process whose standard streams are ours.

    It finds modules where this process does, and never in the current folder, which may be anybody's.
    It has a session (on Windows a group) of its own, so that Ctrl-C in the terminal reaches us alone.
    """
    is_windows = os.name == "nt"
    where = os.pathsep.join(folder for folder in sys.path if folder)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": where},
        start_new_session=not is_windows,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


class Worker:
    """One such process, from its start to its end."""

    def __init__(
        self,
        module: str,
        post: Post,
        *,
        heard: Callable[[Worker, Head, list[str]], None],
        ended: Callable[[Worker, str], None],
    ) -> None:
        """Start it.

        Args:
            module: What it runs.
            post: Runs something in the thread of the event loop.
            heard: Takes, there, each frame that it gives.
            ended: Told, there, why it has ended by itself.
        """
        self._post, self._heard, self._ended = post, heard, ended
        self._is_stopped = False
        self._to_send: queue.SimpleQueue[tuple[Head, Sequence[str]] | None] = queue.SimpleQueue()
        self.process = start_process(module)
        self._threads = [
            threading.Thread(target=work, name=f"{module} {name}", daemon=True)
            for name, work in (("in", self._write), ("out", self._read))
        ]
        for thread in self._threads:
            thread.start()

    def send(self, head: Head, *texts: str) -> None:
        """Give it a frame; at once, however busy it is."""
        self._to_send.put((head, texts))

    def kill(self) -> None:
        """End it now; nothing that it has found is handed over any more."""
        self._is_stopped = True
        self._to_send.put(None)
        with suppress(OSError):
            self.process.kill()

    def wait(self) -> bool:
        """Wait until it is gone; says whether it is."""
        try:
            self.process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _write(self) -> None:
        stream = self.process.stdin
        assert stream is not None
        with suppress(OSError, ValueError):
            while (frame := self._to_send.get()) is not None:
                write_frame(stream, *frame)
        with suppress(OSError):
            stream.close()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        with suppress(OSError, ValueError), stream:
            while not self._is_stopped and (frame := read_frame(stream)) is not None:
                self._give(lambda frame=frame: self._heard(self, *frame))
        with suppress(OSError):
            self.process.kill()
        code = self.process.wait()  # No zombie stays.
        self._to_send.put(None)
        self._give(lambda: self._ended(self, why_ended(code)))

    def _give(self, what: Callable[[], None]) -> None:
        def unless_stopped() -> None:
            if not self._is_stopped:
                what()

        self._post(unless_stopped)


def why_ended(code: int) -> str:
    """Why a process has ended, from its exit code, as the end of a sentence.

    >>> why_ended(-11)
    'it crashed (SIGSEGV)'
    >>> why_ended(1)
    'it ended with exit code 1'
    """
    if code >= 0:
        return f"it ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    if name == "SIGKILL":
        return "the system ended it, probably because memory ran out"
    return f"it crashed ({name})"
