"""Inference: what the nodes of one world do, given evidence, by variable elimination on NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import networkx as nx
import numpy as np
from jaxtyping import Float

from backchannel.diagram.diagram import Diagram
from backchannel.language.names import NodeName, first_few
from backchannel.machine.memory import NUMBER, claim
from backchannel.tensors.interpreter import carry_out, draws_first, draws_last
from backchannel.tensors.logs import carry_out_logs, safe_log
from backchannel.tensors.plan import Plan, Scope, TableId
from backchannel.tensors.plan_size import size_of

BATCH = 1024
"""Draws per pass, which bounds the memory of intermediate tables."""

Evidence = Mapping[NodeName, Float[np.ndarray, " value"] | Float[np.ndarray, "draw value"]]
"""For an observed node, the log likelihood of what was reported given each of its values.

Logarithms, since the product of many reports is too small a number: a record may be long. Soft evidence, which
differs between draws, has an axis for them in front.
"""


@dataclass(frozen=True)
class World:
    """A diagram in which every node has a mechanism: chance, derived, and every decision's rule."""

    diagram: Diagram
    n_draws: int
    tables: Mapping[NodeName, Float[np.ndarray, "draw ..."]]
    """P(node | parents), axes: draw (or 1), parents in order of time, node."""
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out for the whole world at once."""


def joint(
    world: World, *, keep: Sequence[NodeName], evidence: Evidence | None = None
) -> Float[np.ndarray, "draw ..."]:
    """P(keep, evidence) in every draw; 0 where that is too small a number, as after a long record.

    Args:
        world: The world.
        keep: Nodes to keep, in any order.
        evidence: What was reported; nothing, if left out.

    Returns:
        A table; axes: draw, then the kept nodes in order of time.
    """
    table, log_scale = scaled_joint(world, keep=keep, evidence=evidence)
    return table * _laid(np.exp(log_scale), table)


def chances_given(
    world: World, *, keep: Sequence[NodeName], evidence: Evidence
) -> Float[np.ndarray, "draw ..."]:
    """P(keep | evidence) in every draw, however unlikely the evidence; 0 where it is impossible.

    Axes: draw, then the kept nodes in order of time.
    """
    return shares(scaled_joint(world, keep=keep, evidence=evidence)[0])


def log_likelihood(world: World, evidence: Evidence) -> Float[np.ndarray, " draw"]:
    """log P(evidence) in every draw; minus infinity where it is impossible."""
    table, log_scale = scaled_joint(world, keep=(), evidence=evidence)
    return safe_log(table, np) + log_scale


def scaled_joint(
    world: World, *, keep: Sequence[NodeName], evidence: Evidence | None = None
) -> tuple[Float[np.ndarray, "draw ..."], Float[np.ndarray, " draw"]]:
    """P(keep, evidence) as a table times exp(log scale), which no long record makes 0.

    Products are worked out as they are. Where one is too small for a number of the machine, the
    draws concerned are worked out again on logarithms: that is exact, and slower.

    Args:
        world: The world.
        keep: Nodes to keep, in any order.
        evidence: What was reported; nothing, if left out.

    Returns:
        A table (axes: draw, then the kept nodes in order of time), and each draw's log scale.
    """
    seen = dict(evidence or {})
    diagram = world.diagram
    graph = diagram.graph
    wanted = {*keep, *seen}
    relevant = wanted.union(*(nx.ancestors(graph, name) for name in wanted))
    plan = Plan({name: len(diagram.domains[name]) for name in diagram.order})
    tables = [
        plan.take(name, (*diagram.parents(name), name))
        for name in diagram.order
        if name in relevant
    ]
    tables += [plan.take(("seen", name), (name,)) for name in seen]
    out = plan.eliminate(tables, keep) if tables else None
    scope = tuple(name for name in diagram.order if name in keep)
    shape = tuple(len(diagram.domains[name]) for name in scope)
    claim(NUMBER * world.n_draws * prod(shape), _what(scope), "Take fewer draws (--draws).")
    result = draws_first(np.ones((*shape, world.n_draws)))
    log_scale = np.zeros(world.n_draws)
    if out is None:
        return result, log_scale
    together = size_of(plan, plan.steps, [out]).draws_at_once(BATCH, _what(scope))
    for start in range(0, world.n_draws, together):
        draws = slice(start, start + together)
        inputs = {
            table: values_first(seen[key[1]], draws)
            if isinstance(key, tuple)
            else draws_last(_cut(world.tables[str(key)], draws))
            for key, table in plan.inputs.items()
        }
        result[draws], log_scale[draws] = _eliminated(plan, inputs, out)
    return result, log_scale


def _eliminated(
    plan: Plan, inputs: Mapping[TableId, np.ndarray], out: TableId
) -> tuple[np.ndarray, np.ndarray]:
    seen = [table for key, table in plan.inputs.items() if isinstance(key, tuple)]
    try:
        with np.errstate(under="raise"):
            plain = {table: np.exp(inputs[table]) for table in seen}
            made = carry_out(plan, plan.steps, {**inputs, **plain}, keep=[out])
            return draws_first(made[out]), np.zeros(1)
    except FloatingPointError:
        logs = {
            table: array if table in seen else safe_log(array, np)
            for table, array in inputs.items()
        }
        made = carry_out_logs(plan, plan.steps, logs, np, keep=[out])
        return from_logs(draws_first(made[out]))


def from_logs(
    logs: Float[np.ndarray, "draw ..."],
) -> tuple[Float[np.ndarray, "draw ..."], Float[np.ndarray, " draw"]]:
    """A table whose largest number is 1 in every draw (or all 0), and the logarithm of its scale."""
    top = logs.max(axis=tuple(range(1, logs.ndim)))
    top = np.where(top > -np.inf, top, 0.0)
    return np.exp(logs - _laid(top, logs)), top


def shares(table: Float[np.ndarray, "draw ..."]) -> Float[np.ndarray, "draw ..."]:
    """A table divided by its sum in every draw; 0 where that is 0."""
    total = _laid(table.sum(axis=tuple(range(1, table.ndim))), table)
    return np.divide(table, total, out=np.zeros_like(table), where=total > 0)


def values_first(
    seen: Float[np.ndarray, " value"] | Float[np.ndarray, "draw value"], draws: slice
) -> Float[np.ndarray, "value draw"]:
    """Evidence on one node in some draws, with the draw as the last axis; length 1 where all draws share it."""
    return seen[:, None] if seen.ndim == 1 else seen[draws].T


def merged(one: Evidence, other: Evidence) -> Evidence:
    """Two pieces of evidence together."""
    return {**one, **{name: one.get(name, 0.0) + seen for name, seen in other.items()}}


def indicator(diagram: Diagram, node: NodeName, value: object) -> Float[np.ndarray, " value"]:
    """Evidence that a node has a value for certain."""
    return np.array([0.0 if other == value else -np.inf for other in diagram.domains[node]])


def scope_of(diagram: Diagram, names: Sequence[NodeName]) -> Scope:
    """Sort nodes by time, which is how the axes of `joint` are sorted."""
    return tuple(name for name in diagram.order if name in names)


def _what(scope: Scope) -> str:
    return (
        f"The joint probabilities of {first_few(scope)}"
        if scope
        else "The probability of the record"
    )


def _laid(numbers: Float[np.ndarray, " draw"], table: np.ndarray) -> np.ndarray:
    return numbers.reshape(-1, *(1,) * (table.ndim - 1))


def _cut(table: np.ndarray, draws: slice) -> np.ndarray:
    return table if len(table) == 1 else table[draws]
