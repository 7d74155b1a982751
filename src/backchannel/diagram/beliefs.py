"""Belief models and the record: what a player takes to be so, and what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from backchannel.diagram.nodes import Chance, Derived
from backchannel.names import NodeName, ParameterName, PlayerName, Value


@dataclass(frozen=True)
class Belief:
    """The case as one player wrongly believes it to be, as differences from the true one."""

    player: PlayerName
    parameters: Mapping[ParameterName, ParameterName] = field(default_factory=dict)
    """For each parameter that the player gets wrong, the parameter it puts in its place."""
    nodes: Mapping[NodeName, Chance | Derived] = field(default_factory=dict)
    """Mechanisms it gets wrong; in a decision's place, the chances it gives to the actions,
    which may depend only on what the decision sees."""


@dataclass(frozen=True)
class Observation:
    """One entry of the record."""

    node: NodeName
    value: Value
    date: date
    reliability: float = 1.0
    """Probability that the node is as reported; the rest is spread over its other values."""
    source: str = ""
