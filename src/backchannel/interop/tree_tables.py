"""Tables of an imported tree: the payoffs and chances after every combination of moves that makes a difference."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from backchannel.interop.efg_write import exact_text
from backchannel.interop.game_tree import EfgError
from backchannel.interop.stages import Paths
from backchannel.interop.tree_to_case_names import Names
from backchannel.language.errors import Place, Problem
from backchannel.language.names import NOT_APPLICABLE

MOST_CELLS = 100_000
"""Largest table of payoffs or chances."""
EXACT_WHOLE = 2**53
"""Smaller whole numbers are exact in floating point, and the quotient of two is the nearest number."""


class TableWriter:
    """Writes tables over stages, as a case file has them."""

    def __init__(self, paths: Paths, names: Names, file: str) -> None:
        """Take the tree.

        Args:
            paths: All paths through it.
            names: The names of its stages and values.
            file: The name of the file, for messages.
        """
        self.paths, self.names, self.file = paths, names, file

    def cells(
        self, stages: Sequence[int], classes: np.ndarray, inside: np.ndarray
    ) -> dict[tuple[int, ...], int]:
        """Find the class of every combination of values at some stages that occurs on a path.

        Args:
            stages: The stages, which distinguish the classes.
            classes: The class of each path.
            inside: The paths that count.
        """
        rows = self.paths.value[inside][:, list(stages)].tolist()
        pairs = zip(map(tuple, rows), classes[inside].tolist(), strict=True)
        return dict(sorted(set(pairs), key=lambda pair: [v if v >= 0 else 99 for v in pair[0]]))

    def table(
        self, stages: Sequence[int], cells: dict[tuple[int, ...], Any], *, missing: Any
    ) -> Any:
        """Write a table, or the one cell of a table over nothing.

        Args:
            stages: The stages that it runs over.
            cells: What it says of each combination of values.
            missing: What it says of all others.

        Raises:
            EfgError: It is too large.
        """
        if not stages:
            return cells[()]
        domains = [[*self.names.values(stage), NOT_APPLICABLE] for stage in stages]
        reached = [
            (self.paths.value[:, stage] < 0).any() + len(self.names.values(stage))
            for stage in stages
        ]
        if np.prod(reached, dtype=float) > MOST_CELLS:
            message = f"A node needs a table over {len(stages)} moves, too large for a case."
            raise EfgError([Problem(Place(self.file), message)])
        named = [self.names.stage(stage) for stage in stages]
        table: dict[str, Any] = {"table": named[0] if len(named) == 1 else named}
        for key, cell in cells.items():
            if cell != missing:
                table[", ".join(d[v] for d, v in zip(domains, key, strict=True))] = cell
        if len(table) - 1 < np.prod(reached):
            table["else"] = missing
        return table


def case_number(exact: Fraction) -> int | float | str:
    """Write a number for a case: as a plain number, or as a fraction in text where no decimal is exact."""
    if exact.denominator == 1 and abs(exact) < EXACT_WHOLE:
        return int(exact)
    is_fraction = max(abs(exact.numerator), exact.denominator) < EXACT_WHOLE
    text = exact_text(exact)
    return text if "/" in text and is_fraction else float(exact)
