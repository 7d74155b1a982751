"""Stretches: steps of a sweep that only some decisions need, skipped where the rules of all of these are held.

One compiled program serves every set of held rules, and a rule that is held stays as it is. What would be
worked out for its response alone is then of no use. So the steps of a sweep are grouped by the decisions
whose responses they enter, and a group runs only where one of these decisions is free. A step enters a
response directly or through other steps, but not through a response between them: what a later decision
answers is that decision's own concern, and if its rule is held, the response is the held rule.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import or_
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from backchannel.language.names import NodeName
from backchannel.tensors.interpreter import Array, carry_out, last_uses
from backchannel.tensors.plan import Plan, Step, TableId


@dataclass(frozen=True)
class Stretch:
    """Steps that are worked out together, or not at all."""

    serves: frozenset[NodeName]
    """The decisions whose responses need these steps."""
    steps: tuple[Step, ...]
    takes: tuple[TableId, ...]
    """Tables from before that the steps start from."""
    gives: tuple[TableId, ...]
    """Tables of these steps that are needed afterwards."""


def stretches_of(steps: Sequence[Step], wanted: Collection[TableId]) -> tuple[Stretch, ...]:
    """Group the steps of a sweep by the decisions that they serve.

    Args:
        steps: The steps, in an order in which they can be carried out.
        wanted: The tables that are wanted in the end: responses.

    Returns:
        The groups, in an order in which they can be carried out. A step keeps its place among those of its group.
    """
    serves = _served(steps)
    rows = list(_rows(steps, serves))
    last = last_uses([step for row in rows for step in row], wanted)
    found, done = [], 0
    for row in rows:
        done += len(row)
        made = [step.out for step in row]
        taken = dict.fromkeys(table for step in row for table in step.operands)
        found.append(
            Stretch(
                serves=serves[made[0]],
                steps=tuple(row),
                takes=tuple(table for table in taken if table not in made),
                gives=tuple(table for table in made if last[table] >= done),
            )
        )
    return tuple(found)


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


def _served(steps: Sequence[Step]) -> dict[TableId, frozenset[NodeName]]:
    """For each table the decisions whose responses need it, but not through another response."""
    answers = {step.out: step.note for step in steps if step.op == "respond"}
    serves: dict[TableId, frozenset[NodeName]] = {
        out: frozenset({name}) for out, name in answers.items()
    }
    for step in reversed(steps):
        for table in step.operands:
            if table not in answers:
                serves[table] = serves.get(table, frozenset()) | serves[step.out]
    return serves


def _rows(
    steps: Sequence[Step], serves: Mapping[TableId, frozenset[NodeName]]
) -> Iterator[list[Step]]:
    """Yield steps that serve the same decisions and wait for nothing else, as many at once as possible."""
    waiting = list(steps)
    while waiting:
        row: list[Step] = []
        left: list[Step] = []
        missing: set[TableId] = set()
        for step in waiting:
            is_ready = missing.isdisjoint(step.operands)
            if is_ready and serves[step.out] == serves[waiting[0].out]:
                row.append(step)
            else:
                left.append(step)
                missing.add(step.out)
        yield row
        waiting = left
