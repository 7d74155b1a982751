"""The parts of a diagram: chance, decision and derived nodes, and interests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeAlias

from backchannel.language.expressions import Expression
from backchannel.language.names import NOT_APPLICABLE, NodeName, PlayerName, Value


@dataclass(frozen=True)
class Chance:
    """A node whose value nobody chooses."""

    name: NodeName
    domain: tuple[Value, ...]
    """Ordered values; the last is `n/a` if and only if there is a `when`."""
    weights: Mapping[Value, Expression]
    """For each value except n/a its probability given the parents, or its odds if `normalised`."""
    normalised: bool = False
    """Whether the weights are odds: non-negative numbers that are divided by their sum."""
    when: Expression | None = None
    date: date | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        """Nodes and parameters that the mechanism names."""
        expressions = [*self.weights.values(), *([self.when] if self.when else [])]
        return frozenset().union(*(expression.names for expression in expressions))


@dataclass(frozen=True)
class Decision:
    """A node whose value a player chooses, given what it sees."""

    name: NodeName
    domain: tuple[Value, ...]
    player: PlayerName
    date: date
    sees: tuple[NodeName, ...] = ()
    allowed: Mapping[Value, Expression] = field(default_factory=dict)
    """Actions that are only available if their condition on seen nodes holds."""
    when: Expression | None = None
    scale: Expression | None = None
    """Factor that converts worths discounted to the first round to worths at this decision's round: δ to a
    negative power; None without discounting."""
    unneeded: tuple[NodeName, ...] = ()
    """What the player knows as well, though it can make no difference to this decision."""

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(self.sees)

    def needs(self, name: NodeName) -> bool:
        """Say whether the conditions of the decision use a node."""
        conditions = [*self.allowed.values(), *([self.when] if self.when else [])]
        return any(name in condition.names for condition in conditions)


@dataclass(frozen=True)
class Derived:
    """A node whose value is a function of its parents."""

    name: NodeName
    domain: tuple[Value, ...]
    value: Expression
    when: Expression | None = None
    date: date | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        """Nodes and parameters that the mechanism names."""
        return self.value.names | (self.when.names if self.when else frozenset())


Node: TypeAlias = Chance | Decision | Derived


@dataclass(frozen=True)
class Interest:
    """What one player wants: a worth in the utility unit, as a function of some nodes."""

    name: str
    player: PlayerName
    worth: Expression


def actual_values(node: Node) -> tuple[Value, ...]:
    """Return the values of a node without n/a.

    >>> actual_values(Derived("x", ("yes", NOT_APPLICABLE), None))
    ('yes',)
    """
    return tuple(value for value in node.domain if value != NOT_APPLICABLE)
