"""Replay: what happened, once more, in a world in which something is different.

Every node keeps the shocks that made it what it was. Only nodes whose own table changed, or that
depend on a node that came out otherwise, are looked at again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import networkx as nx
import numpy as np
from jaxtyping import Float, Int

from backchannel.language.names import NodeName
from backchannel.questions.why.chances import Chances
from backchannel.questions.why.shocks import clocks_given, fresh_clocks, sharp_bounds, stays, winner
from backchannel.questions.why.undo import Undone
from backchannel.questions.why.worlds import Worlds, context_code, rows_at
from backchannel.tensors.inference import World


class Coupling(StrEnum):
    """What a node's shocks in one context say about another context; no record can tell."""

    SHARED = "shared"
    """The same shocks in every context: who was bold would have been bold there too."""
    INDEPENDENT = "independent"
    """Each context has shocks of its own: what would have been done there is anyone's guess."""


@dataclass(frozen=True)
class Factual:
    """What happened: worlds drawn from the posterior, and the shocks behind them."""

    world: World
    worlds: Worlds
    chances: Chances
    _clocks: dict[NodeName, Float[np.ndarray, "draw world value"]] = field(default_factory=dict)

    def row(self, name: NodeName) -> Float[np.ndarray, "draw world value"]:
        """A node's probabilities in the context that it was in."""
        parents = self.world.diagram.parents(name)
        context = [self.worlds[parent] for parent in parents]
        return rows_at(self.world.tables[name], context, self.chances.n_worlds)

    def clocks(self, name: NodeName) -> Float[np.ndarray, "draw world value"]:
        """A node's shocks in the context that it was in."""
        if name not in self._clocks:
            self._clocks[name] = clocks_given(
                node=name, row=self.row(name), value=self.worlds[name], chances=self.chances
            )
        return self._clocks[name]


@dataclass(frozen=True)
class Replay:
    """A counterfactual: the nodes that had to be looked at again, and what they are now."""

    factual: Factual
    undone: Undone
    coupling: Coupling
    now: Mapping[NodeName, Int[np.ndarray, "draw world"]]
    """Each node that was looked at again, by the place of its value."""
    held: frozenset[NodeName] = frozenset()
    """Nodes that did again what they had done, wherever that was still possible."""

    def value(self, name: NodeName) -> Int[np.ndarray, "draw world"]:
        """What a node is in the counterfactual."""
        return self.now[name] if name in self.now else self.factual.worlds[name]

    def moves(self, name: NodeName) -> bool:
        """Say whether a node could come out otherwise."""
        factual, undone = self.factual.world, self.undone.world
        parents = undone.diagram.parents(name)
        return (
            undone.tables[name] is not factual.tables[name]
            or parents != factual.diagram.parents(name)
            or any(parent in self.now for parent in parents)
        )

    def row(self, name: NodeName) -> Float[np.ndarray, "draw world value"]:
        """A node's probabilities in its counterfactual context."""
        world = self.undone.world
        context = [self.value(parent) for parent in world.diagram.parents(name)]
        return rows_at(world.tables[name], context, self.factual.chances.n_worlds)

    def same_context(self, name: NodeName) -> bool | Float[np.ndarray, "draw world"]:
        """Say where a node is in the very context that it was in."""
        parents = self.undone.world.diagram.parents(name)
        if parents != self.factual.world.diagram.parents(name):
            return False
        worlds = self.factual.worlds
        changed = [self.now[p] == worlds[p] for p in parents if p in self.now]
        return np.logical_and.reduce(changed) if changed else True

    def prevented(self, name: NodeName, value: int) -> Float[np.ndarray, "draw world"]:
        """P(a node does not come out as it did), its own shocks averaged over exactly.

        Args:
            name: The outcome.
            value: The place of what it was, in all worlds.
        """
        if not self.moves(name):
            return np.zeros(self.factual.worlds[name].shape)
        after = self.row(name)
        if name in self.held:
            kept = np.where(after[..., value] > 0, 1.0, 0.0)
        else:
            kept = stays(self.factual.row(name), after, value)
        if name not in self.held and self.coupling is Coupling.INDEPENDENT:
            kept = np.where(self.same_context(name), kept, after[..., value])
        # Probabilities that sum to 1 but for rounding leave no false trace of an effect.
        lost = np.clip(np.where(kept > 1 - 1e-12, 0.0, 1.0 - kept), 0.0, 1.0)
        return np.broadcast_to(lost, self.factual.worlds[name].shape)

    def bounds(
        self, name: NodeName, value: int
    ) -> tuple[Float[np.ndarray, "draw world"], Float[np.ndarray, "draw world"]] | None:
        """Sharp bounds of the same, where the outcome is the only node that decides it anew.

        Returns:
            Least and most, or `None` where other nodes' shocks matter as well.
        """
        if not self.moves(name):
            nothing = np.zeros(self.factual.worlds[name].shape)
            return nothing, nothing
        if set(self.now) - {name} - self.undone.settled:
            return None
        least, most = sharp_bounds(self.factual.row(name), self.row(name), value)
        shape = self.factual.worlds[name].shape
        return np.broadcast_to(least, shape), np.broadcast_to(most, shape)


def replay(
    factual: Factual,
    undone: Undone,
    *,
    nodes: Collection[NodeName],
    coupling: Coupling = Coupling.SHARED,
    held: Collection[NodeName] = (),
) -> Replay:
    """Play what happened once more with some causes undone.

    Args:
        factual: What happened.
        undone: The world with some causes undone.
        nodes: The nodes to replay.
        coupling: Whether a node's shocks are the same in every context.
        held: Nodes that do again what they did, wherever that is still possible.
    """
    # Filled in order of time, so that each node finds its parents as they are now.
    now: dict[NodeName, np.ndarray] = {}
    played = Replay(factual, undone, coupling, now, frozenset(held))
    diagram = undone.world.diagram
    for name in diagram.order:
        if name not in nodes or not played.moves(name):
            continue
        row = played.row(name)
        if name in undone.settled and _is_certain(row):
            value = row.argmax(axis=-1)
        elif name in played.held:
            value = _held(factual, played, name, row)
        else:
            value = winner(_clocks(factual, played, name), row)
        # Where no number of the case enters, all draws share one row.
        now[name] = np.broadcast_to(value, factual.worlds[name].shape)
    return played


def needed_for(outcome: NodeName, *worlds: World) -> frozenset[NodeName]:
    """The nodes that can bear on an outcome in any of some worlds, and the outcome itself."""
    found = {outcome}
    for world in worlds:
        found |= nx.ancestors(world.diagram.graph, outcome)
    return frozenset(found)


def _held(
    factual: Factual, played: Replay, name: NodeName, row: Float[np.ndarray, "draw world value"]
) -> Int[np.ndarray, "draw world"]:
    was = factual.worlds[name]
    possible = np.take_along_axis(row, was[..., None], axis=-1)[..., 0] > 0
    return np.where(possible, was, winner(_clocks(factual, played, name), row))


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
        chances=factual.chances,
    )
    return np.where(same[..., None], own, fresh)


def _is_certain(row: np.ndarray) -> bool:
    return bool((row.max(axis=-1) == 1.0).all())
