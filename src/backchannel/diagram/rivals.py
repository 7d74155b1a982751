"""Rivals: other structures of a case, each with one structural assumption changed.

Some are written by hand; others are made mechanically: what a player sees is less or more, two decisions change
places, a wrong belief is corrected, an interest is dropped, a player reasons otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import zip_longest
from math import prod
from typing import Literal, TypeAlias

import networkx as nx

from backchannel.diagram.beliefs import Belief, aware_of, corrected
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived
from backchannel.diagram.public import with_unneeded, without_unneeded
from backchannel.diagram.reasoning import Reasoning
from backchannel.diagram.relevance import useful_observations
from backchannel.diagram.surgery import Intervention, with_sees
from backchannel.language.errors import CommandError
from backchannel.language.expressions import Expression, constant
from backchannel.language.names import NodeName, ParameterName, PlayerName, Value, split_round

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


@dataclass(frozen=True)
class Structure:
    """A structure: a graph, who errs about it, and numbers that are replaced."""

    diagram: Diagram
    beliefs: tuple[Belief, ...]
    parameters: Mapping[ParameterName, ParameterName | float] = field(default_factory=dict)


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


def changed(change: Intervention, diagram: Diagram, beliefs: Sequence[Belief]) -> Structure:
    """Make the changes of an intervention part of the structure: everybody has always known of them.

    Raises:
        CommandError: A decision's conditions use what it no longer sees.
    """
    for name, dropped in change.sees_removed.items():
        _check_conditions(diagram, name, dropped)
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
    _check_conditions(diagram, first, [name for name in late.sees if name not in sees])
    moved = {
        first: replace(late, date=early.date, sees=sees),
        second: replace(early, date=late.date, sees=(*early.sees, first)),
    }
    swapped = replace(diagram, nodes=tuple(moved.get(node.name, node) for node in diagram.nodes))
    if not nx.is_directed_acyclic_graph(swapped.graph):
        raise CommandError(f"{first} depends on {second} by more than seeing it.")
    return without_unneeded(swapped, decisions=public)


def _check_conditions(diagram: Diagram, name: NodeName, unseen: Sequence[NodeName]) -> None:
    decision = diagram.node[name]
    assert isinstance(decision, Decision)
    needed = [other for other in unseen if decision.needs(other)]
    if needed:
        raise CommandError(
            f"Whether {name} is open, or what can be done there, depends on {needed[0]}."
        )
