"""Worlds: full assignments of the nodes, drawn exactly from their posterior given the record.

Nodes are eliminated one after the other. Each elimination stores the distribution of the node given the
nodes that remain. In reverse order, each node is then drawn given those. No world is rejected, however
unlikely the record is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

import networkx as nx
import numpy as np
from jaxtyping import Float, Int

from backchannel.diagram.diagram import Diagram
from backchannel.language.names import NodeName, first_few
from backchannel.machine.memory import NUMBER, claim
from backchannel.questions.why.keyed_random import KeyedRandom
from backchannel.tensors.inference import Evidence, World
from backchannel.tensors.logs import log_sum, safe_log
from backchannel.tensors.plan_size import REMEDY

Worlds: TypeAlias = Mapping[NodeName, Int[np.ndarray, "draw world"]]
"""Each node's value in each world of each draw, as its position in the domain."""


@dataclass(frozen=True)
class _Table:
    """A table over some nodes; axis 0 is the draw (or has length 1), the others follow `scope`."""

    scope: tuple[NodeName, ...]
    values: Float[np.ndarray, "draw ..."]


def draw_worlds(
    world: World, *, nodes: Sequence[NodeName], evidence: Evidence, random: KeyedRandom
) -> Worlds:
    """Draw worlds from the posterior, independently in every draw.

    Args:
        world: Mechanisms and rules, in the draws of `random`.
        nodes: The nodes to draw.
        evidence: What was reported.
        random: The source of random numbers; it also sets the number of worlds.

    Returns:
        Each node's value in each world. Where the evidence is impossible in a draw, the worlds of
        that draw are meaningless.

    Source: Dechter (1999), bucket elimination; sampling in reverse order generalises forward
    filtering, backward sampling (Carter & Kohn 1994) to any graph.
    """
    allowed = {
        name: np.flatnonzero(_over_draws(evidence[name]).max(axis=0) > -np.inf)
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
    positions: dict[NodeName, np.ndarray] = {}
    for name, table in reversed(steps):
        if name in wanted:
            positions[name] = _draw(name, table, positions, random)
    return {name: allowed[name][positions[name]] for name in nodes}


def _eliminate(
    world: World,
    nodes: set[NodeName],
    evidence: Evidence,
    allowed: Mapping[NodeName, np.ndarray],
    *,
    in_logs: bool,
) -> list[tuple[NodeName, _Table]]:
    """Sum out the nodes, smallest product first, and store each product.

    With `in_logs` it works on logarithms, for products that would underflow; each row is then stored up
    to a factor, which does not change draws from it.
    """
    diagram = world.diagram
    relevant = nodes | set(evidence)
    relevant = relevant.union(*(nx.ancestors(diagram.graph, name) for name in relevant))
    tables = []
    for name in diagram.order:
        if name not in relevant:
            continue
        scope = (*diagram.parents(name), name)
        values = world.tables[name]
        for axis, other in enumerate(scope, start=1):
            if len(allowed[other]) < values.shape[axis]:
                values = np.take(values, allowed[other], axis=axis)
        tables.append(_Table(scope, safe_log(values, np) if in_logs else values))
        if name in evidence:
            log_likelihood = _over_draws(evidence[name])[:, allowed[name]]
            tables.append(_Table((name,), log_likelihood if in_logs else np.exp(log_likelihood)))
    claim_drawing(diagram, nodes, evidence, n_draws=world.n_draws)
    open_nodes = [name for name in diagram.order if name in relevant]
    steps = []
    while open_nodes:
        size = {name: _size(tables, name, allowed) for name in open_nodes}
        cheapest = min(open_nodes, key=size.__getitem__)
        touched = [table for table in tables if cheapest in table.scope]
        product = _multiply(touched, last=cheapest, in_logs=in_logs)
        steps.append((cheapest, _rows(product) if in_logs else product))
        tables = [table for table in tables if cheapest not in table.scope]
        total = log_sum(product.values, -1, np) if in_logs else product.values.sum(axis=-1)
        tables.append(_Table(product.scope[:-1], total))
        open_nodes.remove(cheapest)
    return steps


def claim_drawing(
    diagram: Diagram, nodes: Collection[NodeName], evidence: Evidence, *, n_draws: int
) -> None:
    """Check that there is memory to draw worlds: the tables follow from the graph and the record alone.

    Args:
        diagram: The case.
        nodes: The nodes to draw.
        evidence: What was reported.
        n_draws: Draws that are worked on together.

    Raises:
        TooLargeError: There is not enough; the nodes of a large table are named.
    """
    relevant = {*nodes, *evidence}
    relevant = relevant.union(*(nx.ancestors(diagram.graph, name) for name in relevant))
    n_values = {name: len(diagram.domains[name]) for name in diagram.order}
    for name, seen in evidence.items():
        n_values[name] = int((_over_draws(seen).max(axis=0) > -np.inf).sum())
    scopes = [{*diagram.parents(name), name} for name in diagram.order if name in relevant]
    open_nodes = [name for name in diagram.order if name in relevant]
    n_cells = 0
    while open_nodes:
        joint = {n: set().union(*(s for s in scopes if n in s)) for n in open_nodes}
        size = {n: prod(n_values[other] for other in scope) for n, scope in joint.items()}
        cheapest = min(open_nodes, key=size.__getitem__)
        n_cells += size[cheapest]
        claim(
            2 * NUMBER * n_draws * n_cells,
            "Drawing worlds in which the record happened",
            f"One table is over {first_few(sorted(joint[cheapest]))} at once. {REMEDY}",
        )
        scopes = [scope for scope in scopes if cheapest not in scope]
        scopes.append(joint[cheapest] - {cheapest})
        open_nodes.remove(cheapest)


def _over_draws(seen: np.ndarray) -> Float[np.ndarray, "draw value"]:
    """Evidence on one node with an axis for draws, of length 1 where all draws share it."""
    return seen[None] if seen.ndim == 1 else seen


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
        aligned = values.reshape(len(values), *(lengths.get(name, 1) for name in scope))
        result = result + aligned if in_logs else result * aligned
    return _Table(scope, result)


def _draw(
    name: NodeName, table: _Table, positions: Mapping[NodeName, np.ndarray], random: KeyedRandom
) -> Int[np.ndarray, "draw world"]:
    rows = rows_at(table.values, [positions[other] for other in table.scope[:-1]], random.n_worlds)
    cumulated = np.cumsum(rows, axis=-1)
    threshold = random.uniform(f"world {name}") * cumulated[..., -1]
    return (cumulated[..., :-1] <= threshold[..., None]).sum(axis=-1)


def rows_at(
    table: Float[np.ndarray, "draw ..."],
    context: Sequence[Int[np.ndarray, "draw world"]],
    n_worlds: int,
) -> Float[np.ndarray, "draw world value"]:
    """Look up the row of a table for each world's context.

    Args:
        table: Axes: draw (or length 1), the context's nodes, the value.
        context: The position of each context node's value in its domain.
        n_worlds: The number of worlds, needed when the context is empty.
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
    """Number a context by the position of its cell in a table of these sizes."""
    code = np.zeros((), dtype=int)
    for position, size in zip(context, sizes, strict=True):
        code = code * size + position
    return code
