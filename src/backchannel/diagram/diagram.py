"""The diagram: players, nodes and interests as a graph without numbers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import networkx as nx

from backchannel.diagram.nodes import Chance, Decision, Derived, Interest, Node
from backchannel.diagram.reasoning import Thinking
from backchannel.language.expressions import Expression, Tree, rename
from backchannel.language.names import NodeName, PlayerName, Value
from backchannel.language.terms import summands


@dataclass(frozen=True)
class Diagram:
    """A multi-agent influence diagram; it is frozen, so interventions make new ones.

    Source: Koller & Milch (2003), multi-agent influence diagrams.
    """

    players: tuple[PlayerName, ...]
    nodes: tuple[Node, ...]
    """In the order of the case file."""
    interests: tuple[Interest, ...]
    thinking: Thinking = field(default_factory=Thinking)
    """Who does not reason at equilibrium, and how precision depends on the choice."""

    @cached_property
    def node(self) -> Mapping[NodeName, Node]:
        """Each node by its name."""
        return {node.name: node for node in self.nodes}

    @cached_property
    def domains(self) -> Mapping[NodeName, tuple[Value, ...]]:
        """The values of each node."""
        return {node.name: node.domain for node in self.nodes}

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """Decision nodes, in order of time."""
        in_order = (self.node[name] for name in self.order)
        return tuple(node for node in in_order if isinstance(node, Decision))

    def parents(self, name: NodeName) -> tuple[NodeName, ...]:
        """Return the nodes that a node's mechanism uses, or that a decision sees, in order of time."""
        return self._parents[name]

    def scope(self, interest: Interest) -> tuple[NodeName, ...]:
        """Return the nodes that an interest depends on, in order of time."""
        return self.in_time(interest.worth.names)

    def terms(self, interest: Interest) -> list[Expression]:
        """Split an interest into a sum of terms, each over as few nodes as possible."""
        if interest.name not in self._terms:
            terms_now = summands(interest.worth, nodes=frozenset(self.node))
            self._terms[interest.name] = (interest, terms_now)
        known, terms = self._terms[interest.name]
        return terms if known is interest else summands(interest.worth, nodes=frozenset(self.node))

    @cached_property
    def _terms(self) -> dict[str, tuple[Interest, list[Expression]]]:
        return {}

    @cached_property
    def rank(self) -> Mapping[NodeName, int]:
        """Each node's position in time."""
        return {name: i for i, name in enumerate(self.order)}

    @cached_property
    def _parents(self) -> Mapping[NodeName, tuple[NodeName, ...]]:
        return {node.name: self.in_time(node.names) for node in self.nodes}

    def in_time(self, names: frozenset[str]) -> tuple[NodeName, ...]:
        """Return those names that are nodes, in order of time."""
        return tuple(sorted(filter(self.rank.__contains__, names), key=self.rank.__getitem__))

    @cached_property
    def graph(self) -> nx.DiGraph[str]:
        """Nodes and interests, with an edge from each parent; interests are `interest:NAME`."""
        graph = nx.DiGraph()
        known = self.node.keys()
        graph.add_nodes_from(node.name for node in self.nodes)
        for node in self.nodes:
            graph.add_edges_from(
                (name, node.name) for name in sorted(filter(known.__contains__, node.names))
            )
        for interest in self.interests:
            graph.add_node(interest_vertex(interest))
            wanted = sorted(filter(known.__contains__, interest.worth.names))
            graph.add_edges_from((name, interest_vertex(interest)) for name in wanted)
        return graph

    @cached_property
    def order(self) -> tuple[NodeName, ...]:
        """Nodes in order of time: parents first, then by date, then as the case lists them.

        This is also the order of the axes of every table.
        """
        dates = self.dates
        rank = {node.name: i for i, node in enumerate(self.nodes)}
        causal = self.graph.subgraph(rank)
        return tuple(nx.lexicographical_topological_sort(causal, key=lambda n: (dates[n], rank[n])))

    @cached_property
    def dates(self) -> Mapping[NodeName, date]:
        """The date of each node: its own, otherwise that of its latest parent, otherwise the start.
        The start is `date.min`, which is before any decision.
        """
        dates: dict[NodeName, date] = {}
        causal = self.graph.subgraph(node.name for node in self.nodes)
        for name in nx.topological_sort(causal):
            latest = max((dates[p] for p in causal.predecessors(name)), default=date.min)
            dates[name] = self.node[name].date or latest
        return dates

    @cached_property
    def likeness(self) -> Mapping[NodeName, NodeName]:
        """By node, the first node with the same table; tables of rounds are equal."""
        first: dict[Hashable, NodeName] = {}
        return {name: first.setdefault(_mechanism_key(self, name), name) for name in self.order}

    @cached_property
    def parameters(self) -> frozenset[str]:
        """All names in mechanisms, interests and ways of reasoning that are not nodes."""
        named = set(self.thinking.names)
        for node in self.nodes:
            if isinstance(node, Chance | Derived):
                named |= node.names
            elif node.scale is not None:
                named |= node.scale.names
        for interest in self.interests:
            named |= interest.worth.names
        return frozenset(named - set(self.node))

    def interests_of(self, player: PlayerName) -> tuple[Interest, ...]:
        """Return the interests of one player."""
        return tuple(interest for interest in self.interests if interest.player == player)


def _mechanism_key(diagram: Diagram, name: NodeName) -> Hashable:
    """Return all that a node's table depends on; parents are named by their position."""
    node = diagram.node[name]
    parents = diagram.parents(name)
    place = {parent: f"parent:{i}" for i, parent in enumerate(parents)}

    def plain(expression: Expression | None) -> Tree | None:
        return None if expression is None else rename(expression, place).tree

    domains = tuple((diagram.domains[p], plain(diagram.node[p].when)) for p in parents)
    own = (type(node), node.domain, plain(node.when), domains)
    if isinstance(node, Chance):
        return (*own, node.normalised, tuple((v, plain(w)) for v, w in node.weights.items()))
    if isinstance(node, Derived):
        return (*own, plain(node.value))
    return (*own, tuple((action, plain(w)) for action, w in node.allowed.items()))


def interest_vertex(interest: Interest) -> str:
    """Name the vertex of an interest in the graph; no node can have this name."""
    return f"interest:{interest.name}"
