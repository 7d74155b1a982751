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
    and whatever rules the others play. So every action is worth the same whatever the dropped
    value is, and each logit equilibrium, the principal branch too, plays one rule for all its values.

    Args:
        diagram: The diagram.
        decisions: Decisions that may see less; what their conditions name is kept.
        may_come: The same nodes with more arrows or interests, for which nothing needed may be dropped.

    Source: Lauritzen & Nilsson (2001), the minimal reduction of a LIMID; that it holds for logit
        play follows as said above.
    """
    kept = {d.name: set(d.sees) for d in diagram.decisions if d.name in decisions}
    worlds = [diagram, *may_come]
    changed = True
    while changed:
        changed = False
        for name, seen in kept.items():
            decision = diagram.node[name]
            assert isinstance(decision, Decision)
            needed = {other for other in seen if decision.needs(other)}
            for world in worlds:
                needed |= requisite_observations(world, name)
            if seen - needed:
                kept[name] = seen & needed
                dropped = seen - needed
                worlds = [_see_less(world, name, dropped) for world in worlds]
                changed = True
    return worlds[0]


def with_unneeded(diagram: Diagram) -> Diagram:
    """Let every decision see again what was dropped because it was not needed."""
    nodes: list[Node] = []
    for node in diagram.nodes:
        if isinstance(node, Decision) and node.unneeded:
            known = diagram.in_time(frozenset({*node.sees, *node.unneeded}))
            node = replace(node, sees=known, unneeded=())
        nodes.append(node)
    return replace(diagram, nodes=tuple(nodes))


def _see_less(diagram: Diagram, name: NodeName, dropped: Collection[NodeName]) -> Diagram:
    decision = diagram.node[name]
    assert isinstance(decision, Decision)
    less = replace(
        decision,
        sees=tuple(other for other in decision.sees if other not in dropped),
        unneeded=diagram.in_time(frozenset({*decision.unneeded, *dropped})),
    )
    return replace(diagram, nodes=tuple(less if n.name == name else n for n in diagram.nodes))


def _with_sees(diagram: Diagram, seen_at: Mapping[NodeName, tuple[NodeName, ...]]) -> Diagram:
    nodes = [
        replace(node, sees=seen_at[node.name]) if isinstance(node, Decision) else node
        for node in diagram.nodes
    ]
    return replace(diagram, nodes=tuple(nodes))
