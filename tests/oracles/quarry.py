"""An oracle for the quarry (tests/cases/quarry.yaml): backward over the rounds, in plain NumPy.

In every round the owner sets the rent, the mason digs, a landslide may come, the stock moves on a
grid. With V the value of the next round's stock, seen from there,

    Q(action) = worth now + δ Σ P(next stock) V(next stock),   rule ∝ exp(λ Q)

Both players look from the round that decides, so λ is never discounted.
"""

from __future__ import annotations

import numpy as np

GRID = np.arange(0.0, 101.0, 20.0)
DUG = {"none": 0.0, "some": 12.0, "much": 30.0}
DIGS = tuple(DUG)


def split(number: float) -> np.ndarray:
    """A number shared between its neighbours on the grid, so that the mean is kept."""
    inside = min(max(number, GRID[0]), GRID[-1])
    below = min(int(np.searchsorted(GRID, inside, side="right")) - 1, len(GRID) - 2)
    share = (inside - GRID[below]) / (GRID[below + 1] - GRID[below])
    found = np.zeros(len(GRID))
    found[below], found[below + 1] = 1 - share, share
    return found


def logit(values: np.ndarray, precision: float) -> np.ndarray:
    """P ∝ exp(λ Q); -inf is off the menu."""
    weights = np.exp(precision * (values - values.max()))
    return weights / weights.sum()


def solve(
    n: int, *, rent, refill, p_slide, owner, mason, owner_discount, mason_discount
) -> list[dict[str, np.ndarray]]:
    """Rules of every round: `fee[stock, fee]` and `dig[stock, fee, dig]`."""
    ahead = {"owner": 0.01 * GRID, "mason": np.zeros(len(GRID))}
    found: list[dict[str, np.ndarray]] = []
    for _ in range(n):
        fee_rule = np.zeros((len(GRID), 2))
        dig_rule = np.zeros((len(GRID), 2, 3))
        now = {"owner": np.zeros(len(GRID)), "mason": np.zeros(len(GRID))}
        for i, stock in enumerate(GRID):
            own, other = np.zeros((2, 3)), np.zeros((2, 3))
            for fee in range(2):
                for k, dig in enumerate(DIGS):
                    left = max(stock - DUG[dig], 0)
                    coming = p_slide * split(left + refill) + (1 - p_slide) * split(left)
                    own[fee, k] = rent * (1 + fee) * (dig != "none")
                    own[fee, k] += owner_discount * coming @ ahead["owner"]
                    got = (0.6 * (dig == "some") + (dig == "much")) * (stock > 0)
                    other[fee, k] = got - 0.4 * rent * fee * (dig != "none")
                    other[fee, k] += mason_discount * coming @ ahead["mason"]
                menu = np.array([True, True, stock > 20])
                dig_rule[i, fee] = logit(np.where(menu, other[fee], -np.inf), mason)
            fee_rule[i] = logit((dig_rule[i] * own).sum(axis=1), owner)
            reach = fee_rule[i][:, None] * dig_rule[i]
            now["owner"][i], now["mason"][i] = (reach * own).sum(), (reach * other).sum()
        found.insert(0, {"fee": fee_rule, "dig": dig_rule})
        ahead = now
    return found


def stocks(rules: list[dict[str, np.ndarray]], start: float, refill, p_slide) -> list[np.ndarray]:
    """P(stock) after every round."""
    here = split(start)
    found = []
    for rule in rules:
        after = np.zeros(len(GRID))
        for i, stock in enumerate(GRID):
            for fee in range(2):
                for k, dig in enumerate(DIGS):
                    left = max(stock - DUG[dig], 0)
                    coming = p_slide * split(left + refill) + (1 - p_slide) * split(left)
                    after += here[i] * rule["fee"][i, fee] * rule["dig"][i, fee, k] * coming
        here = after
        found.append(here)
    return found
