"""The future part of a game: what lies ahead of a day, with the past summed up in one table.

What was decided before the day is decided; its rules stand. So everything that the past still
means for the future is the joint distribution of the past nodes that the future looks at, the
interface. It is worked out once, and the game that is solved again is much smaller. Past nodes that
the record has settled, and that every player who would care knows, have no axis in it: all tables are
cut at their values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import networkx as nx
from jaxtyping import Float, Int
from numpy import ndarray

from backchannel.diagram.deals import Joint
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision
from backchannel.equilibrium.frame import Frame
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.game import Game
from backchannel.tensors.plan import Scope
from backchannel.tensors.take_draws import take_draws


@dataclass(frozen=True)
class Future:
    """Which part of a diagram lies ahead of a day, and which decisions are promised there."""

    diagram: Diagram
    since: date
    promised: tuple[NodeName, ...]
    """Decisions that a deal fixes, in order of time; all of them lie ahead."""
    terms: tuple[tuple[PlayerName, Scope], ...]
    """Owner and scope of each part of the interests of the whole game, without the settled nodes."""
    joint: tuple[Joint, ...] = ()
    """Promised decisions that are taken at the same time, step by step; nobody sees what depends on one
    of them before all of them are taken."""
    settled: Mapping[NodeName, int] = field(default_factory=dict)
    """Past nodes that no table has an axis for, with the position of the value that all are cut at."""

    def parents(self, name: NodeName) -> Scope:
        """A node's parents without the settled ones, in order of time."""
        return tuple(p for p in self.diagram.parents(name) if p not in self.settled)

    @cached_property
    def order(self) -> tuple[NodeName, ...]:
        """All nodes in order of time, with the decisions of a joint step next to each other.

        What depends on one of them, and is not one of them, comes after all of them.
        """
        order = list(self.diagram.order)
        for joint in self.joint:
            first, last = order.index(joint.nodes[0]), order.index(joint.nodes[-1])
            span = order[first : last + 1]
            below = set().union(*(nx.descendants(self.diagram.graph, n) for n in joint.nodes))
            before = [n for n in span if n not in below and n not in joint.nodes]
            after = [n for n in span if n in below]
            order[first : last + 1] = [*before, *joint.nodes, *after]
        return tuple(order)

    @cached_property
    def nodes(self) -> tuple[NodeName, ...]:
        """What comes about on the day or later, in order of time."""
        dates = self.diagram.dates
        return tuple(name for name in self.order if dates[name] >= self.since)

    def step_of(self, name: NodeName) -> Scope:
        """The promised decisions that are taken at the same time as one of them, itself included."""
        return next((joint.nodes for joint in self.joint if name in joint.nodes), (name,))

    def ends_step(self, name: NodeName) -> bool:
        """Whether a node is the last promised decision of its step."""
        return name in self.promised and name == self.step_of(name)[-1]

    def is_in_escrow(self, name: NodeName) -> bool:
        """Whether a promised decision is in escrow."""
        return any(joint.in_escrow and name in joint.nodes for joint in self.joint)

    def axes_in_order(self, table: ndarray, scope: Scope) -> tuple[ndarray, Scope]:
        """Put the axes of a table into this order of time; axis 0 is the draw."""
        rank = {name: i for i, name in enumerate(self.order)}
        sorted_scope = tuple(sorted(scope, key=rank.__getitem__))
        if sorted_scope == scope:
            return table, scope
        return table.transpose(0, *(scope.index(n) + 1 for n in sorted_scope)), sorted_scope

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions ahead, in order of time."""
        ahead = (self.diagram.node[name] for name in self.nodes)
        return tuple(node for node in ahead if isinstance(node, Decision))

    @cached_property
    def terms_at(self) -> Mapping[NodeName, tuple[int, ...]]:
        """For each node ahead the parts of the interests of which it is the latest node.

        The decisions of a joint step count as one node, its last. Parts over past nodes alone are the
        same with and without a deal, and are left out.
        """
        terms: dict[NodeName, list[int]] = {name: [] for name in self.nodes}
        for i, (_, scope) in enumerate(self.terms):
            ahead = [name for name in self.nodes if name in scope]
            if ahead:
                terms[self.step_of(ahead[-1])[-1]].append(i)
        return {name: tuple(parts) for name, parts in terms.items()}

    @cached_property
    def interface(self) -> Scope:
        """Past nodes that something ahead depends on, in order of time."""
        wanted = {p for name in self.nodes for p in self.parents(name)}
        for parts in self.terms_at.values():
            wanted = wanted.union(*(self.terms[i][1] for i in parts))
        return tuple(n for n in self.diagram.order if n in wanted and n not in self.nodes)

    @cached_property
    def owners(self) -> tuple[PlayerName, ...]:
        """Players to whom something ahead matters, in the case's order."""
        owners = {self.terms[i][0] for parts in self.terms_at.values() for i in parts}
        return tuple(player for player in self.diagram.players if player in owners)

    @cached_property
    def frame(self) -> Frame:
        """What lies ahead, all decisions free; the past is summed up in the interface."""
        return self._frame(in_force=False)

    @cached_property
    def frame_in_force(self) -> Frame:
        """The same while the deal is kept: no table has an axis for a promised decision but its own."""
        return self._frame(in_force=True)

    def _frame(self, *, in_force: bool) -> Frame:
        promised = self.promised if in_force else ()

        def left(scope: Scope) -> Scope:
            return tuple(name for name in scope if name not in promised)

        domains, known = self.diagram.domains, {*self.interface, *self.nodes}
        return Frame(
            cards={name: len(domains[name]) for name in self.order if name in known},
            parents={
                **dict.fromkeys(self.interface, ()),
                **{name: left(self.parents(name)) for name in self.nodes},
            },
            owner={decision.name: decision.player for decision in self.decisions},
            terms=tuple((player, left(scope)) for player, scope in self.terms),
            interface=self.interface,
            promised=promised,
            joint=tuple(joint.nodes for joint in self.joint) if in_force else (),
        )

    def scope(self, name: NodeName) -> Scope:
        """A node's own table: its parents in order of time, without the settled ones, then the node."""
        return (*self.parents(name), name)

    def in_force(self, scope: Scope, *, own: Scope = ()) -> Scope:
        """What is left of a scope while the deal is kept: promised decisions are as promised.

        Args:
            scope: Nodes.
            own: Promised decisions that are being taken, and so are still open.
        """
        return tuple(name for name in scope if name not in self.promised or name in own)


@dataclass(frozen=True)
class View:
    """The future as one model of the case sees it, in numbers; axis 0 is the draw."""

    future: Future
    game: Game
    rules: Mapping[NodeName, Float[ndarray, "draw ..."]]
    """Everyone's rules without a deal: the disagreement play."""
    fixed: frozenset[NodeName]
    """Decisions ahead that this view takes for chance."""
    prior: Float[ndarray, "draw ..."]
    """Joint of the interface as the players' beliefs need it: zeros of the past lifted."""
    posterior: Float[ndarray, "draw ..."]
    """Joint of the interface given the record; sums to 1, or is nan where that is impossible."""

    def of(self, draws: Int[ndarray, " some"]) -> View:
        """The same view of some draws."""

        def cut(table: ndarray) -> ndarray:
            return table if len(table) == 1 else table[draws]

        return replace(
            self,
            game=take_draws(self.game, draws),
            rules={name: cut(rule) for name, rule in self.rules.items()},
            prior=self.prior[draws],
            posterior=self.posterior[draws],
        )
