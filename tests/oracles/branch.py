"""An oracle: the principal branch of a small game, followed in tiny steps.

Slow and obvious. It imports nothing of the package. A game is a list of its leaves; the unknowns
are the log-odds of every action against the first in every information set. With the precisions
tλ, logit play solves

    F(x, t) = x(a) - t λ (Q(a) - Q(first)) = 0,

and the branch starts at x = 0, t = 0. It is followed along its arc by Euler's step and Newton's
corrections on the full, dense Jacobian, each step so short that no log-odds move by more than
`step`. A fold is where t turns.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from tests.oracles.tree import PlainGame


@dataclass
class InfoSet:
    """What a player knows when it moves: `action[leaf]` is what it does on the way, or -1."""

    label: tuple
    player: str
    size: int
    action: np.ndarray


@dataclass
class Leaves:
    """A game as its leaves."""

    log_chance: np.ndarray
    """Log of the product of the chances on the way to each leaf."""
    payoff: dict[str, np.ndarray]
    infosets: list[InfoSet]
    precision: dict[str, float]


@dataclass
class Branch:
    """The points that were visited; the last is at the target."""

    t: np.ndarray
    x: np.ndarray
    """Axes: point, unknown."""
    rules: dict[tuple, np.ndarray]
    """At the target, by label of the information set."""
    folds: int
    """How often t turned on the way."""


def leaves_of(game: PlainGame) -> Leaves:
    """List the leaves that can happen; contexts are labelled (decision, values of what it sees)."""
    paths, logs = [], []
    for values in product(*(range(node.size) for node in game.nodes)):
        leaf = dict(zip((node.name for node in game.nodes), values, strict=True))
        log = 0.0
        for node in game.nodes:
            cell = (*(leaf[p] for p in node.parents), leaf[node.name])
            chance = node.table[cell] if node.player is None else node.menu[cell] * 1.0
            log = log + np.log(chance) if chance > 0 else -np.inf
            if log == -np.inf:
                break
        if log > -np.inf:
            paths.append(leaf)
            logs.append(log)
    payoff = {player: np.zeros(len(paths)) for player in game.precision}
    for player, scope, table in game.worths:
        payoff[player] += [float(table[tuple(leaf[n] for n in scope)]) for leaf in paths]
    infosets: dict[tuple, InfoSet] = {}
    for node in game.nodes:
        if node.player is None:
            continue
        for i, leaf in enumerate(paths):
            context = tuple(leaf[p] for p in node.parents)
            if (node.name, context) not in infosets:
                infosets[node.name, context] = InfoSet(
                    (node.name, context), node.player, node.size, np.full(len(paths), -1)
                )
            infosets[node.name, context].action[i] = leaf[node.name]
    return Leaves(np.array(logs), payoff, list(infosets.values()), dict(game.precision))


class System:
    """F, its Jacobian by x, and its derivative by t."""

    def __init__(self, leaves: Leaves) -> None:
        self.leaves = leaves
        self.sets = leaves.infosets
        # Only the actions that some leaf takes are on the menu.
        self.menu = [sorted(set(s.action.tolist()) - {-1}) for s in self.sets]
        self.columns = [(i, a) for i, menu in enumerate(self.menu) for a in menu]
        self.index = {key: k for k, key in enumerate(self.columns)}
        self.free = [self.index[i, a] for i, menu in enumerate(self.menu) for a in menu[1:]]
        self.takes = np.array([self.sets[i].action == a for i, a in self.columns], float)
        self.n = len(self.free)

    def logs(self, x: np.ndarray) -> np.ndarray:
        """Log of the probability of every column's action."""
        score = np.zeros(len(self.columns))
        score[self.free] = x
        for i, menu in enumerate(self.menu):
            own = [self.index[i, a] for a in menu]
            top = score[own].max()
            score[own] -= top + np.log(np.exp(score[own] - top).sum())
        return score

    def at(self, x: np.ndarray, t: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """F, dF/dx, dF/dt."""
        logs = self.logs(x)
        total = self.leaves.log_chance + logs @ self.takes
        value = np.zeros(len(self.columns))
        slope = np.zeros((len(self.columns), len(self.columns)))
        for i, menu in enumerate(self.menu):
            own = [self.index[i, a] for a in menu]
            without = total - logs[own] @ self.takes[own]
            passed = self.takes[own].any(axis=0)
            # Beliefs are ratios: dividing by the likeliest path keeps them from underflowing.
            weight = np.where(passed, np.exp(without - without[passed].max()), 0.0)
            worth = self.leaves.payoff[self.sets[i].player]
            for k in own:
                here = weight * self.takes[k]
                value[k] = (here @ worth) / here.sum()
                slope[k] = self.takes @ (here * (worth - value[k])) / here.sum()
            slope[:, own] = np.where(np.isin(np.arange(len(slope)), own)[:, None], 0, slope[:, own])
        # From logs of probabilities to log-odds: d log p(b) / dx(b') = [b = b'] - p(b').
        by_x = np.zeros((len(self.columns), self.n))
        probability = np.exp(logs)
        for j, k in enumerate(self.free):
            i = self.columns[k][0]
            own = [self.index[i, a] for a in self.menu[i]]
            by_x[:, j] = slope[:, k] - probability[k] * slope[:, own].sum(axis=1)
        first = [
            self.index[self.columns[k][0], self.menu[self.columns[k][0]][0]] for k in self.free
        ]
        lam = np.array(
            [self.leaves.precision[self.sets[self.columns[k][0]].player] for k in self.free]
        )
        gain = lam * (value[self.free] - value[first])
        jacobian = np.eye(self.n) - t * lam[:, None] * (by_x[self.free] - by_x[first])
        return x - t * gain, jacobian, -gain

    def rules(self, x: np.ndarray) -> dict[tuple, np.ndarray]:
        """P(action) by label of the information set; 0 for what is off the menu."""
        probability = np.exp(self.logs(x))
        found = {}
        for i, info in enumerate(self.sets):
            found[info.label] = np.zeros(info.size)
            for a in self.menu[i]:
                found[info.label][a] = probability[self.index[i, a]]
        return found


def follow_branch(
    leaves: Leaves, *, target: float = 1.0, step: float = 0.05, most: int = 40000
) -> Branch:
    """Follow the principal branch until t first reaches the target."""
    system = System(leaves)
    x, t = np.zeros(system.n), 0.0
    xs, ts = [x], [t]
    heading = np.append(np.zeros(system.n), 1.0)
    shrink = 1.0
    for _ in range(most):
        _, jacobian, by_t = system.at(x, t)
        tangent = _tangent(jacobian, by_t, heading)
        # Cap the move of any log-odds, and of t (whose natural size is the target's).
        size = max(np.abs(tangent[:-1]).max() / step, abs(tangent[-1]) / (step * target / 2))
        h = shrink / size
        if t + h * tangent[-1] >= target:
            near = _newton_at(system, x + tangent[:-1] * (target - t) / tangent[-1], target)
            if near is not None and np.abs(near - x).max() < 3 * step:
                xs.append(near)
                ts.append(target)
                folds = int((np.diff(np.sign(np.diff(ts))) != 0).sum())
                return Branch(np.array(ts), np.array(xs), system.rules(near), folds)
            shrink /= 2
            continue
        point = _newton(system, np.append(x, t) + h * tangent, tangent)
        if point is None or np.abs(point[:-1] - x).max() > 3 * step * shrink:
            shrink /= 2
            assert shrink > 1e-9, "The oracle's steps became too short."
            continue
        x, t, heading = point[:-1], point[-1], tangent
        shrink = min(1.0, 2 * shrink)
        xs.append(x)
        ts.append(t)
    raise AssertionError("The oracle ran out of steps.")


def _tangent(jacobian: np.ndarray, by_t: np.ndarray, heading: np.ndarray) -> np.ndarray:
    n = len(by_t)
    bordered = np.zeros((n + 1, n + 1))
    bordered[:n, :n], bordered[:n, n], bordered[n] = jacobian, by_t, heading
    tangent = np.linalg.solve(bordered, np.append(np.zeros(n), 1.0))
    # The border makes the new tangent point the old way, so that a fold is passed and not undone.
    return tangent / np.linalg.norm(tangent)


def _newton(system: System, guess: np.ndarray, normal: np.ndarray) -> np.ndarray | None:
    point, n = guess.copy(), system.n
    for _ in range(8):
        residual, jacobian, by_t = system.at(point[:-1], point[-1])
        bordered = np.zeros((n + 1, n + 1))
        bordered[:n, :n], bordered[:n, n], bordered[n] = jacobian, by_t, normal
        move = np.linalg.solve(bordered, -np.append(residual, normal @ (point - guess)))
        point = point + move
        if np.abs(move).max() < 1e-10 * (1 + np.abs(point).max()):
            return point
    return None


def _newton_at(system: System, x: np.ndarray, t: float) -> np.ndarray | None:
    for _ in range(30):
        residual, jacobian, _ = system.at(x, t)
        move = np.linalg.solve(jacobian, -residual)
        if not np.isfinite(move).all():
            return None
        # Damped: far away, a full step in log-odds overshoots into flat regions.
        x = x + move * min(1.0, 3.0 / max(np.abs(move).max(), 1e-300))
        if np.abs(move).max() < 1e-11 * (1 + np.abs(x).max()):
            return x
    return None


def all_equilibria(
    leaves: Leaves, *, starts: int = 200, seed: int = 0, spread: float = 4.0, apart: float = 1e-6
) -> list[dict[tuple, np.ndarray]]:
    """Every logit equilibrium that Newton's method finds from many random starts."""
    system = System(leaves)
    rng = np.random.default_rng(seed)
    found: list[dict[tuple, np.ndarray]] = []
    for k in range(starts):
        x = rng.normal(size=system.n) * spread * (k % 4 + 1) / 2
        try:
            x = _newton_at(system, x, 1.0)
        except np.linalg.LinAlgError:
            continue
        if x is None:
            continue
        rules = system.rules(x)
        if all(
            max(np.abs(rules[key] - other[key]).max() for key in rules) > apart for other in found
        ):
            found.append(rules)
    return found
