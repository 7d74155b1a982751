"""What a worker of a cluster does: it unpacks a piece, carries it out, and packs what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from backchannel.language.errors import BackchannelError
from backchannel.machine.memory import limited
from backchannel.workers.packing import from_bytes, to_bytes
from backchannel.workers.workers import Tell, Threads, as_if_with, working_on

SHARED = 4
"""What several pieces share is unpacked once, for so many jobs at a time."""


@dataclass(frozen=True)
class Parcel:
    """A piece of work on its way to a worker."""

    work: Callable[[Any, Any, Tell], Iterator[Any]]
    shared: bytes
    piece: bytes
    memory: int
    """The limit that the client works under: chunks have the same size on every machine."""
    processors: int
    """How many parts the client cuts draws into, which must not depend on the worker either."""


@dataclass(frozen=True)
class Failure:
    """An error of a piece that is written for the user, on its way back."""

    kind: type[BackchannelError]
    arguments: tuple[Any, ...]
    fields: dict[str, Any]

    def error(self) -> BackchannelError:
        """The error as the piece raised it."""
        # Some errors are made from other arguments than they keep.
        error = self.kind.__new__(self.kind, *self.arguments)
        error.__dict__.update(self.fields)
        return error


@dataclass(frozen=True)
class Finding:
    """What a piece found, on its way back."""

    results: list[Any]
    steps: int
    """Steps that were done for it."""


def carry_out_parcel(parcel: Parcel) -> bytes:
    """Carry a piece out as the client would; an error for the user comes back as a `Failure`."""
    _prepare_process()
    with limited(parcel.memory), as_if_with(parcel.processors), working_on(Threads(1)):
        try:
            shared, piece = _unpacked(parcel.shared), from_bytes(parcel.piece)
            told: list[int] = []
            found = list(parcel.work(shared, piece, told.append))
            return to_bytes(Finding(found, sum(told)))
        except BackchannelError as error:
            return to_bytes(Failure(type(error), error.args, vars(error)))


@lru_cache(SHARED)
def _unpacked(shared: bytes) -> Any:
    return from_bytes(shared)


@cache
def _prepare_process() -> None:
    """Let the programs of this worker be compiled once for all its runs."""
    from backchannel.machine.compile_cache import keep_compiled

    keep_compiled()
