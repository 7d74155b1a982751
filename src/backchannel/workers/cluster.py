"""The workers of a cluster, by Dask's distributed scheduler.

A piece travels with all that it needs, so a worker that is lost takes nothing with it: another one carries its piece
out again. What travels was packed here and is unpacked there, and the other way round (`packing`).
"""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import Any, TypeVar

from backchannel.language.errors import CommandError
from backchannel.machine.memory import allowed
from backchannel.workers.connection import check_workers, connect, place_of
from backchannel.workers.packing import from_bytes, to_bytes
from backchannel.workers.remote import Failure, Finding, Parcel, carry_out_parcel
from backchannel.workers.workers import MOST_THREADS, PieceWork, processors

AHEAD = 2
"""Pieces for each worker that are sent ahead, so that none waits for the next. It bounds what the scheduler holds."""

T = TypeVar("T")


class Cluster:
    """Carries pieces out on a cluster of Dask."""

    def __init__(self, address: Any) -> None:
        """Start or join a cluster.

        Args:
            address: `local`, `local:N` for N worker processes here, the address of a scheduler
                (`tcp://HOST:PORT`), or a Dask client.

        Raises:
            CommandError: Dask is not installed, there is no such scheduler, or workers do not fit.
        """
        stack = ExitStack()
        try:
            self._client = connect(address, stack)
            self.count = check_workers(self._client)
        except BaseException:
            stack.close()
            raise
        self._ending = weakref.finalize(self, stack.close)
        # At the end of the process, Dask ends what was started here.
        self._ending.atexit = False

    def close(self) -> None:
        """Leave the cluster; one that was started here ends."""
        self._ending()

    @property
    def place(self) -> str:
        """How many workers there are, and at which address."""
        return place_of(self._client, self.count)

    def carry_out(
        self, job: PieceWork[T, Any, Any, Any], things: Iterable[T], *, at_once: int = MOST_THREADS
    ) -> Iterator[T]:
        """Carry out a piece for each thing, and yield each thing when it is done.

        Raises:
            CommandError: The scheduler was lost, or one piece lost many workers.
            BackchannelError: As a piece raised it.
        """
        from distributed import as_completed

        shared = to_bytes(job.shared)
        waiting: dict[Any, T] = {}
        more = iter(things)

        def send(thing: T) -> Any:
            parcel = Parcel(job.work, shared, to_bytes(job.piece(thing)), allowed(), processors())
            with _large_parcels():
                future = self._client.submit(carry_out_parcel, parcel, pure=False)
            waiting[future] = thing
            return future

        with _scheduler_errors():
            try:
                ready = as_completed([])
                for thing in islice(more, AHEAD * self.count):
                    ready.add(send(thing))
                for future in ready:
                    finding = _finding(future)
                    thing = waiting.pop(future)
                    ready.update(send(following) for following in islice(more, 1))
                    for result in finding.results:
                        job.keep(thing, result)
                    if job.progress is not None:
                        job.progress(finding.steps)
                    yield thing
            finally:
                for future in waiting:
                    future.cancel()


def _finding(future: Any) -> Finding:
    from distributed import KilledWorker

    try:
        found = from_bytes(future.result())
    except KilledWorker:
        raise CommandError(
            "Worker after worker was lost while it worked on the same piece. It may need more memory than a worker "
            "has: give workers more memory, or take fewer draws (--draws)."
        ) from None
    future.release()
    if isinstance(found, Failure):
        raise found.error()
    return found


@contextmanager
def _scheduler_errors() -> Iterator[None]:
    """Say in one line that the scheduler was lost."""
    from distributed.client import FutureCancelledError
    from distributed.comm.core import CommClosedError

    try:
        yield
    except (CommClosedError, TimeoutError, FutureCancelledError):
        raise CommandError(
            "The connection to the scheduler was lost. Nothing was written: run the same command again when the "
            "cluster is back."
        ) from None


@contextmanager
def _large_parcels() -> Iterator[None]:
    """Dask warns of large parcels; a few travel at a time."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sending large graph")
        yield
