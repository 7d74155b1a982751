"""The rules of levels in one view of the case, as functions of the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np

from backchannel.equilibrium.frame import Frame
from backchannel.equilibrium.reasoning.ladders import LEVEL_K, lowest_rule
from backchannel.equilibrium.reasoning.levels import Levels, rules_by_level
from backchannel.equilibrium.reasoning.plan import level_plan
from backchannel.equilibrium.reasoning.shares import hierarchy_shares, level_shares
from backchannel.equilibrium.types import LadderKey
from backchannel.estimation.traced import TracedGame, TracedNumbers
from backchannel.language.names import NodeName
from backchannel.tensors.evaluator import TableKey
from backchannel.tensors.interpreter import draws_last


class TracedLadder:
    """Everyone's rules at each level of one ladder, at any numbers."""

    def __init__(self, traced: TracedGame, frame: Frame, key: LadderKey) -> None:
        """Prepare.

        Args:
            traced: The view's tables.
            frame: Of the whole game, with every rule free.
            key: Level-k thinking, or the player who believes in a hierarchy.
        """
        self.traced = traced
        self.mean = "" if key == LEVEL_K else traced.game.diagram.thinking.of_player[key].mean
        types = traced.game.types
        players = [p for p, own in types.items() if (own.mean is None) == (key == LEVEL_K)]
        self.most = max(types[player].most for player in ([key] if self.mean else players))
        self.plan = level_plan(frame, levels=self.most + 1, is_mixed=bool(self.mean))

    @property
    def repeats(self) -> bool:
        """Whether a level takes several passes: a player does not see an earlier move of its own."""
        return bool(self.plan.stages[1])

    def rules(
        self,
        tables: Mapping[TableKey, Any],
        precision: Mapping[NodeName, Any],
        free: TracedNumbers,
        rows: int,
    ) -> Levels:
        """Everyone's rules; axes: level, what the decision sees, action, row.

        Args:
            tables: Terms, factors and beliefs with rows last.
            precision: λ of each decision.
            free: The free numbers.
            rows: How many rows there are.
        """
        game = self.traced.game
        start = {}
        for name, menu in game.menus.items():
            lowest = (
                lowest_rule(game, name)
                if name in game.level_0
                else menu / menu.sum(axis=-1, keepdims=True)
            )
            last = draws_last(lowest)[None]
            start[name] = jnp.asarray(
                np.broadcast_to(last, (self.most + 1, *last.shape[1:-1], rows))
            )
        shares: Any = level_shares(self.most)
        if self.mean:
            mean = free[self.mean] if self.mean in free else self.traced.fixed[self.mean]
            shares = hierarchy_shares(jnp.asarray(mean, float), self.most, jnp)
        return rules_by_level(
            self.plan,
            tables,
            start,
            jnp.asarray(shares),
            precision=precision,
            menu={name: draws_last(menu * 1.0) for name, menu in game.menus.items()},
            conceivable={name: draws_last(c * 1.0) for name, c in game.conceivable.items()},
            xp=jnp,
        )[0]
