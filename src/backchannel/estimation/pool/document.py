"""The document of a pool: ways to reason, and how well each predicts games that it has not seen."""

from __future__ import annotations

from pydantic import Field

from backchannel.estimation.pool.ask import PoolFit
from backchannel.wording.pieces import Piece, clean, clean_or_none

POOL_VERSION = "1.0"


class PooledReasoningView(Piece):
    """One way to reason."""

    name: str
    numbers: dict[str, float] = Field(description="Fitted to the whole pool.")
    fitted: float | None = Field(description="Mean log likelihood of a play, in nats.")
    held_out: float = Field(description="The same of held-out plays.")
    share: float = Field(
        description="How far from uniform play (0) to the frequencies that were seen (1) it lies."
    )
    by_group: dict[str, float] = Field(description="This share in each group that was held out.")
    chosen: dict[str, str] = Field(description="Which one was chosen inside, where that was done.")


class PoolView(Piece):
    """A pool of games, and what it says of ways to reason."""

    pool_version: str = POOL_VERSION
    folder: str
    games: int
    plays: float
    groups: list[str]
    uniform: float
    seen: float
    reasonings: list[PooledReasoningView]
    remarks: list[str]


def compose_pool(pooled: PoolFit, *, folder: str) -> PoolView:
    """Put a pool's fit into a document."""
    return PoolView(
        folder=folder,
        games=pooled.games,
        plays=clean(pooled.plays),
        groups=list(pooled.groups),
        uniform=clean(pooled.uniform),
        seen=clean(pooled.seen),
        reasonings=[
            PooledReasoningView(
                name=one.name,
                numbers={name: clean(value) for name, value in one.numbers.items()},
                fitted=clean_or_none(one.fitted),
                held_out=clean(one.held_out),
                share=clean(one.share),
                by_group={name: clean(value) for name, value in one.by_group.items()},
                chosen=one.chosen,
            )
            for one in pooled.reasonings
        ],
        remarks=list(pooled.remarks),
    )
