"""The tables of the path follower, lane by lane; a lane is one draw in one slice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from backchannel.equilibrium.frame import Frame
from backchannel.equilibrium.game_tables import Tables
from backchannel.tensors.evaluator import TableKey
from backchannel.tensors.game import FLOOR
from backchannel.tensors.plan import Scope


@dataclass(frozen=True)
class LaneTable:
    """One table of a game, ready to be taken lane by lane."""

    values: np.ndarray
    """Axes: draw (or length 1), then the table's scope in the whole game."""
    fixed: tuple[tuple[int, int], ...]
    """Axes after the draw that are fixed in each slice, each with its number among the public
    nodes."""

    @property
    def varies(self) -> bool:
        """Whether lanes differ."""
        return len(self.values) > 1 or bool(self.fixed)

    def take(self, draws: np.ndarray, slices: np.ndarray) -> np.ndarray:
        """The table in some lanes; fixed axes have length 1, the lane is last.

        Args:
            draws: Which draw each lane is in.
            slices: Value of each public node in each lane; axes: public node, lane.
        """
        if not self.varies:
            return np.moveaxis(self.values, 0, -1)
        which = draws if len(self.values) > 1 else np.zeros_like(draws)
        axes = [axis for axis, _ in self.fixed]
        front = np.moveaxis(self.values, [axis + 1 for axis in axes], range(1, len(axes) + 1))
        taken = front[(which, *(slices[row] for _, row in self.fixed))]
        return np.expand_dims(np.moveaxis(taken, 0, -1), tuple(axes))


def lane_tables(
    frame: Frame, tables: Tables, public: Scope, keys: Iterable[TableKey]
) -> dict[TableKey, LaneTable]:
    """Find what a plan takes among the tables of a game.

    Args:
        frame: The frame of the plan.
        tables: The game as the sweep lays it out (`game_tables`).
        public: Nodes that are fixed in each slice.
        keys: What the plan takes; the rules of free decisions are passed over.
    """
    taken = {}
    for kind, name in keys:
        if kind == "rule":
            continue
        scope = frame.terms[name][1] if kind == "term" else (*frame.parents[name], name)
        if kind == "factor" and name in tables["rule"]:
            values = tables["rule"][name]
        elif kind == "belief" and name in tables["rule"]:
            values = (tables["rule"][name] + FLOOR) * tables["menu"][name]
        else:
            values = tables[kind][name]
        fixed = tuple((scope.index(node), row) for row, node in enumerate(public) if node in scope)
        taken[kind, name] = LaneTable(np.asarray(values), tuple(sorted(fixed)))
    return taken
