"""The concave program of a market with scarce suppliers, as its interior point needs it, and the point to begin at.

Axis -1 is the network here, so that sums over few routes, demanders or suppliers run along memory.
"""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

import numpy as np

from backchannel.trade.market import Array, Market, MarketNumbers

SHARE_OF_OTHERS = 0.99
"""φ in the bound on demand."""
LARGEST_EXPONENT = 600.0
"""Exponents are kept below this, so that demand at a very negative price is a number."""


class Ways:
    """Sums over the routes of each demander or supplier, and values spread over these routes."""

    def __init__(self, market: Market, xp: ModuleType) -> None:
        to = np.array(
            [[float(r.demander == d) for r in market.routes] for d in range(len(market.demanders))]
        )
        limits = market.from_limited.T
        self.to_demander: Array = xp.asarray(to)
        self.from_supplier: Array = xp.asarray(limits)
        self.by_pair: Array = xp.asarray((to[:, None] * limits[None]).reshape(-1, to.shape[-1]))
        self.pairs = (len(to), len(limits))

    def of_demander(self, values: Array) -> Array:
        """Spread a value of each demander over its routes."""
        return self.to_demander.T @ values

    def of_supplier(self, values: Array) -> Array:
        """Spread a value of each supplier over its routes; 0 for suppliers without a capacity."""
        return self.from_supplier.T @ values


class Program(NamedTuple):
    """The numbers of the program; axis -1 is the network."""

    cost: Array
    is_open: Array
    """By route: whether it can carry anything."""
    scale: Array
    """By route: a flow that counts as much, by which conditions are relaxed."""
    supply: Array
    size: Array
    elasticity: Array
    sensitivity: Array
    unit: Array
    """The unit of prices: 1/ε of the demander who answers least to the price."""


class InteriorPoint(NamedTuple):
    """A point inside all limits; axis -1 is the network."""

    flow: Array
    room: Array
    """By route: what it could carry beside its flow."""
    left: Array
    """By supplier: what it has left."""
    at_zero: Array
    """By route: the multiplier of a flow of at least 0."""
    at_full: Array
    """By route: the multiplier of its capacity."""
    price: Array
    """By supplier: its shadow price."""
    aim: Array
    """The share of t that the next step aims at."""


def starting_point(
    ways: Ways, numbers: MarketNumbers, xp: ModuleType
) -> tuple[Program, InteriorPoint]:
    """Take the numbers apart, and begin with flows well inside the limits."""
    cost, theta, epsilon = numbers.cost.T, numbers.sensitivity[None], numbers.elasticity.T
    most = _most_demand(ways, numbers, xp)
    capacity = xp.minimum(numbers.capacity.T, 2 * ways.of_demander(most))
    is_open = capacity > 0
    supply = xp.minimum(numbers.supply.T, 2 * xp.sum(most, axis=0)[None])
    supply = xp.where(supply > 0, supply, 1.0)
    counts = xp.asarray(is_open, dtype=cost.dtype)
    part = ways.of_demander(most / xp.maximum(ways.to_demander @ counts, 1.0))
    share = ways.of_supplier(supply / xp.maximum(ways.from_supplier @ counts, 1.0))
    scale = xp.minimum(capacity, xp.where(share > 0, xp.minimum(part, share), part))
    scale = xp.where(is_open, scale, 1.0)
    flow = xp.where(is_open, scale / 2, 0.0)
    room = xp.where(is_open, capacity - flow, 1.0)
    left = supply - ways.from_supplier @ flow
    unit = 1 / xp.min(epsilon, axis=0)[None]
    program = Program(cost, is_open, scale, supply, numbers.size.T, epsilon, theta, unit)
    point = InteriorPoint(
        flow,
        room,
        left,
        xp.where(is_open, 2 * unit, 0.0),
        xp.where(is_open, unit * scale / room, 0.0),
        unit * supply / left,
        0.1 + 0 * unit,
    )
    return program, point


def _most_demand(ways: Ways, numbers: MarketNumbers, xp: ModuleType) -> Array:
    """Bound what each demander can get, by demander and network.

    Let L be the most that arrives from suppliers with a capacity, and p the price if only the others supplied. If
    more than L / (1 - φ) arrives, the others carry a share of at least φ, so that the price is at least
    p + ln(φ) / θ. The bound holds for every φ.
    """
    cost, theta, epsilon = numbers.cost.T, numbers.sensitivity[None], numbers.elasticity.T
    is_limited = xp.sum(ways.from_supplier, axis=0)[:, None]
    least = xp.min(cost, axis=0)[None]
    near = xp.exp(theta * (least - cost))
    price, price_of_others = (
        least - xp.log(ways.to_demander @ part + 1e-300) / theta
        for part in (near, near * (1 - is_limited))
    )
    limits = xp.minimum(numbers.capacity.T, ways.of_supplier(numbers.supply.T))
    arrives = ways.to_demander @ xp.where(is_limited > 0, limits, 0.0)

    def demand(at: Array) -> Array:
        return numbers.size.T * xp.exp(xp.minimum(-epsilon * at, LARGEST_EXPONENT))

    beyond = demand(price_of_others + np.log(SHARE_OF_OTHERS) / theta)
    return xp.minimum(demand(price), xp.maximum(arrives / (1 - SHARE_OF_OTHERS), beyond))
