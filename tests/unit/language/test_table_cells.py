"""Cells of a table: the key that applies at each combination of values, looked up one by one."""

from __future__ import annotations

from itertools import product

import numpy as np

from backchannel.language import table_cells
from backchannel.language.table_cells import cell_positions, pick_cells

COLOURS, SIZES = ("red", "blue", "grey"), (10, 30)
AXES = [(COLOURS, (3, 1)), (SIZES, (1, 2))]


def test_each_combination_has_the_position_of_its_key():
    """Keys in any order; 2 stands for no key."""
    positions = cell_positions(AXES, [("blue", 30), ("red", 10)])
    assert positions.tolist() == [[1, 2], [2, 0], [2, 2]]


def test_the_same_as_looking_up_each_combination():
    """Three nodes, and a random third of all keys, shuffled."""
    rng = np.random.default_rng(3)
    domains = (COLOURS, SIZES, ("a", "b", "c", "d"))
    axes = [(domains[0], (3, 1, 1)), (domains[1], (1, 2, 1)), (domains[2], (1, 1, 4))]
    every = list(product(*domains))
    keys = [every[i] for i in rng.permutation(24)[:8]]
    at = {key: i for i, key in enumerate(keys)}
    wanted = np.array([at.get(key, 8) for key in every]).reshape(3, 2, 4)
    np.testing.assert_array_equal(cell_positions(axes, keys), wanted)


def test_without_keys_nothing_applies_anywhere():
    assert cell_positions(AXES, []).shape == ()


def test_cells_are_picked_by_draw_and_context(monkeypatch):
    """Two draws: the cell of red is a number of each draw, the others are constants."""
    where = np.array([[0, 1, 2]])
    cells = [np.array([[1.0], [2.0]]), 5.0, 7.0]
    expected = [[1.0, 5.0, 7.0], [2.0, 5.0, 7.0]]
    assert pick_cells(cells, where, np).tolist() == expected
    # Cells that are too large to be stacked are taken one after the other.
    monkeypatch.setattr(table_cells, "MOST_AT_ONCE", 1)
    assert pick_cells(cells, where, np).tolist() == expected
