"""The cluster on which the workbench solves full answers: joined when first needed, and again after it was lost.

A cluster that is lost costs no answer: this computer solves what it was to solve, and the page says so.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from backchannel.web.job_queue import Job
from backchannel.workers.cluster import Cluster
from backchannel.workers.connection import ClusterError
from backchannel.workers.workers import working_on

T = TypeVar("T")
ALONE = "This computer solves these answers alone; the next ones try the cluster again."


class SolvingCluster:
    """A cluster for one job at a time."""

    def __init__(self) -> None:
        self._cluster: Cluster | None = None

    def run(self, address: str | None, work: Callable[[], T], job: Job) -> T:
        """Do some work on the cluster, or here where there is none or it is lost.

        Args:
            address: `local`, `local:N`, or the address of a scheduler; None: no cluster.
            work: The work; it may be done a second time, from the beginning.
            job: Hears where the work is done, and why it is not done on the cluster.
        """
        if address is None:
            return work()
        try:
            with working_on(self._joined(address, job)):
                return work()
        except ClusterError as error:
            self._leave()
            job.warn(f"{error.reason} {ALONE}")
        return work()

    def _joined(self, address: str, job: Job) -> Cluster:
        if self._cluster is not None and not self._cluster.is_connected:
            self._leave()
        if self._cluster is None:
            job.stage(f"joining the cluster {address}", 0)
            self._cluster = Cluster(address)
        return self._cluster

    def _leave(self) -> None:
        cluster, self._cluster = self._cluster, None
        if cluster is not None:
            with suppress(OSError, TimeoutError):  # Its scheduler is gone.
                cluster.close()
