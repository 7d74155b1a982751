r"""One step of an interior point of a market's concave program.

With slacks $w_r$ of routes and $y_s$ of suppliers, and multipliers $z_r$ of $f_r \ge 0$, the conditions of
optimality are relaxed to

$$f_r z_r = t a_r, \qquad w_r \mu_r = t a_r, \qquad y_s \nu_s = t K_s,$$

where $a_r$ is a flow that counts as much as the route's. Newton's method follows their solution as $t$ falls to 0.
Every step eliminates routes, then demanders, and solves one positive definite system over suppliers.

Source: Wright (1997), Primal-Dual Interior-Point Methods, chapters 5 and 11.
"""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

import numpy as np

from backchannel.trade.market import Array
from backchannel.trade.program import InteriorPoint, Program, Ways

LEAST_RELAXED = 1e-13
"""Smallest t that a step aims at, relative to 1/ε: below, rounding decides."""
TO_BOUNDARY = 0.99
"""Share of the way to the next bound that a step may go."""


class State(NamedTuple):
    """How far a point is from the solution; axis -1 is the network."""

    quantity: Array
    """By demander."""
    gap: Array
    """By route: cost with the supplier's shadow price, above what the demander pays for one more unit."""
    relaxed: Array
    """t, as a mean over all relaxed conditions."""
    least: Array
    """The smallest t that the next step may aim at."""
    error: Array


def state_of(ways: Ways, program: Program, point: InteriorPoint, xp: ModuleType) -> State:
    """Say how far a point is from the solution."""
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
    # Demand before the limits of suppliers may be far from what is delivered: errors count against the smaller.
    overrated = xp.maximum(program.scale / xp.sum(some, axis=0), 1.0)
    count = 2 * xp.sum(xp.asarray(program.is_open, dtype=gap.dtype), axis=0) + len(program.supply)
    errors = (abs(unmet), relaxed[0] * overrated, relaxed[1] * overrated, relaxed[2])
    most = [xp.max(part, axis=0) for part in errors]
    error = xp.maximum(xp.maximum(most[0], most[1]), xp.maximum(most[2], most[3]))
    mean = sum(xp.sum(part, axis=0) for part in relaxed) / count
    least = LEAST_RELAXED * program.unit / xp.max(overrated, axis=0)[None]
    return State(some, gap, mean[None], least, error / program.unit[0])


def step_from(
    ways: Ways, program: Program, point: InteriorPoint, state: State, xp: ModuleType
) -> InteriorPoint:
    """Take a step of Newton's method, as far as the limits allow."""
    relaxed = xp.maximum(point.aim * state.relaxed, state.least)
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
    zero_step = (
        xp.where(program.is_open, towards_zero, 0.0) - point.at_zero - steep_zero * flow_step
    )
    full_step = (
        xp.where(program.is_open, towards_full, 0.0) - point.at_full + steep_full * flow_step
    )
    left_step = -(ways.from_supplier @ flow_step)
    primal = _length(
        ((point.flow, flow_step), (point.room, -flow_step), (point.left, left_step)), xp
    )
    dual = _length(
        ((point.at_zero, zero_step), (point.at_full, full_step), (point.price, price)), xp
    )
    # The farther the step could go, the more the next one dares.
    aim = xp.clip((1 - xp.minimum(primal, dual)) ** 3, 0.001, 0.3)
    return InteriorPoint(
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
    fastest: Array = 1.0
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
        others = xp.asarray(np.arange(n) != i)[:, None, None]
        both = xp.where(others, both - both[:, i, None] * row, row)
    return both[:, n]
