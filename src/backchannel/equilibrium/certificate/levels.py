"""Check levels independently: is each level's rule the response to what it believes about the others?

The solver averages the rules of the levels that a player takes the others to be on. Here every
combination of the others' levels is a game of its own: what is at stake and how likely each context is
are added up over the combinations, and the response is worked out from the sums. Regret is relative to
what a player believes, not to what the others in fact do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import factorial
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.equilibrium.certificate.certify import Certificate, judge_rule, portions
from backchannel.equilibrium.types import LadderKey, LevelRules, Policies
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.game import Game

MOST_COMBINATIONS = 30
"""Combinations of levels up to which every draw is checked."""
SOME_DRAWS = 32
"""Draws that are checked where there are more combinations."""


def certify_levels(
    game: Game,
    policies: Policies,
    levels: Mapping[LadderKey, LevelRules],
    *,
    free: frozenset[NodeName],
    available: Mapping[NodeName, Bool[np.ndarray, " action"]] | None = None,
    draws: Int[np.ndarray, " some"] | None = None,
) -> Certificate:
    """Work out how far the rules of players with a level are from what their level says.

    Args:
        game: The game that is played.
        policies: Everyone's rules.
        levels: Everyone's rules at each level, by ladder.
        free: Decisions whose rules were planned; the others were held.
        available: For a decision, the actions that are on the menu at all.
        draws: Which draws to look at; all, if left out. The result follows this order.

    Source: Stahl & Wilson (1994); Camerer, Ho & Chong (2004).
    """
    chosen = np.arange(game.n_draws) if draws is None else draws
    residual = np.zeros(len(chosen))
    regret = {player: np.zeros(len(chosen)) for player in game.diagram.players}
    loss = {player: np.zeros(len(chosen)) for player in game.diagram.players}
    for player, types in game.types.items():
        own = [d.name for d in game.diagram.decisions if d.player == player and d.name in free]
        level = np.round(types.level[chosen]).astype(int)
        key = "" if types.mean is None else player
        if not own or not (level >= 0).any():
            continue
        for name in own:
            # What is played is the rule of the player's level.
            rule = levels[key][name][np.maximum(level, 0), chosen]
            gap = np.abs(policies[name][chosen] - rule).reshape(len(chosen), -1).max(axis=1)
            residual = np.maximum(residual, np.where(level >= 0, gap, 0.0))
        ladder = _Ladder(game, levels[key], types.mean, free, available or {})
        top = int(level.max())
        few = chosen if ladder.combinations(top) <= MOST_COMBINATIONS else chosen[:SOME_DRAWS]
        for k in range(1, top + 1):
            for other in game.diagram.players:
                for rows, judged in ladder.judged(other, k, few):
                    gap, gain, given_up = judged
                    used = level[rows] >= k
                    residual[rows] = np.maximum(residual[rows], np.where(used, gap, 0.0))
                    if other == player:
                        own_level = level[rows] == k
                        most = np.maximum(regret[player][rows], gain)
                        regret[player][rows] = np.where(own_level, most, regret[player][rows])
                        lost = np.maximum(loss[player][rows], given_up)
                        loss[player][rows] = np.where(own_level, lost, loss[player][rows])
    return Certificate(residual, regret, loss)


class _Ladder:
    """The rules at each level of one ladder, and the shares by which each level believes the others to be
    distributed."""

    def __init__(
        self,
        game: Game,
        rules: LevelRules,
        mean: Float[np.ndarray, " draw"] | None,
        free: frozenset[NodeName],
        available: Mapping[NodeName, np.ndarray],
    ) -> None:
        self.game, self.rules, self.mean = game, rules, mean
        self.free, self.available = free, available
        self.owner = {d.name: d.player for d in game.diagram.decisions}
        self.deciding = tuple(dict.fromkeys(self.owner.values()))

    def combinations(self, k: int) -> int:
        """How many combinations of the others' levels the highest level thinks possible."""
        return 1 if self.mean is None else k ** (len(self.deciding) - 1)

    def judged(
        self, player: PlayerName, k: int, draws: Int[np.ndarray, " some"]
    ) -> Iterator[tuple[np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray]]]:
        """For each planned decision of a player at a level: positions of draws, gap, gain and loss."""
        own = [name for name, owner in self.owner.items() if owner == player and name in self.free]
        if not own:
            return
        played = {name: self.rules[name][k] for name in own}
        for rows, padded, values, reach in self._summed(player, k, own, draws):
            for name in own:
                judged = judge_rule(self.game, name, played, values, reach, padded, self.available)
                yield rows, tuple(part[: len(rows)] for part in judged)  # type: ignore[misc]

    def _summed(
        self, player: PlayerName, k: int, own: Sequence[NodeName], draws: np.ndarray
    ) -> Iterator[
        tuple[np.ndarray, np.ndarray, dict[NodeName, np.ndarray], dict[NodeName, np.ndarray]]
    ]:
        """P(c) Q(c, a) and P(c) of a player's decisions, over all combinations of the others' levels."""
        parts: dict[int, tuple[np.ndarray, np.ndarray, dict[str, Any], dict[str, Any]]] = {}
        others = [other for other in self.deciding if other != player]
        for combination in product(self._believed(k), repeat=len(others)):
            at = {player: k, **dict(zip(others, combination, strict=True))}
            policies = {name: self.rules[name][at[owner]] for name, owner in self.owner.items()}
            summed = portions(self.game, policies, draws)
            for i, (rows, padded, values, reach) in enumerate(summed):
                chance = np.ones(len(padded))
                for level in combination:
                    chance = chance * self._chance(k, level)[padded]
                _, _, value_sum, reach_sum = parts.setdefault(i, (rows, padded, {}, {}))
                for name in own:
                    value, likely = np.asarray(values[name]), np.asarray(reach[name])
                    along = chance.reshape(-1, *(1,) * (value.ndim - 1))
                    value_sum[name] = value_sum.get(name, 0.0) + along * value
                    reach_sum[name] = reach_sum.get(name, 0.0) + along * likely
        yield from parts.values()

    def _believed(self, k: int) -> range:
        return range(k - 1, k) if self.mean is None else range(k)

    def _chance(self, k: int, level: int) -> np.ndarray:
        """The share of a level among those below k, in every draw."""
        if self.mean is None:
            return np.ones(self.game.n_draws)
        weights = np.array([self.mean**j / factorial(j) for j in range(k)])
        return weights[level] / weights.sum(axis=0)
