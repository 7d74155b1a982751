"""An oracle: a deal among players who think some levels ahead, with everybody's type written out.

It enumerates histories and imports nothing of the package. A profile says of which type everyone is. A
player of level k takes each of the others to be of level k − 1; in a hierarchy it takes each of them to be of some
level below k, which that player keeps at all its moves:

    Q(d, c, a) = Σ over profiles t and histories h that agree with c and keep all promises of
                 P(t) · P(h | t) · V(h a | t)  /  the same without V

    unseen:  all makers of a step act; if any of them did something else, the deal is broken
    escrow:  all makers agree or not; if one does not, the deal is broken before any of them acts
    broken:  everyone follows the rules that hold without a deal, and who broke it pays its penalty
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from math import exp, factorial, prod

import numpy as np

AT_EQUILIBRIUM = -1
Kind = tuple[float | None, int]
"""A type: the mean of its hierarchy, if it is in one, and its level."""
Profile = dict[str, Kind]


@dataclass
class Turn:
    """One node in order of time: a decision that sees some earlier nodes, or chance."""

    size: int
    sees: tuple[int, ...] = ()
    player: str | None = None
    odds: np.ndarray | None = None


@dataclass
class Step:
    """Promised actions by turn; with `together`, the turns follow each other, and nobody sees the others'."""

    promises: dict[int, int]
    together: str | None = None


@dataclass
class LevelBargain:
    """A game, a deal in it, and everyone's type."""

    turns: list[Turn]
    worth: dict[str, np.ndarray]
    precision: dict[str, float]
    steps: list[Step]
    penalty: dict[str, float]
    reward: dict[str, float]
    """Paid when everything has been kept."""
    types: dict[str, int]
    """A level, or −1; who is at equilibrium must see all that went before."""
    means: dict[str, float] = field(default_factory=dict)
    """By player the mean of its hierarchy; the others think in level-k."""
    since: int = 0
    """The first turn on the day of the deal or later; earlier ones are decided as without a deal."""
    level_0: dict[int, np.ndarray] = field(default_factory=dict)
    rules: dict[tuple[object, ...], np.ndarray] = field(default_factory=dict)

    @property
    def actual(self) -> Profile:
        """Everyone's type as it is."""
        return {player: (self.means.get(player), level) for player, level in self.types.items()}

    def value(self, history: tuple[int, ...], regime: str, profile: Profile) -> dict[str, float]:
        """Everyone's expected worth after a history; the regime is broken, in force or on paper."""
        if len(history) == len(self.turns):
            return {player: float(table[history]) for player, table in self.worth.items()}
        makers = self.makers(len(history), regime)
        rows = [self.chances(turn, history, regime, profile) for turn in makers]
        total = dict.fromkeys(self.worth, 0.0)
        for acts in product(*(range(len(row)) for row in rows)):
            chance = prod(float(row[act]) for row, act in zip(rows, acts, strict=True))
            if chance > 0:
                for player, worth in self.after(history, acts, regime, profile).items():
                    total[player] += chance * worth
        return total

    def makers(self, turn: int, regime: str) -> tuple[int, ...]:
        """The turns that come about with one: all of a step that is kept together, otherwise itself."""
        step = self.step_of(turn)
        return tuple(sorted(step.promises)) if step and regime != "broken" else (turn,)

    def step_of(self, turn: int) -> Step | None:
        """The step that a turn is promised in."""
        return next((step for step in self.steps if turn in step.promises), None)

    def after(self, history, acts, regime, profile) -> dict[str, float]:
        """Everyone's expected worth after the acts of one step, or after one other move."""
        step = self.step_of(len(history))
        if regime == "broken" or step is None:
            return self.value((*history, *acts), regime, profile)
        makers = sorted(step.promises)
        promised = tuple(step.promises[turn] for turn in makers)
        in_escrow = step.together == "escrow"
        keeps = [
            act == (1 if in_escrow else wish) for act, wish in zip(acts, promised, strict=True)
        ]
        if all(keeps):
            worth = self.value((*history, *promised), regime, profile)
            due = self.reward if step is self.steps[-1] else {}
            return {player: w + due.get(player, 0.0) for player, w in worth.items()}
        worth = self.value(history if in_escrow else (*history, *acts), "broken", profile)
        for turn, keeps_it in zip(makers, keeps, strict=True):
            owner = str(self.turns[turn].player)
            worth[owner] -= 0.0 if keeps_it else self.penalty.get(owner, 0.0)
        return worth

    def chances(self, turn, history, regime, profile) -> np.ndarray:
        """The chances of a node's values, or of agreeing (1) or not (0) to an escrow."""
        node = self.turns[turn]
        context = tuple(history[i] for i in node.sees)
        regime = "broken" if turn < self.since else regime
        if node.player is None:
            assert node.odds is not None
            return node.odds[context]
        return self.rule(turn, context, regime, profile[node.player])

    def rule(self, turn, context, regime, kind) -> np.ndarray:
        """What a player of a type does at a turn."""
        key = (turn, context, regime, kind)
        if key not in self.rules:
            self.rules[key] = self._rule(turn, context, regime, kind)
        return self.rules[key]

    def profiles(self, player: str, kind: Kind) -> Iterator[tuple[float, Profile]]:
        """What a player of a type takes everyone's types to be, with the probabilities."""
        mean, level = kind
        if level == AT_EQUILIBRIUM:
            yield 1.0, self.actual
            return
        shares = [0.0] * (level - 1) + [1.0]
        if mean is not None:
            weights = [exp(-mean) * mean**k / factorial(k) for k in range(level)]
            shares = [weight / sum(weights) for weight in weights]
        others = [other for other in self.types if other != player]
        for levels in product(range(level), repeat=len(others)):
            chance = prod(shares[k] for k in levels)
            if chance > 0:
                thought = {other: (mean, k) for other, k in zip(others, levels, strict=True)}
                yield chance, {player: kind, **thought}

    def _rule(self, turn, context, regime, kind):
        node, step = self.turns[turn], None if regime == "broken" else self.step_of(turn)
        in_escrow = step is not None and step.together == "escrow"
        size = 2 if in_escrow else node.size
        if step and regime == "on paper":
            return np.eye(size)[1 if in_escrow else step.promises[turn]]
        if kind[1] == 0:
            usual = self.level_0.get(turn, np.full(node.size, 1 / node.size))
            if step is None or not in_escrow:
                return usual
            agrees = usual[step.promises[turn]]
            return np.array([1 - agrees, agrees])
        makers = self.makers(turn, regime)
        place = makers.index(turn)
        total, reach = np.zeros(size), 0.0
        for belief, profile in self.profiles(str(node.player), kind):
            for history in product(*(range(t.size) for t in self.turns[: makers[0]])):
                if tuple(history[i] for i in node.sees) != context:
                    continue
                chance = belief * self._reach(history, regime, profile, str(node.player))
                if chance == 0:
                    continue
                rows = [
                    np.ones(size) if t == turn else self.chances(t, history, regime, profile)
                    for t in makers
                ]
                for acts in product(*(range(len(row)) for row in rows)):
                    p = chance * prod(float(row[act]) for row, act in zip(rows, acts, strict=True))
                    worth = self.after(history, acts, regime, profile)[str(node.player)]
                    total[acts[place]] += p * worth
                reach += chance
        scaled = self.precision[str(node.player)] * total / (reach or 1.0)
        weights = np.exp(scaled - scaled.max())
        return weights / weights.sum()

    def _reach(self, history, regime, profile, player) -> float:
        """P(history | profile), the player's own moves left out; 0 where a promise was not kept in it, unless
        the deal is broken."""
        chance = 1.0
        for turn, action in enumerate(history):
            step = None if regime == "broken" else self.step_of(turn)
            if step is not None and step.promises[turn] != action:
                return 0.0
            # A player recalls its own moves, so they are the same in all histories of a context.
            if self.turns[turn].player == player:
                continue
            at = 1 if step is not None and step.together == "escrow" else action
            chance *= float(self.chances(turn, history[:turn], regime, profile)[at])
        return chance

    def starts(self, seen: int | None) -> list[tuple[float, tuple[int, ...]]]:
        """What may have come about, with the probabilities: nothing yet, or chance and then an action on record."""
        if seen is None:
            return [(1.0, ())]
        first = self.chances(0, (), "broken", self.actual)
        odds = [
            float(p * self.chances(1, (k,), "broken", self.actual)[seen])
            for k, p in enumerate(first)
        ]
        return [(p / sum(odds), (k, seen)) for k, p in enumerate(odds)]

    def expected(self, regime: str, seen: int | None) -> dict[str, float]:
        """Everyone's expected worth, given what is on record."""
        parts = [(p, self.value(start, regime, self.actual)) for p, start in self.starts(seen)]
        return {player: sum(p * worth[player] for p, worth in parts) for player in self.worth}

    def kept(self, seen: int | None) -> list[float]:
        """P(this promise and all of earlier steps are kept), for each promise in order of time."""
        starts = self.starts(seen)
        return [
            sum(p * self._mass(start, last) for p, start in starts)
            for step in self.steps
            for last in sorted(step.promises)
        ]

    def _mass(self, history, last) -> float:
        turn = len(history)
        step = self.step_of(turn)
        if step is None:
            chances = self.chances(turn, history, "in force", self.actual)
            return sum(float(c) * self._mass((*history, a), last) for a, c in enumerate(chances))
        kept, promised = {}, tuple(step.promises[t] for t in sorted(step.promises))
        for t, action in step.promises.items():
            at = 1 if step.together == "escrow" else action
            kept[t] = float(self.chances(t, history, "in force", self.actual)[at])
        if last in kept:
            return kept[last]
        return prod(kept.values()) * self._mass((*history, *promised), last)
