"""Quantities: what claims ask a world for, per draw."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from backchannel.diagram.claim_tests import Quantity
from backchannel.diagram.diagram import Diagram
from backchannel.evaluation import Words, evaluate, node_axes
from backchannel.expressions import Expression
from backchannel.names import NOT_APPLICABLE, NodeName, split_round
from backchannel.queries.inference import Evidence, World, chances_given, scope_of
from backchannel.tensors.game import Game


def measure(
    world: World, game: Game, quantity: Quantity, evidence: Evidence
) -> Words | Float[np.ndarray, " draw"]:
    """Work one quantity out in every draw; nan (or n/a) where what is given is impossible.

    Args:
        world: Where to look.
        game: The numbers behind it, for the interests.
        quantity: What to work out.
        evidence: What was recorded.
    """
    if quantity.kind == "P":
        assert quantity.event is not None
        return probability(world, quantity.event, evidence, quantity.given)
    if quantity.kind == "E":
        return expected_worth(world, game, quantity.subject, evidence, quantity.given)
    return best_action(world, game, quantity.subject, evidence, quantity.given)


def probability(
    world: World, event: Expression, evidence: Evidence, given: Expression | None = None
) -> Float[np.ndarray, " draw"]:
    """P(event | evidence and given) in every draw."""
    diagram = world.diagram
    names = scope_of(diagram, list(event.names | (given.names if given else frozenset())))
    table = chances_given(world, keep=names, evidence=evidence)
    known = table * (_truth(diagram, given, names) if given else 1.0)
    both = known * _truth(diagram, event, names)
    axes = tuple(range(1, table.ndim))
    return _ratio(both.sum(axis=axes), known.sum(axis=axes))


def expected_worth(
    world: World, game: Game, subject: str, evidence: Evidence, given: Expression | None = None
) -> Float[np.ndarray, " draw"]:
    """Expected worth of an interest, or of all interests of a player, in utility units."""
    total = np.zeros(world.n_draws)
    for player, scope, worth in _worths(game, subject):
        del player
        names = scope_of(world.diagram, [*scope, *(given.names if given else ())])
        table = chances_given(world, keep=names, evidence=evidence)
        if given:
            table = table * _truth(world.diagram, given, names)
        lengths = dict(zip(scope, worth.shape[1:], strict=True))
        laid = worth.reshape(len(worth), *(lengths.get(name, 1) for name in names))
        axes = tuple(range(1, table.ndim))
        total = total + _ratio((table * laid).sum(axis=axes), table.sum(axis=axes))
    return total


def best_action(
    world: World, game: Game, decision: NodeName, evidence: Evidence, given: Expression | None
) -> Words:
    """The action with the highest expected worth to its owner, everyone else's rules as they are.

    An action that is off the menu in some contexts leaves the owner's own rule there.
    """
    diagram = world.diagram
    node = diagram.node[decision]
    owner = next(d.player for d in diagram.decisions if d.name == decision)
    actions = [value for value in node.domain if value != NOT_APPLICABLE]
    menu = game.menus[decision]
    worths = []
    for action in actions:
        chosen = np.zeros(menu.shape)
        chosen[..., node.domain.index(action)] = 1.0
        on_menu = menu[..., node.domain.index(action)][..., None]
        rule = np.where(on_menu, chosen, world.tables[decision])
        there = World(diagram, world.n_draws, {**world.tables, decision: rule})
        others = {name: seen for name, seen in evidence.items() if name != decision}
        worths.append(expected_worth(there, game, owner, others, given))
    stacked = np.array(worths)
    codes = np.where(np.isfinite(stacked).all(axis=0), np.argmax(stacked, axis=0), -1)
    return Words(codes, tuple(str(action) for action in actions))


def _worths(game: Game, subject: str) -> list[tuple[str, tuple[str, ...], np.ndarray]]:
    if subject in game.diagram.players:
        return [(t.player, t.scope, t.worth) for t in game.terms if t.player == subject]
    # An interest that repeats is named by itself in one round, without a round in all of them.
    interests = [i for i in game.diagram.interests if subject in (i.name, split_round(i.name)[0])]
    return [
        (interest.player, scope, worth)
        for interest in interests
        for scope, worth in game.worths_of(interest)
    ]


def _truth(diagram: Diagram, event: Expression, names: tuple[NodeName, ...]) -> np.ndarray:
    domains = diagram.domains
    table = evaluate(event, node_axes(domains, names))
    shape = tuple(len(domains[name]) for name in names)
    # The last axis is the draws', which an event does not have.
    return np.broadcast_to(table, (*shape, 1))[..., 0][None] != 0


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)
