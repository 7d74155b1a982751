"""Relevance: whose rule needs whose, and in which order decisions can be solved."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import networkx as nx

from backchannel.diagram.diagram import Diagram, interest_vertex
from backchannel.names import NodeName


@dataclass(frozen=True)
class Block:
    """Decisions that are solved together, in order of time."""

    decisions: tuple[NodeName, ...]

    @property
    def is_single(self) -> bool:
        """One decision that needs only what is already solved: a single exact step."""
        return len(self.decisions) == 1


def relevance_graph(diagram: Diagram) -> nx.DiGraph:
    """Draw an edge D → E when the best rule at D can depend on the rule at E.

    Source: Koller & Milch (2003), s-reachability. (They draw the edge the other way.)
    """
    graph = nx.DiGraph()
    names = [decision.name for decision in diagram.decisions]
    graph.add_nodes_from(names)
    graph.add_edges_from(
        (name, other)
        for name, other in permutations(names, 2)
        if _is_relevant(diagram, to=name, of=other)
    )
    return graph


def solution_blocks(diagram: Diagram) -> tuple[Block, ...]:
    """Split the decisions into blocks, each needing only itself and earlier blocks.

    A group of one is an exact step once the groups it needs are solved. A group of several that
    needs no other group is solved by itself. A group of several that needs others is solved
    together with all of them, because solving them first could leave the principal branch.

    Source: Koller & Milch (2003), generalised backward induction; the restriction is ours.
    """
    needs = relevance_graph(diagram)
    groups = nx.condensation(needs)
    rank = {decision.name: i for i, decision in enumerate(diagram.decisions)}
    blocks: list[frozenset[NodeName]] = []
    for group in reversed(list(nx.topological_sort(groups))):
        members = frozenset(groups.nodes[group]["members"])
        needed = nx.descendants(groups, group)
        if len(members) > 1 and needed:
            members = members.union(*(groups.nodes[other]["members"] for other in needed))
            blocks = [block for block in blocks if not block <= members]
        blocks.append(members)
    return tuple(Block(tuple(sorted(block, key=rank.__getitem__))) for block in blocks)


def _is_relevant(diagram: Diagram, *, to: NodeName, of: NodeName) -> bool:
    # A dummy parent of `of` that can move an interest `to` still controls, given what `to` sees
    # and does, shows that the rule at `of` matters to `to`.
    graph = diagram.graph
    below = nx.descendants(graph, to)
    player = diagram.node[to].player  # type: ignore[union-attr]
    at_stake = {interest_vertex(i) for i in diagram.interests_of(player)} & below
    if not at_stake:
        return False
    probe = graph.copy()
    probe.add_edge("probe:", of)
    known = {to, *diagram.parents(to)}
    return not nx.is_d_separator(probe, {"probe:"}, at_stake, known)
