r"""What a market does at given shadow prices of its suppliers, and the step that makes shadow prices exact.

A shadow price is added to the cost of a supplier's routes; then every demander is settled by itself. The slope of
the dual function is what each supplier has left, and its curvature follows from how flows answer. So Newton's step is
known in closed form. Near the solution, steps converge quadratically, and derivatives of the steps are those of the
solution.
"""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

import numpy as np

from backchannel.trade.demander import LARGEST_LOG, SMALLEST_LOG, deliver
from backchannel.trade.market import Array, Market, MarketNumbers, stack


class MarketResponse(NamedTuple):
    """Flows, prices and deliveries at given shadow prices; axis 0 is the network."""

    flow: Array
    """By route."""
    free: Array
    """By route: its flow if it is not full, and 0 if it is."""
    price: Array
    """By demander."""
    delivered: Array
    """By demander."""


def respond(
    market: Market, numbers: MarketNumbers, shadow: Array, xp: ModuleType = np
) -> MarketResponse:
    """Settle every demander at some shadow prices.

    Args:
        market: Who supplies and demands, and the routes.
        numbers: Numbers without faults; axis 0 is the network.
        shadow: By network and supplier with a capacity, in the unit of costs.
        xp: `numpy` or `jax.numpy`.
    """
    cost = numbers.cost
    if market.limited:
        cost = cost + shadow @ xp.asarray(market.from_limited.T)
    flows: list[Array] = [None] * len(market.routes)
    free: list[Array] = [None] * len(market.routes)
    prices, delivered = [], []
    for d, routes in enumerate(market.routes_to):
        which = list(routes)
        size = numbers.size[..., d]
        settled = deliver(
            cost=cost[..., which],
            log_capacity=_log_capacity(numbers.capacity[..., which], size[..., None], xp),
            elasticity=numbers.elasticity[..., d],
            sensitivity=numbers.sensitivity,
            xp=xp,
        )
        quantity = size * xp.exp(settled.log_delivered)
        for i, route in enumerate(routes):
            flows[route] = xp.where(
                settled.is_full[..., i],
                numbers.capacity[..., route],
                quantity * xp.exp(settled.log_share[..., i]),
            )
            free[route] = xp.where(settled.is_full[..., i], 0.0, flows[route])
        prices.append(settled.price)
        delivered.append(quantity)
    return MarketResponse(*(stack(columns, xp) for columns in (flows, free, prices, delivered)))


def excess_supply(
    market: Market, numbers: MarketNumbers, response: MarketResponse, xp: ModuleType
) -> Array:
    """By network and supplier with a capacity: what it has left; below 0 if its routes carry more than it has."""
    return numbers.supply - response.flow @ xp.asarray(market.from_limited)


def newton_step(
    market: Market,
    numbers: MarketNumbers,
    shadow: Array,
    response: MarketResponse,
    xp: ModuleType = np,
) -> Array:
    """Move shadow prices by Newton's step on the dual function, for suppliers that have one or need one.

    Args:
        market: Who supplies and demands, and the routes.
        numbers: Numbers without faults; axis 0 is the network.
        shadow: Shadow prices close to the solution.
        response: What the market does at these prices.
        xp: `numpy` or `jax.numpy`.
    """
    excess = excess_supply(market, numbers, response, xp)
    is_scarce = (shadow > 0) | (excess < 0)
    scale = xp.sum(response.delivered, axis=-1)[..., None, None] + 1e-300
    identity = xp.asarray(np.eye(len(market.limited)))
    both = is_scarce[..., :, None] & is_scarce[..., None, :]
    # A supplier whose routes are all full answers to no price; the small term keeps the step finite.
    bend = _curvature(market, numbers, response, xp) / scale + 1e-14 * identity
    wanted = xp.where(is_scarce, -excess, 0.0)[..., None] / scale
    step = xp.linalg.solve(xp.where(both, bend, identity), wanted)[..., 0]
    return xp.where(is_scarce, xp.maximum(shadow + step, 0.0), 0.0)


def _curvature(
    market: Market, numbers: MarketNumbers, response: MarketResponse, xp: ModuleType
) -> Array:
    """Second derivatives of the dual function: how supplies fall as shadow prices rise."""
    theta = numbers.sensitivity[..., None, None]
    limits = xp.asarray(market.from_limited)
    total = theta * (response.free @ limits)[..., None, :] * xp.asarray(np.eye(len(market.limited)))
    for d, routes in enumerate(market.routes_to):
        which = list(routes)
        free = response.free[..., which]
        by_supplier = free @ limits[which, :]
        epsilon = numbers.elasticity[..., d][..., None, None]
        amount = xp.sum(free, axis=-1)[..., None, None]
        whole = response.delivered[..., d][..., None, None]
        weight = theta * amount + epsilon * (whole - amount)
        outer = by_supplier[..., :, None] * by_supplier[..., None, :]
        total = total - (theta - epsilon) * theta * outer / xp.where(weight > 0, weight, 1.0)
    return total


def _log_capacity(capacity: Array, size: Array, xp: ModuleType) -> Array:
    """Logarithm of capacity over the size of demand, with finite numbers for 0 and no limit."""
    limited = xp.isfinite(capacity)
    positive = capacity > 0
    ratio = xp.where(limited & positive, capacity, 1.0) / xp.where(limited & positive, size, 1.0)
    logs = xp.clip(xp.log(ratio), SMALLEST_LOG, LARGEST_LOG)
    return xp.where(positive, xp.where(limited, logs, LARGEST_LOG), SMALLEST_LOG)
