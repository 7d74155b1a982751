"""What is kept by its key: made once, and the oldest forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from backchannel.equilibrium.branch.bounded_cache import BoundedCache


def test_a_thing_is_made_once_and_the_oldest_are_forgotten():
    """A key that was forgotten is made anew."""
    made = []

    def make(key: str) -> str:
        made.append(key)
        return key.upper()

    kept: BoundedCache[str] = BoundedCache(2)
    assert [kept.get(key, lambda key=key: make(key)) for key in "aabba"] == list("AABBA")
    assert made == ["a", "b"]
    assert kept.get("c", lambda: make("c")) == "C"
    assert kept.get("b", lambda: make("b")) == "B"
    assert kept.get("a", lambda: make("a")) == "A"
    assert made == ["a", "b", "c", "a"]


def test_threads_that_make_the_same_at_the_same_time_get_the_same_object():
    """The first that was made: what one thread works with is not replaced under another."""
    kept: BoundedCache[list[int]] = BoundedCache(8)
    both = Barrier(2, timeout=10)

    def make() -> list[int]:
        both.wait()
        return []

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: kept.get("key", make), range(2))
    assert one is other
