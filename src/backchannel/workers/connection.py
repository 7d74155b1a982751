"""Connect to a cluster of Dask, on this machine or elsewhere, and check its workers."""

from __future__ import annotations

import logging
import os
import re
from contextlib import ExitStack
from importlib.metadata import version
from typing import Any

from backchannel.language.errors import CommandError

SECONDS_TO_CONNECT = 10
MOST_LOSSES = 20
"""How many workers may be lost while they work on one piece, before it is called the piece's fault."""
NEEDS = "A cluster needs one more package: pip install 'backchannel[cluster]'."
_LOCAL = re.compile(r"local(?::(?P<workers>\d{1,4}))?")


def connect(address: Any, stack: ExitStack) -> Any:
    """Start or join a cluster.

    Args:
        address: `local`, `local:N` for N worker processes here, the address of a scheduler
            (`tcp://HOST:PORT`), or a Dask client.
        stack: What was started here ends when it is closed.

    Returns:
        A Dask client.

    Raises:
        CommandError: Dask is not installed, the address is none, or there is no such scheduler.
    """
    try:
        import dask
        import distributed
    except ImportError:
        raise CommandError(NEEDS) from None
    if isinstance(address, distributed.Client):
        return address
    # What a client says of a lost scheduler, Backchannel says in one line.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    stack.enter_context(
        dask.config.set(  # pyright: ignore[reportPrivateImportUsage]
            {"distributed.scheduler.allowed-failures": MOST_LOSSES}
        )
    )
    if match := _LOCAL.fullmatch(str(address)):
        workers = int(match["workers"]) if match["workers"] else None
        if workers == 0:
            raise CommandError("A cluster needs a worker: local:1, local:2 …")
        _quieten_tracker()
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


def check_workers(client: Any) -> int:
    """Check that every worker has this version of Backchannel.

    Returns:
        How many workers there are.

    Raises:
        CommandError: There are none, or some have another version or none; they are named.
    """
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
