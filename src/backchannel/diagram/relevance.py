"""Relevance: which rules depend on each other, and the order in which decisions can be solved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from backchannel.diagram.diagram import Diagram, interest_vertex
from backchannel.diagram.nodes import Decision
from backchannel.language.names import NodeName


@dataclass(frozen=True)
class Block:
    """Decisions that are solved together, in order of time."""

    decisions: tuple[NodeName, ...]
    is_joint: bool
    """Whether they depend on each other, so that sweeps are repeated until they converge. Otherwise one
    pass from the last to the first is exact, because each needs only what is solved before it."""


def relevance_graph(diagram: Diagram) -> nx.DiGraph[str]:
    """Make the graph with an edge D → E if the best rule at D can depend on the rule at E.

    Source: Koller & Milch (2003), s-reachability. (They draw the edge the other way.)
    """
    graph = nx.DiGraph()
    names = [decision.name for decision in diagram.decisions]
    graph.add_nodes_from(names)
    for decision in diagram.decisions:
        relevant = relevant_nodes(diagram, decision.name)
        graph.add_edges_from(
            (decision.name, n) for n in names if n != decision.name and n in relevant
        )
    return graph


def solution_blocks(diagram: Diagram) -> tuple[Block, ...]:
    """Split the decisions into blocks, each needing only itself and earlier blocks.

    A single decision is solved exactly after the groups that it needs. A group of several that needs no
    other group is solved by itself. A group of several that needs others is solved together with all of
    them, because solving those first could leave the principal branch.

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
    """Join single decisions that follow each other, backwards in time, in one exact pass."""
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


def relevant_nodes(diagram: Diagram, decision: NodeName) -> frozenset[NodeName]:
    """Return the nodes whose mechanisms can matter to a decision, given what it sees and does.

    A node's mechanism matters if a dummy parent of the node is d-connected to an interest that the
    decision can still change. A Bayes-ball that starts at those interests passes to the parents of
    exactly these nodes, so one walk finds all of them.

    Source: Koller & Milch (2003) for the dummy parent; Shachter (1998), Bayes-ball, for the walk.
    """
    return _bayes_ball(diagram.graph, diagram, decision).upward & diagram.node.keys()


def useful_observations(
    diagram: Diagram, decision: NodeName, *, known: Collection[NodeName] = ()
) -> frozenset[NodeName]:
    """Return the nodes that a decision does not see but whose values, if seen, could matter to it.

    Args:
        diagram: The diagram.
        decision: A decision.
        known: Nodes whose values its player knows beside those that the decision sees.
    """
    ball = _bayes_ball(diagram.graph, diagram, decision, known=known)
    seen = {decision, *diagram.parents(decision), *known}
    return ((ball.upward | ball.downward) & diagram.node.keys()) - seen


def requisite_observations(
    graph: nx.DiGraph[str], diagram: Diagram, decision: NodeName
) -> frozenset[NodeName]:
    """Return what a decision sees and whose values can matter to it, given all else that it sees.

    Args:
        graph: The diagram's graph, or what is left of it after arrows were taken away.
        diagram: The diagram.
        decision: A decision.

    Source: Shachter (1998), requisite observations; Lauritzen & Nilsson (2001) for decisions.
    """
    ball = _bayes_ball(graph, diagram, decision)
    return ball.reached & frozenset(graph.predecessors(decision))


@dataclass(frozen=True)
class _BayesBall:
    """Where a Bayes-ball goes that starts at the interests at stake."""

    upward: frozenset[str]
    """Vertices from which it passes to their parents."""
    downward: frozenset[str]
    """Vertices from which it passes to their children."""
    reached: frozenset[str]
    """Vertices that it reaches, whether or not it passes on."""


def _bayes_ball(
    graph: nx.DiGraph[str],
    diagram: Diagram,
    decision: NodeName,
    *,
    known: Collection[NodeName] = (),
) -> _BayesBall:
    """Walk as a Bayes-ball from the interests that the decision can still change."""
    at_stake = _still_controlled(graph, diagram, decision)
    known = {decision, *graph.predecessors(decision), *known}
    upward: set[str] = set()
    downward: set[str] = set()
    reached: set[str] = set()
    waiting = [(vertex, True) for vertex in at_stake]
    while waiting:
        vertex, from_child = waiting.pop()
        reached.add(vertex)
        if from_child and vertex in known:
            continue
        if (from_child or vertex in known) and vertex not in upward:
            upward.add(vertex)
            waiting += [(parent, True) for parent in graph.predecessors(vertex)]
        if vertex not in known and vertex not in downward:
            downward.add(vertex)
            waiting += [(child, False) for child in graph.successors(vertex)]
    return _BayesBall(frozenset(upward), frozenset(downward), frozenset(reached))


def _still_controlled(
    graph: nx.DiGraph[str], diagram: Diagram, decision: NodeName
) -> frozenset[str]:
    """Return the vertices of the owner's interests that a decision can still change."""
    node = diagram.node[decision]
    assert isinstance(node, Decision)
    own = {interest_vertex(interest) for interest in diagram.interests_of(node.player)}
    return frozenset(own & nx.descendants(graph, decision))
