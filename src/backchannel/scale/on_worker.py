"""What a worker of a cluster does. It is imported there: Dask sends the names of these functions, and arguments."""

from __future__ import annotations

from functools import cache

from backchannel.case.lowered import Lowered
from backchannel.machine.compile_cache import keep_compiled
from backchannel.machine.memory import limited
from backchannel.scale.solve import solve_shard


def installed_version() -> str | None:
    """The version of Backchannel on a worker; `None` if none is installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("backchannel")
    except PackageNotFoundError:
        return None


def solve_on_worker(lowered: Lowered, start: int, stop: int, seed: int, memory: int) -> bytes:
    """Solve a shard as the client would.

    Args:
        lowered: The case.
        start: The first draw, counted from 0.
        stop: The draw after the last one.
        seed: The seed of the whole run.
        memory: The client's limit of memory in bytes, which says how wide chunks are; so they are equally wide on
            every machine.

    Returns:
        The file of the shard.

    Raises:
        BackchannelError: As `solve_shard` does.
    """
    _share_programs()
    with limited(memory):
        return solve_shard(lowered, start, stop, seed)


@cache
def _share_programs() -> None:
    # A worker that replaces a lost one need not compile again.
    keep_compiled()
