"""Public information: who sees what if everything is public, and what of it a decision needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision, Derived, Node
from backchannel.diagram.relevance import requisite_observations
from backchannel.language.names import NodeName, PlayerName


def see_what_is_public(
    diagram: Diagram,
    *,
    decisions: Collection[NodeName],
    hidden_from: Mapping[NodeName, Collection[PlayerName]],
) -> Diagram:
    """Let decisions see every earlier node that is not hidden from their player.

    A node is earlier if its day is before the day of the decision: what happens on the same day is
    not known yet. A derived node is seen by those who see all that it is derived from. A player
    also remembers what it did, and what an earlier decision of its own saw.

    Args:
        diagram: The diagram; what these decisions see in it is replaced.
        decisions: Decisions whose information is public.
        hidden_from: By node, the players who do not learn its value.
    """
    seen_at: dict[NodeName, tuple[NodeName, ...]] = {}
    dates = diagram.dates
    in_time = sorted(diagram.decisions, key=lambda decision: decision.date)
    for decision in in_time:
        if decision.name not in decisions:
            seen_at[decision.name] = decision.sees
            continue
        seen: set[NodeName] = set()
        for other in in_time:
            if other.player == decision.player and other.date < decision.date:
                seen |= {other.name, *seen_at[other.name]}
        for name in diagram.order:
            if dates[name] >= decision.date or decision.player in hidden_from.get(name, ()):
                continue
            node = diagram.node[name]
            if not isinstance(node, Derived) or set(diagram.parents(name)) <= seen:
                seen.add(name)
        seen_at[decision.name] = diagram.in_time(frozenset(seen))
    return _with_sees(diagram, seen_at)


def without_unneeded(
    diagram: Diagram, *, decisions: Collection[NodeName], may_come: Iterable[Diagram] = ()
) -> Diagram:
    """Drop what decisions see but cannot use, until nothing more can be dropped.

    What is dropped is independent of the interests at stake, given the rest that the decision sees
    and whatever rules the others play. So the worth of every action does not depend on the dropped value, and in each
    logit equilibrium, also on the principal branch, the rule is the same for all its values.

    Args:
        diagram: The diagram.
        decisions: Decisions that may see less; what their conditions name is kept.
        may_come: The same nodes with more arrows or interests, for which nothing needed may be dropped.

    Source: Lauritzen & Nilsson (2001), the minimal reduction of a LIMID; that it holds for logit
        play follows as said above.
    """
    graphs = [(world, world.graph.copy()) for world in (diagram, *may_come)]
    # What is left is the same in whatever order decisions lose arrows; from last to first there are fewest rounds.
    waiting = [d for d in reversed(diagram.decisions) if d.name in decisions]
    dropped: dict[NodeName, set[NodeName]] = {decision.name: set() for decision in waiting}
    changed = True
    while changed:
        changed = False
        for decision in waiting:
            seen = set(decision.sees) - dropped[decision.name]
            needed = {other for other in seen if decision.needs(other)}
            for world, graph in graphs:
                needed |= requisite_observations(graph, world, decision.name)
            for _, graph in graphs:
                graph.remove_edges_from((other, decision.name) for other in seen - needed)
            dropped[decision.name] |= seen - needed
            changed |= bool(seen - needed)
    return _see_less(diagram, dropped)


def with_unneeded(diagram: Diagram) -> Diagram:
    """Let every decision see again what was dropped because it was not needed."""
    nodes: list[Node] = []
    for node in diagram.nodes:
        if isinstance(node, Decision) and node.unneeded:
            known = diagram.in_time(frozenset({*node.sees, *node.unneeded}))
            node = replace(node, sees=known, unneeded=())
        nodes.append(node)
    return replace(diagram, nodes=tuple(nodes))


def _see_less(diagram: Diagram, dropped: Mapping[NodeName, Collection[NodeName]]) -> Diagram:
    nodes: list[Node] = []
    for node in diagram.nodes:
        if isinstance(node, Decision) and (less := dropped.get(node.name)):
            kept = tuple(other for other in node.sees if other not in less)
            unneeded = diagram.in_time(frozenset({*node.unneeded, *less}))
            node = replace(node, sees=kept, unneeded=unneeded)
        nodes.append(node)
    return replace(diagram, nodes=tuple(nodes))


def _with_sees(diagram: Diagram, seen_at: Mapping[NodeName, tuple[NodeName, ...]]) -> Diagram:
    nodes = [
        replace(node, sees=seen_at[node.name]) if isinstance(node, Decision) else node
        for node in diagram.nodes
    ]
    return replace(diagram, nodes=tuple(nodes))
