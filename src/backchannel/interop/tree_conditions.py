"""Conditions of an imported tree: on which earlier moves it depends whether, and where, a path reaches a node."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backchannel.interop.game_tree import EfgError
from backchannel.interop.separate import fewest_that_separate
from backchannel.interop.stages import Paths
from backchannel.interop.tree_to_case_names import Names
from backchannel.language.errors import Place, Problem
from backchannel.language.syntax import MAX_LENGTH

LONGEST_CONDITION = 1_500
"""Longest condition, in characters; longer ones are split into quantities."""
ELSEWHERE = "elsewhere"
"""The value of a derived node on paths that do not reach the stage."""


class ConditionWriter:
    """Writes conditions as expressions of a case."""

    def __init__(self, paths: Paths, names: Names, file: str) -> None:
        """Begin without any.

        Args:
            paths: All paths through the tree.
            names: The names of its stages and values; new quantities take more.
            file: The name of the file, for messages.
        """
        self.paths, self.names, self.file = paths, names, file
        self.quantities: dict[str, str] = {}
        """The quantities into which long conditions are split."""

    def condition(self, holds: np.ndarray, usable: Sequence[int], *, is_chance: bool) -> str | None:
        """Write a condition over few stages; `None` if it would be too long."""
        if holds.all():
            return None
        needed = fewest_that_separate(self.paths.value, holds * 1, usable)
        assert needed is not None
        text = self._any_of(needed, holds)
        if len(text) <= LONGEST_CONDITION:
            return text
        return " or ".join(self._in_quantities(needed, holds)) if is_chance else None

    def _any_of(self, stages: Sequence[int], holds: np.ndarray) -> str:
        rows = np.unique(self.paths.value[holds][:, list(stages)], axis=0)
        if len(stages) == 1 and (rows >= 0).all():
            return self._is_one_of(stages[0], rows[:, 0].tolist())
        return " or ".join(self._all_of(stages, row) for row in rows.tolist())

    def _all_of(self, stages: Sequence[int], row: Sequence[int]) -> str:
        parts = []
        for stage, value in zip(stages, row, strict=True):
            every = range(len(self.names.values(stage)))
            absent = f"not ({self._is_one_of(stage, every)})"
            parts.append(absent if value < 0 else self._is_one_of(stage, [value]))
        return f"({' and '.join(parts)})" if len(parts) > 1 else parts[0]

    def _is_one_of(self, stage: int, values: Sequence[int]) -> str:
        quoted = [f"'{self.names.values(stage)[value]}'" for value in values]
        if len(quoted) == 1:
            return f"{self.names.stage(stage)} == {quoted[0]}"
        return f"{self.names.stage(stage)} in [{', '.join(quoted)}]"

    def _in_quantities(self, stages: Sequence[int], holds: np.ndarray) -> list[str]:
        """Split a long condition into quantities, of which at least one must hold."""
        rows = np.unique(self.paths.value[holds][:, list(stages)], axis=0).tolist()
        parts, names = [self._all_of(stages, row) for row in rows], []
        if any(len(part) > MAX_LENGTH for part in parts):
            message = (
                f"A node needs a condition on {len(stages)} earlier moves, too long for a case. Give the "
                "nodes of one decision the same label, so that fewer moves distinguish them."
            )
            raise EfgError([Problem(Place(self.file), message)])
        while parts:
            size = 1
            while size < len(parts) and sum(map(len, parts[: size + 1])) < LONGEST_CONDITION:
                size += 1
            name = self.names.fresh(f"reached_{len(self.quantities) + 1}")
            self.quantities[name] = " or ".join(parts[:size])
            names.append(f"{name} == 1")
            parts = parts[size:]
        return names

    def place(self, stage: int) -> tuple[list[str], str]:
        """Name the information set of a stage on each path: the names, and the expression that gives one of them."""
        sets = self.paths.stages[stage].sets
        here = self.paths.context[:, stage]
        needed = fewest_that_separate(self.paths.value, here, list(range(stage)))
        assert needed is not None
        labels = ["reached"] if len(sets) == 1 else [f"place_{i + 1}" for i in range(len(sets))]
        everywhere = bool((here >= 0).all())
        text = f"'{labels[-1]}'" if everywhere else f"'{ELSEWHERE}'"
        # The last place needs no condition if there is no `elsewhere`.
        for i in reversed(range(len(sets) - everywhere)):
            condition = self._any_of(needed, here == i)
            if len(condition) > LONGEST_CONDITION // max(len(sets), 1):
                condition = " or ".join(self._in_quantities(needed, here == i))
            text = f"'{labels[i]}' if {condition} else {text}"
        return labels + ([] if everywhere else [ELSEWHERE]), text
