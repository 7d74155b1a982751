"""Cells of a table: which one applies where, found by sorting instead of cell by cell."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import reduce
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = Any
"""An array of `numpy` or of `jax.numpy`."""

MOST_AT_ONCE = 4_000_000
"""Most numbers of all cells together that are stacked into one array."""


def cell_positions(
    axes: Sequence[tuple[Sequence[Hashable], tuple[int, ...]]],
    keys: Sequence[tuple[Hashable, ...]],
) -> np.ndarray:
    """Find the key that applies at every combination of the nodes' values.

    Args:
        axes: For each node its values, in order, and the shape of its axis.
        keys: The combinations of values that have a cell.

    Returns:
        Positions in `keys`, or `len(keys)` where no key applies; broadcast over the axes.
    """
    n = len(keys)
    if n == 0:
        return np.zeros((), dtype=int)
    # Keys with equal beginnings share a mark; each axis splits some of these groups.
    mark_of_key = np.zeros(n, dtype=np.int64)
    mark = np.zeros((), dtype=np.int64)
    for i, (values, shape) in enumerate(axes):
        numbered: dict[Hashable, int] = {}
        own = np.array([numbered.setdefault(key[i], len(numbered)) for key in keys])
        codes = np.array([numbered.get(value, -1) for value in values]).reshape(shape)
        known, mark_of_key = np.unique(mark_of_key * len(numbered) + own, return_inverse=True)
        wanted = np.where((mark < 0) | (codes < 0), -1, mark * len(numbered) + codes)
        near = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        mark = np.where(known[near] == wanted, near, -1)
    key_of_mark = np.zeros(n, dtype=np.int64)
    key_of_mark[mark_of_key.reshape(-1)] = np.arange(n)
    return np.where(mark < 0, n, key_of_mark[mark])


def pick_cells(cells: Sequence[Array], where: np.ndarray, xp: ModuleType) -> Array:
    """Pick at every place the cell that applies there.

    Args:
        cells: Arrays of numbers that broadcast against each other and against `where`.
        where: For each place the position of its cell.
        xp: The module that does the arithmetic.
    """
    shapes = {np.shape(cell) for cell in cells}
    shape = reduce(np.broadcast_shapes, shapes)
    if len(cells) * int(np.prod(shape)) > MOST_AT_ONCE:
        result = cells[-1]
        for i, cell in enumerate(cells[:-1]):
            result = xp.where(where == i, cell, result)
        return result
    rank = max(len(shape), where.ndim)
    shape = (1,) * (rank - len(shape)) + shape
    where = where.reshape((1,) * (rank - where.ndim) + where.shape)
    stacked = xp.stack([xp.broadcast_to(cell, shape) for cell in cells])
    places = (
        np.arange(length).reshape([-1 if i == axis else 1 for i in range(rank)])
        for axis, length in enumerate(shape)
    )
    return stacked[(where, *places)]
