r"""What a market does at given shadow prices of its suppliers, and the step that makes shadow prices exact.

A shadow price is added to the cost of a supplier's routes; then every demander is settled by itself. The slope of
the dual function is what each supplier has left, and its curvature follows from how flows answer. So Newton's step is
known in closed form. Near the solution, steps converge quadratically, and derivatives of the steps are those of the
solution.

Where a route or supplier only just begins to be full, the solution has a kink, with other derivatives on each side.
All steps then have to take the same side: a step on one side after a step on the other has derivatives of neither.
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
    is_full: Array
    """By route: whether it carries all that it can."""
    price: Array
    """By demander."""
    delivered: Array
    """By demander."""


def respond(
    market: Market,
    numbers: MarketNumbers,
    shadow: Array,
    xp: ModuleType = np,
    is_full: Array | None = None,
) -> MarketResponse:
    """Settle every demander at some shadow prices.

    Args:
        market: Who supplies and demands, and the routes.
        numbers: Numbers without faults; axis 0 is the network.
        shadow: By network and supplier with a capacity, in the unit of costs.
        xp: `numpy` or `jax.numpy`.
        is_full: By network and route: whether it is full; found, if left out.
    """
    cost = numbers.cost
    if market.limited:
        cost = cost + shadow @ xp.asarray(market.from_limited.T)
    flows: list[Array] = [None] * len(market.routes)
    full: list[Array] = [None] * len(market.routes)
    prices, delivered = [], []
    for d, routes in enumerate(market.routes_to):
        which = list(routes)
        size = numbers.size[..., d]
        settled = deliver(
            cost=cost[..., which],
            log_capacity=_log_capacity(numbers.capacity[..., which], size[..., None], xp),
            elasticity=numbers.elasticity[..., d],
            sensitivity=numbers.sensitivity,
            is_full=None if is_full is None else is_full[..., which],
            xp=xp,
        )
        quantity = size * xp.exp(settled.log_delivered)
        for i, route in enumerate(routes):
            flows[route] = xp.where(
                settled.is_full[..., i],
                numbers.capacity[..., route],
                quantity * xp.exp(settled.log_share[..., i]),
            )
            full[route] = settled.is_full[..., i]
        prices.append(settled.price)
        delivered.append(quantity)
    return MarketResponse(*(stack(columns, xp) for columns in (flows, full, prices, delivered)))


def excess_supply(
    market: Market, numbers: MarketNumbers, response: MarketResponse, xp: ModuleType
) -> Array:
    """By network and supplier with a capacity: what it has left; below 0 if its routes carry more than it has."""
    return numbers.supply - response.flow @ xp.asarray(market.from_limited)


def scarce_suppliers(shadow: Array, excess: Array) -> Array:
    """By network and supplier with a capacity: whether it has a shadow price, or needs one."""
    return (shadow > 0) | (excess < 0)


def newton_step(
    market: Market,
    numbers: MarketNumbers,
    shadow: Array,
    response: MarketResponse,
    xp: ModuleType = np,
    is_scarce: Array | None = None,
) -> Array:
    """Move shadow prices by Newton's step on the dual function, for suppliers that have one or need one.

    Args:
        market: Who supplies and demands, and the routes.
        numbers: Numbers without faults; axis 0 is the network.
        shadow: Shadow prices close to the solution.
        response: What the market does at these prices.
        xp: `numpy` or `jax.numpy`.
        is_scarce: By network and supplier with a capacity: whether it gives all that it has. If left out, this is
            found, and no shadow price falls below 0.
    """
    excess = excess_supply(market, numbers, response, xp)
    moves = scarce_suppliers(shadow, excess) if is_scarce is None else is_scarce
    scale = xp.sum(response.delivered, axis=-1)[..., None, None] + 1e-300
    identity = xp.asarray(np.eye(len(market.limited)))
    both = moves[..., :, None] & moves[..., None, :]
    # A supplier whose routes are all full answers to no price; the small term keeps the step finite.
    bend = _curvature(market, numbers, response, xp) / scale + 1e-14 * identity
    wanted = xp.where(moves, -excess, 0.0)[..., None] / scale
    moved = shadow + xp.linalg.solve(xp.where(both, bend, identity), wanted)[..., 0]
    # A held side may lie a rounding error below 0; to cut it off there would mix the sides.
    return xp.where(moves, xp.maximum(moved, 0.0) if is_scarce is None else moved, 0.0)


def _curvature(
    market: Market, numbers: MarketNumbers, response: MarketResponse, xp: ModuleType
) -> Array:
    """Second derivatives of the dual function: how supplies fall as shadow prices rise."""
    theta = numbers.sensitivity[..., None, None]
    limits = xp.asarray(market.from_limited)
    unfilled = xp.where(response.is_full, 0.0, response.flow)
    total = theta * (unfilled @ limits)[..., None, :] * xp.asarray(np.eye(len(market.limited)))
    for d, routes in enumerate(market.routes_to):
        which = list(routes)
        free = unfilled[..., which]
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
