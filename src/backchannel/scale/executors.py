"""Where shards are solved: in this process, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from backchannel.case.lowered import Lowered
from backchannel.machine.reports import Progress
from backchannel.scale.solve import solve_shard


class Executor(Protocol):
    """Solves shards, in any order."""

    def solve(
        self, lowered: Lowered, shards: Sequence[range], seed: int, progress: Progress
    ) -> Iterator[tuple[range, bytes]]:
        """Yield each shard with its content as soon as it is solved, and each once."""
        ...

    @property
    def place(self) -> str:
        """Where it solves them, in words."""
        ...


class ThisProcess:
    """Solves shards in this process; the compiled programs use all its cores."""

    place = "this process"

    def solve(
        self, lowered: Lowered, shards: Sequence[range], seed: int, progress: Progress
    ) -> Iterator[tuple[range, bytes]]:
        """Yield each shard with its content as soon as it is solved."""
        for shard in shards:
            yield shard, solve_shard(lowered, shard.start, shard.stop, seed)
            progress.advance(1)
