"""Plans carried out on logarithms, for products that are too small for a number of the machine."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

from backchannel.tensors.interpreter import Array, Operand, broadcast_to_scope, in_order
from backchannel.tensors.plan import Plan, Step, TableId


def carry_out_logs(
    plan: Plan,
    steps: Sequence[Step],
    logs: Mapping[TableId, Array],
    xp: Any,
    *,
    keep: Collection[TableId] | None = None,
) -> dict[TableId, Array]:
    """Carry out steps that multiply and sum on logarithms; the draw is the last axis.

    Args:
        plan: The plan that the steps belong to.
        steps: The steps to carry out, in order; all of them multiply.
        logs: Logarithms of the tables that they start from; minus infinity for 0.
        xp: NumPy or JAX's NumPy.
        keep: The tables that are wanted; every other table is dropped after its last use.

    Returns:
        Logarithms of all tables, given and made, except those that were dropped.
    """

    def make(step: Step, operands: Sequence[Operand]) -> Array:
        over = step.over[:1]
        scope = plan.scopes[step.out]
        wide = tuple(name for name in plan.cards if name in scope or name in over)
        total = reduce(add, [broadcast_to_scope(plan, *operand, wide) for operand in operands])
        return log_sum(total, wide.index(over[0]), xp) if over else total

    return in_order(steps, logs, make, keep)


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
