"""Marginals: what every node of a long diagram does, from one walk forward and one back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

import numpy as np
from jaxtyping import Float

from backchannel.memory import NUMBER, claim
from backchannel.names import NodeName
from backchannel.queries.inference import Evidence, World
from backchannel.tensors.game import Game
from backchannel.tensors.plan import Scope
from backchannel.tensors.walk import LONG, Walk, along, draws_last

NEXT = 24
"""Events that are looked at in a case of many."""

Joint = Float[np.ndarray, "draw ..."]


def is_long(world: World) -> bool:
    """Say whether a world is better walked through once than asked node by node."""
    return len(world.diagram.order) > LONG


def next_ones(world: World, names: Sequence[NodeName]) -> list[NodeName]:
    """The first of some nodes in time: in a long case the events that come next are looked at."""
    return sorted(names, key=world.diagram.rank.__getitem__)[:NEXT]


def marginals(
    world: World, evidence: Evidence
) -> Mapping[NodeName, Float[np.ndarray, "draw value"]]:
    """P(node, evidence) of every node in every draw; worked out once for a world and its evidence."""
    key = ("marginals", _key(evidence))
    if key not in world.memo:
        nodes = [(name,) for name in world.diagram.order]
        tables = joint_scopes(world, nodes, evidence)
        world.memo[key] = dict(zip(world.diagram.order, tables, strict=True))
    return world.memo[key]


def joint_scopes(world: World, scopes: Sequence[Scope], evidence: Evidence) -> list[Joint]:
    """P(scope, evidence) for several sets of nodes.

    Args:
        world: The world.
        scopes: Sets of nodes, none empty, in order of time; the walk carries each until it is whole.
        evidence: What was reported.

    Returns:
        For each scope a table; axes: draw, then its nodes in order of time.
    """
    diagram, n = world.diagram, world.n_draws
    walk = Walk(diagram, tuple(scopes))
    sizes = [tuple(len(diagram.domains[name]) for name in scope) for scope in scopes]
    cells = sum(prod(size) for size in sizes)
    claim(NUMBER * n * cells, "What every node does", "Take fewer draws (--draws).")
    found = [np.ones((n, *size)) for size in sizes]
    last = max((diagram.rank[name] for name in evidence), default=-1)
    for draws in walk.chunks(n):
        width = draws.stop - draws.start
        tables = _with_evidence(world, evidence, draws)
        before = walk.forward(tables, width)
        # What of the evidence is still to come, as likely as the frontier makes it.
        coming: np.ndarray | None = None
        for i in range(len(walk.strides) - 1, -1, -1):
            stride = walk.strides[i]
            parts = [(before[i], stride.before), (tables[stride.node], stride.scope)]
            if coming is not None:
                parts.append((coming, stride.after))
            for k in stride.closing:
                found[k][draws] = np.moveaxis(walk.summed(parts, scopes[k]), -1, 0)
            if i <= last:
                coming = walk.summed(parts[1:], stride.before)
    return found


def joint_with(
    world: World, about: NodeName, names: Sequence[NodeName], evidence: Evidence
) -> dict[NodeName, Joint]:
    """P(node, about, evidence) of several nodes that come about before `about`.

    Returns:
        For each node a table; axes: draw, its values, the values of `about`.
    """
    key = ("with", about, tuple(names), _key(evidence))
    if key in world.memo:
        return world.memo[key]
    diagram, n = world.diagram, world.n_draws
    walk = Walk(diagram, ())
    wanted, copy = set(names), f"copy:{about}"
    found: dict[NodeName, Joint] = {
        name: np.zeros((n, len(diagram.domains[name]), len(diagram.domains[about])))
        for name in names
    }
    end = diagram.rank[about]
    for draws in walk.chunks(n):
        tables = _with_evidence(world, evidence, draws)
        before = walk.forward(tables, draws.stop - draws.start)
        coming: list = []
        for i in range(len(walk.strides) - 1, -1, -1):
            stride = walk.strides[i]
            parts, kept = [(tables[stride.node], stride.scope), *coming], stride.before
            if stride.node == about:
                # From here on back, the values of `about` are carried along as an axis of their own.
                parts.append((np.eye(len(diagram.domains[about]))[..., None], (about, copy)))
            if i <= end:
                kept = (*kept, copy)
            if stride.node in wanted and i < end:
                # Two tables at a time: sums of three are much slower.
                among = (*stride.among, copy)
                ahead = walk.summed(parts, among)
                pair = walk.summed(
                    [(before[i], stride.before), (ahead, among)], (stride.node, copy)
                )
                found[stride.node][draws] = np.moveaxis(pair, -1, 0)
            coming = [(walk.summed(parts, kept), kept)]
    world.memo[key] = found
    return found


def _with_evidence(world: World, evidence: Evidence, draws: slice) -> dict[NodeName, np.ndarray]:
    """Some draws of every node's table, times how likely what was seen of it is."""
    tables = {}
    for name, table in world.tables.items():
        laid = draws_last(table, draws)
        if name in evidence:
            laid = laid * evidence[name][:, None]
        tables[name] = along(laid, draws.stop - draws.start)
    return tables


def expected_worths(
    world: World, game: Game, evidence: Evidence
) -> dict[str, Float[np.ndarray, " draw"]]:
    """Expected worth of every interest given the evidence, in utility units; nan where impossible."""
    pieces = [
        (interest.name, scope, worth)
        for interest in game.diagram.interests
        for scope, worth in game.worths_of(interest)
    ]
    scopes = list(dict.fromkeys(scope for _, scope, _ in pieces if scope))
    tables = dict(zip(scopes, joint_scopes(world, scopes, evidence), strict=True))
    found = {interest.name: np.zeros(world.n_draws) for interest in game.diagram.interests}
    for name, scope, worth in pieces:
        if not scope:
            found[name] = found[name] + worth
            continue
        table = tables[scope]
        axes = tuple(range(1, table.ndim))
        total = table.sum(axis=axes)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(total > 0, (table * worth).sum(axis=axes) / total, np.nan)
        found[name] = found[name] + mean
    return found


def _key(evidence: Evidence) -> tuple:
    return tuple((name, seen.tobytes()) for name, seen in sorted(evidence.items()))
