"""Belief models and the record: what a player takes to be so, and what was seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias

from backchannel.diagram.nodes import Chance, Derived
from backchannel.language.names import NodeName, ParameterName, PlayerName, Value

Viewpoint: TypeAlias = tuple[PlayerName, ...]
"""Whose idea of the case: `("blr",)` is Minsk's, `("blr", "usa")` what Minsk thinks is Washington's."""

Correction: TypeAlias = Literal["true_case", "actual"]
"""What somebody's idea of a player is corrected to: that it holds the true case, or what it holds."""


@dataclass(frozen=True)
class Unaware:
    """What a player has not thought of, or overlooks."""

    actions: Mapping[NodeName, tuple[Value, ...]] = field(default_factory=dict)
    """Actions that nobody takes in its model, and that it never takes itself."""
    nodes: Mapping[NodeName, Value] = field(default_factory=dict)
    """Nodes that it takes for settled, each at a stated value, and does not see."""
    sees: Mapping[NodeName, tuple[NodeName, ...]] = field(default_factory=dict)
    """For a decision, what is there to be seen and is overlooked."""

    def __bool__(self) -> bool:
        return bool(self.actions or self.nodes or self.sees)

    def within(self, other: Unaware) -> Unaware:
        """All that one of the two has not thought of: nobody thinks that others think of it."""
        return Unaware(
            _joined(other.actions, self.actions),
            {**self.nodes, **other.nodes},
            _joined(other.sees, self.sees),
        )


@dataclass(frozen=True)
class Belief:
    """The case as one player wrongly believes it to be, as differences from the true one."""

    player: PlayerName
    parameters: Mapping[ParameterName, ParameterName] = field(default_factory=dict)
    """For each parameter that the player gets wrong, the parameter it puts in its place."""
    nodes: Mapping[NodeName, Chance | Derived] = field(default_factory=dict)
    """Mechanisms it gets wrong; in a decision's place, the chances it gives to the actions,
    which may depend only on what the decision sees."""
    unaware: Unaware = field(default_factory=Unaware)
    about: tuple[Belief, ...] = ()
    """What it believes that others believe, again as differences from the true case. Everyone
    else shares its model, and knows in it who errs."""


@dataclass(frozen=True)
class Observation:
    """One entry of the record."""

    node: NodeName
    value: Value
    date: date
    reliability: float = 1.0
    """Probability that the node is as reported; the rest is spread over its other values."""
    source: str = ""


def walk_beliefs(
    beliefs: Sequence[Belief], above: Viewpoint = ()
) -> Iterator[tuple[Viewpoint, Belief]]:
    """Every belief with whose idea it is, outermost first.

    >>> nested = Belief("blr", about=(Belief("usa"),))
    >>> [view for view, _ in walk_beliefs([nested])]
    [('blr',), ('blr', 'usa')]
    """
    for belief in beliefs:
        here = (*above, belief.player)
        yield here, belief
        yield from walk_beliefs(belief.about, here)


def model_of(belief: Belief, alike: Mapping[ParameterName, ParameterName] | None = None) -> str:
    """Name what a belief says, whoever holds it: equal names, equal models.

    Args:
        belief: What is believed.
        alike: For a parameter another with the same numbers, which then counts as the same.
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
            about,
        )
    )


def count_models(beliefs: Sequence[Belief]) -> int:
    """How many belief models must be solved, at every depth, those with one name once."""
    return len({model_of(belief) for _, belief in walk_beliefs(beliefs)})


def corrected(
    beliefs: Sequence[Belief],
    right: Sequence[PlayerName],
    about: Mapping[Viewpoint, Correction],
) -> tuple[Belief, ...]:
    """Correct beliefs: players who then hold the true case, and ideas of what others hold.

    Args:
        beliefs: Who errs about what.
        right: Players who hold the true case from now on.
        about: For an idea such as `("blr", "usa")`, whether the player at its end is then thought
            to hold the true case or what it really holds.
    """
    actual = {belief.player: belief for belief in beliefs}
    found = []
    for belief in beliefs:
        if belief.player not in right:
            inner: dict[Viewpoint, Correction] = {
                view[1:]: how for view, how in about.items() if view[0] == belief.player
            }
            found.append(_corrected_about(belief, inner, actual))
    return tuple(found)


def _corrected_about(
    belief: Belief, about: Mapping[Viewpoint, Correction], actual: Mapping[PlayerName, Belief]
) -> Belief:
    inner = {other.player: other for other in belief.about}
    for player in {view[0]: None for view in about}:
        below: dict[Viewpoint, Correction] = {
            view[1:]: how for view, how in about.items() if view[0] == player
        }
        # Who has no idea of what a player believes takes it to share its own.
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
    """A belief as somebody can imagine it who has not thought of certain things."""
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
    """Beliefs of players who have been shown what a decision sees, and so no longer overlook it."""
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


def _joined(one: Mapping[NodeName, tuple], other: Mapping[NodeName, tuple]) -> dict:
    return {
        name: tuple(dict.fromkeys((*one.get(name, ()), *other.get(name, ()))))
        for name in (*one, *(name for name in other if name not in one))
    }
