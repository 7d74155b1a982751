"""Solve a case in shards that are kept in a folder: in this process, by the workers of the case, or on a cluster."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from backchannel.case.lowered import Lowered
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.number_ranges import SHARD_DRAWS, SHARD_SIZE
from backchannel.machine.reports import Progress, Silence
from backchannel.scale.plan import plan_shards
from backchannel.scale.sharded import ShardedDraws
from backchannel.scale.solve import shard_piece
from backchannel.scale.store import KEPT, ShardStore, name_of_shard
from backchannel.workers.workers import JobWords, PieceWork, workers, workers_at, working_on


def sharded_draws(case: SolvedCase, folder: Path, *, size: int, cluster: Any) -> ShardedDraws:
    """The draws of a case in a folder of shards, solved here or on a cluster.

    Args:
        case: The case, with the number of draws and the seed.
        folder: Where finished shards are kept.
        size: Draws in a shard.
        cluster: Its address, a Dask client, or `None`: the workers of the case, otherwise this process.

    Raises:
        CommandError: The folder holds something else, or there is no such cluster.
    """
    with ExitStack() as stack:
        chosen = workers_at(cluster)
        if chosen is not None and chosen is not cluster:
            stack.callback(chosen.close)
        stack.enter_context(working_on(chosen))
        return solve_sharded(
            case.lowered,
            folder,
            draws=case.draws,
            seed=case.seed,
            size=SHARD_DRAWS.read_whole(size, "size"),
            progress=case.progress,
        )


def solve_sharded(
    lowered: Lowered,
    folder: Path,
    *,
    draws: int,
    seed: int,
    size: int = SHARD_SIZE,
    progress: Progress | None = None,
) -> ShardedDraws:
    """Solve a case in shards that are kept in a folder; those that are there already are not solved again.

    The current workers solve them (`working_on`), otherwise this process.

    Args:
        lowered: The case.
        folder: The folder, which is made if it does not exist.
        draws: How many draws; they are those that a run with the same seed takes.
        seed: The same seed gives the same draws.
        size: Draws in a shard.
        progress: Shows how many shards are solved.

    Raises:
        CommandError: The folder holds something else, or a shard cannot be written.
    """
    shown = progress or Silence()
    store = ShardStore(folder, plan_shards(lowered, draws=draws, seed=seed, size=size))
    missing = store.missing
    shown.stage("shards", len(missing))
    job = PieceWork(
        shard_piece,
        (lowered, seed),
        piece=lambda shard: shard,
        keep=store.write,
        progress=shown.advance,
        words=JobWords(name_of_shard, "take smaller shards (--shard-size)", KEPT),
    )
    # In this process one shard uses all processors; two at a time would only take more memory.
    for _ in workers().carry_out(job, missing, at_once=1):
        pass
    return ShardedDraws(lowered, store)
