"""An oracle: everything about a small game by walking its whole tree.

Slow and obvious. It imports nothing of the package: a game comes as plain lists and arrays.

    P(leaf) = Π P(x | parents);   reach(d, c) = P(what d sees is c)
    Q(d, c, a) = Σ over leaves with c and a of  P(leaf without d's rule) · u(leaf)  /  reach(d, c)
    response(d, c, a) = exp(λ Q(d, c, a)) / Σ over the menu
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np


@dataclass
class PlainNode:
    """A node in order of time; `table` is P(node | parents), or the decision's rule."""

    name: str
    size: int
    parents: list[str]
    table: np.ndarray
    player: str | None = None
    menu: np.ndarray | None = None


@dataclass
class PlainGame:
    """A game in one draw: nodes in order of time, worths as (player, scope, table)."""

    nodes: list[PlainNode]
    worths: list[tuple[str, list[str], np.ndarray]]
    precision: dict[str, float]


def leaves(game: PlainGame):
    """Yield every assignment of all nodes with its probability, one factor a node."""
    for values in product(*(range(node.size) for node in game.nodes)):
        leaf = dict(zip((node.name for node in game.nodes), values, strict=True))
        factors = {
            node.name: node.table[(*(leaf[p] for p in node.parents), leaf[node.name])]
            for node in game.nodes
        }
        yield leaf, factors


def worth(game: PlainGame, player: str, leaf: dict[str, int]) -> float:
    """What a player gets at the end of a path."""
    return sum(
        float(table[tuple(leaf[name] for name in scope)])
        for owner, scope, table in game.worths
        if owner == player
    )


def action_values(game: PlainGame, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Q(d, c, a) and reach(d, c) of one decision; Q is nan where c is never reached."""
    node = next(n for n in game.nodes if n.name == name)
    total = np.zeros(node.table.shape)
    reach = np.zeros(node.table.shape)
    for leaf, factors in leaves(game):
        others = np.prod([p for other, p in factors.items() if other != name])
        cell = (*(leaf[p] for p in node.parents), leaf[name])
        total[cell] += others * worth(game, str(node.player), leaf)
        reach[cell] += others
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(reach > 0, total / reach, np.nan), reach.max(axis=-1)


def response(game: PlainGame, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The logit response at one decision to everyone's rules, and the reach of its contexts."""
    node = next(n for n in game.nodes if n.name == name)
    values, reach = action_values(game, name)
    weights = np.exp(game.precision[str(node.player)] * np.nan_to_num(values)) * node.menu
    return weights / weights.sum(axis=-1, keepdims=True), reach


def residual(game: PlainGame) -> float:
    """Largest gap between a rule and the logit response, over contexts that are reached."""
    worst = 0.0
    for node in game.nodes:
        if node.player is not None:
            best, reach = response(game, node.name)
            gap = np.abs(best - node.table).max(axis=-1)
            worst = max(worst, float(np.where(reach > 1e-12, gap, 0.0).max()))
    return worst


def joint(game: PlainGame, keep: list[str], evidence: dict[str, np.ndarray]) -> np.ndarray:
    """P(keep, evidence), axes in the order of `keep`."""
    size = {node.name: node.size for node in game.nodes}
    table = np.zeros([size[name] for name in keep])
    for leaf, factors in leaves(game):
        likelihood = np.prod([seen[leaf[name]] for name, seen in evidence.items()])
        table[tuple(leaf[name] for name in keep)] += np.prod(list(factors.values())) * likelihood
    return table
