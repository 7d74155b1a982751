r"""One demander: the price at which its routes carry just what it wants.

At a price $p$, route $r$ carries $f_r = \min(k_r, A e^{(\theta-\varepsilon)p - \theta c_r})$, and the price solves
$\sum_r f_r / Q(p) = 1$. The left side rises with $p$, so the solution is unique. Which routes are full follows from
its value at the price at which each one fills. The rest is one equation in two exponentials, which Newton's
method solves from above without ever leaving that side. Since Newton's steps converge quadratically, derivatives
of the steps are derivatives of the solution.
"""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

import numpy as np

from backchannel.trade.market import Array

SMALLEST_LOG = -700.0
"""Logarithm that stands for a capacity of 0, in units of the demand's size."""
LARGEST_LOG = 700.0
"""Logarithm that stands for no limit."""
NEWTON_STEPS = 40
"""Most steps of Newton's method: about ln(θ/ε) to come near, then each squares the error."""
POLISHING = 2
"""Steps that compiled code takes at a solution: with two, first and second derivatives are exact."""
PRECISE = 1e-13
"""Step, relative to the price, below which Newton's method has arrived."""


class Delivery(NamedTuple):
    """What one demander gets; axis 0 is the network."""

    price: Array
    log_share: Array
    """Logarithm of the share of each route in what is delivered."""
    is_full: Array
    """Whether each route carries all that it can."""
    log_delivered: Array
    """Logarithm of delivered quantity over the demand's size."""


def deliver(
    *,
    cost: Array,
    log_capacity: Array,
    elasticity: Array,
    sensitivity: Array,
    is_full: Array | None = None,
    xp: ModuleType = np,
) -> Delivery:
    """Find the price of one demander, and the share of each of its routes.

    Args:
        cost: By network and route: mark-up in logarithms.
        log_capacity: By network and route: logarithm of capacity over the size of demand, between
            `SMALLEST_LOG` and `LARGEST_LOG`.
        elasticity: By network: ε, above 0.
        sensitivity: By network: θ, above 0.
        is_full: By network and route: whether it carries all that it can; found, if left out.
        xp: `numpy` or `jax.numpy`.
    """
    if is_full is None:
        is_full = _full_routes(cost, log_capacity, elasticity, sensitivity, xp)
    from_full = _log_sum(xp.where(is_full, log_capacity, -np.inf), xp)
    from_free = _log_sum(xp.where(is_full, -np.inf, -sensitivity[..., None] * cost), xp)
    price = _newton(from_full, from_free, elasticity, sensitivity, xp)
    log_share = xp.where(
        is_full,
        log_capacity + (elasticity * price)[..., None],
        sensitivity[..., None] * (price[..., None] - cost),
    )
    return Delivery(price, log_share, is_full, -elasticity * price)


def _full_routes(
    cost: Array, log_capacity: Array, elasticity: Array, sensitivity: Array, xp: ModuleType
) -> Array:
    """Say which routes are full: those whose filling price the market passes."""
    theta, epsilon = sensitivity[..., None], elasticity[..., None]
    gap = theta - epsilon
    fills = theta * cost + log_capacity
    # Where θ = ε, flows do not depend on the price, and a route is full if it is at any price.
    is_flat = abs(gap) < 1e-12
    filling_price = fills / xp.where(is_flat, 1.0, gap)
    # The market at each route's filling price, along an axis of its own before that of the routes.
    price = filling_price[..., :, None]
    shares = xp.minimum(
        log_capacity[..., None, :] + epsilon[..., None] * price,
        theta[..., None] * (price - cost[..., None, :]),
    )
    # A negative sum means that the market's price is above this one.
    passed = _log_sum(shares, xp) * gap < 0
    return xp.where(is_flat, fills < 0, passed)


def _newton(
    from_full: Array, from_free: Array, elasticity: Array, sensitivity: Array, xp: ModuleType
) -> Array:
    """Solve exp(from_full + ε p) + exp(from_free + θ p) = 1 for p."""
    # Each term is at most 1, which bounds the price from above.
    terms = (_finite(from_full, xp), _finite(from_free, xp), elasticity, sensitivity)
    price = xp.minimum(-terms[0] / elasticity, -terms[1] / sensitivity)
    if xp is np:
        for _ in range(NEWTON_STEPS):
            step = _newton_step_down(price, *terms, np)
            price = price - step
            if np.all(abs(step) <= PRECISE * np.maximum(abs(price), 1.0)):
                break
        return price
    import jax

    fixed = jax.tree.map(jax.lax.stop_gradient, (*terms, price))

    def body(_: int, reached: Array) -> Array:
        return reached - _newton_step_down(reached, fixed[0], fixed[1], fixed[2], fixed[3], xp)

    price = jax.lax.fori_loop(0, NEWTON_STEPS, body, fixed[4])
    for _ in range(POLISHING):
        price = price - _newton_step_down(price, *terms, xp)
    return price


def _newton_step_down(
    price: Array,
    from_full: Array,
    from_free: Array,
    elasticity: Array,
    sensitivity: Array,
    xp: ModuleType,
) -> Array:
    """How far the price is above the solution, by Newton's method on the logarithm of the sum."""
    full = from_full + elasticity * price
    free = from_free + sensitivity * price
    total = xp.logaddexp(full, free)
    return total / (elasticity * xp.exp(full - total) + sensitivity * xp.exp(free - total))


def _finite(logs: Array, xp: ModuleType) -> Array:
    """Put a number in place of an infinite logarithm: derivatives of infinities are not defined."""
    return xp.where(xp.isfinite(logs), logs, xp.sign(logs) * 1e6)


def _log_sum(logs: Array, xp: ModuleType) -> Array:
    """Logarithm of the sum of exponentials over the last axis; -inf for an empty sum."""
    most = xp.max(logs, axis=-1)
    base = xp.where(xp.isfinite(most), most, 0.0)
    total = xp.sum(xp.exp(logs - base[..., None]), axis=-1)
    return xp.where(total > 0, base + xp.log(xp.where(total > 0, total, 1.0)), -np.inf)
