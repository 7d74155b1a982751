"""A child process that exchanges frames with the server and can be ended at any time.

The server's own process never does work that a case text could make long, large or fatal. Threads read and write
the frames, so that neither a full pipe nor a busy process blocks the event loop.
"""

from __future__ import annotations

import queue
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from backchannel.machine.own_process import start_process
from backchannel.web.frames import FrameHead, read_frame, write_frame

Post = Callable[[Callable[[], None]], None]
"""Runs something in the thread of the event loop."""
SECONDS_TO_END = 1.0
"""How long a killed process may take to be gone."""


class Worker:
    """One child process, from its start to its end."""

    def __init__(
        self,
        module: str,
        post: Post,
        *,
        received: Callable[[Worker, FrameHead, list[str]], None],
        ended: Callable[[Worker, str], None],
    ) -> None:
        """Start it.

        Args:
            module: The module to run.
            post: Runs something in the thread of the event loop.
            received: Called there with each frame of the process.
            ended: Called there with the reason when the process ends by itself.
        """
        self._post, self._received, self._ended = post, received, ended
        self._is_stopped = False
        self._to_send: queue.SimpleQueue[tuple[FrameHead, Sequence[str]] | None] = (
            queue.SimpleQueue()
        )
        self.process = start_process(module)
        self._threads = [
            threading.Thread(target=work, name=f"{module} {name}", daemon=True)
            for name, work in (("in", self._write), ("out", self._read))
        ]
        for thread in self._threads:
            thread.start()

    def send(self, head: FrameHead, *texts: str) -> None:
        """Send a frame; returns at once, however busy the process is."""
        self._to_send.put((head, texts))

    def kill(self) -> None:
        """End the process now; none of its results is handed over from then on."""
        self._is_stopped = True
        self._to_send.put(None)
        with suppress(OSError):
            self.process.kill()

    def wait(self) -> bool:
        """Wait a little for the process to end; says whether it has."""
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
                self._call(lambda frame=frame: self._received(self, *frame))
        with suppress(OSError):
            self.process.kill()
        code = self.process.wait()  # No zombie stays.
        self._to_send.put(None)
        self._call(lambda: self._ended(self, why_ended(code)))

    def _call(self, what: Callable[[], None]) -> None:
        def unless_stopped() -> None:
            if not self._is_stopped:
                what()

        self._post(unless_stopped)


def why_ended(code: int) -> str:
    """Explain an exit code, as the end of a sentence.

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
