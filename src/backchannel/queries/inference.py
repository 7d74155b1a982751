"""Inference: what the nodes of one world do, given evidence, by variable elimination on NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

import networkx as nx
import numpy as np
from jaxtyping import Float

from backchannel.diagram.diagram import Diagram
from backchannel.memory import NUMBER, claim, named
from backchannel.names import NodeName
from backchannel.tensors.plan import Plan, Scope, run
from backchannel.tensors.plan_size import size_of

BATCH = 1024
"""Draws per pass, which bounds the memory of intermediate tables."""

Evidence = Mapping[NodeName, Float[np.ndarray, " value"]]
"""For an observed node, the likelihood of what was reported given each of its values."""


@dataclass(frozen=True)
class World:
    """A diagram in which every node has a mechanism: chance, derived, and every decision's rule."""

    diagram: Diagram
    n_draws: int
    tables: Mapping[NodeName, Float[np.ndarray, "draw ..."]]
    """P(node | parents), axes: draw (or 1), parents in order of time, node."""
    memo: dict = field(default_factory=dict, compare=False, repr=False)
    """What was worked out for the whole world at once."""


def joint(
    world: World, *, keep: Sequence[NodeName], evidence: Evidence | None = None
) -> Float[np.ndarray, "draw ..."]:
    """P(keep, evidence) in every draw.

    Args:
        world: The world.
        keep: Nodes to keep, in any order.
        evidence: What was reported; nothing, if left out.

    Returns:
        A table; axes: draw, then the kept nodes in order of time.
    """
    given = dict(evidence or {})
    diagram = world.diagram
    graph = diagram.graph
    wanted = {*keep, *given}
    relevant = wanted.union(*(nx.ancestors(graph, name) for name in wanted))
    plan = Plan({name: len(diagram.domains[name]) for name in diagram.order})
    tables = [
        plan.take(name, (*diagram.parents(name), name))
        for name in diagram.order
        if name in relevant
    ]
    tables += [plan.take(("seen", name), (name,)) for name in given]
    out = plan.eliminate(tables, keep) if tables else None
    scope = tuple(name for name in diagram.order if name in keep)
    shape = tuple(len(diagram.domains[name]) for name in scope)
    claim(NUMBER * world.n_draws * prod(shape), _what(scope), "Take fewer draws (--draws).")
    result = np.ones((*shape, world.n_draws)).transpose(-1, *range(len(shape)))
    if out is None:
        return result
    together = size_of(plan, plan.steps, [out]).draws_at_once(BATCH, _what(scope))
    for start in range(0, world.n_draws, together):
        draws = slice(start, start + together)
        inputs = {
            table: given[key[1]][None]
            if isinstance(key, tuple)
            else _cut(world.tables[str(key)], draws)
            for key, table in plan.inputs.items()
        }
        made = run(plan, plan.steps, inputs, keep=[out])
        result[draws] = made[out]
    return result


def indicator(diagram: Diagram, node: NodeName, value: object) -> Float[np.ndarray, " value"]:
    """Evidence that a node has a value for certain."""
    return np.array([1.0 if other == value else 0.0 for other in diagram.domains[node]])


def scope_of(diagram: Diagram, names: Sequence[NodeName]) -> Scope:
    """Sort nodes by time, which is how the axes of `joint` are sorted."""
    return tuple(name for name in diagram.order if name in names)


def _what(scope: Scope) -> str:
    return f"The joint chances of {named(scope)}" if scope else "The chance of what was recorded"


def _cut(table: np.ndarray, draws: slice) -> np.ndarray:
    return table if len(table) == 1 else table[draws]
