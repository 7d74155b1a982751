"""Reasoning: how players think about the others, as the case says it; no numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from backchannel.diagram.nodes import Chance
from backchannel.language.names import NodeName, ParameterName, PlayerName

Covariate: TypeAlias = Literal["actions", "contexts", "range"]
"""What makes a choice complex: see `Thinking.complexity`."""
COVARIATES: tuple[Covariate, ...] = ("actions", "contexts", "range")


@dataclass(frozen=True)
class Reasoning:
    """How one player thinks about the others."""

    level: ParameterName
    """The number that is its type in each draw: a level, or `EQUILIBRIUM`."""
    most: int
    """Its highest level."""
    mean: ParameterName = ""
    """In a cognitive hierarchy, the number that is the mean level; empty for level-k thinking."""

    @property
    def names(self) -> frozenset[ParameterName]:
        """The numbers that it uses."""
        return frozenset({self.level, self.mean} - {""})


@dataclass(frozen=True)
class Thinking:
    """How everyone reasons, where somebody does not reason at equilibrium."""

    of_player: Mapping[PlayerName, Reasoning] = field(default_factory=dict)
    """Players who are missing are at equilibrium."""
    level_0: Mapping[NodeName, Chance] = field(default_factory=dict)
    """The rule of level 0 at a decision, given what it sees; at other decisions all available actions are equally
    probable."""
    complexity: Mapping[PlayerName, Mapping[Covariate, ParameterName]] = field(default_factory=dict)
    """How a player's precision depends on the choice: by covariate the number that multiplies it. The
    precision at a decision is the player's precision times exp(Σ number · covariate). Covariates are
    logarithms: of half the number of actions, of the number of contexts, and of the payoff range."""

    @property
    def names(self) -> frozenset[str]:
        """The nodes and numbers that it names."""
        named: set[str] = set()
        for reasoning in self.of_player.values():
            named |= reasoning.names
        for node in self.level_0.values():
            named |= node.names
        for numbers in self.complexity.values():
            named |= set(numbers.values())
        return frozenset(named)


def type_node(player: PlayerName) -> NodeName:
    """Name the hidden node of a player's level; no node of a case can have this name."""
    return f"level of {player}"
