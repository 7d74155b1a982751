"""Sweeping as a job: chunks of draws that any worker can put through the compiled program.

A worker gets the numbers of the lanes that are in use and sends their rules back. The structure of the game travels
with every piece; a worker compiles it once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from jaxtyping import Float

from backchannel.equilibrium.sweep.chunk import Chunk, Rungs, Swept
from backchannel.equilibrium.sweep.sweeper import Sweeper
from backchannel.workers.workers import Tell


@dataclass(frozen=True)
class SweepPiece:
    """A chunk that is to be swept."""

    chunk: Chunk
    play: Float[np.ndarray, "cell lane"]
    """The play to start from, held rules included."""
    sweeps: int
    """Sweeps at most; in a climb, on each rung."""
    lanes: int
    """Lanes of the program that are worked on, from the first."""
    rungs: Rungs | None = None
    """The way up, if it is a climb."""

    def __reduce__(self) -> Any:
        tables = {**self.chunk.inputs, _PLAY: self.play}
        narrow = {name: _narrow(table, self.lanes) for name, table in tables.items()}
        widths = {name: table.shape[-1] for name, table in tables.items()}
        return _widened, (narrow, widths, self.chunk.count, self.sweeps, self.lanes, self.rungs)


def sweep_piece(sweeper: Sweeper, piece: SweepPiece, tell: Tell) -> Iterator[Swept]:
    """Sweep a chunk, or let it climb; only lanes that are in use come back."""
    with jax.enable_x64(True):
        if piece.rungs is None:
            swept = sweeper.solve(piece.chunk, piece.play, most=piece.sweeps)
        else:
            swept = sweeper.climb(piece.chunk, piece.play, sweeps=piece.sweeps, rungs=piece.rungs)
        used = slice(0, piece.chunk.count)
        found = (swept.play, swept.change, swept.sweeps, swept.passed)
        tell(piece.chunk.count)
        yield Swept(*(np.asarray(table)[..., used] for table in found))


_PLAY = "play"


def _narrow(table: np.ndarray, lanes: int) -> np.ndarray:
    """The columns of lanes in use; one column where all are alike."""
    used = table[:, :lanes]
    return used[:, :1] if (used == used[:, :1]).all() else used


def _widened(
    narrow: dict[str, np.ndarray],
    widths: dict[str, int],
    count: int,
    sweeps: int,
    lanes: int,
    rungs: Rungs | None,
) -> SweepPiece:
    tables = {}
    for name, table in narrow.items():
        tables[name] = np.zeros((len(table), widths[name]), table.dtype)
        tables[name][:, :lanes] = table
    play = tables.pop(_PLAY)
    return SweepPiece(Chunk(tables, count), play, sweeps, lanes, rungs)
