"""Stretches: steps of a sweep that only some decisions need, skipped where the rules of all of these are held.

One compiled program serves every set of held rules, and a rule that is held stays as it is. What would be
worked out for its response alone is then of no use. So the steps of a sweep are grouped by the decisions
whose responses they enter, and a group runs only where one of these decisions is free. A step enters a
response directly or through other steps, but not through a response between them: what a later decision
answers is that decision's own concern, and if its rule is held, the response is the held rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from backchannel.language.names import NodeName
from backchannel.tensors.interpreter import last_uses
from backchannel.tensors.plan import Step, TableId


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
    stretches, done = [], 0
    for row in rows:
        done += len(row)
        made = [step.out for step in row]
        taken = dict.fromkeys(table for step in row for table in step.operands)
        stretches.append(
            Stretch(
                serves=serves[made[0]],
                steps=tuple(row),
                takes=tuple(table for table in taken if table not in made),
                gives=tuple(table for table in made if last[table] >= done),
            )
        )
    return tuple(stretches)


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
