"""The other end of `worker`: what a process of the workbench does before and around its own work."""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from backchannel.web.frames import Head, read_frame


def take_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Take the standard streams for frames; from now on, what any library prints goes to the error stream."""
    # The server ends us, whatever is pressed in its terminal.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reading, writing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return reading, writing


def go_first() -> None:
    """Where memory runs out, let the system end this process and not the server."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


def bound_memory(most: int) -> None:
    """Refuse more than so many bytes of memory, where the system can; and leave no core file."""
    try:
        import resource
    except ImportError:  # Windows has no such limit.
        return
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def listen(
    reading: IO[bytes], take: Callable[[tuple[Head, list[str]]], None], end: Callable[[], None]
) -> None:
    """Read frames in a thread, so that the server's end is noticed whatever is being done.

    Args:
        reading: Where they come from.
        take: Takes each of them, in that thread.
        end: Called when the server is gone, however it ended.
    """

    def read() -> None:
        with suppress(OSError, ValueError):
            while (frame := read_frame(reading)) is not None:
                take(frame)
        end()

    threading.Thread(target=read, name="frames", daemon=True).start()


def end_now() -> None:
    """End this process, whatever its other threads do."""
    os._exit(0)


def frames(reading: IO[bytes]) -> queue.SimpleQueue[tuple[Head, list[str]]]:
    """Frames as they come, to be worked off one after the other; the process ends with the server."""
    waiting: queue.SimpleQueue[tuple[Head, list[str]]] = queue.SimpleQueue()
    listen(reading, waiting.put, end_now)
    return waiting
