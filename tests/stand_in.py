"""A stand-in for the process that solves: the same program in threads, so that tests compile once."""

from __future__ import annotations

import os
import subprocess
import threading
from contextlib import suppress

from backchannel.web import solver, solving_child, worker
from backchannel.web.child import listen
from backchannel.web.frames import write_frame

started = worker.start_process


def start_process(module: str) -> InThreads | subprocess.Popen[bytes]:
    """Start a process; the solver's is none."""
    return InThreads() if module == solver.MODULE else started(module)


class InThreads:
    """What a `Worker` needs of a process."""

    def __init__(self) -> None:
        reading, self.stdin = (os.fdopen(*end) for end in zip(os.pipe(), ("rb", "wb"), strict=True))
        self.stdout, writing = (
            os.fdopen(*end) for end in zip(os.pipe(), ("rb", "wb"), strict=True)
        )
        self.ended = threading.Event()

        def say(head, *texts) -> None:
            with suppress(OSError, ValueError):
                write_frame(writing, head, texts)

        solves = solving_child.SolveService(say)

        def end() -> None:
            for queue in solves._queues.values():
                queue.close(0.0)
            solves.posted.put(self.ended.set)

        def run() -> None:
            while not self.ended.is_set():
                solves.posted.get()()
            with suppress(OSError):
                writing.close()

        threading.Thread(target=run, daemon=True).start()
        listen(reading, lambda frame: solves.posted.put(lambda: solves.receive(*frame)), end)

    def kill(self) -> None:
        """It ends when its pipe is closed, which a `Worker` does at once."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended."""
        self.ended.wait(timeout)
        return -9
