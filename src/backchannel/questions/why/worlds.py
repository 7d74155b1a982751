"""Worlds: everything that may have happened, drawn exactly as likely as the record makes it.

Nodes are eliminated one after the other; each leaves behind how likely its values are given the
nodes that were still there. Walking back, every node is drawn given those. No world is drawn in
vain, however unlikely the record was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

import networkx as nx
import numpy as np
from jaxtyping import Float, Int

from backchannel.language.names import NodeName, first_few
from backchannel.machine.memory import NUMBER, claim
from backchannel.questions.why.chances import Chances
from backchannel.tensors.inference import Evidence, World
from backchannel.tensors.logs import log_sum, safe_log
from backchannel.tensors.plan_size import REMEDY

Worlds: TypeAlias = Mapping[NodeName, Int[np.ndarray, "draw world"]]
"""What each node is in each world of each draw: the place of its value in its domain."""


@dataclass(frozen=True)
class _Table:
    """Numbers over some nodes; axis 0 is the draw (or has length 1), the rest follow `scope`."""

    scope: tuple[NodeName, ...]
    values: Float[np.ndarray, "draw ..."]


def draw_worlds(
    world: World, *, nodes: Sequence[NodeName], evidence: Evidence, chances: Chances
) -> Worlds:
    """Draw worlds from the posterior, independently in every draw.

    Args:
        world: Mechanisms and rules, in the draws that `chances` numbers.
        nodes: The nodes to draw.
        evidence: What was reported.
        chances: Where randomness comes from, and how many worlds.

    Returns:
        Each node's value in each world. Where the evidence is impossible in a draw, the worlds of
        that draw mean nothing.

    Source: Dechter (1999), bucket elimination; drawing backwards through it is the forward
    filtering, backward sampling of Carter & Kohn (1994) on any graph.
    """
    allowed = {
        name: np.flatnonzero(evidence[name] > -np.inf)
        if name in evidence
        else np.arange(len(world.diagram.domains[name]))
        for name in world.diagram.order
    }
    try:
        with np.errstate(under="raise"):
            steps = _eliminate(world, {*nodes}, evidence, allowed, in_logs=False)
    except FloatingPointError:
        steps = _eliminate(world, {*nodes}, evidence, allowed, in_logs=True)
    wanted = {*nodes}
    for name, table in steps:
        if name in wanted:
            wanted |= set(table.scope)
    places: dict[NodeName, np.ndarray] = {}
    for name, table in reversed(steps):
        if name in wanted:
            places[name] = _draw(name, table, places, chances)
    return {name: allowed[name][places[name]] for name in nodes}


def _eliminate(
    world: World,
    nodes: set[NodeName],
    evidence: Evidence,
    allowed: Mapping[NodeName, np.ndarray],
    *,
    in_logs: bool,
) -> list[tuple[NodeName, _Table]]:
    """Sum the nodes out, smallest product first, and keep each product.

    On logarithms where products are too small a number; rows are then kept up to a factor each,
    which does not matter to a draw from them.
    """
    diagram = world.diagram
    relevant = nodes | set(evidence)
    relevant = relevant.union(*(nx.ancestors(diagram.graph, name) for name in relevant))
    left = []
    for name in diagram.order:
        if name not in relevant:
            continue
        scope = (*diagram.parents(name), name)
        values = world.tables[name]
        for axis, other in enumerate(scope, start=1):
            if len(allowed[other]) < values.shape[axis]:
                values = np.take(values, allowed[other], axis=axis)
        left.append(_Table(scope, safe_log(values, np) if in_logs else values))
        if name in evidence:
            seen = evidence[name][allowed[name]][None]
            left.append(_Table((name,), seen if in_logs else np.exp(seen)))
    open_nodes = [name for name in diagram.order if name in relevant]
    steps, kept = [], 0
    while open_nodes:
        size = {name: _size(left, name, allowed) for name in open_nodes}
        cheapest = min(open_nodes, key=size.__getitem__)
        touched = [table for table in left if cheapest in table.scope]
        kept += size[cheapest]
        scope = first_few(sorted({name for table in touched for name in table.scope}))
        claim(
            2 * NUMBER * world.n_draws * kept,
            "Drawing worlds in which it happened",
            f"One table is over {scope} at once. {REMEDY}",
        )
        product = _multiply(touched, last=cheapest, in_logs=in_logs)
        steps.append((cheapest, _rows(product) if in_logs else product))
        left = [table for table in left if cheapest not in table.scope]
        total = log_sum(product.values, -1, np) if in_logs else product.values.sum(axis=-1)
        left.append(_Table(product.scope[:-1], total))
        open_nodes.remove(cheapest)
    return steps


def _size(tables: Sequence[_Table], name: NodeName, allowed: Mapping[NodeName, np.ndarray]) -> int:
    scope = {other for table in tables if name in table.scope for other in table.scope}
    return prod(len(allowed[other]) for other in scope)


def _rows(logs: _Table) -> _Table:
    top = logs.values.max(axis=-1, keepdims=True)
    return _Table(logs.scope, np.exp(logs.values - np.where(top > -np.inf, top, 0.0)))


def _multiply(tables: Sequence[_Table], *, last: NodeName, in_logs: bool) -> _Table:
    others = sorted({name for table in tables for name in table.scope} - {last})
    scope = (*others, last)
    result = np.zeros(1) if in_logs else np.ones(1)
    for table in tables:
        order = [i for i, _ in sorted(enumerate(table.scope), key=lambda at: scope.index(at[1]))]
        values = table.values.transpose(0, *(i + 1 for i in order))
        lengths = dict(zip((table.scope[i] for i in order), values.shape[1:], strict=True))
        laid = values.reshape(len(values), *(lengths.get(name, 1) for name in scope))
        result = result + laid if in_logs else result * laid
    return _Table(scope, result)


def _draw(
    name: NodeName, table: _Table, places: Mapping[NodeName, np.ndarray], chances: Chances
) -> Int[np.ndarray, "draw world"]:
    rows = rows_at(table.values, [places[other] for other in table.scope[:-1]], chances.n_worlds)
    cumulated = np.cumsum(rows, axis=-1)
    mark = chances.uniform(f"world {name}") * cumulated[..., -1]
    return (cumulated[..., :-1] <= mark[..., None]).sum(axis=-1)


def rows_at(
    table: Float[np.ndarray, "draw ..."],
    context: Sequence[Int[np.ndarray, "draw world"]],
    n_worlds: int,
) -> Float[np.ndarray, "draw world value"]:
    """The row of a table that stands in each world's context.

    Args:
        table: Axes: draw (or length 1), the context's nodes, the value.
        context: The place of each of the context's nodes in its domain.
        n_worlds: How many worlds, where there is no context to tell.
    """
    n_values = table.shape[-1]
    flat = np.ascontiguousarray(table).reshape(len(table), -1, n_values)
    if not context:
        return np.broadcast_to(flat, (len(table), n_worlds, n_values))
    code = context_code(context, table.shape[1:-1])
    draw = np.arange(len(table))[:, None] if len(table) > 1 else 0
    return flat[draw, code]


def context_code(
    context: Sequence[Int[np.ndarray, "draw world"]], sizes: Sequence[int]
) -> Int[np.ndarray, ...]:
    """Number a context as the place of its cell in a table of these sizes."""
    code = np.zeros((), dtype=int)
    for place, size in zip(context, sizes, strict=True):
        code = code * size + place
    return code
