"""An oracle: players who think some levels ahead, with everybody's hidden type written out.

Slow and obvious, like `tree`, and like it without anything of the package. At level k a player takes
every other player to have one type, a level below k, that it keeps at all its moves:

    Q(d, c, a) = Σ over types of the others and leaves with c and a of
                 P(types) · P(leaf without d's rule | types) · u(leaf)  /  the same without u
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import exp, factorial

import numpy as np

from tests.oracles.tree import PlainGame, action_values

PASSES = 500
"""Passes at most, where a player does not recall its own moves."""


def poisson(mean: float, below: int) -> list[float]:
    """Shares of the levels below one, Poisson and cut off."""
    weights = [exp(-mean) * mean**k / factorial(k) for k in range(below)]
    return [w / sum(weights) for w in weights]


def one_below(level: int) -> list[float]:
    """All others at the next level below."""
    return [0.0] * (level - 1) + [1.0]


def rules_of_levels(game: PlainGame, most: int, shares) -> list[dict[str, np.ndarray]]:
    """Everyone's rules at levels 0 to `most`; `shares(k)` lists what level k takes the others for."""
    decisions = [node for node in game.nodes if node.player is not None]
    found = [{n.name: n.menu / n.menu.sum(axis=-1, keepdims=True) for n in decisions}]
    for level in range(1, most + 1):
        rules: dict[str, np.ndarray] = {}
        for player in {node.player for node in decisions}:
            rules |= _own_rules(game, str(player), found, shares(level))
        found.append(rules)
    return found


def _own_rules(game, player, lower, shares):
    own = [node.name for node in game.nodes if node.player == player]
    others = sorted({n.player for n in game.nodes if n.player not in (None, player)})
    rules = {name: lower[0][name] for name in own}
    for _ in range(PASSES):
        before = dict(rules)
        for name in reversed(own):
            rules[name] = _response(game, name, rules, others, lower, shares)
        if max(np.abs(rules[n] - before[n]).max() for n in own) < 1e-14:
            return rules
    raise AssertionError("a player's own rules do not settle")


def _response(game, name, own, others, lower, shares):
    node = next(n for n in game.nodes if n.name == name)
    total, reach = np.zeros(node.table.shape), np.zeros(node.table.shape[:-1])
    for types in product(range(len(shares)), repeat=len(others)):
        chance = float(np.prod([shares[t] for t in types]))
        if chance == 0:
            continue
        played = dict(zip(others, types, strict=True))
        nodes = [
            n
            if n.player is None
            else replace(n, table=own[n.name] if n.name in own else lower[played[n.player]][n.name])
            for n in game.nodes
        ]
        values, reached = action_values(PlainGame(nodes, game.worths, game.precision), name)
        total += chance * np.nan_to_num(values) * reached[..., None]
        reach += chance * reached
    values = total / np.where(reach > 0, reach, 1.0)[..., None]
    weights = np.exp(game.precision[str(node.player)] * values) * node.menu
    return weights / weights.sum(axis=-1, keepdims=True)
