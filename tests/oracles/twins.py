"""An oracle: counterfactuals of a small game by enumerating both worlds at once.

Slow and obvious. It imports nothing of the package. The joint law of a node before and after its
probabilities change, under shared Gumbel shocks, is worked out by integrating the race of
exponential clocks e(v), won by the smallest e(v) / p(v) before and e(v) / q(v) after. Both winning
times are integrated over, at the ratio r of the second to the first:

    P(i before, j after) = integral over r of  p_i q_j / (Σ_v max(p_v, q_v r))²

for i and j different and r between p_j / q_j and p_i / q_i; what is left of p_i stays with i.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, permutations, product

import numpy as np

from tests.oracles.tree import PlainGame, leaves


def transition(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """P(j under q | i under p) of one node with shared shocks; rows of impossible i are 0."""
    n = len(p)
    table = np.zeros((n, n))
    for i, j in product(range(n), repeat=2):
        if i != j and p[i] > 0 and q[j] > 0:
            table[i, j] = _both(p, q, i, j) / p[i]
    for i in range(n):
        if p[i] > 0:
            table[i, i] = 1 - table[i].sum()
    return table


def _both(p: np.ndarray, q: np.ndarray, i: int, j: int) -> float:
    """P(i wins under p and j under q), i ≠ j: piecewise in the ratio of the winning times."""
    # e_j = q_j s must exceed p_j t, and e_i = p_i t must exceed q_i s.
    low = p[j] / q[j]
    high = p[i] / q[i] if q[i] > 0 else np.inf
    if high <= low:
        return 0.0
    others = [v for v in range(len(p)) if v not in (i, j)]
    bends = [p[v] / q[v] for v in others if q[v] > 0]
    edges = [low, *sorted(b for b in bends if low < b < high), high]
    total = 0.0
    for start, end in pairwise(edges):
        middle = (start + end) / 2 if np.isfinite(end) else start + 1.0
        constant, slope = p[i], q[j]
        for v in others:
            if q[v] * middle > p[v]:
                slope += q[v]
            else:
                constant += p[v]
        upper = 0.0 if not np.isfinite(end) else 1 / (constant + slope * end)
        total += p[i] * q[j] / slope * (1 / (constant + slope * start) - upper)
    return total


def prevented(
    before: PlainGame,
    after: PlainGame,
    *,
    evidence: dict[str, np.ndarray],
    outcome: str,
    value: int,
    shared: bool,
) -> float:
    """P(the outcome is not `value` in the second game | evidence and `value` in the first)."""
    top = bottom = 0.0
    for leaf, factors in leaves(before):
        likelihood = np.prod([seen[leaf[name]] for name, seen in evidence.items()])
        weight = float(np.prod(list(factors.values())) * likelihood)
        if leaf[outcome] != value or weight == 0:
            continue
        bottom += weight
        top += weight * (1 - _again(before, after, leaf, outcome, value, shared))
    return top / bottom


def _again(
    before: PlainGame, after: PlainGame, leaf: dict, outcome: str, value: int, shared: bool
) -> float:
    """P(the outcome is `value` in the second game | everything in the first)."""
    ways = _ways(before, after, leaf, shared)
    return sum(chance for now, chance in ways if now[outcome] == value)


def _ways(
    before: PlainGame, after: PlainGame, leaf: dict, shared: bool
) -> list[tuple[dict, float]]:
    """Every leaf of the second game with its probability | everything in the first."""
    ways: list[tuple[dict, float]] = [({}, 1.0)]
    for old, new in zip(before.nodes, after.nodes, strict=True):
        grown = []
        for now, chance in ways:
            p = old.table[tuple(leaf[name] for name in old.parents)]
            q = new.table[tuple(now[name] for name in new.parents)]
            same = all(leaf[name] == now[name] for name in new.parents)
            row = transition(p, q)[leaf[old.name]] if shared or same else q
            grown += [({**now, old.name: k}, chance * row[k]) for k in range(old.size) if row[k]]
        ways = grown
    return ways


def counterfactual_mean(
    before: PlainGame,
    after: PlainGame,
    *,
    evidence: dict[str, np.ndarray],
    number: Callable[[dict[str, int]], float],
    shared: bool,
) -> float:
    """The mean of a number of the second game's leaf | evidence in the first."""
    top = bottom = 0.0
    for leaf, factors in leaves(before):
        likelihood = np.prod([seen[leaf[name]] for name, seen in evidence.items()])
        weight = float(np.prod(list(factors.values())) * likelihood)
        if weight == 0:
            continue
        bottom += weight
        top += weight * sum(p * number(now) for now, p in _ways(before, after, leaf, shared))
    return top / bottom


def shapley(members: str, worth: dict[frozenset, float]) -> dict[str, float]:
    """Each member's mean contribution over all orders."""
    orders = list(permutations(members))
    found = dict.fromkeys(members, 0.0)
    for order in orders:
        for k, member in enumerate(order):
            gain = worth[frozenset(order[: k + 1])] - worth[frozenset(order[:k])]
            found[member] += gain / len(orders)
    return found
