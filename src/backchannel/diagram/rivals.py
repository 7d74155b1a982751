"""Rivals: other structures of a case, each with one structural assumption changed.

Some are written by hand; others are made mechanically: what a player sees is less or more, two decisions change
places, a wrong belief is corrected, an interest is dropped, a player reasons otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import zip_longest
from math import prod
from typing import Literal, TypeAlias

import networkx as nx

from backchannel.diagram.beliefs import Belief, corrected
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision
from backchannel.diagram.other_structures import Structure, changed, exchanged, without_interests
from backchannel.diagram.reasoning import Reasoning
from backchannel.diagram.relevance import useful_observations
from backchannel.diagram.surgery import Intervention
from backchannel.language.names import NodeName, ParameterName, PlayerName, split_round

RivalKind: TypeAlias = Literal[
    "written", "belief", "reasoning", "order", "interest", "sees less", "sees more"
]

CLOSE = timedelta(days=14)
"""Two decisions no further apart than this may have come in the other order."""
ONE_STEP = 1
"""The level of a player who takes all others to be at level 0."""
MOST_CELLS = 4096
"""Most cells of a rule for which an arrow is added."""


@dataclass(frozen=True)
class WrittenRival:
    """A rival of the case file."""

    name: str
    title: str = ""
    change: Intervention = field(default_factory=Intervention)
    order: tuple[NodeName, ...] = ()
    """Two decisions, in the order of the rival."""
    drop_interest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rival:
    """Another structure, before it is built."""

    kind: RivalKind
    names: tuple[str, ...]
    """What is changed: a decision and what it sees, two decisions in their new order, a player or an interest."""
    build: Callable[[Diagram, Sequence[Belief]], Structure] = field(compare=False)
    """Makes it from the case; raises `CommandError` with the reason where that has no meaning. It can be pickled."""

    @property
    def name(self) -> str:
        """A name that no other rival of the case has."""
        return f"{self.kind}: {', '.join(self.names)}"


def written_rival(written: WrittenRival) -> Rival:
    """A rival of the case file, ready to be built."""
    return Rival("written", (written.name,), partial(build_written, written))


def mechanical_rivals(diagram: Diagram, beliefs: Sequence[Belief]) -> list[Rival]:
    """All rivals that differ from the case in one assumption; kinds take turns, so that the first show each."""
    kinds = [
        [_corrected_belief(belief.player) for belief in beliefs],
        list(_other_reasoning(diagram)),
        list(_exchanges(diagram)),
        list(_dropped_interests(diagram)),
        list(_dropped_arrows(diagram)),
        list(_added_arrows(diagram)),
    ]
    return [rival for turn in zip_longest(*kinds) for rival in turn if rival is not None]


def _corrected_belief(player: PlayerName) -> Rival:
    return Rival("belief", (player,), partial(_with_belief_corrected, player))


def _with_belief_corrected(
    player: PlayerName, diagram: Diagram, beliefs: Sequence[Belief]
) -> Structure:
    return Structure(diagram, corrected(beliefs, (player,), {}))


def _other_reasoning(diagram: Diagram) -> Iterator[Rival]:
    """Each player at equilibrium thinks one step ahead, and each other one is at equilibrium."""
    for player in dict.fromkeys(decision.player for decision in diagram.decisions):
        yield Rival("reasoning", (player,), partial(_reasons_otherwise, player))


def _reasons_otherwise(
    player: PlayerName, diagram: Diagram, beliefs: Sequence[Belief]
) -> Structure:
    thinking = diagram.thinking
    of_player = dict(thinking.of_player)
    numbers: dict[ParameterName, ParameterName | float] = {}
    if of_player.pop(player, None) is None:
        level = f"{player}.level"
        of_player[player] = Reasoning(level, most=ONE_STEP)
        numbers[level] = ONE_STEP
    changed_thinking = replace(thinking, of_player=of_player)
    return Structure(replace(diagram, thinking=changed_thinking), (*beliefs,), numbers)


def _dropped_interests(diagram: Diagram) -> Iterator[Rival]:
    for name in dict.fromkeys(split_round(interest.name)[0] for interest in diagram.interests):
        yield Rival("interest", (name,), partial(_without_interest, name))


def _without_interest(name: str, diagram: Diagram, beliefs: Sequence[Belief]) -> Structure:
    return Structure(without_interests(diagram, (name,)), (*beliefs,))


def _dropped_arrows(diagram: Diagram) -> Iterator[Rival]:
    for decision in diagram.decisions:
        for seen in decision.sees:
            change = Intervention(sees_removed={decision.name: (seen,)})
            yield Rival("sees less", (decision.name, seen), partial(changed, change))


def _added_arrows(diagram: Diagram) -> Iterator[Rival]:
    """Arrows to what came before a decision, where seeing it could matter to its player."""
    dates = diagram.dates
    for decision in diagram.decisions:
        later = nx.descendants(diagram.graph, decision.name)
        cells = prod(len(diagram.domains[n]) for n in (*decision.sees, decision.name))
        for name in diagram.in_time(useful_observations(diagram, decision.name)):
            is_earlier = dates[name] <= decision.date and name not in later
            if is_earlier and cells * len(diagram.domains[name]) <= MOST_CELLS:
                change = Intervention(sees_added={decision.name: (name,)})
                yield Rival("sees more", (decision.name, name), partial(changed, change))


def _exchanges(diagram: Diagram) -> Iterator[Rival]:
    """Pairs of decisions of two players, close in time, of which the later sees the earlier."""
    for later in diagram.decisions:
        for name in later.sees:
            earlier = diagram.node[name]
            if (
                isinstance(earlier, Decision)
                and earlier.player != later.player
                and later.date - earlier.date <= CLOSE
            ):
                pair = (later.name, earlier.name)
                yield Rival("order", pair, partial(_with_exchange, pair))


def _with_exchange(
    pair: tuple[NodeName, NodeName], diagram: Diagram, beliefs: Sequence[Belief]
) -> Structure:
    return Structure(exchanged(diagram, *pair), (*beliefs,))


def build_written(written: WrittenRival, diagram: Diagram, beliefs: Sequence[Belief]) -> Structure:
    """Build a rival of the case file.

    Raises:
        CommandError: It has no meaning in this case.
    """
    if written.order:
        diagram = exchanged(diagram, *written.order)
    if written.drop_interest:
        diagram = without_interests(diagram, written.drop_interest)
    return changed(written.change, diagram, beliefs)
