"""Watch the case file; where the system does not report changes, look every second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from watchfiles import awatch

POLL_SECONDS = 1.0


async def watch_file(
    path: Callable[[], Path], look: Callable[[], Awaitable[None]], stop: asyncio.Event
) -> None:
    """Call `look` whenever something in the file's folder changes, and every second.

    Args:
        path: The file that is open now.
        look: Checks whether the file has changed.
        stop: Ends the watch.
    """
    while not stop.is_set():
        try:
            async for _ in awatch(
                path().parent,
                recursive=False,
                debounce=100,
                rust_timeout=int(POLL_SECONDS * 1000),
                yield_on_timeout=True,
                stop_event=stop,
            ):
                await look()
        except OSError:  # The folder is gone, or cannot be watched.
            await look()
            await asyncio.sleep(POLL_SECONDS)
