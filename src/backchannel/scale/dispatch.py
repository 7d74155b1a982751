"""Send shards to the workers of a cluster, a few ahead of each worker, and take them back as they are solved."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from itertools import islice
from time import monotonic
from typing import Any, NoReturn

from backchannel.case.lowered import Lowered
from backchannel.language.errors import BackchannelError, CommandError
from backchannel.machine.memory import allowed
from backchannel.scale.on_worker import solve_on_worker
from backchannel.scale.stamp import Stamp, read_stamp, stamp_of
from backchannel.scale.store import KEPT
from backchannel.workers.connection import check_workers

AHEAD = 2
"""Shards for each thread of the cluster that are sent ahead, so that none waits for the next. It bounds what the
scheduler and the workers hold at a time."""
SECONDS_BETWEEN_LOOKS = 5.0
"""How often the scheduler is asked which workers there are."""
SECONDS_WITHOUT_WORKERS = 60.0
"""How long a cluster may have no worker before the run stops."""
SECONDS_TO_ANSWER = 60.0
"""How long the scheduler may take to say which workers there are."""


class Dispatch:
    """The shards of one run on their way through a cluster."""

    def __init__(self, client: Any, lowered: Lowered, seed: int) -> None:
        self.client, self.lowered, self.seed = client, lowered, seed
        self.case = pickle.dumps(lowered)
        self.under_way: dict[Any, range] = {}
        self.room = 1
        """How many shards may be under way."""
        self.looked = self.saw_workers = monotonic()

    def results(self, shards: Sequence[range]) -> Iterator[tuple[range, bytes]]:
        """Yield each shard with its content as soon as it is solved.

        Raises:
            CommandError: The scheduler or all workers were lost, a worker does not fit, or a shard loses its
                workers again and again. What was yielded before is not lost.
            BackchannelError: As a worker raised it.
        """
        left = iter(shards)
        try:
            self._count_workers()
            while True:
                self._send(left)
                if not self.under_way:
                    return
                for future in self._solved():
                    shard = self.under_way.pop(future)
                    content = self._content(future, shard)
                    future.release()
                    yield shard, content
        except (OSError, TimeoutError, CancelledError):
            raise CommandError(f"The connection to the scheduler was lost. {KEPT}") from None
        finally:
            # A client whose scheduler is gone cannot take back what it sent.
            with suppress(Exception):
                self.client.cancel(list(self.under_way), force=True)

    def _send(self, left: Iterator[range]) -> None:
        # The case goes with every shard: what was sent ahead would be lost with the workers that hold it.
        for shard in islice(left, max(0, self.room - len(self.under_way))):
            future = self.client.submit(
                solve_on_worker, self.case, shard.start, shard.stop, self.seed, allowed(),
                pure=False,
            )  # fmt: skip
            self.under_way[future] = shard

    def _solved(self) -> list[Any]:
        """The shards that are solved by now; possibly none."""
        from distributed import wait

        with suppress(TimeoutError):
            wait(list(self.under_way), timeout=SECONDS_BETWEEN_LOOKS, return_when="FIRST_COMPLETED")
        if monotonic() - self.looked >= SECONDS_BETWEEN_LOOKS:
            self._count_workers()
        return [future for future in self.under_way if future.done()]

    def _count_workers(self) -> None:
        """Workers come and go: adapt how many shards are under way, and notice when none is left."""
        self._replace_lost()
        threads = self.client.sync(
            self.client.scheduler.ncores, workers=None, callback_timeout=SECONDS_TO_ANSWER
        )
        self.looked = monotonic()
        if threads:
            self.saw_workers = self.looked
            self.room = max(1, AHEAD * sum(threads.values()))
        elif self.looked - self.saw_workers > SECONDS_WITHOUT_WORKERS:
            raise CommandError(
                f"The cluster has had no worker for {SECONDS_WITHOUT_WORKERS:.0f} seconds. {KEPT}"
            )

    def _replace_lost(self) -> None:
        """Start workers of a local cluster again that were killed before they had begun: Dask gives these up."""
        from distributed import LocalCluster

        cluster = self.client.cluster
        if isinstance(cluster, LocalCluster):
            cluster.scale(len(cluster.worker_spec))

    def _content(self, future: Any, shard: range) -> bytes:
        content = self._of_worker(future, shard) if future.status == "error" else future.result()
        if not isinstance(content, bytes) or read_stamp(content) != self._expected(shard):
            check_workers(self.client)
            raise CommandError(
                f"A worker sent something else than {_named(shard)} of this case: it may have had another version of "
                f"Backchannel. {KEPT}"
            )
        return content

    def _expected(self, shard: range) -> Stamp:
        return stamp_of(self.lowered, shard, self.seed)

    def _of_worker(self, future: Any, shard: range) -> NoReturn:
        """Raise the error of a worker."""
        from distributed import KilledWorker

        error = future.exception()
        if isinstance(error, KilledWorker):
            raise CommandError(
                f"{error.allowed_failures + 1} workers were lost while they solved {_named(shard)}. These may need "
                f"more memory than a worker has: take smaller shards (--shard-size). {KEPT}"
            ) from None
        if not isinstance(error, BackchannelError):
            # A worker with another version, or with none, can fail in any way.
            check_workers(self.client)
        if isinstance(error, OSError | MemoryError):
            reason = str(error) or type(error).__name__
            raise CommandError(
                f"A worker could not solve {_named(shard)}: {reason}. {KEPT}"
            ) from None
        raise error


def _named(shard: range) -> str:
    return f"draws {shard.start + 1:,} to {shard.stop:,}"
