"""Windows: the connected pages. A slow window gets only the newest state; a stuck window is disconnected."""

from __future__ import annotations

import asyncio
import re
import sys
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field

MOST_WINDOWS = 64
MOST_WAITING = 400
"""Messages that may wait for one window before it is disconnected; it reconnects and gets everything again."""
MOST_BYTES = 32_000_000
"""Memory that they may take together. What a window gets when it connects does not count."""
_REPLACES: dict[str, tuple[str, ...]] = {
    **{
        kind: (kind,)
        for kind in (
            "shared",
            "text",
            "status",
            "checked",
            "outline",
            "sketch",
            "history",
            "file",
            "quick",
        )
    },
    "answers": ("answers", "quick", "partial"),
}
"""Messages that describe the current state, and the waiting messages that each makes out of date. A page drops
quick answers when it gets full ones, and gets quick ones again if they are still current."""
_STATE = re.compile(r'\{"type":"(\w+)",(?!"id":)')
"""How a message without an `id` begins."""
_ANSWER = re.compile(r'\{(?:"type":"\w+",)?"id":')
"""How one with an `id` begins."""


class Outbox:
    """Messages that wait for a window, in order; of each kind of state, only the newest.

    A newer message about the same state replaces the one that waits, and goes to the end. A message before an
    answer to a request is never replaced: the answer may build on it.
    """

    def __init__(self) -> None:
        self.bytes = 0
        """Memory that the counted messages take."""
        self._waiting: OrderedDict[int, tuple[str | None, int]] = OrderedDict()
        self._states: dict[str, int] = {}
        """The message of each kind that may still be replaced."""
        self._last = 0
        self._is_filled = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    @property
    def is_too_full(self) -> bool:
        """Whether too many bytes wait to be sent. A single message of any size may wait."""
        return len(self) > MOST_WAITING or (len(self) > 1 and self.bytes > MOST_BYTES)

    def put(self, message: str | None, *, is_counted: bool = True) -> None:
        """Add a message; None: disconnect."""
        self._last += 1
        begins = _STATE.match(message or "")
        kind = begins[1] if begins else ""
        if kind in _REPLACES:
            for old in _REPLACES[kind]:
                self._remove(self._states.pop(old, 0))
            self._states[kind] = self._last
        elif _ANSWER.match(message or ""):
            self._states.clear()
        size = sys.getsizeof(message) if is_counted else 0
        self._waiting[self._last] = message, size
        self.bytes += size
        self._is_filled.set()

    def clear(self) -> None:
        """Drop all messages."""
        self._waiting.clear()
        self._states.clear()
        self.bytes = 0

    def get_nowait(self) -> str | None:
        """Take the oldest message; there must be one."""
        return self._remove(next(iter(self._waiting)))

    async def get(self) -> str | None:
        """Take the oldest message, once there is one."""
        while not self._waiting:
            self._is_filled.clear()
            await self._is_filled.wait()
        return self.get_nowait()

    def _remove(self, number: int) -> str | None:
        message, size = self._waiting.pop(number, (None, 0))
        self.bytes -= size
        return message


@dataclass(eq=False)
class Window:
    """One connected page, and the messages that wait for it."""

    outbox: Outbox = field(default_factory=Outbox)
    is_stuck: bool = False

    def send(self, message: str, *, is_greeting: bool = False) -> None:
        """Send this window a message, in order; a greeting has room whatever its size."""
        if self.is_stuck:
            return
        self.outbox.put(message, is_counted=not is_greeting)
        if not is_greeting and self.outbox.is_too_full:
            self.is_stuck = True
            self.outbox.clear()
            self.outbox.put(None)


class Windows:
    """All connected windows."""

    def __init__(self) -> None:
        self._open: set[Window] = set()

    def __len__(self) -> int:
        return len(self._open)

    def join(self, window: Window) -> bool:
        """Add a window, unless there are too many."""
        if len(self._open) >= MOST_WINDOWS:
            return False
        self._open.add(window)
        return True

    def leave(self, window: Window) -> None:
        """Remove a window."""
        self._open.discard(window)

    def broadcast(self, message: str) -> None:
        """Send a message to every window."""
        for window in self._open:
            window.send(message)

    def broadcast_except(self, message: str, excluded: Collection[Window]) -> None:
        """Send a message to every other window."""
        for window in self._open:
            if window not in excluded:
                window.send(message)
