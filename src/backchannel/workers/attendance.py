"""Which workers of a cluster there are at present: how much is sent ahead, and whether none is left."""

from __future__ import annotations

from time import monotonic
from typing import Any

AHEAD = 2
"""Pieces for each thread of the cluster that are sent ahead, so that none waits for the next. It bounds what the
scheduler and the workers hold at a time."""
SECONDS_BETWEEN_LOOKS = 5.0
"""How often the scheduler is asked which workers there are."""
SECONDS_WITHOUT_WORKERS = 60.0
"""How long a cluster may have no worker before a job stops."""
SECONDS_TO_ANSWER = 60.0
"""How long the scheduler may take to say which workers there are."""


class Attendance:
    """The workers of a cluster, which come and go."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._looked: float | None = None
        self._saw_workers = monotonic()
        self.room = 1
        """How many pieces of a job may be under way."""

    def begin(self) -> None:
        """Look at the beginning of a job: it waits for workers as if they had been there until now.

        Raises:
            OSError: The scheduler was lost; also as a `TimeoutError`.
        """
        self._saw_workers = monotonic()
        self.look_if_due()

    def look_if_due(self) -> None:
        """Ask the scheduler which workers there are, unless it was asked a moment ago.

        Raises:
            OSError: The scheduler was lost; also as a `TimeoutError`.
        """
        if self._looked is not None and monotonic() - self._looked < SECONDS_BETWEEN_LOOKS:
            return
        self._replace_lost()
        threads = self._client.sync(
            self._client.scheduler.ncores, workers=None, callback_timeout=SECONDS_TO_ANSWER
        )
        self._looked = monotonic()
        if threads:
            self._saw_workers = self._looked
            self.room = max(1, AHEAD * sum(threads.values()))

    @property
    def is_deserted(self) -> bool:
        """Whether there has been no worker for too long."""
        return self._looked is not None and (
            self._looked - self._saw_workers > SECONDS_WITHOUT_WORKERS
        )

    def _replace_lost(self) -> None:
        """Start workers of a local cluster again that were killed before they had begun: Dask gives these up."""
        from distributed import LocalCluster

        cluster = self._client.cluster
        if isinstance(cluster, LocalCluster):
            cluster.scale(len(cluster.worker_spec))
