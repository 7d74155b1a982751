r"""Shadow prices of suppliers that have a capacity, by an interior point of the market's concave program.

A supplier with a capacity couples the demanders that it serves. With slacks $w_r$ of routes and $y_s$ of suppliers,
and multipliers $z_r$ of $f_r \ge 0$, the conditions of optimality are relaxed to

$$f_r z_r = t a_r, \qquad w_r \mu_r = t a_r, \qquad y_s \nu_s = t K_s,$$

and Newton's method follows their solution as $t$ falls to 0. The program is as smooth for a large $\theta$ as for a
small one: 20 to 30 steps suffice from the first point, whatever the numbers are. Every step eliminates routes, then
demanders, and solves one positive definite system over suppliers.

Axis -1 is the network here, so that sums over few routes, demanders or suppliers run along memory.

Source: Wright (1997), Primal-Dual Interior-Point Methods, chapters 5 and 11.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from backchannel.trade.market import Array, Market, MarketNumbers

MOST_STEPS = 80
"""Most steps; a search that needs more has not been seen."""
ARRIVED = 1e-10
"""Largest error, relative to 1/ε as a unit of prices, at which the search ends."""
LEAST_RELAXED = 1e-13
"""Smallest t that a step aims at, in the same unit: below, rounding decides."""
TO_BOUNDARY = 0.99
"""Share of the way to the next bound that a step may go."""
LARGEST_EXPONENT = 600.0
"""Exponents are kept below this, so that demand at a very negative price is a number."""


def shadow_prices(market: Market, numbers: MarketNumbers, xp: ModuleType = np) -> Array:
    """Find what one more unit of each supplier with a capacity would be worth.

    Args:
        market: Who supplies and demands, and the routes; at least one supplier has a capacity.
        numbers: Numbers without faults; axis 0 is the network.
        xp: `numpy`, or `jax.numpy` inside compiled code.

    Returns:
        By network and supplier with a capacity, in the unit of costs: exactly 0 where a supplier has some left, nan
        where the search has not arrived.
    """
    ways = _Ways(market, xp)
    program, point = _start(ways, numbers, xp)
    if xp is not np:
        return _search_compiled(ways, program, point).T
    prices = np.full(point.price.shape, np.nan)
    waiting = np.arange(prices.shape[-1])
    for _ in range(MOST_STEPS):
        state = _state(ways, program, point, np)
        goes_on = ~(state.error <= ARRIVED)
        if not goes_on.all():
            prices[:, waiting[~goes_on]] = _sharp(program, point, np)[:, ~goes_on]
            waiting = waiting[goes_on]
            program = _Program(*(part[:, goes_on] for part in program))
            point = _Point(*(part[:, goes_on] for part in point))
            state = _State(*(part[..., goes_on] for part in state))
        if not len(waiting):
            break
        point = _step(ways, program, point, state, np)
    return prices.T


def _search_compiled(ways: _Ways, program: _Program, point: _Point) -> Array:
    import jax
    import jax.numpy as jnp

    def is_under_way(reached: tuple[Array, _Point, _State]) -> Array:
        return (reached[0] < MOST_STEPS) & jnp.any(reached[2].error > ARRIVED)

    def step(reached: tuple[Array, _Point, _State]) -> tuple[Array, _Point, _State]:
        count, here, state = reached
        there = _step(ways, program, here, state, jnp)
        goes_on = state.error > ARRIVED
        kept = _Point(*(jnp.where(goes_on, new, old) for new, old in zip(there, here, strict=True)))
        return count + 1, kept, _state(ways, program, kept, jnp)

    first = (0, point, _state(ways, program, point, jnp))
    _, last, state = jax.lax.while_loop(is_under_way, step, first)
    return jnp.where(state.error <= ARRIVED, _sharp(program, last, jnp), jnp.nan)


class _Ways:
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


class _Program(NamedTuple):
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


class _Point(NamedTuple):
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


class _State(NamedTuple):
    """How far a point is from the solution; axis -1 is the network."""

    quantity: Array
    """By demander."""
    gap: Array
    """By route: cost with the supplier's shadow price, above what the demander pays for one more unit."""
    relaxed: Array
    """t, as a mean over all relaxed conditions."""
    error: Array


def _start(ways: _Ways, numbers: MarketNumbers, xp: ModuleType) -> tuple[_Program, _Point]:
    """Take the numbers apart, and begin with flows well inside the limits."""
    cost, theta, epsilon = numbers.cost.T, numbers.sensitivity[None], numbers.elasticity.T
    least = xp.min(cost, axis=0)[None]
    # The price is nowhere lower than without any limit; from below, demand is bounded from above.
    lowest = least - xp.log(ways.to_demander @ xp.exp(theta * (least - cost)) + 1e-300) / theta
    most = numbers.size.T * xp.exp(xp.minimum(-epsilon * lowest, LARGEST_EXPONENT))
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
    program = _Program(
        cost, is_open, scale, supply, numbers.size.T, epsilon, theta, unit
    )
    point = _Point(
        flow,
        room,
        left,
        xp.where(is_open, 2 * unit, 0.0),
        xp.where(is_open, unit * scale / room, 0.0),
        unit * supply / left,
        0.1 + 0 * unit,
    )
    return program, point


def _state(ways: _Ways, program: _Program, point: _Point, xp: ModuleType) -> _State:
    quantity = ways.to_demander @ point.flow
    some = xp.where(quantity > 0, quantity, 1.0)
    flow = xp.where(program.is_open, point.flow, 1.0)
    size = xp.where(program.size > 0, program.size, 1.0)
    share = xp.log(flow) - ways.of_demander(xp.log(some))
    worth = ways.of_demander(xp.log(some / size) / program.elasticity)
    gap = program.cost + share / program.sensitivity + worth + ways.of_supplier(point.price)
    unmet = xp.where(program.is_open, gap + point.at_full - point.at_zero, 0.0)
    relaxed = (
        point.flow * point.at_zero / program.scale,
        point.room * point.at_full / program.scale,
        point.left * point.price / program.supply,
    )
    count = 2 * xp.sum(xp.asarray(program.is_open, dtype=gap.dtype), axis=0) + len(program.supply)
    most = [xp.max(part, axis=0) for part in (abs(unmet), *relaxed)]
    error = xp.maximum(xp.maximum(most[0], most[1]), xp.maximum(most[2], most[3]))
    mean = sum(xp.sum(part, axis=0) for part in relaxed) / count
    return _State(some, gap, mean[None], error / program.unit[0])


def _step(
    ways: _Ways, program: _Program, point: _Point, state: _State, xp: ModuleType
) -> _Point:
    """Take a step of Newton's method, as far as the limits allow."""
    relaxed = xp.maximum(point.aim * state.relaxed, LEAST_RELAXED * program.unit)
    flow = xp.where(program.is_open, point.flow, 1.0)
    # Multipliers of a route follow from its flow.
    towards_zero = relaxed * program.scale / flow
    towards_full = relaxed * program.scale / point.room
    steep_zero, steep_full = point.at_zero / flow, point.at_full / point.room
    curvature = 1 / (program.sensitivity * flow) + steep_zero + steep_full
    answer = xp.where(program.is_open, 1 / curvature, 0.0)
    # A demander's routes share one price: what is left after they are eliminated is one number for each demander.
    shared = (1 / program.elasticity - 1 / program.sensitivity) / state.quantity
    coupling = shared / (1 + shared * (ways.to_demander @ answer))

    def answered(pressure: Array) -> Array:
        own = answer * pressure
        return own - answer * ways.of_demander((ways.to_demander @ own) * coupling)

    free = answered(towards_zero - towards_full - state.gap)
    by_pair = (ways.by_pair @ answer).reshape(*ways.pairs, -1)
    matrix = -xp.einsum("dsn,dkn->skn", by_pair * coupling[:, None], by_pair)
    diagonal = ways.from_supplier @ answer + point.left / point.price
    matrix = matrix + xp.asarray(np.eye(ways.pairs[1]))[..., None] * diagonal
    wanted = relaxed * program.supply / point.price - point.left + ways.from_supplier @ free
    price = _solve(matrix, wanted, xp)
    flow_step = free - answered(ways.of_supplier(price))
    zero_step = xp.where(program.is_open, towards_zero, 0.0) - point.at_zero - steep_zero * flow_step
    full_step = xp.where(program.is_open, towards_full, 0.0) - point.at_full + steep_full * flow_step
    left_step = -(ways.from_supplier @ flow_step)
    primal = _length(
        ((point.flow, flow_step), (point.room, -flow_step), (point.left, left_step)), xp
    )
    dual = _length(
        ((point.at_zero, zero_step), (point.at_full, full_step), (point.price, price)), xp
    )
    # The farther the step could go, the more the next one dares.
    aim = xp.clip((1 - xp.minimum(primal, dual)) ** 3, 0.001, 0.3)
    return _Point(
        point.flow + primal * flow_step,
        point.room - primal * flow_step,
        point.left + primal * left_step,
        point.at_zero + dual * zero_step,
        point.at_full + dual * full_step,
        point.price + dual * price,
        aim,
    )


def _length(moves: tuple[tuple[Array, Array], ...], xp: ModuleType) -> Array:
    """The share of a step, at most 1, by which everything stays above 0."""
    fastest = 1.0
    for value, step in moves:
        falls = -step / xp.where(value > 0, value, 1.0)
        fastest = xp.maximum(fastest, xp.max(falls, axis=0) / TO_BOUNDARY)
    return 1 / fastest[None]


def _solve(matrix: Array, wanted: Array, xp: ModuleType) -> Array:
    """Solve positive definite systems, one for each network, by elimination without a search for pivots."""
    n = len(wanted)
    both = xp.concatenate([matrix, wanted[:, None]], axis=1)
    for i in range(n):
        row = both[i] / both[i, i]
        others = xp.asarray(np.arange(n) != i)[:, None]
        both = both - xp.where(others, both[:, i], both[:, i] - 1)[:, None] * row
    return both[:, n]


def _sharp(program: _Program, point: _Point, xp: ModuleType) -> Array:
    """Shadow prices, and 0 for suppliers who have some left."""
    is_scarce = point.price / program.unit > point.left / program.supply
    return xp.where(is_scarce, point.price, 0.0)
