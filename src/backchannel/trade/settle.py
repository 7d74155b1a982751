r"""Settle a market: flows, prices and what is delivered, in all networks at once.

Without limits on suppliers, each demander is settled by itself. A supplier with a capacity couples the demanders
that it serves. Its shadow price is added to the cost of its routes, and shadow prices minimise the dual function
of the concave program, which is convex and smooth. Newton's method, projected on shadow prices of at least 0
(Bertsekas 1982), finds them.
"""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

import numpy as np

from backchannel.trade.demander import LARGEST_LOG, POLISHING, SMALLEST_LOG, Delivery, deliver
from backchannel.trade.market import Array, Flows, Market, MarketNumbers, stack

TOGETHER = 20_000
"""Networks that are settled at once; more would leave the processor's cache."""
MOST_STEPS = 40
"""Most steps of the search for shadow prices."""
STAGES = 12
"""Markets that lead from one that answers little to cost to the one that is meant."""
HALVINGS = (30, 40)
"""How often a step of Newton's method, and then one down the slope, is halved until the dual function falls."""
SHARES = (1 / 64, 1 / 16, 1 / 4, 1.0)
"""Shares of a step of Newton's method that compiled code tries."""
ENOUGH = 1e-4
"""Share of the fall that the slope promises with which a step is content (Armijo's rule)."""
NEARLY_ZERO = 0.01
"""Shadow price from which one that falls goes to 0 at once, so that it does not hold up the others."""
SETTLED = 1e-11
"""Excess of supply or demand, relative to the market, at which the search ends."""


def settle_market(market: Market, numbers: MarketNumbers, xp: ModuleType = np) -> Flows:
    """Find the flows of every network.

    Args:
        market: Who supplies and demands, and the routes.
        numbers: Costs, capacities and demand. Axis 0 is the network.
        xp: `numpy`, or `jax.numpy` inside compiled code; derivatives are exact in both modes.

    Returns:
        The flows; nan in a network with a negative capacity, with an elasticity or θ that is not above 0, or whose
        shadow prices are not found (which takes suppliers with capacities and a θ of a thousand times ε).
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
    if market.limited:
        shadow = _found_shadow(market, safe, xp)
        # Where the search did not arrive, there is no answer.
        sound = sound & xp.all(xp.isfinite(shadow), axis=-1)
        shadow = xp.where(sound[..., None], shadow, 0.0)
        if xp is not np:
            for _ in range(POLISHING):
                shadow = _newton_step(market, safe, shadow, _state(market, safe, shadow, xp), xp)
    else:
        shadow = safe.supply
    state = _state(market, safe, shadow, xp)
    reached = _reached(market, safe, xp)
    flows = Flows(
        flow=state.flow,
        price=xp.where(reached, state.price, np.inf),
        delivered=xp.where(reached, state.delivered, 0.0),
        shadow=shadow,
    )
    return Flows(*(xp.where(sound[..., None], part, np.nan) for part in flows))


class _State(NamedTuple):
    """The market at some shadow prices."""

    flow: Array
    free: Array
    """Flow of each route that is not full, and 0 for one that is."""
    price: Array
    delivered: Array
    deliveries: tuple[Delivery, ...]


def _state(market: Market, numbers: MarketNumbers, shadow: Array, xp: ModuleType) -> _State:
    """Settle every demander at some shadow prices."""
    cost = numbers.cost
    if market.limited:
        cost = cost + shadow @ xp.asarray(market.from_limited.T)
    flows: list[Array] = [None] * len(market.routes)
    free: list[Array] = [None] * len(market.routes)
    prices, delivered, deliveries = [], [], []
    for d, routes in enumerate(market.routes_to):
        which = list(routes)
        size = numbers.size[..., d]
        settled = deliver(
            cost=cost[..., which],
            log_capacity=log_capacity(numbers.capacity[..., which], size[..., None], xp),
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
        deliveries.append(settled)
    return _State(
        stack(flows, xp),
        stack(free, xp),
        stack(prices, xp),
        stack(delivered, xp),
        tuple(deliveries),
    )


def log_capacity(capacity: Array, size: Array, xp: ModuleType) -> Array:
    """Logarithm of capacity over the size of demand, with finite numbers for 0 and no limit."""
    limited = xp.isfinite(capacity)
    positive = capacity > 0
    ratio = xp.where(limited & positive, capacity, 1.0) / xp.where(limited & positive, size, 1.0)
    logs = xp.clip(xp.log(ratio), SMALLEST_LOG, LARGEST_LOG)
    return xp.where(positive, xp.where(limited, logs, LARGEST_LOG), SMALLEST_LOG)


def _found_shadow(market: Market, numbers: MarketNumbers, xp: ModuleType) -> Array:
    """Find the shadow prices; derivatives are taken afterwards, at the solution."""
    if xp is np:
        return _search(market, numbers)
    import jax

    fixed = jax.tree.map(jax.lax.stop_gradient, numbers)

    def step(_: int, shadow: Array) -> Array:
        state = _state(market, fixed, shadow, xp)
        before = _dual(market, fixed, shadow, state, xp)
        slope = fixed.supply - state.flow @ xp.asarray(market.from_limited)
        result = _slope_step(market, fixed, shadow, state, xp)
        target = _newton_step(market, fixed, shadow, state, xp)

        def halved(i: Array, best: Array) -> Array:
            trial = shadow + xp.asarray(SHARES)[i] * (target - shadow)
            after = _dual(market, fixed, trial, _state(market, fixed, trial, xp), xp)
            promised = xp.sum(slope * (trial - shadow), axis=-1)
            falls = after <= before + ENOUGH * promised + 1e-14 * abs(before)
            return xp.where(falls[..., None], trial, best)

        # The last one that falls is the longest.
        return jax.lax.fori_loop(0, len(SHARES), halved, result)

    return jax.lax.fori_loop(0, MOST_STEPS, step, fixed.supply * 0.0)


def _search(market: Market, numbers: MarketNumbers) -> np.ndarray:
    """Minimise the dual function over shadow prices of at least 0.

    Where shares answer to cost very strongly, the function has sharp bends. There, the search goes through
    markets that answer less, each from the shadow prices of the one before.
    """
    shadow = np.zeros(numbers.supply.shape)
    left = _improve(market, numbers, shadow, MOST_STEPS)
    if len(left):
        some = MarketNumbers(*(part[left] for part in numbers))
        start = np.zeros(some.supply.shape)
        mildest = 4 * some.elasticity.max(axis=-1)
        unsettled = left
        for share in np.linspace(0, 1, 1 + STAGES):
            theta = np.exp((1 - share) * np.log(mildest) + share * np.log(some.sensitivity))
            staged = some._replace(sensitivity=np.minimum(theta, some.sensitivity))
            unsettled = _improve(market, staged, start, MOST_STEPS)
        start[unsettled] = np.nan
        shadow[left] = start
    return shadow


def _improve(
    market: Market, numbers: MarketNumbers, shadow: np.ndarray, most_steps: int
) -> np.ndarray:
    """Improve shadow prices in place; returns the networks that have not arrived at a solution."""
    waiting = np.arange(len(shadow))
    for _ in range(most_steps):
        some = MarketNumbers(*(part[waiting] for part in numbers))
        state = _state(market, some, shadow[waiting], np)
        excess = some.supply - state.flow @ market.from_limited
        # A supplier either gives all it has or has no shadow price.
        slack = np.where(shadow[waiting] > 0, excess, np.minimum(excess, 0.0))
        scale = np.maximum(some.supply, state.delivered.sum(axis=-1, keepdims=True))
        undone = np.any(abs(slack) > SETTLED * scale, axis=-1)
        waiting = waiting[undone]
        if not len(waiting):
            break
        some = MarketNumbers(*(part[undone] for part in some))
        state = _State(
            state.flow[undone],
            state.free[undone],
            state.price[undone],
            state.delivered[undone],
            tuple(Delivery(*(part[undone] for part in d)) for d in state.deliveries),
        )
        shadow[waiting] = _descend(market, some, shadow[waiting], state)
    return waiting


def _descend(
    market: Market, numbers: MarketNumbers, shadow: np.ndarray, state: _State
) -> np.ndarray:
    """Take one projected step, of Newton's method or else down the slope, by which the dual function falls."""
    before = _dual(market, numbers, shadow, state, np)
    slope = numbers.supply - state.flow @ market.from_limited
    result, left = shadow.copy(), np.arange(len(shadow))
    targets = (
        _newton_step(market, numbers, shadow, state, np),
        _slope_step(market, numbers, shadow, state, np),
    )
    for target, halvings in zip(targets, HALVINGS, strict=True):
        share = 1.0
        for _ in range(halvings):
            some = MarketNumbers(*(part[left] for part in numbers))
            trial = shadow[left] + share * (target[left] - shadow[left])
            after = _dual(market, some, trial, _state(market, some, trial, np), np)
            promised = (slope[left] * (trial - shadow[left])).sum(axis=-1)
            # Near the solution, the function changes less than it can be computed.
            falls = after <= before[left] + ENOUGH * promised + 1e-14 * abs(before[left])
            result[left[falls]] = trial[falls]
            left = left[~falls]
            if not len(left):
                return result
            share /= 2
    return result


def _slope_step(
    market: Market, numbers: MarketNumbers, shadow: Array, state: _State, xp: ModuleType
) -> Array:
    """Step down the slope, as far as the largest possible curvature allows."""
    excess = numbers.supply - state.flow @ xp.asarray(market.from_limited)
    steepest = xp.maximum(numbers.sensitivity, xp.max(numbers.elasticity, axis=-1))
    curvature = steepest[..., None] * xp.sum(state.delivered, axis=-1, keepdims=True)
    return xp.maximum(shadow - excess / xp.where(curvature > 0, curvature, 1.0), 0.0)


def _newton_step(
    market: Market, numbers: MarketNumbers, shadow: Array, state: _State, xp: ModuleType
) -> Array:
    """Newton's step for suppliers that have a shadow price or need one; the others stay at 0."""
    limits = xp.asarray(market.from_limited)
    excess = numbers.supply - state.flow @ limits
    # Projected Newton steps can only be trusted where no price near 0 is about to fall below it.
    active = (
        (shadow > NEARLY_ZERO)
        | (excess < 0)
        | ((shadow > 0) & (abs(excess) < NEARLY_EVEN * numbers.supply))
    )
    curvature = _curvature(market, numbers, state, xp)
    identity = xp.asarray(np.eye(len(market.limited)))
    both = active[..., :, None] & active[..., None, :]
    scale = xp.sum(state.delivered, axis=-1)[..., None, None] + 1e-300
    # A supplier whose routes are all full answers to no price; the small term keeps the step finite.
    matrix = xp.where(both, curvature / scale + 1e-14 * identity, identity)
    rhs = xp.where(active, -excess, 0.0)[..., None] / scale
    step = xp.linalg.solve(matrix, rhs)[..., 0]
    most = MOST_JUMP / xp.min(numbers.elasticity, axis=-1, keepdims=True)
    moved = xp.maximum(shadow + xp.clip(step, -most, most), 0.0)
    return xp.where(active, moved, 0.0)


NEARLY_EVEN = 1e-6
"""Excess, relative to a supply, that is too small to send a shadow price to 0."""
MOST_JUMP = 5.0
"""Largest change of a shadow price in one step, times elasticity."""


def _curvature(market: Market, numbers: MarketNumbers, state: _State, xp: ModuleType) -> Array:
    """Second derivatives of the dual function: how supplies fall as shadow prices rise."""
    theta = numbers.sensitivity[..., None, None]
    limits = xp.asarray(market.from_limited)
    total = theta * (state.free @ limits)[..., None, :] * xp.asarray(np.eye(len(market.limited)))
    for d, routes in enumerate(market.routes_to):
        which = list(routes)
        free = state.free[..., which]
        by_supplier = free @ limits[which, :]
        epsilon = numbers.elasticity[..., d][..., None, None]
        amount = xp.sum(free, axis=-1)[..., None, None]
        whole = state.delivered[..., d][..., None, None]
        weight = theta * amount + epsilon * (whole - amount)
        outer = by_supplier[..., :, None] * by_supplier[..., None, :]
        total = total - (theta - epsilon) * theta * outer / xp.where(weight > 0, weight, 1.0)
    return total


def _dual(
    market: Market, numbers: MarketNumbers, shadow: Array, state: _State, xp: ModuleType
) -> Array:
    """The dual function: surplus of the demanders at these shadow prices, plus what supplies are worth."""
    cost = numbers.cost + shadow @ xp.asarray(market.from_limited.T)
    value = xp.sum(shadow * numbers.supply, axis=-1)
    for d, routes in enumerate(market.routes_to):
        which = list(routes)
        flow, share = state.flow[..., which], state.deliveries[d].log_share
        each = flow * (cost[..., which] + share / numbers.sensitivity[..., None])
        worth = state.delivered[..., d] * (state.price[..., d] + 1 / numbers.elasticity[..., d])
        value = value + worth - xp.sum(xp.where(flow > 0, each, 0.0), axis=-1)
    return value


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
