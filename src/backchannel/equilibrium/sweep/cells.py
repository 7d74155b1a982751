"""Cells: the place of each number of a game when some draws go through the compiled sweep.

All numbers of a chunk are packed into few large tables, one row a cell and one column a lane (a draw
on its way), so that calling the program costs little and lanes lie side by side in memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from backchannel.tensors.interpreter import draws_last


@dataclass(frozen=True)
class Cells:
    """The rows that some tables take, one table below the other."""

    shapes: Mapping[Any, tuple[int, ...]]
    """Shape of each table without its draw axis."""

    @cached_property
    def rows(self) -> Mapping[Any, slice]:
        """The rows of each table."""
        rows, start = {}, 0
        for key, shape in self.shapes.items():
            rows[key] = slice(start, start + prod(shape))
            start += prod(shape)
        return rows

    @cached_property
    def count(self) -> int:
        """Rows of all tables together."""
        return sum(map(prod, self.shapes.values()))

    def unpack(self, packed: Any) -> dict[Any, Any]:
        """Take the tables out of the rows again; the lane stays the last axis."""
        return {
            key: packed[self.rows[key]].reshape(*shape, packed.shape[-1])
            for key, shape in self.shapes.items()
        }

    def fill(
        self,
        packed: Float[np.ndarray, "cell lane"],
        tables: Mapping[Any, np.ndarray],
        draws: Int[np.ndarray, " some"],
        lanes: slice,
    ) -> None:
        """Pack some draws of tables into some lanes; axis 0 of a table is the draw, or has length 1."""
        for key, rows in self.rows.items():
            table = draws_last(tables[key])
            if table.shape[-1] == 1:
                part = table
            elif table.flags.c_contiguous:
                part = table.take(draws, axis=-1)
            else:  # It would be copied whole.
                part = table[..., draws]
            packed[rows, lanes] = part.reshape(rows.stop - rows.start, -1)
