"""An oracle for deals in games in which everyone sees all that went before.

It walks the tree once for each question, forwards in time, and imports nothing of the package.

    broken:    V(h) = Σ_a P(a) V(h a),        P(a) ∝ exp(λ V_owner(h a)) at a decision
    in force:  the same, but at a promised decision only the promise stays in force; any other
               action leads to the broken value less the penalty
    on paper:  the same as in force, with the promise taken for certain
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Turn:
    """One node in order of time: a decision of `player`, or chance with `odds` by history."""

    size: int
    player: str | None = None
    odds: dict[tuple[int, ...], np.ndarray] = field(default_factory=dict)


@dataclass
class Bargain:
    """A game of perfect information and a deal in it."""

    turns: list[Turn]
    worth: dict[str, np.ndarray]
    """For each player a table over all turns."""
    precision: dict[str, float]
    promises: dict[int, int]
    """For a turn the promised action."""
    penalty: dict[str, float] = field(default_factory=dict)
    reward: dict[str, float] = field(default_factory=dict)
    """Paid when the last promise has been kept."""


def value(game: Bargain, history: tuple[int, ...], regime: str) -> dict[str, float]:
    """Everyone's expected worth after a history; the regime is broken, in force or on paper."""
    if len(history) == len(game.turns):
        return {player: float(table[history]) for player, table in game.worth.items()}
    chances = mix(game, history, regime)
    total = dict.fromkeys(game.worth, 0.0)
    for action, chance in enumerate(chances):
        for player, worth in after(game, history, action, regime).items():
            total[player] += chance * worth
    return total


def after(game: Bargain, history: tuple[int, ...], action: int, regime: str) -> dict[str, float]:
    """Everyone's expected worth after an action, with what falls due for it."""
    turn = len(history)
    promised = game.promises.get(turn)
    if regime == "broken" or promised is None:
        return value(game, (*history, action), regime)
    owner = game.turns[turn].player
    if action != promised:
        worth = value(game, (*history, action), "broken")
        return {p: w - (game.penalty.get(p, 0.0) if p == owner else 0.0) for p, w in worth.items()}
    worth = value(game, (*history, action), regime)
    is_last = turn == max(game.promises)
    return {p: w + (game.reward.get(p, 0.0) if is_last else 0.0) for p, w in worth.items()}


def mix(game: Bargain, history: tuple[int, ...], regime: str) -> np.ndarray:
    """The chances of the next node's values."""
    turn = game.turns[len(history)]
    if turn.player is None:
        return turn.odds[history]
    promised = game.promises.get(len(history))
    if regime == "on paper" and promised is not None:
        return np.eye(turn.size)[promised]
    worths = [after(game, history, a, regime)[turn.player] for a in range(turn.size)]
    scaled = game.precision[turn.player] * np.array(worths)
    weights = np.exp(scaled - scaled.max())
    return weights / weights.sum()


def kept(game: Bargain) -> list[float]:
    """P(this and every earlier promise is kept), for each promise in order of time."""
    found = []
    for last in sorted(game.promises):
        found.append(_mass(game, (), last))
    return found


def _mass(game: Bargain, history: tuple[int, ...], last: int) -> float:
    turn = len(history)
    chances = mix(game, history, "in force")
    promised = game.promises.get(turn)
    if promised is not None:
        kept_now = float(chances[promised])
        return kept_now if turn == last else kept_now * _mass(game, (*history, promised), last)
    return sum(float(c) * _mass(game, (*history, a), last) for a, c in enumerate(chances))
