"""The interpreter: carries out the steps of a plan on NumPy arrays, traced JAX arrays or dual numbers.

Every table has one axis for each node of its scope, in the plan's order, and the draw as its last
axis (of length 1 where all draws are alike). With the draw last, all that is done to one cell of a
table in every draw lies side by side in memory, where a processor works on several numbers at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import reduce
from operator import mul
from typing import Any, TypeAlias

import numpy as np

from backchannel.language.names import NodeName
from backchannel.tensors.plan import Plan, Scope, Step, TableId

Array: TypeAlias = Any
"""An array of NumPy or of JAX, or dual numbers."""
Operand: TypeAlias = tuple[TableId, Array]
"""A table's number in the plan, and its values."""

MOST_UNROLLED = 6
"""Values of a node up to which a sum over it is written out; more would take long to compile."""


def carry_out(
    plan: Plan,
    steps: Sequence[Step],
    tables: Mapping[TableId, Array],
    *,
    respond: Callable[[NodeName, Array], Array] | None = None,
    floor: Callable[[NodeName, Array], Array] | None = None,
    keep: Collection[TableId] | None = None,
) -> dict[TableId, Array]:
    """Carry out steps in order.

    Args:
        plan: The plan that the steps belong to.
        steps: The steps, in order.
        tables: The tables that they start from.
        respond: Turns a decision's action values into its rule.
        floor: Lifts the zeros of a decision's rule.
        keep: The tables that are wanted; every other table is dropped after its last use. All
            tables are kept if it is left out.

    Returns:
        All tables, given and made, except those that were dropped.
    """

    def make(step: Step, operands: Sequence[Operand]) -> Array:
        scope = plan.scopes[step.out]
        if step.op == "respond" and respond:
            return respond(step.note, add_up(plan, operands, scope))
        if step.op == "floor" and floor:
            return floor(step.note, operands[0][1])
        if step.op == "pin":
            table, array = operands[0]
            return array[_index(plan.scopes[table], step.over[0], 0)]
        if step.op == "add":
            return add_up(plan, operands, scope)
        if step.op == "divide":
            top, bottom = (broadcast_to_scope(plan, *operand, scope) for operand in operands)
            return top / (bottom + (bottom == 0).astype(float))
        return _multiply(plan, operands, scope, step.over)

    return in_order(steps, tables, make, keep)


def in_order(
    steps: Sequence[Step],
    tables: Mapping[TableId, Array],
    make: Callable[[Step, Sequence[Operand]], Array],
    keep: Collection[TableId] | None,
) -> dict[TableId, Array]:
    """Make the table of each step in turn, and drop tables after their last use.

    Args:
        steps: The steps, in order.
        tables: The tables that they start from.
        make: Makes a step's table from its operands.
        keep: The tables that are wanted; all, if left out.
    """
    made = dict(tables)
    last = {} if keep is None else last_uses(steps, keep)
    for i, step in enumerate(steps):
        made[step.out] = make(step, [(table, made[table]) for table in step.operands])
        for table in {step.out, *step.operands}:
            if last.get(table) == i:
                del made[table]
    return made


def last_uses(steps: Sequence[Step], keep: Iterable[TableId] = ()) -> dict[TableId, int]:
    """For each table the number of the last step that needs it; kept tables are needed to the end."""
    last: dict[TableId, int] = {}
    for i, step in enumerate(steps):
        last.update(dict.fromkeys((step.out, *step.operands), i))
    last.update(dict.fromkeys(keep, len(steps)))
    return last


def add_up(plan: Plan, operands: Sequence[Operand], scope: Scope) -> Array:
    """Add tables up over a scope; 0 where there are none."""
    total: Array = np.zeros((*(plan.cards[name] for name in scope), 1))
    for table, array in operands:
        total = total + broadcast_to_scope(plan, table, array, scope)
    return total


def broadcast_to_scope(plan: Plan, table: TableId, array: Array, scope: Scope) -> Array:
    """Give a table an axis of length 1 for every node of `scope` that it lacks."""
    return _with_axes(plan.scopes[table], array, scope)


def draws_last(table: Array) -> Array:
    """The same numbers with the draw as the last axis instead of the first."""
    return table.transpose((*range(1, table.ndim), 0))


def draws_first(table: Array) -> Array:
    """The same numbers with the draw as the first axis instead of the last."""
    return table.transpose((table.ndim - 1, *range(table.ndim - 1)))


def _multiply(plan: Plan, operands: Sequence[Operand], scope: Scope, over: Scope) -> Array:
    if not over:
        return reduce(mul, [broadcast_to_scope(plan, *operand, scope) for operand in operands])
    node = over[0]
    if plan.cards[node] > MOST_UNROLLED:
        wide = tuple(name for name in plan.cards if name in scope or name == node)
        product = reduce(mul, [broadcast_to_scope(plan, *operand, wide) for operand in operands])
        return product.sum(axis=wide.index(node))
    # The sum is written out: compiled, a step is then one elementwise loop over cells and draws.
    result = None
    for value in range(plan.cards[node]):
        factors = []
        for table, array in operands:
            own = plan.scopes[table]
            if node in own:
                array = array[_index(own, node, value)]
                own = tuple(name for name in own if name != node)
            factors.append(_with_axes(own, array, scope))
        product = reduce(mul, factors)
        result = product if result is None else result + product
    return result


def _index(scope: Scope, node: NodeName, value: int) -> tuple[Any, ...]:
    """The index of the part of a table in which a node has a value."""
    return (*(slice(None) for _ in range(scope.index(node))), value)


def _with_axes(own: Scope, array: Array, scope: Scope) -> Array:
    lengths = dict(zip(own, array.shape[:-1], strict=True))
    return array.reshape(*(lengths.get(name, 1) for name in scope), array.shape[-1])
