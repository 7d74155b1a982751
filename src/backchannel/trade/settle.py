"""Settle a market: flows, prices and what is delivered, in all networks at once.

Without limits on suppliers, each demander is settled by itself. A supplier with a capacity couples the demanders
that it serves. An interior point finds its shadow price, and Newton's steps make it exact.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np

from backchannel.trade.demander import POLISHING
from backchannel.trade.market import Array, Flows, Market, MarketNumbers, stack
from backchannel.trade.response import (
    MarketResponse,
    excess_supply,
    newton_step,
    respond,
    scarce_suppliers,
)
from backchannel.trade.shadow import shadow_prices

TOGETHER = 4_000
"""Networks that are settled at once; more would leave the processor's cache."""
MOST_STEPS = 20
"""Most of Newton's steps on shadow prices; all but degenerate networks take one or two."""
SETTLED = 1e-11
"""Excess of supply or demand, relative to the market, at which shadow prices are exact."""


def settle_market(market: Market, numbers: MarketNumbers, xp: ModuleType = np) -> Flows:
    """Find the flows of every network.

    Args:
        market: Who supplies and demands, and the routes.
        numbers: Costs, capacities and demand. Axis 0 is the network.
        xp: `numpy`, or `jax.numpy` inside compiled code; derivatives are exact in both modes.

    Returns:
        The flows; nan in a network with a negative capacity, with an elasticity or θ that is not above 0, or whose
        shadow prices are not found (seen only where a supplier has a capacity and ε is 20 times θ or more).
    """
    if xp is not np:
        return _settle_together(market, numbers, xp)
    n = len(numbers.sensitivity)
    with np.errstate(all="ignore"):
        pieces = [
            _settle_together(
                market, MarketNumbers(*(part[start : start + TOGETHER] for part in numbers)), np
            )
            for start in range(0, max(n, 1), TOGETHER)
        ]
    return pieces[0] if len(pieces) == 1 else Flows(*map(np.concatenate, zip(*pieces, strict=True)))


def _settle_together(market: Market, numbers: MarketNumbers, xp: ModuleType) -> Flows:
    sound = _is_sound(numbers, xp)
    safe = _made_safe(market, numbers, sound, xp)
    if not market.limited:
        response = respond(market, safe, safe.supply, xp)
    elif xp is np:
        response = _settle_supply(market, safe)
    else:
        response = _settle_supply_compiled(market, safe, xp)
    reached = _reached(market, safe, xp)
    flows = Flows(
        flow=response.flow,
        price=xp.where(reached, response.price, np.inf),
        delivered=xp.where(reached, response.delivered, 0.0),
    )
    return Flows(*(xp.where(sound[..., None], part, np.nan) for part in flows))


def _settle_supply(market: Market, numbers: MarketNumbers) -> MarketResponse:
    """Find shadow prices at which no supplier gives more than it has, and what the market does at them."""
    response = respond(market, numbers, np.zeros(numbers.supply.shape))
    # Where every supplier has enough, shadow prices are 0.
    waiting = np.flatnonzero(np.any(excess_supply(market, numbers, response, np) < 0, axis=-1))
    some = MarketNumbers(*(part[waiting] for part in numbers))
    shadow = shadow_prices(market, some) if len(waiting) else some.supply
    for _ in range(MOST_STEPS):
        if not len(waiting):
            break
        here = respond(market, some, shadow)
        for whole, part in zip(response, here, strict=True):
            whole[waiting] = part
        excess = excess_supply(market, some, here, np)
        # A supplier either gives all it has or has no shadow price.
        slack = np.where(shadow > 0, excess, np.minimum(excess, 0.0))
        scale = np.maximum(some.supply, here.delivered.sum(axis=-1, keepdims=True))
        # A shadow price that was not found is nan: the network then has no answer, and stays so.
        undone = np.any(abs(slack) > SETTLED * scale, axis=-1)
        waiting = waiting[undone]
        some = MarketNumbers(*(part[undone] for part in some))
        here = MarketResponse(*(part[undone] for part in here))
        shadow = newton_step(market, some, shadow[undone], here)
    return response


def _settle_supply_compiled(
    market: Market, numbers: MarketNumbers, xp: ModuleType
) -> MarketResponse:
    """Do the same in compiled code; derivatives are those of the last steps, taken at the solution.

    Which routes are full and which suppliers are scarce is settled before these steps, so that all take the same
    side of a kink.
    """
    import jax

    known: MarketNumbers = jax.lax.stop_gradient(numbers)
    shadow = shadow_prices(market, known, xp)
    shadow = newton_step(market, known, shadow, respond(market, known, shadow, xp), xp)
    here = respond(market, known, shadow, xp)
    is_scarce = scarce_suppliers(shadow, excess_supply(market, known, here, xp))
    for _ in range(POLISHING):
        here = respond(market, numbers, shadow, xp, here.is_full)
        shadow = newton_step(market, numbers, shadow, here, xp, is_scarce)
    return respond(market, numbers, shadow, xp, here.is_full)


def _reached(market: Market, numbers: MarketNumbers, xp: ModuleType) -> Array:
    """Say which demanders some route can reach."""
    is_open = numbers.capacity > 0
    return stack([xp.any(is_open[..., list(r)], axis=-1) for r in market.routes_to], xp)


def _is_sound(numbers: MarketNumbers, xp: ModuleType) -> Array:
    """Say in which networks every number is possible."""
    sound = (numbers.sensitivity > 0) & xp.isfinite(numbers.sensitivity)
    sound = sound & xp.all(xp.isfinite(numbers.cost), axis=-1)
    sound = sound & xp.all((numbers.size >= 0) & xp.isfinite(numbers.size), axis=-1)
    sound = sound & xp.all((numbers.elasticity > 0) & xp.isfinite(numbers.elasticity), axis=-1)
    sound = sound & xp.all(numbers.capacity >= 0, axis=-1)
    return sound & xp.all(numbers.supply >= 0, axis=-1)


def _made_safe(
    market: Market, numbers: MarketNumbers, sound: Array, xp: ModuleType
) -> MarketNumbers:
    """Put ordinary numbers into networks that are not sound, and close routes of empty suppliers."""
    here = sound[..., None]
    capacity = numbers.capacity
    if market.limited:
        is_empty = xp.asarray(numbers.supply <= 0, dtype=capacity.dtype)
        capacity = xp.where(is_empty @ xp.asarray(market.from_limited.T) > 0, 0.0, capacity)
    return MarketNumbers(
        cost=xp.where(here, numbers.cost, 0.0),
        capacity=xp.where(here, capacity, 1.0),
        supply=xp.where(here, numbers.supply, 1.0),
        size=xp.where(here, numbers.size, 1.0),
        elasticity=xp.where(here, numbers.elasticity, 1.0),
        sensitivity=xp.where(sound, numbers.sensitivity, 1.0),
    )
