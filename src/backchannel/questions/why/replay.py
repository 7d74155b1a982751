"""Replay: repeat what happened in a world in which something is different.

Every node keeps the shocks behind its actual value. Only nodes whose own table changed, or that depend on
a node whose value changed, are evaluated again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import networkx as nx
import numpy as np
from jaxtyping import Float, Int

from backchannel.language.names import NodeName
from backchannel.questions.why.keyed_random import KeyedRandom
from backchannel.questions.why.shocks import (
    clocks_given,
    fresh_clocks,
    probability_unchanged,
    sharp_bounds,
    transition,
    winner,
)
from backchannel.questions.why.undo import UndoneWorld
from backchannel.questions.why.worlds import Worlds, context_code, rows_at
from backchannel.tensors.inference import World


class Coupling(StrEnum):
    """How a node's shocks in one context relate to those in another; no record can tell."""

    SHARED = "shared"
    """The same shocks in every context: a player who was bold would have been bold there too."""
    INDEPENDENT = "independent"
    """Independent shocks in each context: the actual choice says nothing about choices elsewhere."""


@dataclass(frozen=True)
class Factual:
    """What happened: worlds drawn from the posterior, and the shocks behind them."""

    world: World
    worlds: Worlds
    random: KeyedRandom
    _clocks: dict[NodeName, Float[np.ndarray, "draw world value"]] = field(default_factory=dict)

    def row(self, name: NodeName) -> Float[np.ndarray, "draw world value"]:
        """A node's probabilities in its actual context."""
        parents = self.world.diagram.parents(name)
        context = [self.worlds[parent] for parent in parents]
        return rows_at(self.world.tables[name], context, self.random.n_worlds)

    def clocks(self, name: NodeName) -> Float[np.ndarray, "draw world value"]:
        """A node's shocks in its actual context."""
        if name not in self._clocks:
            self._clocks[name] = clocks_given(
                node=name, row=self.row(name), value=self.worlds[name], random=self.random
            )
        return self._clocks[name]

    def forget_clocks(self) -> None:
        """Free the memory of the shocks; they are the same when they are drawn again."""
        self._clocks.clear()


@dataclass(frozen=True)
class Replay:
    """A counterfactual: the nodes that were evaluated again, and their new values."""

    factual: Factual
    undone: UndoneWorld
    coupling: Coupling
    replayed: Mapping[NodeName, Int[np.ndarray, "draw world"]]
    """Each node that was evaluated again, with the position of its new value."""
    held: frozenset[NodeName] = frozenset()
    """Nodes that keep their actual value wherever it is still possible."""

    def value(self, name: NodeName) -> Int[np.ndarray, "draw world"]:
        """A node's value in the counterfactual."""
        return self.replayed[name] if name in self.replayed else self.factual.worlds[name]

    def may_change(self, name: NodeName) -> bool:
        """Say whether a node's value may differ from the actual one."""
        factual, undone = self.factual.world, self.undone.world
        parents = undone.diagram.parents(name)
        return (
            undone.tables[name] is not factual.tables[name]
            or parents != factual.diagram.parents(name)
            or any(parent in self.replayed for parent in parents)
        )

    def row(self, name: NodeName) -> Float[np.ndarray, "draw world value"]:
        """A node's probabilities in its counterfactual context."""
        world = self.undone.world
        context = [self.value(parent) for parent in world.diagram.parents(name)]
        return rows_at(world.tables[name], context, self.factual.random.n_worlds)

    def same_context(self, name: NodeName) -> bool | Float[np.ndarray, "draw world"]:
        """Say where a node is in its actual context."""
        parents = self.undone.world.diagram.parents(name)
        if parents != self.factual.world.diagram.parents(name):
            return False
        worlds = self.factual.worlds
        unchanged = [self.replayed[p] == worlds[p] for p in parents if p in self.replayed]
        return np.logical_and.reduce(unchanged) if unchanged else True

    def prevented(self, name: NodeName, value: int) -> Float[np.ndarray, "draw world"]:
        """P(a node does not take its actual value), averaged exactly over its own shocks.

        Args:
            name: The outcome.
            value: The position of its actual value, the same in all worlds.
        """
        if not self.may_change(name):
            return np.zeros(self.factual.worlds[name].shape)
        after = self.row(name)
        if name in self.held:
            kept = np.where(after[..., value] > 0, 1.0, 0.0)
        else:
            kept = probability_unchanged(self.factual.row(name), after, value)
        if name not in self.held and self.coupling is Coupling.INDEPENDENT:
            kept = np.where(self.same_context(name), kept, after[..., value])
        # Rounding in probabilities that sum to 1 must not look like an effect.
        lost = np.clip(np.where(kept > 1 - 1e-12, 0.0, 1.0 - kept), 0.0, 1.0)
        return np.broadcast_to(lost, self.factual.worlds[name].shape)

    def chances(self, name: NodeName) -> Float[np.ndarray, "draw world value"]:
        """P(a node's value in the counterfactual), averaged exactly over its own shocks."""
        actual = self.factual.worlds[name]
        size = len(self.factual.world.diagram.domains[name])
        if not self.may_change(name):
            return (actual[..., None] == np.arange(size)) * 1.0
        after = self.row(name)
        chances = transition(self.factual.row(name), after, actual)
        if self.coupling is Coupling.INDEPENDENT:
            same = np.asarray(self.same_context(name))[..., None]
            chances = np.where(same, chances, after)
        return np.broadcast_to(chances, (*actual.shape, size))

    def bounds(
        self, name: NodeName, value: int
    ) -> tuple[Float[np.ndarray, "draw world"], Float[np.ndarray, "draw world"]] | None:
        """Sharp bounds of the same, where the outcome's own shocks are the only ones that matter.

        Returns:
            Lower and upper bound, or `None` where other nodes' shocks matter as well.
        """
        if not self.may_change(name):
            zero = np.zeros(self.factual.worlds[name].shape)
            return zero, zero
        if set(self.replayed) - {name} - self.undone.deterministic:
            return None
        least, most = sharp_bounds(self.factual.row(name), self.row(name), value)
        shape = self.factual.worlds[name].shape
        return np.broadcast_to(least, shape), np.broadcast_to(most, shape)


def replay(
    factual: Factual,
    undone: UndoneWorld,
    *,
    nodes: Collection[NodeName],
    coupling: Coupling = Coupling.SHARED,
    held: Collection[NodeName] = (),
) -> Replay:
    """Replay what happened with some causes undone.

    Args:
        factual: What happened.
        undone: The world with some causes undone.
        nodes: The nodes to replay.
        coupling: Whether a node's shocks are the same in every context.
        held: Nodes that keep their actual value wherever it is still possible.
    """
    # Filled in order of time, so that each node finds its parents' new values.
    replayed: dict[NodeName, np.ndarray] = {}
    played = Replay(factual, undone, coupling, replayed, frozenset(held))
    diagram = undone.world.diagram
    for name in diagram.order:
        if name not in nodes or not played.may_change(name):
            continue
        row = played.row(name)
        if name in undone.deterministic and _is_certain(row):
            value = row.argmax(axis=-1)
        elif name in played.held:
            value = _held(factual, played, name, row)
        else:
            value = winner(_clocks(factual, played, name), row)
        # Where the table has no parameters, all draws share one row.
        replayed[name] = np.broadcast_to(value, factual.worlds[name].shape)
    return played


def needed_for(outcomes: NodeName | Collection[NodeName], *worlds: World) -> frozenset[NodeName]:
    """Find the nodes that can affect some outcomes in any of some worlds, with the outcomes themselves."""
    names = {outcomes} if isinstance(outcomes, str) else {*outcomes}
    needed = {*names}
    for world in worlds:
        for name in names:
            needed |= nx.ancestors(world.diagram.graph, name)
    return frozenset(needed)


def _held(
    factual: Factual, played: Replay, name: NodeName, row: Float[np.ndarray, "draw world value"]
) -> Int[np.ndarray, "draw world"]:
    actual = factual.worlds[name]
    possible = np.take_along_axis(row, actual[..., None], axis=-1)[..., 0] > 0
    return np.where(possible, actual, winner(_clocks(factual, played, name), row))


def _clocks(
    factual: Factual, played: Replay, name: NodeName
) -> Float[np.ndarray, "draw world value"]:
    own = factual.clocks(name)
    if played.coupling is Coupling.SHARED:
        return own
    same = np.asarray(played.same_context(name))
    if same.all():
        return own
    diagram = played.undone.world.diagram
    parents = diagram.parents(name)
    code = context_code(
        [played.value(p) for p in parents], [len(diagram.domains[p]) for p in parents]
    )
    fresh = fresh_clocks(
        node=name,
        seen=parents,
        context=code,
        n_values=own.shape[-1],
        random=factual.random,
    )
    return np.where(same[..., None], own, fresh)


def _is_certain(row: np.ndarray) -> bool:
    return bool((row.max(axis=-1) == 1.0).all())
