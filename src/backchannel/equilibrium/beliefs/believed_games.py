"""Games as somebody believes them to be: with other numbers, mechanisms, values, menus and types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from backchannel.diagram.beliefs import Belief
from backchannel.diagram.nodes import Chance, Decision, Derived
from backchannel.diagram.surgery import ReasoningChange, with_node
from backchannel.equilibrium.beliefs.believed_rules import Numbers, over_scope
from backchannel.language.levels import EQUILIBRIUM
from backchannel.language.names import (
    NOT_APPLICABLE,
    NodeName,
    PlayerName,
    Value,
    precision_of,
)
from backchannel.tensors.compile_game import lifted, node_factor, refilled
from backchannel.tensors.game import Game
from backchannel.tensors.menus import narrowed_menu
from backchannel.tensors.thinking import PlayerTypes, player_types


def with_numbers(game: Game, numbers: Numbers, changed: frozenset[str]) -> Game:
    """Fill in what the changed parameters enter; other tables are shared with the old game."""
    if not changed & (game.diagram.parameters | set(_precisions(game))):
        return game
    return refilled(game, numbers, changed)


def with_mechanism(game: Game, node: Chance | Derived, numbers: Numbers) -> Game:
    """Give a chance or derived node another mechanism, by its own parents or fewer."""
    diagram = game.diagram
    changed = with_node(diagram, node)
    factor = node_factor(changed, node, numbers)
    own, there = (*changed.parents(node.name), node.name), (*diagram.parents(node.name), node.name)
    laid = over_scope(factor, own, there, diagram)
    belief = lifted(node, laid)
    return replace(
        game,
        factors={**game.factors, node.name: laid},
        beliefs={**game.beliefs, node.name: belief},
    )


def with_value(game: Game, name: NodeName, value: Value) -> Game:
    """Fix a chance or derived node at a value, where it exists at all."""
    node = game.diagram.node[name]
    assert not isinstance(node, Decision)
    domain = node.domain
    old = game.factors[name]
    new = np.zeros_like(old)
    missing = np.zeros(old.shape[:-1])
    if NOT_APPLICABLE in domain:
        missing = old[..., domain.index(NOT_APPLICABLE)]
        new[..., domain.index(NOT_APPLICABLE)] = missing
    new[..., domain.index(value)] = 1.0 - missing
    belief = lifted(node, new, by_hand=isinstance(node, Derived))
    return replace(
        game,
        factors={**game.factors, name: new},
        beliefs={**game.beliefs, name: belief},
    )


def as_believed(game: Game, belief: Belief, numbers: Numbers) -> Game:
    """Put what a belief says of chance and derived nodes into a game with its numbers."""
    kinds = game.diagram.node
    for name, node in belief.nodes.items():
        if not isinstance(kinds[name], Decision):
            game = with_mechanism(game, node, numbers)
    for name, value in belief.unaware.nodes.items():
        if not isinstance(kinds[name], Decision):
            game = with_value(game, name, value)
    if belief.reasoning:
        believed = player_types(belief.reasoning, numbers, game.n_draws)
        game = replace(game, types={**game.types, **believed})
    return game


def with_reasoning(game: Game, changes: Mapping[PlayerName, ReasoningChange]) -> Game:
    """Let some players reason in another way; who has a hierarchy keeps it."""
    types = dict(game.types)
    for player, change in changes.items():
        old = types.get(player, PlayerTypes(np.full(game.n_draws, EQUILIBRIUM), 0))
        level = old.level
        if change.level is not None:
            level = np.full(game.n_draws, change.level)
        elif change.further:
            # Nothing lies further than equilibrium, which knows everyone's odds.
            level = np.where(old.level < 0, old.level, np.maximum(old.level + change.further, 0))
        most = max(old.most, int(level.max()))
        types[player] = replace(old, level=level, most=most)
    return replace(game, types=types) if changes else game


def without_actions(game: Game, actions: Mapping[NodeName, Iterable[Value]]) -> Game:
    """Take actions that nobody thinks of off the menus; they can still happen by surprise."""
    menus = dict(game.menus)
    for name, unthought in actions.items():
        known = np.array([value not in unthought for value in game.diagram.domains[name]])
        menus[name] = narrowed_menu(menus[name], known)
    return replace(game, menus=menus) if actions else game


def _precisions(game: Game) -> list[NodeName]:
    return [precision_of(player) for player in game.diagram.players]
