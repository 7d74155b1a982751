"""Shapley shares: how to split what several members do together fairly among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial, sqrt

import numpy as np
from jaxtyping import Float

Set = frozenset[str]

EXACT = 8
"""Members up to which every set is looked at."""
PAIRS = 16
"""Beyond that, so many random orders are looked at, each with its reverse."""


@dataclass(frozen=True)
class Design:
    """Which sets of members are looked at, and how their values make shares."""

    members: tuple[str, ...]
    sets: tuple[Set, ...]
    coefficients: Float[np.ndarray, "member set"]
    """shares = coefficients @ values of the sets; they add up to v(all) - v(none)."""
    pairs: Float[np.ndarray, "pair member set"] | None
    """The same for each sampled order with its reverse; `None` where every order counts."""

    def place(self, some: Set) -> int:
        """Where a set stands among the sets."""
        return self.sets.index(some)

    def errors(self, values: Float[np.ndarray, " set"]) -> Float[np.ndarray, " member"]:
        """Standard error of each share from looking at some orders only."""
        if self.pairs is None:
            return np.zeros(len(self.members))
        shares = self.pairs @ values
        return shares.std(axis=0, ddof=1) / sqrt(len(shares))


def shapley_design(members: Sequence[str], *, seed: int = 0) -> Design:
    """Plan which sets to look at.

    Up to eight members, all of them. Beyond, random orders with their reverses: a member's share
    is the mean, over orders, of what it adds to those before it. Single members and all but one
    are always among the sets.

    Source: Shapley (1953); Mitchell, Cooper, Frank & Holmes (2022), antithetic orders.

    >>> two = shapley_design(["a", "b"])
    >>> values = {"": 0.0, "a": 0.5, "b": 0.1, "ab": 1.0}
    >>> print(two.coefficients @ [values["".join(sorted(some))] for some in two.sets])
    [0.7 0.3]
    """
    names = tuple(members)
    if len(names) <= EXACT:
        sets = tuple(frozenset(c) for k in range(len(names) + 1) for c in combinations(names, k))
        return Design(names, sets, _exact(names, sets), None)
    rng = np.random.default_rng(seed)
    orders = [[names[i] for i in rng.permutation(len(names))] for _ in range(PAIRS)]
    both = [(order, order[::-1]) for order in orders]
    everyone = frozenset(names)
    found = {frozenset(), everyone, *(frozenset({n}) for n in names)}
    found |= {everyone - {n} for n in names}
    found |= {frozenset(o[:k]) for pair in both for o in pair for k in range(len(names) + 1)}
    sets = tuple(sorted(found, key=lambda some: (len(some), sorted(some))))
    pairs = np.array([(_along(a, names, sets) + _along(b, names, sets)) / 2 for a, b in both])
    return Design(names, sets, pairs.mean(axis=0), pairs)


def _exact(names: tuple[str, ...], sets: tuple[Set, ...]) -> Float[np.ndarray, "member set"]:
    n = len(names)
    table = np.zeros((n, len(sets)))
    for i, name in enumerate(names):
        for j, some in enumerate(sets):
            before = len(some - {name})
            weight = factorial(before) * factorial(n - before - 1) / factorial(n)
            table[i, j] = weight if name in some else -weight
    return table


def _along(
    order: Sequence[str], names: tuple[str, ...], sets: tuple[Set, ...]
) -> Float[np.ndarray, "member set"]:
    place = {some: j for j, some in enumerate(sets)}
    table = np.zeros((len(names), len(sets)))
    for k, name in enumerate(order):
        table[names.index(name), place[frozenset(order[: k + 1])]] += 1
        table[names.index(name), place[frozenset(order[:k])]] -= 1
    return table
