"""Affected decisions: whose rules a change can reach at all; the others need not be solved again.

A rule answers to what is relevant to it and to nothing else. So after a change only those decisions
are solved to which the change is relevant, themselves or through others; in a case of many rounds,
a change in one of them mostly leaves the rules of the later ones as they were.
"""

from __future__ import annotations

import networkx as nx
import numpy as np

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.relevance import relevant_nodes
from backchannel.equilibrium.beliefs.models import Model
from backchannel.equilibrium.types import Policies
from backchannel.language.names import NodeName
from backchannel.tensors.game import Game
from backchannel.tensors.thinking import PlayerTypes


def affected(
    before: Model, after: Model, *, old: Policies, given: Policies, changed: frozenset[NodeName]
) -> frozenset[NodeName]:
    """The decisions whose rules can differ after a change.

    Args:
        before: The view in which the old rules were solved.
        after: The same view of the changed case.
        old: Everyone's rules before the change.
        given: Rules that are set from outside in the changed case.
        changed: Decisions that change by themselves: their menus, or the model they are planned in.

    Source: Hammond et al. (2023): an intervention changes only rules that it is relevant to; by
    s-reachability (Koller & Milch, 2003).
    """
    diagram = after.game.diagram
    names = {decision.name for decision in diagram.decisions}
    if diagram is not before.game.diagram:
        return frozenset(names)
    if any(
        types.mean is not None
        for game in (before.game, after.game)
        for types in game.types.values()
    ):
        # To who believes in a mixture of types, a move is evidence of what its player does elsewhere.
        return frozenset(names)
    moved = {
        name
        for name, table in after.game.factors.items()
        if not _same(before.game.factors[name], table)
    }
    for name in {*given, *after.fixed, *before.fixed}:
        new = given.get(name, after.fixed.get(name))
        if new is None or not _same(old[name], new):
            moved.add(name)
    changing = set(changed) | _with_other_stakes(before.game, after.game)
    told = {name: relevant_nodes(diagram, name) for name in names}
    waiting = list(moved | changing)
    asks: dict[NodeName, set[NodeName]] = {}
    for name, others in told.items():
        for other in others:
            asks.setdefault(other, set()).add(name)
    while waiting:
        for name in asks.get(waiting.pop(), ()):
            if name not in changing:
                changing.add(name)
                waiting.append(name)
    return frozenset(changing)


def _with_other_stakes(before: Game, after: Game) -> set[NodeName]:
    """Decisions whose menu, or whose owner's precision, discount, type or worths in reach, have changed."""
    diagram = after.diagram
    affected = {
        decision.name
        for decision in diagram.decisions
        if not _same(before.precision_at(decision.name), after.precision_at(decision.name))
        or not _same(before.menus[decision.name], after.menus[decision.name])
    }
    others = {
        player
        for player in {*before.types, *after.types}
        if not _same_types(before.types.get(player), after.types.get(player))
    }
    affected |= {decision.name for decision in diagram.decisions if decision.player in others}
    affected |= {
        name
        for name in {*before.level_0, *after.level_0}
        if name not in before.level_0
        or name not in after.level_0
        or not _same(before.level_0[name], after.level_0[name])
    }
    if len(before.terms) != len(after.terms):
        return {decision.name for decision in diagram.decisions}
    for one, other in zip(before.terms, after.terms, strict=True):
        if one is other or (one.scope == other.scope and _same(one.worth, other.worth)):
            continue
        affected |= _moving(diagram, other.player, {*one.scope, *other.scope})
    return affected


def _moving(diagram: Diagram, player: str, scope: set[NodeName]) -> set[NodeName]:
    """A player's decisions that can move some nodes."""
    above = set(scope).union(*(nx.ancestors(diagram.graph, name) for name in scope))
    return {d.name for d in diagram.decisions if d.player == player and d.name in above}


def _same_types(one: PlayerTypes | None, other: PlayerTypes | None) -> bool:
    if one is None or other is None or (one.mean is None) != (other.mean is None):
        return one is other
    same_mean = one.mean is None or other.mean is None or _same(one.mean, other.mean)
    return _same(one.level, other.level) and same_mean


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return one is other or (one.shape == other.shape and np.array_equal(one, other))
