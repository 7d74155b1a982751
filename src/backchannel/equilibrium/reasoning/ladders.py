"""Ladders of levels: which ones a case needs, and everyone's rules at each level of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from backchannel.equilibrium.reasoning.rules import (
    LadderStart,
    RulesByLevel,
    hierarchy_rules,
    level_rules,
)
from backchannel.equilibrium.types import LadderKey, LevelRules, Policies
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.game import Game
from backchannel.tensors.menus import narrowed_menu

LEVEL_K: LadderKey = ""
"""Key of the ladder of level-k thinking; that of a hierarchy is the player who believes in it."""


@dataclass(frozen=True)
class Ladders:
    """Which ladders of levels a case needs, in every view of it."""

    most: int = 0
    """The highest level."""
    means: Mapping[LadderKey, Float[np.ndarray, " draw"] | None] = field(default_factory=dict)
    """By key the mean of a hierarchy; None for level-k thinking."""


def ladders_of(games: Iterable[Game]) -> Ladders:
    """The ladders that are needed in some of several views of a case."""
    most, means = 0, {}
    for game in games:
        for player, types in game.types.items():
            most = max(most, types.most)
            means.setdefault(LEVEL_K if types.mean is None else player, types.mean)
    return Ladders(most, means)


def ladder_key(game: Game, player: PlayerName) -> LadderKey:
    """The ladder on which a player stands."""
    return LEVEL_K if game.types[player].mean is None else player


def mean_of(game: Game, key: LadderKey, ladders: Ladders) -> Float[np.ndarray, " draw"] | None:
    """The mean of a ladder in one view of a case, where it may differ; None for level-k thinking."""
    own = game.types.get(key)
    return own.mean if own is not None and own.mean is not None else ladders.means[key]


def climb_all(
    game: Game,
    ladders: Ladders,
    *,
    held: Policies,
    images: Mapping[LadderKey, LevelRules],
    available: Mapping[NodeName, np.ndarray],
) -> dict[LadderKey, RulesByLevel]:
    """Everyone's rules at each level of each ladder, in one view of a case.

    Args:
        game: The view.
        ladders: Which ladders.
        held: Rules that nobody can change.
        images: By ladder, what each level takes held rules to be; elsewhere they are taken as they are.
        available: For a decision, the actions that are on the menu at all.
    """
    lowest = {name: lowest_rule(game, name, available.get(name)) for name in game.level_0}
    climbed = {}
    for key in ladders.means:
        mean = mean_of(game, key, ladders)
        taken = {name: rule[None] for name, rule in held.items()} | dict(images.get(key, {}))
        given = LadderStart(lowest, {name: taken[name] for name in held}, available)
        climbed[key] = (
            level_rules(game, ladders.most, given)
            if mean is None
            else hierarchy_rules(game, mean, ladders.most, given)
        )
    return climbed


def lowest_rule(
    game: Game, decision: NodeName, available: np.ndarray | None = None
) -> Float[np.ndarray, "draw ..."]:
    """What level 0 does at a decision, on the menu; uniform where nothing of it is on the menu."""
    menu = game.menus[decision].astype(float)
    if available is not None:
        menu = narrowed_menu(menu, available)
    doable = game.level_0[decision] * menu
    total = doable.sum(axis=-1, keepdims=True)
    uniform = menu / menu.sum(axis=-1, keepdims=True)
    return np.where(total > 0, doable / np.where(total > 0, total, 1.0), uniform)
