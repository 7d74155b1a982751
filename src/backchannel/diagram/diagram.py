"""The diagram: who decides what, seeing what, wanting what; a graph without numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import networkx as nx

from backchannel.diagram.nodes import Chance, Decision, Derived, Interest, Node
from backchannel.names import NodeName, PlayerName, Value


@dataclass(frozen=True)
class Diagram:
    """A multi-agent influence diagram; frozen, so that surgery makes a new one.

    Source: Koller & Milch (2003), multi-agent influence diagrams.
    """

    players: tuple[PlayerName, ...]
    nodes: tuple[Node, ...]
    """In the order in which the case lists them."""
    interests: tuple[Interest, ...]

    @cached_property
    def node(self) -> Mapping[NodeName, Node]:
        """Each node by its name."""
        return {node.name: node for node in self.nodes}

    @cached_property
    def domains(self) -> Mapping[NodeName, tuple[Value, ...]]:
        """What each node can be."""
        return {node.name: node.domain for node in self.nodes}

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """Decision nodes, in order of time."""
        found = (self.node[name] for name in self.order)
        return tuple(node for node in found if isinstance(node, Decision))

    def parents(self, name: NodeName) -> tuple[NodeName, ...]:
        """The nodes that a node's mechanism needs (what a decision sees), in order of time."""
        wanted = self.node[name].names
        return tuple(other for other in self.order if other in wanted)

    def scope(self, interest: Interest) -> tuple[NodeName, ...]:
        """The nodes that an interest depends on, in order of time."""
        return tuple(name for name in self.order if name in interest.worth.names)

    @cached_property
    def graph(self) -> nx.DiGraph:
        """Nodes and interests, with an edge from each parent; interests are `interest:NAME`."""
        graph = nx.DiGraph()
        graph.add_nodes_from(node.name for node in self.nodes)
        for node in self.nodes:
            graph.add_edges_from((n.name, node.name) for n in self.nodes if n.name in node.names)
        for interest in self.interests:
            graph.add_node(interest_vertex(interest))
            wanted = [n.name for n in self.nodes if n.name in interest.worth.names]
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
        """When each node comes about: its own date, else that of its latest parent, else the start.

        The start is `date.min`: before anything that a player does.
        """
        found: dict[NodeName, date] = {}
        causal = self.graph.subgraph(node.name for node in self.nodes)
        for name in nx.topological_sort(causal):
            latest = max((found[p] for p in causal.predecessors(name)), default=date.min)
            found[name] = self.node[name].date or latest
        return found

    @cached_property
    def parameters(self) -> frozenset[str]:
        """Every name in a mechanism or interest that is not a node."""
        named: set[str] = set()
        for node in self.nodes:
            if isinstance(node, Chance | Derived):
                named |= node.names
            elif node.scale is not None:
                named |= node.scale.names
        for interest in self.interests:
            named |= interest.worth.names
        return frozenset(named - set(self.node))

    def interests_of(self, player: PlayerName) -> tuple[Interest, ...]:
        """What one player wants."""
        return tuple(interest for interest in self.interests if interest.player == player)


def interest_vertex(interest: Interest) -> str:
    """Name the graph's vertex for an interest; no node can be called that."""
    return f"interest:{interest.name}"
