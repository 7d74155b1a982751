"""Lanes: plans carried out with the draws as the last axis, alike on NumPy and on traced JAX arrays.

A lane is one draw on its way through a program. With lanes last, all that is done to one cell of a
table in every lane lies side by side in memory, where the processor works on several at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import reduce
from operator import mul
from typing import Any

import numpy as np

from backchannel.language.names import NodeName
from backchannel.tensors.plan import Plan, Scope, Step, TableId
from backchannel.tensors.run import MOST_UNROLLED, last_uses

Array = Any


def carry_out(
    plan: Plan,
    steps: Sequence[Step],
    tables: Mapping[TableId, Array],
    *,
    respond: Callable[[NodeName, Array], Array] | None = None,
    floor: Callable[[NodeName, Array], Array] | None = None,
    keep: Collection[TableId] | None = None,
) -> dict[TableId, Array]:
    """Carry steps out on tables whose last axis is the lane (or has length 1).

    Args:
        plan: Where the scopes stand.
        steps: The steps, in order.
        tables: The tables they start from.
        respond: Turns a decision's action values into its rule.
        floor: Lifts the zeros of a decision's rule.
        keep: The tables that are wanted: every other is let go after its last use.

    Returns:
        All tables, those given and those made, but for what was let go.
    """
    made = dict(tables)
    last = {} if keep is None else last_uses(steps, keep)
    for i, step in enumerate(steps):
        scope = plan.scopes[step.out]
        operands = [(t, made[t]) for t in step.operands]
        if step.op == "respond" and respond:
            made[step.out] = respond(step.note, total(plan, operands, scope))
        elif step.op == "floor" and floor:
            made[step.out] = floor(step.note, operands[0][1])
        elif step.op == "pin":
            table, array = operands[0]
            axis = plan.scopes[table].index(step.over[0])
            made[step.out] = array[(slice(None),) * axis + (0,)]
        elif step.op == "add":
            made[step.out] = total(plan, operands, scope)
        elif step.op == "divide":
            top, bottom = (lay(plan, t, array, scope) for t, array in operands)
            made[step.out] = top / (bottom + (bottom == 0).astype(float))
        else:
            made[step.out] = _multiply(plan, operands, scope, step.over)
        del operands
        for table in {step.out, *step.operands}:
            if last.get(table) == i:
                del made[table]
    return made


def total(plan: Plan, tables: Sequence[tuple[TableId, Array]], scope: Scope) -> Array:
    """Add tables up over a scope; 0 where there are none."""
    result: Array = np.zeros((*(plan.cards[name] for name in scope), 1))
    for table, array in tables:
        result = result + lay(plan, table, array, scope)
    return result


def lay(plan: Plan, table: TableId, array: Array, scope: Scope) -> Array:
    """Give a table an axis of length 1 for every node of `scope` that it lacks."""
    own = dict(zip(plan.scopes[table], array.shape[:-1], strict=True))
    return array.reshape(*(own.get(name, 1) for name in scope), array.shape[-1])


def _multiply(
    plan: Plan, operands: Sequence[tuple[TableId, Array]], scope: Scope, over: Scope
) -> Array:
    if over and plan.cards[over[0]] > MOST_UNROLLED:
        wide = tuple(name for name in plan.cards if name in scope or name == over[0])
        laid = reduce(mul, [lay(plan, table, array, wide) for table, array in operands])
        return laid.sum(axis=wide.index(over[0]))
    # The sum is unrolled: compiled, a step is then one elementwise loop over cells and lanes.
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
