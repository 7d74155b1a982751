"""Send the pieces of a job to the workers of a cluster, a few ahead of each, and take back what they find.

A piece travels with all that it needs, so a worker that is lost takes nothing with it: another one carries its piece
out again. What travels was packed here and is unpacked there, and the other way round (`packing`).
"""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from importlib.metadata import version
from itertools import islice
from typing import Any, Generic, NoReturn, TypeVar

from backchannel.language.errors import BackchannelError
from backchannel.machine.memory import allowed
from backchannel.workers import attendance
from backchannel.workers.attendance import Attendance
from backchannel.workers.connection import ClusterError, check_workers, is_connected
from backchannel.workers.packing import from_bytes, to_bytes
from backchannel.workers.remote import Finding, Parcel, carry_out_parcel
from backchannel.workers.workers import PieceWork, processors

LOST = (OSError, TimeoutError, CancelledError)
"""What Dask raises when a scheduler is lost."""

T = TypeVar("T")


class Dispatch(Generic[T]):
    """The pieces of one job on their way through a cluster."""

    def __init__(self, client: Any, present: Attendance, job: PieceWork[T, Any, Any, Any]) -> None:
        self._client, self._present, self._job = client, present, job
        self._work = to_bytes((job.work, job.shared))
        self._memory, self._processors = allowed(), processors()
        self._under_way: dict[Any, T] = {}

    def findings(self, things: Iterable[T]) -> Generator[tuple[T, Finding], None, None]:
        """Yield each thing, with what its piece found, as soon as it is done.

        Raises:
            ClusterError: The scheduler or all workers were lost, a worker does not fit, or a piece loses its
                workers again and again. What was yielded before is not lost.
            BackchannelError: As a piece raised it.
        """
        left = iter(things)
        try:
            self._present.begin()
            while True:
                self._send(left)
                if not self._under_way:
                    return
                for future in self._done():
                    thing = self._under_way.pop(future)
                    finding = self._finding(future, thing)
                    future.release()
                    self._send(left)
                    yield thing, finding
        except BackchannelError:
            raise
        except Exception as error:
            # A client that is closed can raise any error.
            if is_connected(self._client) and not isinstance(error, LOST):
                raise
            raise self._error("The connection to the scheduler was lost.") from None
        finally:
            # A client whose scheduler is gone cannot take back what it sent.
            if self._under_way:
                with suppress(Exception):
                    self._client.cancel(list(self._under_way), force=True)

    def _send(self, left: Iterator[T]) -> None:
        # What all pieces share goes with every piece: sent ahead, it would be lost with the workers that hold it.
        for thing in islice(left, max(0, self._present.room - len(self._under_way))):
            parcel = Parcel(
                self._work, to_bytes(self._job.piece(thing)), self._memory, self._processors
            )
            with _large_parcels():
                future = self._client.submit(carry_out_parcel, parcel, pure=False)
            self._under_way[future] = thing

    def _done(self) -> list[Any]:
        """The pieces that are done by now; possibly none."""
        from distributed import wait

        with suppress(TimeoutError):
            wait(
                list(self._under_way),
                timeout=attendance.SECONDS_BETWEEN_LOOKS,
                return_when="FIRST_COMPLETED",
            )
        self._present.look_if_due()
        if self._present.is_deserted:
            seconds = attendance.SECONDS_WITHOUT_WORKERS
            raise self._error(f"The cluster has had no worker for {seconds:.0f} seconds.")
        return [future for future in self._under_way if future.done()]

    def _finding(self, future: Any, thing: T) -> Finding:
        if future.status == "error":
            self._raise_of_worker(future.exception(), thing)
        finding = _unpacked(future.result())
        if finding is None or finding.version != version("backchannel"):
            check_workers(self._client)
            raise self._error(
                f"A worker that has left had another version of Backchannel, and worked on {self._name(thing)}."
            )
        if finding.error is not None:
            raise finding.error
        return finding

    def _raise_of_worker(self, error: Any, thing: T) -> NoReturn:
        """Raise what ended a worker's work on a piece."""
        from distributed import KilledWorker

        if isinstance(error, KilledWorker):
            raise self._error(
                f"{error.allowed_failures + 1} workers were lost while they worked on {self._name(thing)}. It may "
                f"need more memory than a worker has: give workers more memory, or {self._job.words.smaller}."
            ) from None
        if not isinstance(error, BackchannelError):
            # A worker with another version, or with none, can fail in any way.
            check_workers(self._client)
        if isinstance(error, OSError | MemoryError):
            reason = str(error) or type(error).__name__
            raise self._error(
                f"A worker could not finish its work on {self._name(thing)}: {reason}."
            ) from None
        raise error

    def _name(self, thing: T) -> str:
        return self._job.words.name(thing)

    def _error(self, reason: str) -> ClusterError:
        return ClusterError(reason, self._job.words.after)


def _unpacked(content: Any) -> Finding | None:
    """What a worker sent; `None` if it is nothing that this version sends."""
    try:
        found = from_bytes(content)
    # A worker with another version can send anything.
    except Exception:
        return None
    return found if isinstance(found, Finding) else None


@contextmanager
def _large_parcels() -> Iterator[None]:
    """Dask warns of large parcels; a few travel at a time."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sending large graph")
        yield
