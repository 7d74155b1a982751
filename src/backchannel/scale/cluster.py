"""Solve shards on a cluster, by Dask's distributed scheduler.

What travels to the workers is the case as it was read, with its numbers and the titles of its sources, and
ranges of draws; what travels back are the shards. If a worker is lost, another one solves its shard again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from typing import Any

from backchannel.case.lowered import Lowered
from backchannel.language.errors import CommandError
from backchannel.machine.reports import Progress
from backchannel.scale.solve import solve_shard

SECONDS_TO_CONNECT = 10
MOST_LOSSES = 20
"""How many workers may be lost while they solve one shard, before it is called the shard's fault."""
NEEDS = "A cluster needs one more package: pip install 'backchannel[cluster]'."
_LOCAL = re.compile(r"local(?::(?P<workers>\d{1,4}))?")


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
        self._client = _client(address, self._stack)
        try:
            self.workers = _check_workers(self._client)
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


def _client(address: Any, stack: ExitStack) -> Any:
    try:
        import dask
        import distributed
    except ImportError:
        raise CommandError(NEEDS) from None
    if isinstance(address, distributed.Client):
        return address
    stack.enter_context(
        dask.config.set(  # pyright: ignore[reportPrivateImportUsage]
            {"distributed.scheduler.allowed-failures": MOST_LOSSES}
        )
    )
    if match := _LOCAL.fullmatch(str(address)):
        workers = int(match["workers"]) if match["workers"] else None
        if workers == 0:
            raise CommandError("A cluster needs a worker: local:1, local:2 …")
        local = distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            dashboard_address=":0",
            silence_logs=logging.CRITICAL,
        )
        stack.callback(local.close)
        client = distributed.Client(local)
    elif re.fullmatch(r"(tcp|tls)://\S+:\d+", str(address)):
        try:
            client = distributed.Client(str(address), timeout=SECONDS_TO_CONNECT)
        except (OSError, TimeoutError, ValueError):
            raise CommandError(
                f"There is no scheduler at {address}, or it does not answer within {SECONDS_TO_CONNECT} seconds."
            ) from None
    else:
        raise CommandError(
            f"'{address}' is not a cluster. Write local, local:N (N worker processes on this machine), or "
            "the address of a Dask scheduler, tcp://HOST:PORT."
        )
    stack.callback(client.close)
    return client


def _check_workers(client: Any) -> int:
    own = version("backchannel")
    versions = client.run(_installed, on_error="return")
    if not versions:
        raise CommandError("The cluster has no workers.")
    wrong = {
        worker: "has no backchannel" if not isinstance(seen, str) else f"has backchannel {seen}"
        for worker, seen in versions.items()
        if seen != own
    }
    if wrong:
        told = "; ".join(f"{worker} {what}" for worker, what in sorted(wrong.items()))
        raise CommandError(f"Every worker needs backchannel {own}: {told}.")
    return len(versions)


def _installed() -> str | None:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_here

    try:
        return version_here("backchannel")
    except PackageNotFoundError:
        return None


def _result(future: Any) -> bytes:
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        raise CommandError(
            f"{MOST_LOSSES} workers were lost while they solved the same shard. It may need more memory than "
            "a worker has: take smaller shards (--shard-size). Finished shards are kept."
        ) from None
