"""Counterfactuals given the whole record: what would have happened in a changed world, and to what extent.

In every draw, worlds are drawn given the record, with the shocks behind every node. Each is replayed in the
changed world with the same shocks (or with independent shocks in every new context, the other extreme of what
no record can show). The last node of every number is averaged out exactly over its own shocks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

import numpy as np
from jaxtyping import Float

from backchannel.diagram.nodes import Derived
from backchannel.ensemble.change import ChangedWorld
from backchannel.ensemble.ensemble import Ensemble
from backchannel.language.names import NodeName
from backchannel.questions.counterfactuals.paired_mean import PairedMean, PerWorld
from backchannel.questions.counterfactuals.recorded_worlds import (
    WorldsPart,
    narrow,
    recorded_worlds,
)
from backchannel.questions.forecast.ask import node_chances
from backchannel.questions.why.replay import Coupling, Factual, Replay, needed_for, replay
from backchannel.questions.why.undo import UndoneWorld, same_or_new
from backchannel.questions.why.worlds import rows_at
from backchannel.tensors.inference import World

NumberTerm = tuple[tuple[NodeName, ...], np.ndarray]
"""A part of a number: the nodes that it depends on, and its table (axes: draw or 1, the nodes)."""

BothCouplings = Mapping[Coupling, Float[np.ndarray, "draw ..."]]
"""A number in every draw under both couplings; nan where the record is impossible."""


def is_past(ensemble: Ensemble, changed: ChangedWorld) -> bool:
    """Whether a change comes before the end of the record, so that a question about it is counterfactual."""
    return len(changed.record) < len(ensemble.record)


@dataclass
class _KeptReplays:
    """The replays of one changed world so far."""

    nodes: frozenset[NodeName] = frozenset()
    """The nodes that they hold."""
    replays: Mapping[Coupling, Sequence[tuple[WorldsPart, Replay]]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


@dataclass(frozen=True)
class Counterfactual:
    """A changed world given the whole record."""

    ensemble: Ensemble
    world: World
    """The changed world, in all draws."""
    _kept: _KeptReplays = field(default_factory=_KeptReplays, compare=False, repr=False)

    def chances(self, node: NodeName) -> BothCouplings:
        """P(node in the changed world | record), in every draw."""
        exact = node_chances(self.ensemble.world, node, self.ensemble.evidence)
        means = self._means(
            [node],
            lambda _, played: played.chances(node),
            lambda part: _certain(part, node, exact.shape[1]),
            exact=exact,
        )
        limited = {c: np.clip(table, 0.0, 1.0) for c, table in means.items()}
        return {c: table / table.sum(axis=1, keepdims=True) for c, table in limited.items()}

    def mean(
        self,
        changed: Sequence[NumberTerm],
        actual: Sequence[NumberTerm] | None = None,
        *,
        exact: Float[np.ndarray, " draw"],
    ) -> BothCouplings:
        """The mean of a number in the changed world given the record, in every draw.

        Args:
            changed: The number in the changed world, as a sum.
            actual: The number in the world as it is; the same, if left out.
            exact: The mean of `actual` given the record.
        """
        means = self._means(
            _nodes_of(changed),
            lambda part, played: self._changed(part, played, changed)[..., None],
            lambda part: self._actual(part, actual or changed)[..., None],
            exact=exact[:, None],
        )
        return {coupling: table[:, 0] for coupling, table in means.items()}

    def ratio(self, top: Sequence[NumberTerm], bottom: Sequence[NumberTerm]) -> BothCouplings:
        """The ratio of two means in the changed world; nan where the second is 0."""
        zeros = np.full((self.ensemble.n_draws, 2), np.nan)
        ratios = {}
        for coupling in Coupling:
            both = zeros.copy()
            for part, played in self._replays(coupling, _nodes_of([*top, *bottom])):
                for k, terms in enumerate((top, bottom)):
                    both[part.draws, k] = self._changed(part, played, terms).mean(axis=1)
            with np.errstate(invalid="ignore", divide="ignore"):
                ratios[coupling] = np.where(both[:, 1] > 0, both[:, 0] / both[:, 1], np.nan)
        return ratios

    def _means(
        self,
        nodes: Sequence[NodeName],
        changed: Callable[[WorldsPart, Replay], PerWorld],
        actual: Callable[[WorldsPart], PerWorld],
        *,
        exact: Float[np.ndarray, "draw number"],
    ) -> dict[Coupling, Float[np.ndarray, "draw number"]]:
        means = {}
        known: list[PerWorld] = []  # The number in the actual worlds, which both couplings share.
        for coupling in Coupling:
            paired = PairedMean(*exact.shape)
            for i, (part, played) in enumerate(self._replays(coupling, nodes)):
                if i == len(known):
                    known.append(actual(part))
                paired.add(part.draws, changed(part, played), known[i])
            means[coupling] = paired.means(exact, self.ensemble.weights)
        return means

    def _replays(
        self, coupling: Coupling, nodes: Sequence[NodeName]
    ) -> Sequence[tuple[WorldsPart, Replay]]:
        needed = needed_for(nodes, self.ensemble.world, self.world)
        with self._kept.lock:  # A run asks claims and what-ifs at the same time.
            if not needed <= self._kept.nodes:
                self._kept.nodes |= needed
                # Whoever still reads the earlier replays keeps them.
                self._kept.replays = self._replay(self._kept.nodes)
            return self._kept.replays[coupling]

    def _replay(
        self, nodes: frozenset[NodeName]
    ) -> Mapping[Coupling, Sequence[tuple[WorldsPart, Replay]]]:
        ensemble = self.ensemble
        own = ensemble.world.tables
        tables = {name: same_or_new(own[name], table) for name, table in self.world.tables.items()}
        derived = frozenset(n.name for n in self.world.diagram.nodes if isinstance(n, Derived))
        replays: dict[Coupling, list[tuple[WorldsPart, Replay]]] = {c: [] for c in Coupling}
        for part in recorded_worlds(ensemble):
            some = {
                name: part.world.tables[name]
                if table is own[name]
                else narrow(table, ensemble.n_draws, part.draws)
                for name, table in tables.items()
            }
            world = World(self.world.diagram, len(part.draws), some)
            undone = UndoneWorld(world, np.ones(len(part.draws), dtype=bool), derived)
            factual = Factual(part.world, part.worlds, part.random)
            for coupling in Coupling:
                played = replay(factual, undone, nodes=nodes, coupling=coupling)
                replays[coupling].append((part, played))
            # Shocks take more memory than values, and are the same when they are drawn again.
            factual.forget_clocks()
        return replays

    def _changed(
        self, part: WorldsPart, played: Replay, terms: Sequence[NumberTerm]
    ) -> Float[np.ndarray, "draw world"]:
        return self._total(part, terms, played.value, played.chances)

    def _actual(
        self, part: WorldsPart, terms: Sequence[NumberTerm]
    ) -> Float[np.ndarray, "draw world"]:
        total = np.zeros((len(part.draws), part.random.n_worlds))
        for scope, full in terms:
            table = narrow(full, self.ensemble.n_draws, part.draws)
            values = [part.worlds[name] for name in scope]
            total += rows_at(table[..., None], values, part.random.n_worlds)[..., 0]
        return total

    def _total(
        self,
        part: WorldsPart,
        terms: Sequence[NumberTerm],
        value: Callable[[NodeName], np.ndarray],
        chances: Callable[[NodeName], np.ndarray],
    ) -> Float[np.ndarray, "draw world"]:
        total = np.zeros((len(part.draws), part.random.n_worlds))
        likely: dict[NodeName, np.ndarray] = {}  # Many terms end in the same node.
        for scope, full in terms:
            table = narrow(full, self.ensemble.n_draws, part.draws)
            if not scope:
                total += table[:, None]
                continue
            if scope[-1] not in likely:
                likely[scope[-1]] = chances(scope[-1])
            rows = rows_at(table, [value(name) for name in scope[:-1]], part.random.n_worlds)
            total += np.einsum("dwv,dwv->dw", rows, likely[scope[-1]])
        return total


def _nodes_of(terms: Sequence[NumberTerm]) -> list[NodeName]:
    return [name for scope, _ in terms for name in scope]


def _certain(part: WorldsPart, name: NodeName, size: int) -> Float[np.ndarray, "draw world value"]:
    """A node's actual value as probabilities."""
    return (part.worlds[name][..., None] == np.arange(size)) * 1.0


def counterfactual(ensemble: Ensemble, world: World) -> Counterfactual:
    """A changed world given the whole record; the last one asked for is kept, with its replays."""
    kept = ensemble.samples.get("counterfactual")
    if kept is None or kept.world is not world:
        kept = Counterfactual(ensemble, world)
        ensemble.samples["counterfactual"] = kept
    return kept


def with_rule(world: World, decision: NodeName, rule: np.ndarray) -> World:
    """The same world, in which a decision follows another rule and nobody else learns of it."""
    return replace(world, tables={**world.tables, decision: rule}, memo={})
