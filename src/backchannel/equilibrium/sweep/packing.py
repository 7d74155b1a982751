"""Pack draws into lanes: where their numbers stand when they go through the compiled sweep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from backchannel.equilibrium.game_tables import Tables
from backchannel.equilibrium.sweep.chunk import Chunk
from backchannel.equilibrium.sweep.sweeper import Sweeper
from backchannel.equilibrium.types import Policies


class ChunkPacker:
    """Packs draws into the lanes of a chunk, one group after the other."""

    def __init__(self, sweeper: Sweeper, tables: Tables, *, lanes: int | None = None) -> None:
        lanes = sweeper.chunk if lanes is None else lanes
        self.sweeper = sweeper
        self.count = 0
        self.number = np.empty((sweeper.cells.numbers.count, lanes))
        self.precision = np.empty((sweeper.cells.precisions.count, lanes))
        self.play = np.empty((sweeper.cells.rules.count, lanes))
        self.held = np.zeros((len(sweeper.decisions), lanes), dtype=bool)
        one = np.zeros(1, int)
        self.columns = {}
        for kind in ("menu", "conceivable"):
            self.columns[kind] = np.empty((sweeper.cells.rules.count, 1))
            sweeper.cells.rules.fill(self.columns[kind], tables[kind], one, slice(0, 1))
        # A mechanism that is replaced can bring numbers where the case has none.
        self.varies = any(len(tables[kind][n]) > 1 for kind, n in sweeper.cells.constants.shapes)
        self.constant = np.empty((sweeper.cells.constants.count, lanes if self.varies else 1))

    def add(
        self,
        tables: Tables,
        draws: Int[np.ndarray, " some"],
        play: Policies,
        rows: Int[np.ndarray, " some"],
    ) -> None:
        """Pack some draws.

        Args:
            tables: The game, as `game_tables` arranges it.
            draws: Which of its draws.
            play: Rules to start from.
            rows: Which of their rows belong to these draws.
        """
        sweeper = self.sweeper
        lanes = slice(self.count, self.count + len(draws))
        sweeper.cells.numbers.fill(
            self.number, _by_key(sweeper.cells.numbers.shapes, tables), draws, lanes
        )
        sweeper.cells.precisions.fill(self.precision, tables["precision"], draws, lanes)
        where = lanes if self.varies else slice(0, 1)
        constants = _by_key(sweeper.cells.constants.shapes, tables)
        sweeper.cells.constants.fill(self.constant, constants, draws, where)
        sweeper.cells.rules.fill(self.play, play, rows, lanes)
        for i, name in enumerate(sweeper.decisions):
            self.held[i, lanes] = name in tables["held"]
        self.count = lanes.stop

    def finished(self) -> tuple[Chunk, Float[np.ndarray, "cell lane"]]:
        """The chunk, and the play that it starts from."""
        end = self.sweeper.lanes_used(self.count)
        for table in (self.number, self.precision, self.play, self.held, self.constant):
            # Lanes that are worked on without need hold the numbers of the last, and stay finite.
            table[:, self.count : end] = table[:, min(self.count, table.shape[1]) - 1, None]
        inputs = {
            "number": self.number,
            "constant": self.constant,
            "precision": self.precision,
            "held": self.held,
        }
        return Chunk(inputs | self.columns, self.count), self.play


def common_tables(sweeper: Sweeper, tables: Tables) -> dict[Any, Any]:
    """The tables with one column for all lanes, in a form that can be compared."""
    common = {
        (kind, n): table for kind in ("menu", "conceivable") for n, table in tables[kind].items()
    }
    common |= _by_key(sweeper.cells.constants.shapes, tables)
    return {key: table.tobytes() if len(table) == 1 else None for key, table in common.items()}


def _by_key(keys: Mapping[Any, Any], tables: Tables) -> dict[Any, np.ndarray]:
    return {(kind, name): tables[kind][name] for kind, name in keys}
