"""Folds inside of what is trained on, in which something is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int

FOLDS = 5
SEED = 7
Rows = Bool[np.ndarray, " row"]


@dataclass(frozen=True)
class Folds:
    """For each row the fold in which it is predicted while something is chosen."""

    of_row: Int[np.ndarray, " row"]
    is_forward: bool = False
    """Whether folds follow each other in time and each is predicted from earlier ones only, not from all others."""

    def pairs(self, train: Rows) -> Iterator[tuple[Rows, Rows]]:
        """The rows that a fold is predicted from, and its own; a fold that nothing predicts is left out."""
        for fold in np.unique(self.of_row[train]):
            others = self.of_row < fold if self.is_forward else self.of_row != fold
            kept = train & others
            if kept.any():
                yield kept, train & (self.of_row == fold)


def folds_by_chance(rows: int) -> Folds:
    """Folds of single rows."""
    return Folds(np.random.default_rng(SEED).permutation(rows) % FOLDS)
