"""Running a plan: its steps carried out in order, on any array module, on numbers or on logarithms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from backchannel.language.names import NodeName
from backchannel.tensors.plan import Plan, Scope, Step, TableId

Array: TypeAlias = Any

MOST_UNROLLED = 6
"""Values of a node up to which a sum over it is written out; more would take long to compile."""


def run(
    plan: Plan,
    steps: Sequence[Step],
    tables: Mapping[TableId, Array],
    *,
    respond: Callable[[NodeName, list[Array]], Array] | None = None,
    floor: Callable[[NodeName, Array], Array] | None = None,
    keep: Collection[TableId] | None = None,
) -> dict[TableId, Array]:
    """Carry steps out; works alike on NumPy arrays and on traced JAX arrays.

    Args:
        plan: Where the scopes stand.
        steps: The steps to carry out, in order.
        tables: The tables they start from; axis 0 is the draw (or has length 1).
        respond: Turns the action values of a decision (as tables laid out over its context and
            action) into its rule.
        floor: Lifts the zeros of a decision's rule.
        keep: The tables that are wanted: every other is let go after its last use.

    Returns:
        All tables, those given and those made, but for what was let go.
    """
    made = dict(tables)
    last = {} if keep is None else last_uses(steps, keep)
    for i, step in enumerate(steps):
        scope = plan.scopes[step.out]
        if step.op == "respond" and respond:
            made[step.out] = respond(
                step.note, [lay(plan, t, made[t], scope) for t in step.operands]
            )
        elif step.op == "floor" and floor:
            made[step.out] = floor(step.note, made[step.operands[0]])
        elif step.op == "pin":
            axis = plan.scopes[step.operands[0]].index(step.over[0]) + 1
            made[step.out] = made[step.operands[0]][(slice(None),) * axis + (0,)]
        elif step.op == "add":
            made[step.out] = _sum([lay(plan, t, made[t], scope) for t in step.operands])
        elif step.op == "divide":
            top, bottom = (lay(plan, t, made[t], scope) for t in step.operands)
            made[step.out] = top / (bottom + (bottom == 0).astype(float))
        else:
            made[step.out] = _multiply(
                plan, [(t, made[t]) for t in step.operands], scope, step.over
            )
        for table in {step.out, *step.operands}:
            if last.get(table) == i:
                del made[table]
    return made


def last_uses(steps: Sequence[Step], keep: Iterable[TableId] = ()) -> dict[TableId, int]:
    """For each table the number of the last step that needs it; what is kept is needed to the end."""
    last: dict[TableId, int] = {}
    for i, step in enumerate(steps):
        last.update(dict.fromkeys((step.out, *step.operands), i))
    last.update(dict.fromkeys(keep, len(steps)))
    return last


def run_logs(
    plan: Plan,
    steps: Sequence[Step],
    logs: Mapping[TableId, Array],
    xp: Any,
    *,
    keep: Collection[TableId] | None = None,
) -> dict[TableId, Array]:
    """Carry out steps that multiply and sum on logarithms, where products are too small a number.

    Args:
        plan: Where the scopes stand.
        steps: The steps to carry out, in order; all of them multiply.
        logs: Logarithms of the tables they start from; minus infinity for 0.
        xp: NumPy or JAX's NumPy.
        keep: The tables that are wanted: every other is let go after its last use.

    Returns:
        Logarithms of all tables, those given and those made, but for what was let go.
    """
    made = dict(logs)
    last = {} if keep is None else last_uses(steps, keep)
    for i, step in enumerate(steps):
        over = step.over[:1]
        scope = plan.scopes[step.out]
        wide = tuple(name for name in plan.cards if name in scope or name in over)
        total = _sum([lay(plan, t, made[t], wide) for t in step.operands])
        made[step.out] = log_sum(total, wide.index(over[0]) + 1, xp) if over else total
        for table in {t for t in step.operands if last.get(t) == i}:
            del made[table]
    return made


def log_sum(logs: Array, axis: int | tuple[int, ...], xp: Any) -> Array:
    """Logarithm of a sum, from the logarithms of what is added; slopes are 0 where all are 0.

    >>> import numpy as np
    >>> bool(np.isclose(log_sum(np.array([-2000.0, -2000.0]), 0, np), np.log(2) - 2000))
    True
    """
    top = logs.max(axis=axis, keepdims=True)
    top = xp.where(top > -xp.inf, top, 0.0)
    total = xp.exp(logs - top).sum(axis=axis)
    return xp.squeeze(top, axis) + safe_log(total, xp)


def safe_log(table: Array, xp: Any) -> Array:
    """Logarithm, minus infinity at 0; without a warning, and with slope 0 there."""
    positive = table > 0
    return xp.where(positive, xp.log(xp.where(positive, table, 1.0)), -xp.inf)


def lay(plan: Plan, table: TableId, array: Array, scope: Scope) -> Array:
    """Give a table an axis of length 1 for every node of `scope` that it lacks."""
    own = dict(zip(plan.scopes[table], array.shape[1:], strict=True))
    return array.reshape(array.shape[0], *(own.get(name, 1) for name in scope))


def _multiply(
    plan: Plan, operands: list[tuple[TableId, Array]], scope: Scope, over: Scope
) -> Array:
    if not over:
        return _product([lay(plan, t, array, scope) for t, array in operands])
    if plan.cards[over[0]] > MOST_UNROLLED:
        wide = tuple(name for name in plan.cards if name in scope or name == over[0])
        laid = _product([lay(plan, t, array, wide) for t, array in operands])
        return laid.sum(axis=wide.index(over[0]) + 1)
    # The sum is unrolled: compiled, each step is then one elementwise loop over draws and cells,
    # twice as fast as a reduction or a batched matrix product of such small tables.
    result: Array = None
    for value in range(plan.cards[over[0]]):
        factors = []
        for table, array in operands:
            own = plan.scopes[table]
            if over[0] in own:
                index = (slice(None),) * (own.index(over[0]) + 1) + (value,)
                array = array[index]
                own = tuple(name for name in own if name != over[0])
            lengths = dict(zip(own, array.shape[1:], strict=True))
            factors.append(array.reshape(array.shape[0], *(lengths.get(n, 1) for n in scope)))
        product = _product(factors)
        result = product if result is None else result + product
    return result


def _product(arrays: list[Array]) -> Array:
    result = arrays[0]
    for array in arrays[1:]:
        result = result * array
    return result


def _sum(arrays: list[Array]) -> Array:
    result = arrays[0]
    for array in arrays[1:]:
        result = result + array
    return result
