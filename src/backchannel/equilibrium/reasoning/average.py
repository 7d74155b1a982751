"""Averages over types: one rule that plays like a player of whom only the shares of types are known.

Who faces a player of unknown type learns from what the player does. With perfect recall there is a
single rule that plays exactly like the mixture: at each context the types' rules are averaged by the
probability of each type given the player's own earlier moves on the way there (Kuhn's theorem). A
player that does not see its own earlier moves and all it saw at them has no such rule; its type then
stays a hidden node of the game as others see it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from backchannel.equilibrium.frame import Frame
from backchannel.equilibrium.response import lift_zeros
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.plan import Scope


def decisions_of(frame: Frame) -> dict[PlayerName, list[NodeName]]:
    """Each player's decisions, in order of time."""
    decisions: dict[PlayerName, list[NodeName]] = {}
    for name, player in frame.owner.items():
        decisions.setdefault(player, []).append(name)
    return decisions


def forgetful_players(frame: Frame) -> frozenset[PlayerName]:
    """Players of whom some decision does not see an earlier own move, or what was seen at it."""
    return frozenset(
        player
        for player, names in decisions_of(frame).items()
        if not all(
            set(frame.scope(earlier)) <= set(frame.parents[later])
            for earlier, later in pairwise(names)
        )
    )


def average_rules(
    levels: Mapping[NodeName, Any],
    shares: Any,
    *,
    frame: Frame,
    conceivable: Mapping[NodeName, Any],
    forgetful: Collection[PlayerName],
    xp: Any,
) -> dict[NodeName, Any]:
    """Average everyone's rules over levels, as somebody faces them who knows only the shares.

    Args:
        levels: Rules at each level; axes: level, what the decision sees, action, draw.
        shares: Share of each level; axes: level, draw.
        frame: The frame of the game.
        conceivable: 1 where an action can happen at all.
        forgetful: Players whose rules cannot be averaged; theirs keep the axis of the level.
        xp: `numpy` or `jax.numpy`.

    Returns:
        Rules; axes: what the decision sees, action, draw.

    Source: Kuhn (1953), theorem 4.
    """
    averages: dict[NodeName, Any] = {}
    for player, names in decisions_of(frame).items():
        if player in forgetful:
            averages |= {name: levels[name] for name in names}
            continue
        # P(level | own moves so far), over all that the last own decision saw and did.
        known, scope = shares, ()
        for name in names:
            here = _spread(known, scope, frame.scope(name))
            averages[name] = (here * levels[name]).sum(axis=0)
            if name != names[-1]:
                # After a move that no level makes, the limit of small trembles counts.
                told = here * lift_zeros(levels[name], conceivable[name], xp)
                total = told.sum(axis=0, keepdims=True)
                known, scope = told / (total + (total == 0).astype(float)), frame.scope(name)
    return averages


def _spread(table: Any, own: Sequence[NodeName], scope: Scope) -> Any:
    """Give a table over levels an axis of length 1 for every node that it lacks."""
    lengths = dict(zip(own, table.shape[1:-1], strict=True))
    sizes = (lengths.get(name, 1) for name in scope)
    return table.reshape(table.shape[0], *sizes, table.shape[-1])
