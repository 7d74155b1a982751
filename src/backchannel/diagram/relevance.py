"""Relevance: whose rule needs whose, and in which order decisions can be solved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import networkx as nx

from backchannel.diagram.diagram import Diagram, interest_vertex
from backchannel.names import NodeName


@dataclass(frozen=True)
class Block:
    """Decisions that are solved together, in order of time."""

    decisions: tuple[NodeName, ...]
    is_joint: bool
    """They need each other, and are swept until they settle. Otherwise one pass from the last to
    the first is exact, because each needs only what is solved before it."""


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
    return tuple(_passes([tuple(sorted(block, key=rank.__getitem__)) for block in blocks], rank))


def _passes(
    blocks: Sequence[tuple[NodeName, ...]], rank: Mapping[NodeName, int]
) -> Iterator[Block]:
    """Put single decisions that follow each other back in time into one exact pass."""
    run: list[NodeName] = []
    for block in blocks:
        first = rank[block[0]]
        if run and (len(block) > 1 or first > rank[run[0]]):
            yield Block(tuple(run), is_joint=False)
            run = []
        if len(block) > 1:
            yield Block(block, is_joint=True)
        else:
            run = [*block, *run]
    if run:
        yield Block(tuple(run), is_joint=False)


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
