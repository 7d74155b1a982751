"""Beliefs and the record: what a player believes, and what was observed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias, TypeVar

from backchannel.diagram.nodes import Chance, Derived
from backchannel.diagram.reasoning import Reasoning
from backchannel.language.names import NodeName, ParameterName, PlayerName, Value

T = TypeVar("T")

Viewpoint: TypeAlias = tuple[PlayerName, ...]
"""Whose view of the case: `("blr",)` is Minsk's, `("blr", "usa")` is Washington's as Minsk sees it."""

Correction: TypeAlias = Literal["true_case", "actual"]
"""How a view of another player is corrected: the player knows the true case, or believes what it actually does."""


@dataclass(frozen=True)
class Unaware:
    """Actions and nodes that a player has not thought of, and what it overlooks."""

    actions: Mapping[NodeName, tuple[Value, ...]] = field(default_factory=dict)
    """Actions that nobody takes in the player's model, and that it never takes itself."""
    nodes: Mapping[NodeName, Value] = field(default_factory=dict)
    """Nodes that it takes as fixed, each at a stated value, and does not see."""
    sees: Mapping[NodeName, tuple[NodeName, ...]] = field(default_factory=dict)
    """By decision, nodes that could be seen but are overlooked."""

    def __bool__(self) -> bool:
        return bool(self.actions or self.nodes or self.sees)

    def within(self, other: Unaware) -> Unaware:
        """Join both: a player cannot imagine that others think of what it has not thought of."""
        return Unaware(
            _joined(other.actions, self.actions),
            {**self.nodes, **other.nodes},
            _joined(other.sees, self.sees),
        )


@dataclass(frozen=True)
class Belief:
    """What one player wrongly believes, as differences from the true case."""

    player: PlayerName
    parameters: Mapping[ParameterName, ParameterName] = field(default_factory=dict)
    """By wrong parameter, the parameter that the player uses instead."""
    nodes: Mapping[NodeName, Chance | Derived] = field(default_factory=dict)
    """Wrong mechanisms; for a decision, the chances that it gives to the actions, which may depend only
    on what the decision sees."""
    unaware: Unaware = field(default_factory=Unaware)
    about: tuple[Belief, ...] = ()
    """What it thinks that others believe, again as differences from the true case. In its model, all other
    players share its view and know who is wrong."""
    reasoning: Mapping[PlayerName, Reasoning] = field(default_factory=dict)
    """How it takes others to reason, where that differs from the true case."""


@dataclass(frozen=True)
class Observation:
    """One entry of the record."""

    node: NodeName
    value: Value
    date: date
    reliability: float = 1.0
    """Probability that the report is right; the rest is spread over the other values."""
    source: str = ""


def walk_beliefs(
    beliefs: Sequence[Belief], above: Viewpoint = ()
) -> Iterator[tuple[Viewpoint, Belief]]:
    """Yield every belief with its viewpoint, outer ones first.

    >>> nested = Belief("blr", about=(Belief("usa"),))
    >>> [view for view, _ in walk_beliefs([nested])]
    [('blr',), ('blr', 'usa')]
    """
    for belief in beliefs:
        here = (*above, belief.player)
        yield here, belief
        yield from walk_beliefs(belief.about, here)


def model_of(belief: Belief, alike: Mapping[ParameterName, ParameterName] | None = None) -> str:
    """Name the content of a belief, whoever holds it: equal names mean equal models.

    Args:
        belief: The belief.
        alike: By parameter, another one with the same numbers, which counts as the same.
    """
    same = alike or {}
    about = sorted((inner.player, model_of(inner, same)) for inner in belief.about)
    return repr(
        (
            sorted((name, same.get(own, own)) for name, own in belief.parameters.items()),
            sorted(belief.nodes.items(), key=lambda pair: pair[0]),
            sorted(belief.unaware.actions.items(), key=lambda pair: pair[0]),
            sorted(belief.unaware.nodes.items(), key=lambda pair: pair[0]),
            sorted(belief.unaware.sees.items(), key=lambda pair: pair[0]),
            sorted(belief.reasoning.items(), key=lambda pair: pair[0]),
            about,
        )
    )


def count_models(beliefs: Sequence[Belief]) -> int:
    """Count the belief models that must be solved, at every depth; equal models count once."""
    return len({model_of(belief) for _, belief in walk_beliefs(beliefs)})


def corrected(
    beliefs: Sequence[Belief],
    right: Sequence[PlayerName],
    about: Mapping[Viewpoint, Correction],
) -> tuple[Belief, ...]:
    """Correct beliefs about the case, and beliefs about what others believe.

    Args:
        beliefs: The beliefs before the correction.
        right: Players who know the true case afterwards.
        about: For a viewpoint such as `("blr", "usa")`, whether the player at its end is then thought
            to know the true case, or to believe what it actually believes.
    """
    actual = {belief.player: belief for belief in beliefs}
    updated = []
    for belief in beliefs:
        if belief.player not in right:
            inner: dict[Viewpoint, Correction] = {
                view[1:]: how for view, how in about.items() if view[0] == belief.player
            }
            updated.append(_corrected_about(belief, inner, actual))
    return tuple(updated)


def _corrected_about(
    belief: Belief, about: Mapping[Viewpoint, Correction], actual: Mapping[PlayerName, Belief]
) -> Belief:
    inner = {other.player: other for other in belief.about}
    for player in {view[0]: None for view in about}:
        below: dict[Viewpoint, Correction] = {
            view[1:]: how for view, how in about.items() if view[0] == player
        }
        # Without a belief about a player, it is taken to share the holder's own view.
        mine = replace(belief, player=player, about=())
        old = inner.get(player, mine)
        if () in below:
            new = Belief(player)
            if below.pop(()) == "actual":
                new = actual.get(player, new)
            old = with_unawareness(new, belief.unaware)
        inner[player] = _corrected_about(old, below, actual) if below else old
    return replace(belief, about=tuple(inner.values())) if about else belief


def with_unawareness(belief: Belief, unaware: Unaware) -> Belief:
    """Limit a belief to what somebody can imagine who is unaware of certain things."""
    if not unaware:
        return belief
    return replace(
        belief,
        unaware=belief.unaware.within(unaware),
        about=tuple(with_unawareness(inner, unaware) for inner in belief.about),
    )


def aware_of(
    beliefs: Sequence[Belief], sees_added: Mapping[NodeName, tuple[NodeName, ...]]
) -> tuple[Belief, ...]:
    """Update beliefs of players who have been shown what a decision sees: they no longer overlook it."""
    return tuple(
        replace(
            belief,
            unaware=replace(belief.unaware, sees=_without(belief.unaware.sees, sees_added)),
            about=aware_of(belief.about, sees_added),
        )
        for belief in beliefs
    )


def _without(
    overlooked: Mapping[NodeName, tuple[NodeName, ...]],
    shown: Mapping[NodeName, tuple[NodeName, ...]],
) -> dict[NodeName, tuple[NodeName, ...]]:
    left = {
        decision: tuple(name for name in names if name not in shown.get(decision, ()))
        for decision, names in overlooked.items()
    }
    return {decision: names for decision, names in left.items() if names}


def _joined(
    first: Mapping[NodeName, tuple[T, ...]], second: Mapping[NodeName, tuple[T, ...]]
) -> dict[NodeName, tuple[T, ...]]:
    return {
        name: tuple(dict.fromkeys((*first.get(name, ()), *second.get(name, ()))))
        for name in dict.fromkeys((*first, *second))
    }
