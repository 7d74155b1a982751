r"""Flows to a target and its neighbours before and after a sanction.

Every partner has trade of its own: a level, a growth per year and seasons. From the first month under sanctions, the
direct route to the target costs more. Routes through neighbours open as traders find them: the capacity of each is a
multiple of the neighbour's own trade, times a logistic curve in time. The target's market settles over all routes.
The sanction's grip may loosen along the same curve, and each neighbour's own trade may shift once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from backchannel.trade.demander import LARGEST_LOG, SMALLEST_LOG, deliver

SHARED = ("sensitivity", "elasticity", "sanction_cost", "loosening", "speed", "delay", "room")
"""Numbers that all partners share. Each is a logarithm, but for `loosening`, which is a logit."""
DETOUR_COST = 0.2
"""Mark-up of a route through a neighbour, in logarithms: a judgement; the estimates of `room` absorb it."""

LEAST_GROWN = 1e-9
"""Share of the final capacity below which there is none, so that its logarithm is a number."""


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


class _Parts(NamedTuple):
    """The numbers of the model, each under its name, computed from the logarithms in which they are estimated."""

    theta: Array
    epsilon: Array
    cost: Array
    loosening: Array
    speed: Array
    delay: Array
    room: Array
    """Logarithm of the final capacity, in units of a neighbour's own trade."""
    level: Array
    growth: Array
    season: Array
    extra: Array
    """By neighbour: what is added to `room`."""
    shift: Array


def _parts(numbers: Float[Array, " number"]) -> _Parts:
    n = (numbers.shape[0] - len(SHARED) - 12 + 2) // 4
    ends = np.cumsum([len(SHARED), n, n, 12, n - 1, n - 1])
    shared, level, growth, season, extra, shift = jnp.split(numbers, ends[:-1].tolist())
    theta, epsilon, cost = jnp.exp(shared[0]), jnp.exp(shared[1]), jnp.exp(shared[2])
    loosening, speed, delay = jax.nn.sigmoid(shared[3]), jnp.exp(shared[4]), jnp.exp(shared[5])
    return _Parts(
        theta,
        epsilon,
        cost,
        loosening,
        speed,
        delay,
        shared[6],
        level,
        growth,
        season,
        extra,
        shift,
    )


def _grown(
    parts: _Parts, months: Float[Array, " month"], since: int
) -> tuple[Array, Float[Array, " month"]]:
    """Whether each month is under sanctions, and the share of the final capacity: a logistic from 0 to 1."""
    # The middle of a month stands for it.
    elapsed = months - since + 0.5
    at_start = jax.nn.sigmoid(-parts.speed * parts.delay)
    curve = jax.nn.sigmoid(parts.speed * (jnp.maximum(elapsed, 0.0) - parts.delay))
    return elapsed > 0, (curve - at_start) / (1 - at_start)


def log_capacities(
    numbers: Float[Array, " number"], *, month: Array | float, since: int
) -> tuple[Float[Array, " neighbour"], Float[Array, " neighbour"]]:
    """Logarithms of the capacity of the route through each neighbour, in one month and at last.

    Args:
        numbers: What `prior_belief` is about.
        month: Position of a month under sanctions, counted from the first one in the data.
        since: Position of the first month under sanctions.
    """
    parts = _parts(numbers)
    final = parts.room + parts.extra + parts.level[1:]
    _, grown = _grown(parts, jnp.asarray(month)[None], since)
    return final + jnp.log(jnp.maximum(grown, LEAST_GROWN)), final


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
    parts = _parts(numbers)
    n, level = len(parts.level), parts.level
    own = level + parts.growth * ((months - last) / 12)[:, None] + parts.season[calendar][:, None]
    is_under, grown = _grown(parts, months, since)
    is_on = is_under & (is_sanctioned > 0)
    grown = jnp.where(is_on, grown, 0.0)
    final = parts.room + parts.extra + level[1:]
    capacity = final + jnp.log(jnp.maximum(grown, LEAST_GROWN))[:, None]
    limits = jnp.where(is_on[:, None], capacity - own[:, :1], SMALLEST_LOG)
    is_direct = jnp.full((len(months), 1), LARGEST_LOG)
    costs = jnp.where(is_on, parts.cost * (1 - parts.loosening * grown), 0.0)
    settled = deliver(
        cost=jnp.concatenate([costs[:, None], jnp.full((len(months), n - 1), DETOUR_COST)], axis=1),
        log_capacity=jnp.concatenate([is_direct, limits], axis=1),
        elasticity=jnp.broadcast_to(parts.epsilon, months.shape),
        sensitivity=jnp.broadcast_to(parts.theta, months.shape),
        xp=jnp,
    )
    traded = own[:, :1] + settled.log_delivered[:, None] + settled.log_share
    shifted = own[:, 1:] + jnp.where(is_on[:, None], parts.shift, 0.0)
    around = jnp.where(is_on[:, None], jnp.logaddexp(shifted, traded[:, 1:]), own[:, 1:])
    return jnp.concatenate([traded[:, :1], around], axis=1), own
