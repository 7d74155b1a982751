"""Windows: the pages that are connected. A slow one is told the newest; a stuck one is hung up on."""

from __future__ import annotations

import asyncio
import re
import sys
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field

MOST_WINDOWS = 64
MOST_WAITING = 400
"""Messages that may wait for one window before it is hung up on; it comes back and is told all anew."""
MOST_BYTES = 32_000_000
"""Of memory that they may take together. What a window is greeted with does not count."""
_REPLACES: dict[str, tuple[str, ...]] = {
    **{kind: (kind,) for kind in ("desk", "text", "status", "checked", "file", "quick")},
    "answers": ("answers", "quick"),
}
"""Messages that say only how things are now, and what each makes out of date. A page forgets quick
answers when it is told the whole ones, and is told them again where they still stand."""
_STATE = re.compile(r'\{"type":"(\w+)",(?!"id":)')
"""How a message without an `id` begins."""
_ANSWER = re.compile(r'\{(?:"type":"\w+",)?"id":')
"""How one with an `id` begins."""


class Outbox:
    """What a window is still to be told, in order: of how things are, the newest.

    A newer message on the same thing takes away one that still waits, and goes to the end. None is taken
    away from before an answer to a request: what the answer follows is told before it.
    """

    def __init__(self) -> None:
        self.bytes = 0
        """Of memory that what waits takes, without what was not counted."""
        self._waiting: OrderedDict[int, tuple[str | None, int]] = OrderedDict()
        self._states: dict[str, int] = {}
        """Which messages may still be replaced."""
        self._last = 0
        self._is_filled = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def empty(self) -> bool:
        """Does nothing wait?"""
        return not self._waiting

    @property
    def is_too_full(self) -> bool:
        """Does more wait than may? One message may wait however long it is."""
        return len(self) > MOST_WAITING or (len(self) > 1 and self.bytes > MOST_BYTES)

    def put(self, message: str | None, *, is_counted: bool = True) -> None:
        """Add a message; None: hang up."""
        self._last += 1
        begins = _STATE.match(message or "")
        kind = begins[1] if begins else ""
        if kind in _REPLACES:
            for old in _REPLACES[kind]:
                self._take(self._states.pop(old, 0))
            self._states[kind] = self._last
        elif _ANSWER.match(message or ""):
            self._states.clear()
        size = sys.getsizeof(message) if is_counted else 0
        self._waiting[self._last] = message, size
        self.bytes += size
        self._is_filled.set()

    def clear(self) -> None:
        """Forget all that waits."""
        self._waiting.clear()
        self._states.clear()
        self.bytes = 0

    def get_nowait(self) -> str | None:
        """Take what has waited longest; there must be something."""
        return self._take(next(iter(self._waiting)))

    async def get(self) -> str | None:
        """Take what has waited longest, once there is something."""
        while not self._waiting:
            self._is_filled.clear()
            await self._is_filled.wait()
        return self.get_nowait()

    def _take(self, number: int) -> str | None:
        message, size = self._waiting.pop(number, (None, 0))
        self.bytes -= size
        return message


@dataclass(eq=False)
class Window:
    """One connected page, and what it is still to be told."""

    outbox: Outbox = field(default_factory=Outbox)
    is_stuck: bool = False

    def say(self, message: str, *, is_greeting: bool = False) -> None:
        """Tell this window something, in order; a greeting has room however long it is."""
        if self.is_stuck:
            return
        self.outbox.put(message, is_counted=not is_greeting)
        if not is_greeting and self.outbox.is_too_full:
            self.is_stuck = True
            self.outbox.clear()
            self.outbox.put(None)


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
