"""Solve shards on a cluster, by Dask's distributed scheduler.

What travels to the workers is the case as it was read, with its numbers and the titles of its sources, and
ranges of draws; what travels back are the shards. If a worker is lost, another one solves its shard again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from backchannel.case.lowered import Lowered
from backchannel.language.errors import CommandError
from backchannel.machine.reports import Progress
from backchannel.scale.solve import solve_shard
from backchannel.workers.connection import MOST_LOSSES, check_workers, connect


class Cluster:
    """A Dask cluster, on this machine or elsewhere."""

    def __init__(self, address: Any) -> None:
        """Start or join a cluster.

        Args:
            address: `local`, `local:N` for N worker processes here, the address of a scheduler
                (`tcp://HOST:PORT`), or a Dask client.

        Raises:
            CommandError: Dask is not installed, there is no such scheduler, or workers do not fit.
        """
        self._stack = ExitStack()
        self._client = connect(address, self._stack)
        try:
            self.workers = check_workers(self._client)
        except BaseException:
            self._stack.close()
            raise

    @property
    def place(self) -> str:
        """Where shards are solved, in words."""
        return f"{self.workers} workers of {self._client.scheduler.address}"

    def solve(
        self, lowered: Lowered, shards: Sequence[range], seed: int, progress: Progress
    ) -> Iterator[tuple[range, bytes]]:
        """Yield each shard with its content as soon as it is solved.

        Raises:
            CommandError: The scheduler was lost; what was yielded before is not lost.
        """
        from distributed import as_completed
        from distributed.client import FutureCancelledError

        # The case goes with every shard: what was sent ahead would be lost with the workers that hold it.
        waiting = {
            self._client.submit(
                solve_shard, lowered, shard.start, shard.stop, seed, pure=False
            ): shard
            for shard in shards
        }
        try:
            for future in as_completed(list(waiting)):
                shard = waiting.pop(future)
                yield shard, _result(future)
                future.release()
                progress.advance(1)
        except (OSError, TimeoutError, FutureCancelledError) as error:
            raise CommandError(
                f"The connection to the scheduler was lost ({str(error) or type(error).__name__}). Finished "
                "shards are kept: run the same command again."
            ) from None
        finally:
            for future in waiting:
                future.cancel()

    def close(self) -> None:
        """Leave the cluster; one that was started here ends."""
        self._stack.close()


def _result(future: Any) -> bytes:
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        raise CommandError(
            f"{MOST_LOSSES} workers were lost while they solved the same shard. It may need more memory than "
            "a worker has: take smaller shards (--shard-size). Finished shards are kept."
        ) from None
