"""Which shards a run has: ranges of draws, and what they are draws of."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

from backchannel.case.lowered import Lowered
from backchannel.language.number_ranges import SHARD_SIZE
from backchannel.scale.stamp import Stamp, hash_of

FORMAT = 1
"""Version of the folder of shards."""


@dataclass(frozen=True)
class ShardPlan:
    """The draws of one run, and everything that determines them. Two equal plans have equal shards."""

    case: str
    """Title of the case."""
    case_hash: str
    """Hash of what the case says, and of its priors."""
    backchannel: str
    """Version of the program."""
    seed: int
    draws: int
    size: int
    """Draws in each shard but the last."""
    format: int = FORMAT

    @property
    def shards(self) -> list[range]:
        """The draws of every shard, counted from 0.

        >>> ShardPlan("a", "", "", 0, draws=5, size=2).shards
        [range(0, 2), range(2, 4), range(4, 5)]
        """
        starts = range(0, self.draws, self.size)
        return [range(start, min(start + self.size, self.draws)) for start in starts]

    def stamp(self, shard: range) -> Stamp:
        """What the file of a shard must say."""
        return Stamp(self.case_hash, self.backchannel, self.seed, shard.start + 1, shard.stop)


def plan_shards(lowered: Lowered, *, draws: int, seed: int, size: int = SHARD_SIZE) -> ShardPlan:
    """Plan the shards of a run.

    Args:
        lowered: The case.
        draws: All draws of the run.
        seed: The same seed gives the same draws, whatever their shards.
        size: Draws in each shard.
    """
    return ShardPlan(
        case=lowered.case.case,
        case_hash=hash_of(lowered),
        backchannel=version("backchannel"),
        seed=seed,
        draws=draws,
        size=size,
    )
