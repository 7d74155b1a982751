"""Start or join a Dask cluster, and refuse one that cannot do the work, before anything is sent to it."""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from backchannel.language.errors import CommandError
from backchannel.language.installing import how_to_install

SECONDS_TO_CONNECT = 10
SECONDS_TO_CLOSE = 30
MOST_LOSSES = 20
"""How many workers of a local cluster may be lost while they do one piece of work, before the run gives it up."""
NEEDS = f"A cluster needs one more package: {how_to_install('cluster')}."
_LOCAL = re.compile(r"local(?::(?P<workers>\d{1,4}))?")


class ClusterError(CommandError):
    """There is no such cluster, or it could not do its work; the work itself may be right."""

    def __init__(self, reason: str, after: str = "") -> None:
        """Say it in a line.

        Args:
            reason: What is wrong with the cluster: one sentence or two.
            after: What is left of the work, and what to do next.
        """
        super().__init__(f"{reason} {after}".rstrip())
        self.reason = reason


def connect(address: Any, stack: ExitStack) -> Any:
    """Start a local cluster, or join one elsewhere.

    Args:
        address: `local`, `local:N` for N worker processes here, the address of a scheduler
            (`tcp://HOST:PORT`), or a Dask client.
        stack: Takes up what has to be closed at the end; a client that was given is left open.

    Returns:
        A Dask client.

    Raises:
        ClusterError: Dask is not installed, or there is no such scheduler.
    """
    try:
        import distributed
    except ImportError:
        raise ClusterError(NEEDS) from None
    if isinstance(address, distributed.Client):
        return address
    match = _read_address(str(address))
    stack.enter_context(_without_messages())
    if not match:
        _check_scheduler(str(address))
        try:
            client = distributed.Client(str(address), timeout=SECONDS_TO_CONNECT)
        except (OSError, TimeoutError):
            raise ClusterError(_no_scheduler(str(address))) from None
    else:
        client = _start(match["workers"], stack)
    stack.callback(client.close)
    return client


def check_cluster(address: str) -> None:
    """Check a cluster that is needed only later; one on this machine is not started yet.

    Args:
        address: `local`, `local:N`, or the address of a scheduler.

    Raises:
        ClusterError: Dask is not installed, there is no such scheduler, or workers do not fit.
    """
    if find_spec("distributed") is None:
        raise ClusterError(NEEDS)
    if not _read_address(address):
        with ExitStack() as stack:
            check_workers(connect(address, stack))


def check_workers(client: Any) -> int:
    """Check that every worker and the scheduler, which unpacks what is sent, have the Backchannel of this process.

    Returns:
        How many workers there are.

    Raises:
        ClusterError: Some have none or another version, or there are no workers; they are named.
    """
    own = version("backchannel")
    versions = client.run(installed_version, on_error="return")
    if not versions:
        raise ClusterError("The cluster has no workers yet. Wait until it has some.")
    wrong = {
        worker: f"has backchannel {seen}" if isinstance(seen, str) else "has no backchannel"
        for worker, seen in [*versions.items(), ("the scheduler", _of_scheduler(client))]
        if seen != own
    }
    if wrong:
        told = "; ".join(f"{worker} {what}" for worker, what in sorted(wrong.items()))
        raise ClusterError(f"Every worker and the scheduler need backchannel {own}: {told}.")
    return len(versions)


def installed_version() -> str | None:
    """The version of Backchannel in a process of the cluster; `None` if none is installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("backchannel")
    except PackageNotFoundError:
        return None


def _of_scheduler(client: Any) -> str | None:
    try:
        return client.run_on_scheduler(installed_version)
    # An import that fails there comes back in more than one form.
    except Exception:
        return None


def _read_address(address: str) -> re.Match[str] | None:
    """What an address says of a cluster on this machine; `None` for one elsewhere."""
    local = _LOCAL.fullmatch(address)
    if not local and not re.fullmatch(r"(tcp|tls)://\S+:\d+", address):
        raise ClusterError(
            f"'{address}' is not a cluster. Write local, local:N (N worker processes on this machine), or "
            "the address of a Dask scheduler, tcp://HOST:PORT."
        )
    if local and local["workers"] and int(local["workers"]) == 0:
        raise ClusterError("A cluster needs a worker: local:1, local:2 …")
    return local


def _start(workers: str | None, stack: ExitStack) -> Any:
    import dask
    import distributed

    stack.enter_context(
        dask.config.set(  # pyright: ignore[reportPrivateImportUsage]
            {"distributed.scheduler.allowed-failures": MOST_LOSSES}
        )
    )
    _quieten_tracker()
    local = distributed.LocalCluster(
        n_workers=int(workers) if workers else None,
        threads_per_worker=1,
        dashboard_address=":0",
        silence_logs=logging.CRITICAL,
    )
    # One whose workers cannot be started again may not end by itself.
    stack.callback(_close, local)
    return distributed.Client(local)


def _quieten_tracker() -> None:
    """Let Python's resource tracker not warn after an interrupt: it then frees what is left, as it should."""
    if os.name != "posix":
        return
    from multiprocessing.resource_tracker import ensure_running

    before = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = "ignore:resource_tracker"
    try:
        ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONWARNINGS"]
        else:
            os.environ["PYTHONWARNINGS"] = before


def _close(local: Any) -> None:
    with suppress(TimeoutError):
        local.close(timeout=SECONDS_TO_CLOSE)


def _check_scheduler(address: str) -> None:
    """Ask an address what it is: Dask's own client waits for ever for an answer that does not come."""
    with ThreadPoolExecutor(1) as pool:  # A notebook has a running loop in its own thread.
        try:
            kind = pool.submit(asyncio.run, _greet(address)).result()
        # Whatever speaks another protocol can cause any error.
        except Exception as error:
            hint = " Set up TLS in Dask's configuration." if isinstance(error, TypeError) else ""
            raise ClusterError(f"{_no_scheduler(address)}{hint}") from None
    if kind != "Scheduler":
        raise ClusterError(
            f"At {address} is a Dask {str(kind).lower()}. Give the address of the scheduler."
        )


def _no_scheduler(address: str) -> str:
    return f"There is no scheduler at {address}, or it does not answer within {SECONDS_TO_CONNECT} seconds."


async def _greet(address: str) -> str:
    from distributed.core import rpc
    from distributed.security import Security

    async def ask() -> Any:
        arguments = Security().get_connection_args("client")
        async with rpc(address, connection_args=arguments, timeout=SECONDS_TO_CONNECT) as peer:
            return await peer.identity()

    answer = await asyncio.wait_for(ask(), SECONDS_TO_CONNECT)
    return answer["type"]


@contextmanager
def _without_messages() -> Iterator[None]:
    """Silence Dask's own messages about lost connections: what the user needs to know is told once, at the end."""
    # Some of its loggers have levels of their own.
    names = [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    levels = {logger: logger.level for logger in map(logging.getLogger, names)}
    for logger in levels:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in levels.items():
            logger.setLevel(level)


def is_connected(client: Any) -> bool:
    """Whether a client has its scheduler."""
    return client.status == "running"


def place_of(client: Any, count: int) -> str:
    """How many workers there are, and at which address, in words."""
    workers = "1 worker" if count == 1 else f"{count:,} workers"
    return f"{workers} of {client.scheduler.address}"
