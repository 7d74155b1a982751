"""Hidden levels: the game of a player who believes that each other player is at one of several levels.

In a hierarchy every move of another player tells something about its level: moves before the day of a deal,
promises that it keeps, and what it does once the deal is broken. So the level of each other player is a
hidden node. It comes before everything else, and only its owner sees it. What lies ahead then depends on it like
on every other part of the past.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Node
from backchannel.diagram.reasoning import type_node
from backchannel.equilibrium.deals.future import Future
from backchannel.equilibrium.types import LevelRules
from backchannel.language.expressions import constant
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.game import Game


def with_hidden_levels(diagram: Diagram, players: Collection[PlayerName], count: int) -> Diagram:
    """The graph in which the level of each of some players is a hidden node that only its owner sees.

    Args:
        diagram: The case.
        players: The players whose levels are hidden nodes.
        count: Number of levels that each of them may have, level 0 included.
    """
    hidden = tuple(
        Chance(
            type_node(player), tuple(range(count)), dict.fromkeys(range(count), constant(1.0)), True
        )
        for player in sorted(players)
    )

    def seeing(node: Node) -> Node:
        if isinstance(node, Decision) and node.player in players:
            return replace(node, sees=(type_node(node.player), *node.sees))
        return node

    # They have no date and stand first, so that theirs is the first axis of each table.
    return replace(diagram, nodes=(*hidden, *map(seeing, diagram.nodes)))


def telling_players(future: Future) -> frozenset[PlayerName]:
    """Players of whom one move may tell about another, because both depend on the level.

    Who decides only once tells nothing by it about anything else, so the average of its levels plays like
    them. An escrow counts twice: who does not agree to it decides the same then as without a deal.
    """
    moves = Counter(decision.player for decision in future.diagram.decisions)
    moves.update(d.player for d in future.decisions if future.is_in_escrow(d.name))
    return frozenset(player for player, count in moves.items() if count > 1)


def future_as_seen(future: Future, player: PlayerName, count: int) -> Future:
    """What lies ahead as a player of a hierarchy sees it: the levels of others who tell something are hidden nodes.

    Args:
        future: What lies ahead.
        player: The player.
        count: Number of levels that others may have, level 0 included.
    """
    others = telling_players(future) - {player}
    return replace(future, diagram=with_hidden_levels(future.diagram, others, count))


def game_as_seen(game: Game, future: Future, shares: Float[np.ndarray, "level draw"]) -> Game:
    """Fill in what lies ahead as a player of a hierarchy sees it.

    Args:
        game: The same game without hidden levels.
        future: What lies ahead, with hidden levels.
        shares: The share of each level among the others.
    """
    hidden = {name: shares.T for name in future.diagram.node if name not in game.diagram.node}

    def by_level(tables: Mapping[NodeName, np.ndarray]) -> dict[NodeName, np.ndarray]:
        """What a decision can do is the same at every level."""
        return {
            d.name: np.repeat(tables[d.name][:, None], len(shares), axis=1)
            if type_node(d.player) in hidden
            else tables[d.name]
            for d in game.diagram.decisions
        }

    return replace(
        game,
        diagram=future.diagram,
        factors={**hidden, **game.factors},
        beliefs={**hidden, **game.beliefs},
        menus=by_level(game.menus),
        conceivable=by_level(game.conceivable),
    )


def rules_as_seen(
    rules: LevelRules,
    future: Future,
    player: PlayerName,
    level: int,
    shares: Float[np.ndarray, "level draw"],
) -> dict[NodeName, Float[np.ndarray, "draw ..."]]:
    """Everyone's rules as a player of some level faces them: its own, and those of others by their hidden level.

    Args:
        rules: The rules at each level; axes: level, draw, what the decision sees, action.
        future: What lies ahead, with hidden levels.
        player: The player.
        level: Its level.
        shares: The share of each level among the others.
    """
    seen = {}
    for decision in future.diagram.decisions:
        by_level = rules[decision.name]
        below = by_level[: len(shares)]
        if decision.player == player:
            seen[decision.name] = by_level[level]
        elif type_node(decision.player) in future.diagram.node:
            seen[decision.name] = np.moveaxis(below, 0, 1)
        else:
            weights = shares.reshape(*shares.shape, *(1,) * (below.ndim - 2))
            seen[decision.name] = (weights * below).sum(axis=0)
    return seen
