"""The pace at which one window's requests are taken, so that a flood of them leaves time for others.

Nothing is refused: a page that asks too much waits, and its connection is not read meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_REQUESTS = 100
"""In a second; a slider that is dragged sends one for each picture of the screen."""
MOST_CHARACTERS = 8_000_000
"""In a second: a few case texts of the largest size."""
PAUSE = 0.05
"""Seconds between requests of a window that sends more."""


@dataclass
class Pace:
    """What one window may still send at once: it grows with time, up to what fits in a second."""

    clock: Callable[[], float] = time.monotonic
    _requests: float = MOST_REQUESTS
    _characters: float = MOST_CHARACTERS
    _seen: float = field(init=False)

    def __post_init__(self) -> None:
        self._seen = self.clock()

    def pause(self, characters: int) -> float:
        """Seconds to wait before a request of so many characters is taken; 0: it is its turn."""
        now = self.clock()
        passed, self._seen = now - self._seen, now
        requests = min(MOST_REQUESTS, self._requests + passed * MOST_REQUESTS)
        room = min(MOST_CHARACTERS, self._characters + passed * MOST_CHARACTERS)
        # What is too much is waited for once, and is not held against small requests after it.
        self._requests, self._characters = max(0.0, requests - 1), max(0.0, room - characters)
        return PAUSE if requests < 1 or room < characters else 0.0

    async def turn(self, characters: int) -> None:
        """Wait until a request may be taken; others always have a turn first."""
        await asyncio.sleep(self.pause(characters))
