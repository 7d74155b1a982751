"""Shadow prices of suppliers that have a capacity.

A supplier with a capacity couples the demanders that it serves. An interior point of the market's concave program
finds what one more unit of it would be worth. Its steps do not become more when shares answer to cost more strongly:
10 to 30 suffice.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np

from backchannel.trade.interior import State, state_of, step_from
from backchannel.trade.market import Array, Market, MarketNumbers
from backchannel.trade.program import InteriorPoint, Program, Ways, starting_point

MOST_STEPS = 80
"""Most steps; searches that arrive take fewer than 40."""
ARRIVED = 1e-10
"""Largest error, relative to 1/ε as a unit of prices, at which the search ends."""


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
    ways = Ways(market, xp)
    program, point = starting_point(ways, numbers, xp)
    if xp is not np:
        return _search_compiled(ways, program, point).T
    prices = np.full(point.price.shape, np.nan)
    waiting = np.arange(prices.shape[-1])
    for _ in range(MOST_STEPS):
        state = state_of(ways, program, point, np)
        goes_on = ~(state.error <= ARRIVED)
        if not goes_on.all():
            prices[:, waiting[~goes_on]] = sharp_prices(program, point, np)[:, ~goes_on]
            waiting = waiting[goes_on]
            program = Program(*(part[:, goes_on] for part in program))
            point = InteriorPoint(*(part[:, goes_on] for part in point))
            state = State(*(part[..., goes_on] for part in state))
        if not len(waiting):
            break
        point = step_from(ways, program, point, state, np)
    return prices.T


def _search_compiled(ways: Ways, program: Program, point: InteriorPoint) -> Array:
    import jax
    import jax.numpy as jnp

    def is_under_way(reached: tuple[Array, InteriorPoint, State]) -> Array:
        return (reached[0] < MOST_STEPS) & jnp.any(reached[2].error > ARRIVED)

    def step(reached: tuple[Array, InteriorPoint, State]) -> tuple[Array, InteriorPoint, State]:
        count, here, state = reached
        there = step_from(ways, program, here, state, jnp)
        goes_on = state.error > ARRIVED
        kept = InteriorPoint(
            *(jnp.where(goes_on, new, old) for new, old in zip(there, here, strict=True))
        )
        return count + 1, kept, state_of(ways, program, kept, jnp)

    first = (0, point, state_of(ways, program, point, jnp))
    _, last, state = jax.lax.while_loop(is_under_way, step, first)
    return jnp.where(state.error <= ARRIVED, sharp_prices(program, last, jnp), jnp.nan)


def sharp_prices(program: Program, point: InteriorPoint, xp: ModuleType) -> Array:
    """Shadow prices, and 0 for suppliers who have some left."""
    is_scarce = point.price / program.unit > point.left / program.supply
    return xp.where(is_scarce, point.price, 0.0)
