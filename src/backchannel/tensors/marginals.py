"""Marginals: what every node of a long diagram does, from one walk forward and one back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Float

from backchannel.language.names import NodeName
from backchannel.machine.memory import NUMBER, claim
from backchannel.tensors.game import Game
from backchannel.tensors.inference import Evidence, World, from_logs, shares, values_first
from backchannel.tensors.logs import safe_log
from backchannel.tensors.plan import Scope
from backchannel.tensors.walk import LONG, Walk, along, some_draws_last

NEXT = 24
"""Events that are looked at in a case of many."""

SMALLEST = -290
"""Tens exponent below which a product may be too small for a number of the machine."""

Chances: TypeAlias = Float[np.ndarray, "draw ..."]


def is_long(world: World) -> bool:
    """Say whether a world is better walked through once than asked node by node."""
    return len(world.diagram.order) > LONG


def next_ones(world: World, names: Sequence[NodeName]) -> list[NodeName]:
    """The first of some nodes in time: in a long case the events that come next are looked at."""
    return sorted(names, key=world.diagram.rank.__getitem__)[:NEXT]


def marginals(
    world: World, evidence: Evidence
) -> Mapping[NodeName, Float[np.ndarray, "draw value"]]:
    """P(node | evidence) of every node in every draw; worked out once for a world and its evidence.

    All are 0 in draws in which the evidence is impossible.
    """
    key = ("marginals", _key(evidence))
    if key not in world.memo:
        nodes = [(name,) for name in world.diagram.order]
        tables = chances_of_scopes(world, nodes, evidence)
        world.memo[key] = dict(zip(world.diagram.order, tables, strict=True))
    return world.memo[key]


def chances_of_scopes(world: World, scopes: Sequence[Scope], evidence: Evidence) -> list[Chances]:
    """P(scope | evidence) for several sets of nodes; 0 where the evidence is impossible.

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
    claim(NUMBER * n * cells, "The probabilities of every node", "Take fewer draws (--draws).")
    sums = [np.ones((n, *size)) for size in sizes]
    last = max((diagram.rank[name] for name in evidence), default=-1)

    def carried(tables: dict[NodeName, np.ndarray], draws: slice, numbers: Arithmetic) -> None:
        before = numbers.forward(walk, tables, draws.stop - draws.start)
        # What of the evidence is still to come, as likely as the frontier makes it.
        coming: np.ndarray | None = None
        for i in range(len(walk.strides) - 1, -1, -1):
            stride = walk.strides[i]
            parts = [(before[i], stride.before), (tables[stride.node], stride.scope)]
            if coming is not None:
                parts.append((coming, stride.after))
            for k in stride.closing:
                sums[k][draws] = numbers.shares(numbers.summed(walk, parts, scopes[k]))
            if i <= last:
                coming = numbers.summed(walk, parts[1:], stride.before)

    _in_portions(world, evidence, walk, carried)
    return sums


def chances_with(
    world: World, about: NodeName, names: Sequence[NodeName], evidence: Evidence
) -> dict[NodeName, Chances]:
    """P(node, about | evidence) of several nodes that come about before `about`.

    Returns:
        For each node a table; axes: draw, its values, the values of `about`. All are 0 where the
        evidence is impossible.
    """
    key = ("with", about, tuple(names), _key(evidence))
    if key in world.memo:
        return world.memo[key]
    diagram, n = world.diagram, world.n_draws
    walk = Walk(diagram, ())
    wanted, copy = set(names), f"copy:{about}"
    chances: dict[NodeName, Chances] = {
        name: np.zeros((n, len(diagram.domains[name]), len(diagram.domains[about])))
        for name in names
    }
    end = diagram.rank[about]

    def carried(tables: dict[NodeName, np.ndarray], draws: slice, numbers: Arithmetic) -> None:
        before = numbers.forward(walk, tables, draws.stop - draws.start)
        same = numbers.read(np.eye(len(diagram.domains[about])))[..., None]
        coming: list[Any] = []
        for i in range(len(walk.strides) - 1, -1, -1):
            stride = walk.strides[i]
            parts, kept = [(tables[stride.node], stride.scope), *coming], stride.before
            if stride.node == about:
                # From here on back, the values of `about` are carried along as an axis of their own.
                parts.append((same, (about, copy)))
            if i <= end:
                kept = (*kept, copy)
            if stride.node in wanted and i < end:
                # Two tables at a time: sums of three are much slower.
                among = (*stride.among, copy)
                ahead = numbers.summed(walk, parts, among)
                pair = numbers.summed(
                    walk, [(before[i], stride.before), (ahead, among)], (stride.node, copy)
                )
                chances[stride.node][draws] = numbers.shares(pair)
            coming = [(numbers.summed(walk, parts, kept), kept)]

    _in_portions(world, evidence, walk, carried)
    world.memo[key] = chances
    return chances


class Arithmetic:
    """How a walk multiplies and adds: on the numbers as they are, or on their logarithms."""

    def __init__(self, *, in_logs: bool) -> None:
        self.in_logs = in_logs

    def read(self, table: np.ndarray) -> np.ndarray:
        """A table of chances, in these numbers."""
        return safe_log(table, np) if self.in_logs else table

    def report(self, logs: np.ndarray) -> np.ndarray:
        """Logarithms, in these numbers."""
        return logs if self.in_logs else np.exp(logs)

    def times(self, table: np.ndarray, other: np.ndarray) -> np.ndarray:
        """The product of two tables."""
        return table + other if self.in_logs else table * other

    def forward(self, walk: Walk, tables: Mapping[NodeName, np.ndarray], n: int) -> list[Any]:
        """The walk forward.

        Raises:
            FloatingPointError: A product may be too small for a number of the machine.
        """
        tables_ahead = walk.forward(tables, n, in_logs=self.in_logs)
        for here, stride in zip(tables_ahead, walk.strides, strict=False):
            self._check(here, tables[stride.node])
        return tables_ahead

    def summed(self, walk: Walk, parts: Sequence[tuple[np.ndarray, Scope]], keep: Scope):
        """Multiply tables and sum out what is not kept.

        Raises:
            FloatingPointError: A product may be too small for a number of the machine.
        """
        if self.in_logs:
            return walk.log_summed(parts, keep)
        self._check(*(table for table, _ in parts))
        return walk.summed(parts, keep)

    def shares(self, table: np.ndarray) -> np.ndarray:
        """A table with its draws first, divided by its sum in every draw."""
        first = np.moveaxis(table, -1, 0)
        return shares(from_logs(first)[0] if self.in_logs else first)

    def _check(self, *tables: np.ndarray) -> None:
        # Sums of products tell nobody when a product was too small, so this looks beforehand.
        if not self.in_logs:
            least = (np.min(table, initial=1.0, where=table > 0) for table in tables)
            if sum(np.log10(one) for one in least) < SMALLEST:
                raise FloatingPointError


def _in_portions(
    world: World,
    evidence: Evidence,
    walk: Walk,
    carried: Callable[[dict[NodeName, np.ndarray], slice, Arithmetic], None],
) -> None:
    """Carry the draws through a walk, some at a time; on logarithms where numbers get too small."""
    for draws in walk.chunks(world.n_draws):
        try:
            plain = Arithmetic(in_logs=False)
            carried(_with_evidence(world, evidence, draws, plain), draws, plain)
        except FloatingPointError:
            logs = Arithmetic(in_logs=True)
            carried(_with_evidence(world, evidence, draws, logs), draws, logs)


def _with_evidence(
    world: World, evidence: Evidence, draws: slice, numbers: Arithmetic
) -> dict[NodeName, np.ndarray]:
    """Some draws of every node's table, times how likely what was seen of it is."""
    tables = {}
    for name, table in world.tables.items():
        laid = numbers.read(some_draws_last(table, draws))
        if name in evidence:
            with np.errstate(under="raise"):
                seen = numbers.report(values_first(evidence[name], draws))
                laid = numbers.times(laid, seen)
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
    tables = dict(zip(scopes, chances_of_scopes(world, scopes, evidence), strict=True))
    worths = {interest.name: np.zeros(world.n_draws) for interest in game.diagram.interests}
    for name, scope, worth in pieces:
        if not scope:
            worths[name] = worths[name] + worth
            continue
        table = tables[scope]
        axes = tuple(range(1, table.ndim))
        total = table.sum(axis=axes)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(total > 0, (table * worth).sum(axis=axes) / total, np.nan)
        worths[name] = worths[name] + mean
    return worths


def _key(evidence: Evidence) -> tuple[Any, ...]:
    return tuple((name, seen.tobytes()) for name, seen in sorted(evidence.items()))
