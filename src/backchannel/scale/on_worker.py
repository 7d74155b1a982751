"""What a worker of a cluster does. It is imported there: Dask sends the names of these functions, and arguments.

The scheduler imports this module too, and unpacks the arguments. So nothing large is imported before a worker begins,
and the case travels as bytes.
"""

from __future__ import annotations

from functools import cache


def solve_on_worker(case: bytes, start: int, stop: int, seed: int, memory: int) -> bytes:
    """Solve a shard as the client would.

    Args:
        case: The lowered case, pickled.
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
    import pickle

    from backchannel.machine.memory import limited
    from backchannel.scale.solve import solve_shard

    _share_programs()
    with limited(memory):
        return solve_shard(pickle.loads(case), start, stop, seed)


@cache
def _share_programs() -> None:
    from backchannel.machine.compile_cache import keep_compiled

    # A worker that replaces a lost one need not compile again.
    keep_compiled()
