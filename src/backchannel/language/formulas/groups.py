"""Group effects: one column for each group, 1 in its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.language.errors import CommandError
from backchannel.language.formulas.size import MAX_COLUMNS, MAX_NUMBERS
from backchannel.language.formulas.tree import GroupEffect


@dataclass(frozen=True)
class GroupColumns:
    """The columns of one group effect."""

    label: str
    """`1 | dyad`."""
    by: tuple[str, ...]
    """The columns of the table that together say which group a row belongs to."""
    levels: tuple[tuple[Any, ...], ...]
    """The groups of the first rows, in order."""

    @property
    def names(self) -> tuple[str, ...]:
        """What its coefficients are called: `1 | dyad=2`."""
        return tuple(f"{self.label}={':'.join(map(_short, level))}" for level in self.levels)

    def place(self, table: Any) -> np.ndarray:
        """The column of each row's group; −1 for a group that the first rows do not have."""
        place = {level: i for i, level in enumerate(self.levels)}
        cells = [table[name].tolist() for name in self.by]
        return np.array([place.get(key, -1) for key in zip(*cells, strict=True)], int)

    def on(self, table: Any) -> Float[np.ndarray, "row group"]:
        """1 in the column of each row's group."""
        laid = np.zeros((len(table), len(self.levels)))
        place = self.place(table)
        laid[place >= 0, place[place >= 0]] = 1.0
        return laid


def group_columns(effect: GroupEffect, table: Any, number: str) -> GroupColumns:
    """Lay a group effect out over the rows.

    Raises:
        CommandError: All rows are in one group, or there are too many groups.
    """
    by = tuple(column.name for column in effect.group)
    cells = [table[name].tolist() for name in by]
    levels = sorted(set(zip(*cells, strict=True)), key=lambda level: tuple(map(_rank, level)))
    if len(levels) < 2:
        raise CommandError(
            f"{number}: all rows are in one group of ({effect.label}), so that groups cannot be "
            "compared. Leave the effect out."
        )
    if len(levels) > MAX_COLUMNS or len(levels) * len(table) > MAX_NUMBERS:
        raise CommandError(
            f"{number}: ({effect.label}) has {len(levels):,} groups in {len(table):,} rows; at most "
            f"{MAX_COLUMNS:,} groups and {MAX_NUMBERS:,} numbers are allowed."
        )
    return GroupColumns(effect.label, by, tuple(levels))


def _rank(value: Any) -> tuple[bool, float, str]:
    """Numbers in their order, then words in theirs."""
    is_number = isinstance(value, int | float)
    return not is_number, float(value) if is_number else 0.0, str(value)


def _short(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)
