"""Shapley shares: how to divide a joint effect of several members fairly among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial, sqrt

import numpy as np
from jaxtyping import Float

MemberSet = frozenset[str]

MOST_EXACT_MEMBERS = 8
"""Members up to which every set is evaluated."""
ORDER_PAIRS = 16
"""With more members, the number of random orders; each is used with its reverse."""


@dataclass(frozen=True)
class ShapleyDesign:
    """The sets of members to evaluate, and how the shares follow from their values."""

    members: tuple[str, ...]
    sets: tuple[MemberSet, ...]
    coefficients: Float[np.ndarray, "member set"]
    """shares = coefficients @ values of the sets; they add up to v(all) - v(none)."""
    pairs: Float[np.ndarray, "pair member set"] | None
    """The same for each sampled order with its reverse; `None` where all orders are used."""

    def position(self, members: MemberSet) -> int:
        """A set's position among the sets."""
        return self.sets.index(members)

    def errors(self, values: Float[np.ndarray, " set"]) -> Float[np.ndarray, " member"]:
        """Standard error of each share from sampling orders."""
        if self.pairs is None:
            return np.zeros(len(self.members))
        shares = self.pairs @ values
        return shares.std(axis=0, ddof=1) / sqrt(len(shares))


def shapley_design(members: Sequence[str], *, seed: int = 0) -> ShapleyDesign:
    """Plan which sets to evaluate.

    With up to eight members, all sets. With more, those along random orders and their reverses: a
    member's share is the mean, over orders, of what it adds to the members before it. Single members and
    all but one are always among the sets.

    Source: Shapley (1953); Mitchell, Cooper, Frank & Holmes (2022), antithetic orders.

    >>> two = shapley_design(["a", "b"])
    >>> values = {"": 0.0, "a": 0.5, "b": 0.1, "ab": 1.0}
    >>> print(two.coefficients @ [values["".join(sorted(some))] for some in two.sets])
    [0.7 0.3]
    """
    names = tuple(members)
    if len(names) <= MOST_EXACT_MEMBERS:
        sets = tuple(frozenset(c) for k in range(len(names) + 1) for c in combinations(names, k))
        return ShapleyDesign(names, sets, _exact_coefficients(names, sets), None)
    rng = np.random.default_rng(seed)
    orders = [[names[i] for i in rng.permutation(len(names))] for _ in range(ORDER_PAIRS)]
    both = [(order, order[::-1]) for order in orders]
    everyone = frozenset(names)
    chosen = {frozenset(), everyone, *(frozenset({n}) for n in names)}
    chosen |= {everyone - {n} for n in names}
    chosen |= {frozenset(o[:k]) for pair in both for o in pair for k in range(len(names) + 1)}
    sets = tuple(sorted(chosen, key=lambda members: (len(members), sorted(members))))
    pairs = np.array(
        [
            (_order_coefficients(a, names, sets) + _order_coefficients(b, names, sets)) / 2
            for a, b in both
        ]
    )
    return ShapleyDesign(names, sets, pairs.mean(axis=0), pairs)


def _exact_coefficients(
    names: tuple[str, ...], sets: tuple[MemberSet, ...]
) -> Float[np.ndarray, "member set"]:
    n = len(names)
    table = np.zeros((n, len(sets)))
    for i, name in enumerate(names):
        for j, members in enumerate(sets):
            before = len(members - {name})
            weight = factorial(before) * factorial(n - before - 1) / factorial(n)
            table[i, j] = weight if name in members else -weight
    return table


def _order_coefficients(
    order: Sequence[str], names: tuple[str, ...], sets: tuple[MemberSet, ...]
) -> Float[np.ndarray, "member set"]:
    position = {members: j for j, members in enumerate(sets)}
    table = np.zeros((len(names), len(sets)))
    for k, name in enumerate(order):
        table[names.index(name), position[frozenset(order[: k + 1])]] += 1
        table[names.index(name), position[frozenset(order[:k])]] -= 1
    return table
