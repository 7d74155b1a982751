"""Interventions: changes to a diagram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias

from backchannel.diagram.beliefs import Correction, Viewpoint
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived
from backchannel.language.names import NodeName, ParameterName, PlayerName, Value

Announcement: TypeAlias = date | Literal["when it happens", "start", "never"]


@dataclass(frozen=True)
class ReasoningChange:
    """How somebody would have reasoned."""

    level: float | None = None
    """The type that it would have had: a level, or `EQUILIBRIUM`."""
    further: int = 0
    """Without a type: by how many levels it would have thought further than it does."""


@dataclass(frozen=True)
class Intervention:
    """A change to the case, and who learns of it when."""

    name: str = ""
    do: Mapping[NodeName, Value] = field(default_factory=dict)
    """Nodes that are set, with their values."""
    mechanisms: Mapping[NodeName, Chance | Derived] = field(default_factory=dict)
    """New mechanisms of chance and derived nodes, over the same parents or fewer."""
    parameters: Mapping[ParameterName, ParameterName | float] = field(default_factory=dict)
    """Parameters that are replaced with a number or another parameter."""
    remove: Mapping[NodeName, tuple[Value, ...]] = field(default_factory=dict)
    """By decision, actions that are removed."""
    sees_added: Mapping[NodeName, tuple[NodeName, ...]] = field(default_factory=dict)
    sees_removed: Mapping[NodeName, tuple[NodeName, ...]] = field(default_factory=dict)
    corrects: tuple[PlayerName, ...] = ()
    """Players who learn the true case."""
    corrects_about: Mapping[Viewpoint, Correction] = field(default_factory=dict)
    """Corrected beliefs about others: `("blr", "usa")` is what Minsk thinks that Washington believes."""
    reasoning: Mapping[PlayerName, ReasoningChange] = field(default_factory=dict)
    """Players who reason in another way."""
    announced: Announcement = "when it happens"
    """When the told players learn of it and replan."""
    told: tuple[PlayerName, ...] | None = None
    """Who learns of it; `None` is everyone."""


def with_sees(diagram: Diagram, intervention: Intervention) -> Diagram:
    """Apply the changes of an intervention to what decisions see."""
    nodes = []
    for node in diagram.nodes:
        if isinstance(node, Decision):
            dropped = set(intervention.sees_removed.get(node.name, ()))
            added = intervention.sees_added.get(node.name, ())
            sees = [name for name in node.sees if name not in dropped]
            sees += [name for name in added if name not in sees]
            node = replace(node, sees=tuple(sees))
        nodes.append(node)
    return replace(diagram, nodes=tuple(nodes))


def with_node(diagram: Diagram, node: Chance | Derived) -> Diagram:
    """Put another mechanism in a node's place."""
    nodes = tuple(node if other.name == node.name else other for other in diagram.nodes)
    return replace(diagram, nodes=nodes)


def first_change(diagram: Diagram, intervention: Intervention) -> date:
    """The date of the earliest thing that an intervention changes."""
    if intervention.parameters or intervention.reasoning:
        return date.min
    if intervention.corrects or intervention.corrects_about:
        return date.min
    nodes = {
        *intervention.do,
        *intervention.mechanisms,
        *intervention.remove,
        *intervention.sees_added,
        *intervention.sees_removed,
    }
    return min((diagram.dates[name] for name in nodes), default=date.max)
