"""Limit the rate at which one window's requests are read, so that a flood of them does not delay other windows.

Nothing is refused: a page that sends too much waits, and its connection is not read meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_REQUESTS = 100
"""Per second; a dragged slider sends one for each frame of the screen."""
MOST_CHARACTERS = 8_000_000
"""Per second: a few case texts of the largest size."""
PAUSE = 0.05
"""Seconds between requests of a window that sends more."""


@dataclass
class RateLimit:
    """What one window may still send at once: it grows with time, up to the limits of one second."""

    clock: Callable[[], float] = time.monotonic
    _requests: float = MOST_REQUESTS
    _characters: float = MOST_CHARACTERS
    _last_seen: float = field(init=False)

    def __post_init__(self) -> None:
        self._last_seen = self.clock()

    def pause(self, characters: int) -> float:
        """Seconds to wait before a request of so many characters is read."""
        now = self.clock()
        passed, self._last_seen = now - self._last_seen, now
        requests = min(MOST_REQUESTS, self._requests + passed * MOST_REQUESTS)
        room = min(MOST_CHARACTERS, self._characters + passed * MOST_CHARACTERS)
        # A request over the limit waits once; it does not delay the small requests after it.
        self._requests, self._characters = max(0.0, requests - 1), max(0.0, room - characters)
        return PAUSE if requests < 1 or room < characters else 0.0

    async def wait_turn(self, characters: int) -> None:
        """Wait until a request may be read; requests of other windows are always handled in between."""
        await asyncio.sleep(self.pause(characters))
