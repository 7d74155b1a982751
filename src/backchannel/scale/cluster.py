"""Solve shards on a cluster, by Dask's distributed scheduler.

What travels to the workers is the case as it was read, with its numbers and the titles of its sources, and
ranges of draws; what travels back are the shards. If a worker is lost, another one solves its shard again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from backchannel.case.lowered import Lowered
from backchannel.machine.reports import Progress
from backchannel.scale.dispatch import Dispatch
from backchannel.workers.connection import check_workers, connect, place_of


class ShardCluster:
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
        try:
            self.client = connect(address, self._stack)
            self.workers = check_workers(self.client)
        except BaseException:
            self._stack.close()
            raise

    @property
    def place(self) -> str:
        """Where shards are solved, in words."""
        return place_of(self.client, self.workers)

    def solve(
        self, lowered: Lowered, shards: Sequence[range], seed: int, progress: Progress
    ) -> Iterator[tuple[range, bytes]]:
        """Yield each shard with its content as soon as it is solved.

        Raises:
            CommandError: The scheduler or all workers were lost; what was yielded before is not lost.
        """
        for shard, content in Dispatch(self.client, lowered, seed).results(shards):
            yield shard, content
            progress.advance(1)

    def close(self) -> None:
        """Leave the cluster; one that was started here ends."""
        self._stack.close()
