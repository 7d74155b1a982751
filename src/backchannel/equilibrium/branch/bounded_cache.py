"""What is worked out once for a structure and kept, for all threads."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class BoundedCache(Generic[T]):
    """The newest of some things by their keys; the oldest are forgotten.

    Args:
        most: How many are kept.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = Lock()
        self._things: dict[Hashable, T] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Fetch a thing, or make it; two threads may make it at the same time, one of them in vain.

        Args:
            key: All that it depends on.
            make: Makes it.
        """
        with self._lock:
            if key in self._things:
                return self._things[key]
        made = make()
        with self._lock:
            found = self._things.setdefault(key, made)
            while len(self._things) > self.most:
                del self._things[next(iter(self._things))]
        return found
