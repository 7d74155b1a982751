"""The rules of a game under each way of reasoning that needs no equilibrium.

This is the door: a game in, everyone's rules at every level out, with the axes of the game's rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float

from backchannel.equilibrium.game_tables import game_tables
from backchannel.equilibrium.reasoning.program import level_program_of
from backchannel.equilibrium.reasoning.shares import hierarchy_shares, level_shares
from backchannel.equilibrium.types import LevelRules
from backchannel.language.names import NodeName
from backchannel.tensors.game import Game


@dataclass(frozen=True)
class RulesByLevel:
    """Everyone's rules at every level."""

    rules: LevelRules
    gap: Float[np.ndarray, " draw"]
    """Largest move of a rule in the last pass: 0, except where a player forgets its own moves."""


@dataclass(frozen=True)
class LadderStart:
    """What the levels of a game start from, beside its numbers."""

    level_0: Mapping[NodeName, Float[np.ndarray, "draw ..."]] = field(default_factory=dict)
    """Rules of level 0; at a decision without one, all available actions are equally probable."""
    held: LevelRules = field(default_factory=dict)
    """Rules that nobody can change, as each level takes them to be; axis 1 may have length 1. A table
    with one level holds at all."""
    available: Mapping[NodeName, Bool[np.ndarray, " action"]] = field(default_factory=dict)
    """For a decision, the actions that are on the menu at all, where some are not."""


def level_rules(game: Game, most: int, given: LadderStart | None = None) -> RulesByLevel:
    """Everyone's rules at the levels 0 … `most` of level-k thinking.

    Args:
        game: The numbers.
        most: The highest level.
        given: What the levels start from; uniform play at level 0, if left out.

    Source: Stahl & Wilson (1994), with logit responses.
    """
    return climb_levels(game, level_shares(most), given, is_mixed=False)


def hierarchy_rules(
    game: Game, mean: Float[np.ndarray, " draw"], most: int, given: LadderStart | None = None
) -> RulesByLevel:
    """Everyone's rules at the levels 0 … `most` of a cognitive hierarchy.

    Args:
        game: The numbers.
        mean: The mean level that everyone is taken to have, above 0, one number per draw.
        most: The highest level.
        given: What the levels start from; uniform play at level 0, if left out.

    Source: Camerer, Ho & Chong (2004), with logit responses.
    """
    return climb_levels(game, hierarchy_shares(np.asarray(mean, float), most), given, is_mixed=True)


def climb_levels(
    game: Game,
    shares: Float[np.ndarray, "level lower draw"],
    given: LadderStart | None = None,
    *,
    is_mixed: bool,
) -> RulesByLevel:
    """Everyone's rules at each level, for any shares of lower levels that a level believes in.

    Args:
        game: The numbers.
        shares: How each level takes the others to be spread; the last axis is the draw, or has length 1.
        given: What the levels start from.
        is_mixed: Whether some row of the shares has more than one level in it.

    Raises:
        TooLargeError: Not even one draw can be worked out in the memory there is.
    """
    given = given or LadderStart()
    count = shares.shape[0]
    tables = game_tables(game, held={}, available=given.available)
    start = {}
    for name, menu in tables["menu"].items():
        uniform = menu / menu.sum(axis=-1, keepdims=True)
        lowest = given.level_0.get(name, uniform)
        start[name] = given.held.get(name, lowest[None])
        if len(start[name]) == 1:
            start[name] = np.broadcast_to(start[name], (count, *start[name].shape[1:]))
    held = {name: np.ones(game.n_draws, dtype=bool) for name in given.held}
    program = level_program_of(game, levels=count, is_mixed=is_mixed)
    rules, gap = program.solve(
        tables, start, shares, held, n_draws=game.n_draws, stored=game.stored
    )
    return RulesByLevel(rules, gap)
