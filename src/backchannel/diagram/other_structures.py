"""Other structures: a case with an intervention, without an interest, or with two decisions in each other's place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import networkx as nx

from backchannel.diagram.beliefs import Belief, aware_of, corrected
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived
from backchannel.diagram.public import with_unneeded, without_unneeded
from backchannel.diagram.surgery import Intervention, with_sees
from backchannel.language.errors import CommandError
from backchannel.language.expressions import Expression, constant
from backchannel.language.names import NodeName, ParameterName, Value, split_round


@dataclass(frozen=True)
class Structure:
    """A structure: a graph, who errs about it, and numbers that are replaced."""

    diagram: Diagram
    beliefs: tuple[Belief, ...]
    parameters: Mapping[ParameterName, ParameterName | float] = field(default_factory=dict)


def changed(change: Intervention, diagram: Diagram, beliefs: Sequence[Belief]) -> Structure:
    """Make the changes of an intervention part of the structure: everybody has always known of them.

    Raises:
        CommandError: A decision's conditions use what it no longer sees.
    """
    for name, dropped in change.sees_removed.items():
        check_conditions(diagram, name, dropped)
    public = {decision.name for decision in diagram.decisions if decision.unneeded}
    if public and (change.sees_removed or change.sees_added):
        # What could not matter may matter now.
        diagram = with_unneeded(diagram)
    nodes = [_changed_node(node, change) for node in with_sees(diagram, change).nodes]
    right = corrected(beliefs, change.corrects, change.corrects_about)
    structure = replace(diagram, nodes=tuple(nodes))
    if not nx.is_directed_acyclic_graph(structure.graph):
        raise CommandError("it would make a circle: what it sees would depend on it.")
    structure = without_unneeded(structure, decisions=public)
    return Structure(structure, aware_of(right, change.sees_added), dict(change.parameters))


def _changed_node(
    node: Chance | Decision | Derived, change: Intervention
) -> Chance | Decision | Derived:
    if node.name in change.mechanisms:
        return change.mechanisms[node.name]
    removed = set(change.remove.get(node.name, ()))
    value = change.do.get(node.name)
    if isinstance(node, Decision):
        if value is not None:
            removed |= {action for action in node.domain if action != value}
        never = {action: constant(0.0) for action in removed}
        return replace(node, allowed={**node.allowed, **never}) if removed else node
    if value is None:
        return node
    return Chance(node.name, node.domain, _certainly(node, value), when=node.when, date=node.date)


def _certainly(node: Chance | Derived, value: Value) -> dict[Value, Expression]:
    values = [other for other in node.domain if node.when is None or other != node.domain[-1]]
    return {other: constant(1.0 if other == value else 0.0) for other in values}


def without_interests(diagram: Diagram, names: Sequence[str]) -> Diagram:
    """Drop interests; a name without a round means those of all rounds.

    Raises:
        CommandError: Nobody would want anything.
    """
    left = tuple(
        interest
        for interest in diagram.interests
        if not {interest.name, split_round(interest.name)[0]} & set(names)
    )
    if not left:
        raise CommandError("no interest would be left.")
    return replace(diagram, interests=left)


def exchanged(diagram: Diagram, first: NodeName, second: NodeName) -> Diagram:
    """Let the later of two decisions come first: the other then sees it, and it sees only what was there before.

    Args:
        diagram: The case.
        first: The decision that comes later in the case.
        second: The one that comes earlier.

    Raises:
        CommandError: What lies between the two depends on the earlier one.
    """
    public = {decision.name for decision in diagram.decisions if decision.unneeded}
    diagram = with_unneeded(diagram)
    late, early = diagram.node[first], diagram.node[second]
    if not isinstance(late, Decision) or not isinstance(early, Decision):
        raise CommandError("only decisions can change places.")
    follows = nx.descendants(diagram.graph, second)
    dates = diagram.dates
    between = [
        n for n in follows if n in diagram.node and n != first and early.date < dates[n] < late.date
    ]
    if between:
        raise CommandError(
            f"{diagram.in_time(frozenset(between))[0]} comes between the two and depends on {second}."
        )
    sees = tuple(
        name
        for name in late.sees
        if name != second and name not in follows and dates[name] <= early.date
    )
    check_conditions(diagram, first, [name for name in late.sees if name not in sees])
    moved = {
        first: replace(late, date=early.date, sees=sees),
        second: replace(early, date=late.date, sees=(*early.sees, first)),
    }
    swapped = replace(diagram, nodes=tuple(moved.get(node.name, node) for node in diagram.nodes))
    if not nx.is_directed_acyclic_graph(swapped.graph):
        raise CommandError(f"{first} depends on {second} by more than seeing it.")
    return without_unneeded(swapped, decisions=public)


def check_conditions(diagram: Diagram, name: NodeName, unseen: Sequence[NodeName]) -> None:
    """Check that a decision can be made without seeing some nodes.

    Raises:
        CommandError: Whether it is open, or what can be done there, depends on one of them.
    """
    decision = diagram.node[name]
    assert isinstance(decision, Decision)
    needed = [other for other in unseen if decision.needs(other)]
    if needed:
        raise CommandError(
            f"Whether {name} is open, or what can be done there, depends on {needed[0]}."
        )
