"""A bounded cache of what is worked out once for a structure, shared by all threads."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class BoundedCache(Generic[T]):
    """Keeps the newest values by their keys and drops the oldest.

    Args:
        most: How many values are kept.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = Lock()
        self._things: dict[Hashable, T] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Fetch a value, or make it. Two threads may make it at the same time; one of the two is then used.

        Args:
            key: All that the value depends on.
            make: Makes the value.
        """
        with self._lock:
            if key in self._things:
                return self._things[key]
        made = make()
        with self._lock:
            kept = self._things.setdefault(key, made)
            while len(self._things) > self.most:
                del self._things[next(iter(self._things))]
        return kept
