"""Skipping: stretches of a sweep are carried out only where they serve a decision that is free."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from operator import or_
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from backchannel.equilibrium.stretches import Stretch
from backchannel.language.names import NodeName
from backchannel.tensors.interpreter import Array, carry_out
from backchannel.tensors.plan import Plan, TableId


def carry_out_stretches(
    plan: Plan,
    stretches: Sequence[Stretch],
    tables: Mapping[TableId, Array],
    *,
    free: Mapping[NodeName, Any],
    held: Mapping[NodeName, Array],
    respond: Callable[[NodeName, Array], Array],
    floor: Callable[[NodeName, Array], Array],
    xp: Any,
) -> dict[TableId, Array]:
    """Carry out the stretches that serve a free decision.

    Args:
        plan: The plan.
        stretches: Its steps, grouped.
        tables: The tables that they start from.
        free: By decision, whether its rule is free in any lane.
        held: By decision, the rule that stands where it is not.
        respond: Turns a decision's action values into its rule.
        floor: Lifts the zeros of a decision's rule.
        xp: `numpy` or `jax.numpy`.

    Returns:
        The tables that were given and those that stretches give; the response of a skipped decision is the
        rule that it holds.
    """
    made = dict(tables)
    for stretch in stretches:
        answers = {
            step.out: held[step.note]
            for step in stretch.steps
            if step.op == "respond" and step.out in stretch.gives
        }
        taken = {table: made[table] for table in stretch.takes if table in made}
        work = partial(_worked, plan, stretch, respond, floor)
        needed = reduce(or_, [free[name] for name in sorted(stretch.serves)])
        if xp is not np:
            made |= _work_or_stand_in(needed, work, answers, taken)
        elif needed:
            made |= work(taken)
        else:  # What was skipped enters nothing but what is skipped too.
            made |= answers
    return made


def _worked(
    plan: Plan, stretch: Stretch, respond: Any, floor: Any, taken: Mapping[TableId, Array]
) -> dict[TableId, Array]:
    made = carry_out(plan, stretch.steps, taken, respond=respond, floor=floor, keep=stretch.gives)
    return {table: made[table] for table in stretch.gives}


def _work_or_stand_in(
    needed: Any,
    work: Callable[[Mapping[TableId, Array]], dict[TableId, Array]],
    answers: Mapping[TableId, Array],
    taken: Mapping[TableId, Array],
) -> dict[TableId, Array]:
    """In compiled code both ways give tables of one shape, so that zeros stand in for what was skipped."""
    shapes = jax.eval_shape(work, taken)

    def stand_in(_: Any) -> dict[TableId, Array]:
        return {
            table: jnp.broadcast_to(answers[table], like.shape)
            if table in answers
            else jnp.zeros(like.shape, like.dtype)
            for table, like in shapes.items()
        }

    return lax.cond(needed, work, stand_in, taken)
