"""Lanes: plans carried out with the lane as the last axis, alike on NumPy and on traced JAX arrays.

A lane is one draw in one slice on its way along the branch. With lanes last, all that is done to
one cell of a table in every lane lies side by side in memory; that halved the time of a step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from backchannel.equilibrium.homotopy import dual
from backchannel.equilibrium.homotopy.dual import Dual
from backchannel.equilibrium.homotopy.frame import Frame
from backchannel.equilibrium.sweep import Tables
from backchannel.names import NodeName
from backchannel.tensors.game import FLOOR
from backchannel.tensors.plan import Plan, Scope, Step, TableId

Array = Any
Key = tuple[str, Any]
"""Kind and name of a table that a plan takes."""


def carry_out(
    plan: Plan,
    steps: Sequence[Step],
    tables: Mapping[TableId, Array],
    *,
    respond: Callable[[NodeName, Array], Array],
    floor: Callable[[NodeName, Array], Array],
) -> dict[TableId, Array]:
    """Carry steps out on tables whose last axis is the lane (or has length 1).

    Args:
        plan: Where the scopes stand.
        steps: The steps, in order.
        tables: The tables they start from.
        respond: Turns a decision's action values into its rule.
        floor: Lifts the zeros of a decision's rule.

    Returns:
        All tables, those given and those made.
    """
    made = dict(tables)
    for step in steps:
        scope = plan.scopes[step.out]
        operands = [(t, made[t]) for t in step.operands]
        if step.op == "respond":
            made[step.out] = respond(step.note, total(plan, operands, scope))
        elif step.op == "floor":
            made[step.out] = floor(step.note, operands[0][1])
        elif step.op == "pin":
            table, array = operands[0]
            axis = plan.scopes[table].index(step.over[0])
            made[step.out] = array[(slice(None),) * axis + (0,)]
        elif step.op == "add":
            made[step.out] = total(plan, operands, scope)
        elif step.op == "divide":
            top, bottom = (_lay(plan, t, array, scope) for t, array in operands)
            made[step.out] = top / (bottom + (bottom == 0))
        else:
            made[step.out] = _multiply(plan, operands, scope, step.over)
    return made


def total(plan: Plan, tables: Sequence[tuple[TableId, Array]], scope: Scope) -> Array:
    """Add tables up over a scope; 0 where there are none."""
    result: Array = np.zeros((*(plan.cards[name] for name in scope), 1))
    for table, array in tables:
        result = result + _lay(plan, table, array, scope)
    return result


def softmax(xp: Any, logits: Array) -> Array:
    """Probabilities from log-odds along the last axis but one; -inf is not on the menu."""
    if isinstance(logits, Dual):
        return dual.softmax(logits, lambda values: softmax(xp, values))
    actions = [logits[..., i, :] for i in range(logits.shape[-2])]
    top = actions[0]
    for other in actions[1:]:
        top = xp.maximum(other, top)
    weights = [xp.exp(action - top) for action in actions]
    whole = sum(weights[1:], start=weights[0])
    return xp.stack([weight / whole for weight in weights], axis=-2)


def lifted(xp: Any, rule: Array, menu: np.ndarray) -> Array:
    """Lift the zeros of a rule as the sweep does, so that beliefs are defined after a surprise."""
    if isinstance(rule, Dual):
        return dual.where(rule.value > FLOOR, rule, FLOOR) * menu[..., None]
    return xp.where(rule > FLOOR, rule, FLOOR) * menu[..., None]


def _lay(plan: Plan, table: TableId, array: Array, scope: Scope) -> Array:
    own = dict(zip(plan.scopes[table], array.shape[:-1], strict=True))
    return array.reshape(*(own.get(name, 1) for name in scope), array.shape[-1])


def _multiply(
    plan: Plan, operands: Sequence[tuple[TableId, Array]], scope: Scope, over: Scope
) -> Array:
    # The sum is unrolled, as in the sweep: compiled, a step is one elementwise loop over lanes.
    values = range(plan.cards[over[0]]) if over else [None]
    result = None
    for value in values:
        product = None
        for table, array in operands:
            own = plan.scopes[table]
            if over and over[0] in own:
                array = array[(slice(None),) * own.index(over[0]) + (value,)]
                own = tuple(name for name in own if name != over[0])
            lengths = dict(zip(own, array.shape[:-1], strict=True))
            laid = array.reshape(*(lengths.get(name, 1) for name in scope), array.shape[-1])
            product = laid if product is None else product * laid
        result = product if result is None else result + product
    return result


@dataclass(frozen=True)
class Source:
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


def inputs(plan: Plan) -> dict[Key, TableId]:
    """The tables that a plan takes."""
    return cast(dict[Key, TableId], plan.inputs)


def sources(frame: Frame, tables: Tables, public: Scope, keys: Iterable[Key]) -> dict[Key, Source]:
    """Find what a plan takes among the tables of a game.

    Args:
        frame: The frame of the plan.
        tables: The game as the sweep lays it out (`game_tables`).
        public: Nodes that are fixed in each slice.
        keys: What the plan takes; the rules of free decisions are passed over.
    """
    found = {}
    for kind, name in keys:
        if kind == "rule":
            continue
        scope = frame.terms[name][1] if kind == "term" else (*frame.parents[name], name)
        if kind == "factor" and name in tables["rule"]:
            values = tables["rule"][name]
        elif kind == "belief" and name in tables["rule"]:
            values = np.maximum(tables["rule"][name], FLOOR) * tables["menu"][name]
        else:
            values = tables[kind][name]
        fixed = tuple((scope.index(node), row) for row, node in enumerate(public) if node in scope)
        found[kind, name] = Source(np.asarray(values), tuple(sorted(fixed)))
    return found
