"""What a worker of a cluster does: it unpacks a piece, carries it out, and packs what it found.

It is imported there: Dask sends the names of these functions, and arguments. The scheduler imports this module too,
and unpacks a parcel. So nothing large is imported before a worker begins, and the work travels as bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Any

from backchannel.language.errors import BackchannelError
from backchannel.machine.memory import limited
from backchannel.workers.packing import from_bytes, to_bytes
from backchannel.workers.workers import Threads, as_if_with, working_on

JOBS = 4
"""What several pieces share is unpacked once, for so many jobs at a time."""


@dataclass(frozen=True)
class Parcel:
    """A piece of work on its way to a worker."""

    work: bytes
    """The function that carries a piece out, and what all pieces share."""
    piece: bytes
    memory: int
    """The limit that the client works under: chunks have the same size on every machine."""
    processors: int
    """How many parts the client cuts draws into, which must not depend on the worker either."""


@dataclass(frozen=True)
class Finding:
    """What a piece found, on its way back."""

    version: str
    """Version of the program that carried it out."""
    results: list[Any]
    steps: int
    """Steps that were done for it."""
    error: BackchannelError | None = None
    """An error of the piece that is written for the user."""


def carry_out_parcel(parcel: Parcel) -> bytes:
    """Carry a piece out as the client would."""
    _prepare_process()
    own, told = version("backchannel"), list[int]()
    with limited(parcel.memory), as_if_with(parcel.processors), working_on(Threads(1)):
        try:
            (work, shared), piece = _unpacked(parcel.work), from_bytes(parcel.piece)
            found = list(work(shared, piece, told.append))
            return to_bytes(Finding(own, found, sum(told)))
        except BackchannelError as error:
            return to_bytes(Finding(own, [], sum(told), error))


@lru_cache(JOBS)
def _unpacked(work: bytes) -> Any:
    return from_bytes(work)


@cache
def _prepare_process() -> None:
    """Let the programs of this worker be compiled once for all its runs, and for a worker that replaces it."""
    from backchannel.machine.compile_cache import keep_compiled

    keep_compiled()
