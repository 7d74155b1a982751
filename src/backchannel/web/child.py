"""What the child processes of the workbench share: streams, limits, and how they end (`worker` starts them)."""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from backchannel.web.frames import FrameHead, read_frame

BEHIND = 5
"""How far the priority of a process in the background is lowered; 19 is the least."""


def take_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Take the standard streams for frames; whatever a library prints goes to the error stream from then on."""
    # The server ends this process; Ctrl-C in its terminal does not.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reading, writing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return reading, writing


def offer_to_oom_killer() -> None:
    """Let the system end this process and not the server where memory runs out."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


def give_way() -> None:
    """Let the processes that edit, check and show come first: solving goes on in the background."""
    with suppress(OSError, AttributeError):  # Windows has no such priority.
        os.nice(BEHIND)


def bound_memory(most: int) -> None:
    """Limit the memory of this process, where the system can, and leave no core file."""
    try:
        import resource
    except ImportError:  # Windows has no such limit.
        return
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def listen(
    reading: IO[bytes], take: Callable[[tuple[FrameHead, list[str]]], None], end: Callable[[], None]
) -> None:
    """Read frames in a thread, so that the end of the server is noticed during any work.

    Args:
        reading: The stream of frames.
        take: Gets each frame, in that thread.
        end: Called when the server is gone.
    """

    def read() -> None:
        with suppress(OSError, ValueError):
            while (frame := read_frame(reading)) is not None:
                take(frame)
        end()

    threading.Thread(target=read, name="frames", daemon=True).start()


def end_now() -> None:
    """End this process without waiting for its threads."""
    os._exit(0)


def frames(reading: IO[bytes]) -> queue.SimpleQueue[tuple[FrameHead, list[str]]]:
    """Queue frames as they come; the process ends with the server."""
    waiting: queue.SimpleQueue[tuple[FrameHead, list[str]]] = queue.SimpleQueue()
    listen(reading, waiting.put, end_now)
    return waiting
