"""The workers of a cluster, by Dask's distributed scheduler: on this machine, or elsewhere."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from typing import Any, TypeVar

from backchannel.workers.attendance import Attendance
from backchannel.workers.connection import (
    check_workers,
    connect,
    is_connected,
    place_of,
)
from backchannel.workers.dispatch import Dispatch
from backchannel.workers.workers import MOST_THREADS, PieceWork

T = TypeVar("T")


class Cluster:
    """Carries pieces out on a cluster of Dask."""

    def __init__(self, address: Any) -> None:
        """Start or join a cluster.

        Args:
            address: `local`, `local:N` for N worker processes here, the address of a scheduler
                (`tcp://HOST:PORT`), or a Dask client.

        Raises:
            ClusterError: Dask is not installed, there is no such scheduler, or workers do not fit.
        """
        stack = ExitStack()
        try:
            self.client = connect(address, stack)
            self.count = check_workers(self.client)
        except BaseException:
            stack.close()
            raise
        self._present = Attendance(self.client)
        self._ending = weakref.finalize(self, stack.close)
        # At the end of the process, Dask ends what was started here.
        self._ending.atexit = False

    def close(self) -> None:
        """Leave the cluster; one that was started here ends."""
        self._ending()

    @property
    def is_connected(self) -> bool:
        """Whether its scheduler is there, as far as is known."""
        return is_connected(self.client)

    @property
    def place(self) -> str:
        """How many workers there are, and at which address."""
        return place_of(self.client, self.count)

    def carry_out(
        self, job: PieceWork[T, Any, Any, Any], things: Iterable[T], *, at_once: int = MOST_THREADS
    ) -> Iterator[T]:
        """Carry out a piece for each thing, and yield each thing when it is done.

        Raises:
            ClusterError: The scheduler or all workers were lost, a worker does not fit, or one piece lost many
                workers.
            BackchannelError: As a piece raised it.
        """
        with closing(Dispatch(self.client, self._present, job).findings(things)) as findings:
            for thing, finding in findings:
                for result in finding.results:
                    job.keep(thing, result)
                if job.progress is not None:
                    job.progress(finding.steps)
                yield thing
