"""Reach and action values by one walk forward and one back.

The solver sums later nodes out of each player's worths and forms a belief for each decision; here the
joint distribution of all that is open meets what follows from it, without beliefs and without
division. Nothing is compiled, and work grows in proportion to the number of nodes.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from backchannel.equilibrium.types import Policies
from backchannel.language.names import NodeName
from backchannel.tensors.game import FLOOR, Game
from backchannel.tensors.walk import Walk, along

Values = dict[NodeName, Float[np.ndarray, "draw ..."]]


MOST_CELLS = 2_000_000
"""Cells of all frontiers together up to which a game is walked through."""


def is_narrow(game: Game) -> bool:
    """Say whether so little is open at any time that a walk is cheap."""
    return walk_of(game).cells <= MOST_CELLS


def walk_of(game: Game) -> Walk:
    """The walk through a game's nodes that keeps what its worths need."""
    return Walk(game.diagram, tuple(term.scope for term in game.terms))


def walked(
    game: Game, walk: Walk, policies: Policies, draws: Int[np.ndarray, " some"]
) -> tuple[Values, Values]:
    """P(context) Q(context, action) and P(context) of every decision.

    Q counts the worths after the decision only; earlier worths do not depend on the action.

    Args:
        game: The game.
        walk: The walk through it.
        policies: Everyone's rules.
        draws: Which draws to look at.
    """
    n = len(draws)
    diagram = game.diagram

    def part(table: np.ndarray) -> np.ndarray:
        some = table if len(table) == 1 else table[draws]
        return np.ascontiguousarray(np.moveaxis(some, 0, -1))

    tables = {name: part(table) for name, table in game.beliefs.items()}
    for name, rule in policies.items():
        # A rule that is 0 is lifted as in the solver, or what follows a surprise has no reach.
        tables[name] = part((rule + FLOOR) * game.conceivable[name])
    players = [p for p in diagram.players if any(d.player == p for d in diagram.decisions)]
    owner = {d.name: d.player for d in diagram.decisions}
    chance = walk.forward({name: along(table, n) for name, table in tables.items()}, n)
    ahead = {player: np.zeros((1,) * len(walk.strides[-1].after) + (n,)) for player in players}
    values: Values = {}
    reach: Values = {}
    for i in range(len(walk.strides) - 1, -1, -1):
        stride = walk.strides[i]
        table = along(tables[stride.node], n)
        here = (chance[i], stride.before)
        for player in players:
            then = _laid(walk, ahead[player], stride.after, stride.among)
            for k in stride.closing:
                term = game.terms[k]
                if term.player == player:
                    then = then + _laid(walk, part(term.worth), term.scope, stride.among)
            then = along(then, n)
            if owner.get(stride.node) == player:
                wide = np.broadcast_to(then, (*_shape(walk, stride.among), n))
                summed = walk.summed([here, (wide, stride.among)], stride.scope)
                values[stride.node] = np.moveaxis(summed, -1, 0)
                seen = walk.summed([here], stride.scope[:-1])
                seen = np.broadcast_to(seen[..., None, :], summed.shape)
                reach[stride.node] = np.moveaxis(seen, -1, 0)
            wide = np.broadcast_to(then, (*_shape(walk, stride.among), n))
            pair = [(wide, stride.among), (table, stride.scope)]
            ahead[player] = walk.summed(pair, stride.before)
    return values, reach


def _laid(walk: Walk, table: np.ndarray, own: tuple[str, ...], scope: tuple[str, ...]):
    """Give a table an axis of length 1 for every node of a wider scope."""
    lengths = dict(zip(own, table.shape[:-1], strict=True))
    return table.reshape(*(lengths.get(name, 1) for name in scope), table.shape[-1])


def _shape(walk: Walk, scope: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(len(walk.diagram.domains[name]) for name in scope)
