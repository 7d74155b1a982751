r"""Flows to a target and its neighbours before and after a sanction.

Every partner has trade of its own: a level, a growth per year and seasons. From the first month under sanctions, the
direct route to the target costs more. Routes through neighbours open as traders find them: the capacity of each is a
multiple of the neighbour's own trade, times a logistic curve in time. The target's market settles over all routes.
The sanction's grip may loosen along the same curve, and each neighbour's own trade may shift once.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from backchannel.trade.demander import LARGEST_LOG, SMALLEST_LOG, deliver

SHARED = ("sensitivity", "elasticity", "sanction_cost", "loosening", "speed", "delay", "room")
"""Numbers that all partners share. Each is a logarithm, but for `loosening`, which is a logit."""
DETOUR_COST = 0.2
"""Mark-up of a route through a neighbour, in logarithms: a judgement; the estimates of `room` absorb it."""


@dataclass(frozen=True)
class NumberPriors:
    """Normal priors of all numbers, in the order in which the model takes them."""

    mean: Float[np.ndarray, " number"]
    spread: Float[np.ndarray, " number"]


def prior_belief(
    levels: Float[np.ndarray, " partner"],
    *,
    sensitivity: tuple[float, float],
    elasticity: tuple[float, float],
) -> NumberPriors:
    """Priors before any month is seen.

    Args:
        levels: Logarithm of a usual month's flow, by partner.
        sensitivity: Mean and standard deviation of ln θ, from the case.
        elasticity: The same of ln ε.
    """
    n = len(levels)
    shared = np.array(
        [
            sensitivity,
            elasticity,
            (0.0, 0.7),  # The sanction makes the direct route about e times as dear.
            (-1.0, 1.0),  # A quarter of the cost is lost as traders adapt.
            (np.log(0.5), 0.35),  # The curve takes about nine months from 10% to 90%.
            (np.log(5.0), 0.4),  # Half of the capacity is there after five months.
            (np.log(1.5), 0.7),  # At last, rerouted goods are 1.5 times a neighbour's own.
        ]
    )
    parts = [
        shared,
        np.column_stack([levels, np.full(n, 1.0)]),
        np.tile([0.03, 0.08], (n, 1)),  # Growth per year.
        np.tile([0.0, 0.1], (12, 1)),  # Seasons.
        np.tile([0.0, 0.6], (n - 1, 1)),  # How much a neighbour's capacity differs.
        np.tile([0.0, 0.4], (n - 1, 1)),  # Shift of a neighbour's own trade.
    ]
    together = np.concatenate(parts)
    return NumberPriors(together[:, 0], together[:, 1])


def log_flows(
    numbers: Float[Array, " number"],
    *,
    months: Float[Array, " month"],
    calendar: Array,
    last: Array | float,
    since: int,
    is_sanctioned: Array | float,
) -> tuple[Float[Array, "month partner"], Float[Array, "month partner"]]:
    """Logarithms of the flows, and of the flows that there would be without a sanction.

    Args:
        numbers: What `prior_belief` is about.
        months: Positions of the months, counted from the first one in the data.
        calendar: Calendar month of each, from 0.
        last: Position of the last month that was seen; levels are those of this month.
        since: Position of the first month under sanctions.
        is_sanctioned: 1 if sanctions are known of, otherwise 0.
    """
    n = (numbers.shape[0] - len(SHARED) - 12 + 2) // 4
    ends = np.cumsum([len(SHARED), n, n, 12, n - 1, n - 1])
    shared, level, growth, season, extra, shift = jnp.split(numbers, ends[:-1].tolist())
    theta, epsilon, cost = jnp.exp(shared[0]), jnp.exp(shared[1]), jnp.exp(shared[2])
    loosening, speed = jax.nn.sigmoid(shared[3]), jnp.exp(shared[4])
    delay, room = jnp.exp(shared[5]), jnp.exp(shared[6])
    own = level + growth * ((months - last) / 12)[:, None] + season[calendar][:, None]
    # The middle of a month stands for it.
    elapsed = months - since + 0.5
    is_on = (elapsed > 0) & (is_sanctioned > 0)
    at_start = jax.nn.sigmoid(-speed * delay)
    grown = (jax.nn.sigmoid(speed * (jnp.maximum(elapsed, 0.0) - delay)) - at_start) / (
        1 - at_start
    )
    grown = jnp.where(is_on, grown, 0.0)
    capacity = jnp.log(room) + extra + level[1:] + jnp.log(jnp.maximum(grown, 1e-9))[:, None]
    limits = jnp.where(is_on[:, None], capacity - own[:, :1], SMALLEST_LOG)
    is_direct = jnp.full((len(months), 1), LARGEST_LOG)
    costs = jnp.where(is_on, cost * (1 - loosening * grown), 0.0)
    settled = deliver(
        cost=jnp.concatenate([costs[:, None], jnp.full((len(months), n - 1), DETOUR_COST)], axis=1),
        log_capacity=jnp.concatenate([is_direct, limits], axis=1),
        elasticity=jnp.broadcast_to(epsilon, months.shape),
        sensitivity=jnp.broadcast_to(theta, months.shape),
        xp=jnp,
    )
    traded = own[:, :1] + settled.log_delivered[:, None] + settled.log_share
    shifted = own[:, 1:] + jnp.where(is_on[:, None], shift, 0.0)
    around = jnp.where(is_on[:, None], jnp.logaddexp(shifted, traded[:, 1:]), own[:, 1:])
    return jnp.concatenate([traded[:, :1], around], axis=1), own
