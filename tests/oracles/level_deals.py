"""An oracle: a deal among players who think some levels ahead, with everybody's type written out.

It enumerates histories and imports nothing of the package. A mind says who takes whom for what: in the
mind of a player of level k all others are at level k − 1; in no mind everyone is of its actual type.

    Q(d, c, a) = Σ over histories h that agree with c and keep all promises of
                 P(h | mind) · V(h a | mind)  /  the same without V

A kept promise goes on in force; any other action leads to play without the deal, less the penalty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

import numpy as np

Mind = tuple[str, int] | None
AT_EQUILIBRIUM = -1


@dataclass
class Turn:
    """One node in order of time: a decision that sees some earlier nodes, or chance."""

    size: int
    sees: tuple[int, ...] = ()
    player: str | None = None
    odds: np.ndarray | None = None


@dataclass
class LevelBargain:
    """A game, a deal in it, and everyone's type."""

    turns: list[Turn]
    worth: dict[str, np.ndarray]
    precision: dict[str, float]
    promises: dict[int, int]
    penalty: dict[str, float]
    reward: dict[str, float]
    types: dict[str, int]
    """A level, or −1; who is at equilibrium must see all that went before."""
    level_0: dict[int, np.ndarray] = field(default_factory=dict)
    rules: dict[tuple[object, ...], np.ndarray] = field(default_factory=dict)

    def value(self, history: tuple[int, ...], regime: str, mind: Mind) -> dict[str, float]:
        """Everyone's expected worth after a history; the regime is broken, in force or on paper."""
        if len(history) == len(self.turns):
            return {player: float(table[history]) for player, table in self.worth.items()}
        total = dict.fromkeys(self.worth, 0.0)
        for action, chance in enumerate(self.chances(history, regime, mind)):
            for player, worth in self.after(history, action, regime, mind).items():
                total[player] += chance * worth
        return total

    def after(self, history, action, regime, mind) -> dict[str, float]:
        """Everyone's expected worth after an action, with what falls due for it."""
        turn = len(history)
        promised = self.promises.get(turn)
        if regime == "broken" or promised is None:
            return self.value((*history, action), regime, mind)
        if action == promised:
            worth = self.value((*history, action), regime, mind)
            due = self.reward if turn == max(self.promises) else {}
            return {p: w + due.get(p, 0.0) for p, w in worth.items()}
        worth = self.value((*history, action), "broken", mind)
        owner = self.turns[turn].player
        return {p: w - (self.penalty.get(p, 0.0) if p == owner else 0.0) for p, w in worth.items()}

    def chances(self, history: tuple[int, ...], regime: str, mind: Mind) -> np.ndarray:
        """The chances of the next node's values in a mind."""
        turn = len(history)
        node = self.turns[turn]
        context = tuple(history[i] for i in node.sees)
        if node.player is None:
            assert node.odds is not None
            return node.odds[context]
        if mind is None:
            return self.rule(turn, context, regime, node.player, self.types[node.player])
        player, level = mind
        at = level if node.player == player else level - 1
        return self.rule(turn, context, regime, node.player, at)

    def rule(self, turn, context, regime, player, level) -> np.ndarray:
        """What a player of a type does at a turn."""
        key = (turn, context, regime, level)
        if key not in self.rules:
            self.rules[key] = self._rule(turn, context, regime, player, level)
        return self.rules[key]

    def _rule(self, turn, context, regime, player, level):
        size = self.turns[turn].size
        if regime == "on paper" and turn in self.promises:
            return np.eye(size)[self.promises[turn]]
        if level == 0:
            return self.level_0.get(turn, np.full(size, 1 / size))
        mind = None if level == AT_EQUILIBRIUM else (player, level)
        total, reach = np.zeros(size), 0.0
        for history in product(*(range(node.size) for node in self.turns[:turn])):
            if tuple(history[i] for i in self.turns[turn].sees) != context:
                continue
            chance = self._reach(history, regime, mind)
            if chance > 0:
                worth = [self.after(history, a, regime, mind)[player] for a in range(size)]
                total, reach = total + chance * np.array(worth), reach + chance
        scaled = self.precision[player] * total / (reach or 1.0)
        weights = np.exp(scaled - scaled.max())
        return weights / weights.sum()

    def _reach(self, history, regime, mind) -> float:
        """P(history) in a mind; 0 where a promise was not kept in it, unless the deal is broken."""
        chance = 1.0
        for turn, action in enumerate(history):
            if regime != "broken" and self.promises.get(turn, action) != action:
                return 0.0
            # A player recalls its own moves, so they are the same in all histories of a context.
            if mind is None or self.turns[turn].player == mind[0]:
                continue
            chance *= self.chances(history[:turn], regime, mind)[action]
        return float(chance)

    def kept(self) -> list[float]:
        """P(this and every earlier promise is kept), for each promise in order of time."""
        return [self._mass((), last) for last in sorted(self.promises)]

    def _mass(self, history, last) -> float:
        turn = len(history)
        chances = self.chances(history, "in force", None)
        promised = self.promises.get(turn)
        if promised is not None:
            kept = float(chances[promised])
            return kept if turn == last else kept * self._mass((*history, promised), last)
        return sum(float(c) * self._mass((*history, a), last) for a, c in enumerate(chances))
