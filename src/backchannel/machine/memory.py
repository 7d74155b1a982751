"""Memory: a limit, and an error message before a computation would exceed it.

The size of a computation follows from the case's graph and the number of draws, so it is known
before anything is allocated. Code that makes large tables calls `claim` first. The limit holds for the
whole process, so it is set once, at the front door, and not passed through every function (decision
record 0026).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar, copy_context
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, TypeVar

from backchannel.language.errors import CommandError, TooLargeError
from backchannel.language.number_ranges import LARGEST_WHOLE, NumberRange

NUMBER = 8
"""Bytes per number."""
UNKNOWN = 4 * 10**9
"""Free memory in bytes that is assumed if the system does not tell."""
LEAST = 10**8
"""Smallest limit in bytes: Python and its libraries alone take more."""
BYTES = NumberRange(LEAST, LARGEST_WHOLE, whole=True)
"""A limit of memory, as a number of bytes."""
UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}

_OF_MACHINE = Path("/proc/meminfo")
_OF_GROUP = tuple(
    (Path("/sys/fs/cgroup", limit), Path("/sys/fs/cgroup", used))
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    )
)

T = TypeVar("T")

_allowed: ContextVar[int | None] = ContextVar("allowed", default=None)


def parse_size(text: str) -> int:
    """Read a size: a number with a unit.

    Raises:
        CommandError: The text is not a size, or the size is too small for any case.

    >>> parse_size("1.5GB")
    1500000000
    """
    match = re.fullmatch(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*([KMGT])I?B?\s*", str(text).upper())
    if not match:
        raise CommandError(
            f"'{text}' is not a size. Write a number and a unit, as in 500MB or 4GB."
        )
    size = int(float(match[1]) * UNITS[match[2] + "B"])
    if size < LEAST:
        raise CommandError(f"{text} is too little for any case: allow at least {in_words(LEAST)}.")
    return size


def read_size(given: Any) -> int:
    """Read a size that is given in Python: a text such as "4GB", or a number of bytes.

    Raises:
        CommandError: It is not a size, or too small for any case.

    >>> read_size("4GB") == read_size(4e9) == 4_000_000_000
    True
    """
    return parse_size(given) if isinstance(given, str) else BYTES.read_whole(given, "memory")


def in_words(size: float) -> str:
    """Write a number of bytes in words.

    >>> in_words(2_500_000_000), in_words(64_000_000)
    ('2.5 GB', '64 MB')
    """
    if size >= 10**18:
        return "more than 1,000,000 TB"
    unit = next((name for name in ("TB", "GB", "MB") if size >= UNITS[name]), "KB")
    number = size / UNITS[unit]
    return f"{number:,.0f} {unit}" if number >= 10 else f"{number:.2g} {unit}"


def allowed() -> int:
    """Return the limit in bytes: the one set at the front door, or half of the free memory."""
    return _allowed.get() or free_memory() // 2


@contextmanager
def limited(size: int | None) -> Iterator[None]:
    """Set the limit inside a `with` block; `None` keeps the current limit."""
    token = _allowed.set(size or allowed())
    try:
        yield
    finally:
        _allowed.reset(token)


def carried(work: Callable[..., T]) -> Callable[..., T]:
    """Wrap a function for another thread, so that it runs under the limit of this one, and on its workers."""
    size, context = allowed(), copy_context()

    def limited_work(*args: Any, **kwargs: Any) -> T:
        with limited(size):
            return work(*args, **kwargs)

    @wraps(work)
    def within(*args: Any, **kwargs: Any) -> T:
        # Only one thread at a time may run in a context.
        return context.copy().run(limited_work, *args, **kwargs)

    return within


def within_memory(kind: type[T]) -> type[T]:
    """Make all public methods of a class run under the limit `self.memory`."""
    return around_methods(kind, lambda self: limited(self.memory))


def around_methods(kind: type[T], block: Callable[[Any], AbstractContextManager[Any]]) -> type[T]:
    """Make all public methods of a class run inside a `with` block.

    Args:
        kind: The class; it is changed.
        block: Makes the block, from the object whose method is called.
    """

    def bounded(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def within(self: Any, *args: Any, **kwargs: Any) -> Any:
            with block(self):
                return method(self, *args, **kwargs)

        return within

    for name, member in list(vars(kind).items()):
        if name.startswith("_") and name != "__call__":
            continue
        if isinstance(member, property) and member.fget:
            setattr(kind, name, property(bounded(member.fget), doc=member.__doc__))
        elif isinstance(member, cached_property):
            replaced = cached_property(bounded(member.func))
            replaced.__set_name__(kind, name)
            setattr(kind, name, replaced)
        elif callable(member) and not isinstance(member, type):
            setattr(kind, name, bounded(member))
    return kind


def how_many(each: float, most: int) -> int:
    """Count how many items of a given size fit into the limit at once, at most `most`."""
    return most if each * most <= allowed() else int(allowed() // max(each, 1))


def claim(need: float, what: str, remedy: str) -> None:
    """Check that a computation stays within the limit.

    Args:
        need: Bytes that it needs.
        what: What needs them, as the beginning of a sentence.
        remedy: What the user can do, apart from raising the limit.

    Raises:
        TooLargeError: It needs more than the limit.
    """
    if need > allowed():
        raise TooLargeError(
            f"{what} would take about {in_words(need)} of memory, more than the "
            f"{in_words(allowed())} that is allowed. {remedy}{_more(need)}"
        )


def free_memory() -> int:
    """Return how many bytes this process can still take, as far as the system tells."""
    limits = [*_free_of_machine(), *_free_of_group()]
    return max(min(limits, default=UNKNOWN), LEAST)


def _more(need: float) -> str:
    if need > 64 * free_memory():
        return ""
    return (
        f" Or, if the machine has enough memory, allow more: --memory {-(-int(need) // 10**9)}GB."
    )


def _free_of_machine() -> Iterator[int]:
    try:
        if available := re.search(r"^MemAvailable:\s*(\d+)", _OF_MACHINE.read_text(), re.MULTILINE):
            yield int(available[1]) * 1024
            return
    except (OSError, ValueError):
        pass
    try:
        # Half of the installed memory is taken as free.
        yield os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, OSError, ValueError):
        return


def _free_of_group() -> Iterator[int]:
    """Yield what the limits of a container leave."""
    for limit, used in _OF_GROUP:
        try:
            most = int(limit.read_text())
            yield most - int(used.read_text())
        except (OSError, ValueError):
            continue  # The file does not exist, or there is no limit ("max").
