"""Cells: the place of each number of a game when some draws go through the compiled sweep.

All numbers of a chunk are packed into few large tables, one row a cell and one column a lane (a draw
on its way), so that calling the program costs little and lanes lie side by side in memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Derived
from backchannel.equilibrium.game_tables import Tables
from backchannel.equilibrium.sweep.plan import SweepPlan
from backchannel.language.names import NodeName
from backchannel.tensors.evaluator import inputs
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


@dataclass(frozen=True)
class SweepCells:
    """The places of everything that sweeps of one diagram take and make."""

    decisions: tuple[NodeName, ...]
    numbers: Cells
    """Tables that differ by draw."""
    constants: Cells
    """Tables of nodes that no parameter enters: the same in every draw."""
    precisions: Cells
    """Each decision's precision."""
    rules: Cells
    """Every rule."""

    def tables(self, packed: Mapping[str, Any], scale: Any) -> Tables:
        """Take the tables of a chunk out of their rows; `scale` is the share of full precision."""
        return {
            "given": self.numbers.unpack(packed["number"])
            | self.constants.unpack(packed["constant"]),
            "menu": self.rules.unpack(packed["menu"]),
            "conceivable": self.rules.unpack(packed["conceivable"]),
            "held": dict(zip(self.decisions, packed["held"], strict=True)),
            "free": dict(zip(self.decisions, ~packed["held"].all(axis=-1), strict=True)),
            "precision": self.precisions.unpack(packed["precision"]),
            "scale": scale,
        }


def sweep_cells(diagram: Diagram, plans: Sequence[SweepPlan]) -> SweepCells:
    """Lay out the numbers that the sweeps of a diagram take.

    Args:
        diagram: The diagram.
        plans: One sweep over each block of its decisions.
    """
    constant = {
        node.name
        for node in diagram.nodes
        if isinstance(node, Derived) and not node.names & diagram.parameters
    }
    cards = {name: len(diagram.domains[name]) for name in diagram.order}
    decisions = tuple(d.name for d in diagram.decisions)
    scopes = {
        key: plan.plan.scopes[table] for plan in plans for key, table in inputs(plan.plan).items()
    }
    shapes = {key: tuple(cards[name] for name in scope) for key, scope in scopes.items()}
    taken = {key: shape for key, shape in shapes.items() if key[0] != "rule"}
    varying = {key: s for key, s in taken.items() if key[1] not in constant}
    return SweepCells(
        decisions=decisions,
        numbers=Cells(varying),
        constants=Cells({key: s for key, s in taken.items() if key not in varying}),
        precisions=Cells(dict.fromkeys(decisions, ())),
        rules=Cells(
            {n: tuple(cards[name] for name in (*diagram.parents(n), n)) for n in decisions}
        ),
    )
