"""Windows: the pages that are connected. A slow one waits for itself; a stuck one is hung up on."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

MOST_WINDOWS = 64
MOST_WAITING = 400
"""Messages that may wait for one window before it is hung up on; it comes back and is told all anew."""


@dataclass(eq=False)
class Window:
    """One connected page, and what it is still to be told."""

    outbox: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)
    """None: hang up."""
    is_stuck: bool = False

    def say(self, message: str) -> None:
        """Tell this window something, in order."""
        if self.is_stuck:
            return
        if self.outbox.qsize() >= MOST_WAITING:
            self.is_stuck = True
            while not self.outbox.empty():
                self.outbox.get_nowait()
            self.outbox.put_nowait(None)
            return
        self.outbox.put_nowait(message)


class Windows:
    """All of them."""

    def __init__(self) -> None:
        self._open: set[Window] = set()

    def __len__(self) -> int:
        return len(self._open)

    def join(self, window: Window) -> bool:
        """Let a window in, if there are not too many."""
        if len(self._open) >= MOST_WINDOWS:
            return False
        self._open.add(window)
        return True

    def leave(self, window: Window) -> None:
        """Forget a window."""
        self._open.discard(window)

    def tell(self, message: str) -> None:
        """Tell every window."""
        for window in self._open:
            window.say(message)

    def tell_but(self, message: str, some: Collection[Window]) -> None:
        """Tell every other window."""
        for window in self._open:
            if window not in some:
                window.say(message)
