"""A game as the path follower uses it: its frame, its numbers and the length of the path."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.equilibrium.frame import Frame, frame_of
from backchannel.equilibrium.game_tables import Tables, game_tables
from backchannel.equilibrium.sweep.packing import common_tables
from backchannel.equilibrium.sweep.sweeper import Sweeper, sweeper_of
from backchannel.equilibrium.types import Task
from backchannel.language.names import NodeName

STAKE = 4.0
"""Logit units at stake for each unit of the path's length."""


class GameContext:
    """A game with its frame, its numbers, and the length of the path in each draw."""

    def __init__(self, task: Task) -> None:
        game = task.game
        self.task, self.game = task, game
        self.tables: Tables = game_tables(game, held=task.held, available=task.available)
        self.sweeper: Sweeper = sweeper_of(game)
        self.frame: Frame = frame_of(
            game.diagram, [(term.player, term.scope) for term in game.terms], task.held
        )

    def length(self, draws: np.ndarray) -> Float[np.ndarray, " some"]:
        """Length of the path: the most that a player has at stake, in logit units."""
        longest = np.zeros(len(draws))
        stakes = {player: self.game.stake_of(player) for player in set(self.frame.owner.values())}
        for name, player in self.frame.owner.items():
            stake = np.broadcast_to(stakes[player], (self.game.n_draws,))[draws]
            longest = np.maximum(longest, self.game.precision_at(name)[draws] * stake)
        return longest / STAKE

    @property
    def kind(self) -> tuple[Any, ...]:
        """What games that are followed together have in common: see `SweepRun.kind`."""
        return (id(self.sweeper), self.frame, *common_tables(self.sweeper, self.tables).values())

    def unplayed(self, draws: np.ndarray) -> dict[NodeName, Float[np.ndarray, "some ..."]]:
        """Held rules as they are, all others uniform; axis 0 runs over some draws."""
        rules = {}
        for name, menu in self.tables["menu"].items():
            uniform = menu / menu.sum(axis=-1, keepdims=True)
            held = name in self.task.held
            rule = self.tables["rule"][name][draws] if held else uniform
            rules[name] = np.array(np.broadcast_to(rule, (len(draws), *menu.shape[1:])))
        return rules
