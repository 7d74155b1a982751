"""What one step along the branch finds in every lane, whether it is taken or not: predict, then correct."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from backchannel.equilibrium.branch.correct import correct_onto_branch
from backchannel.equilibrium.branch.lane import LaneState, Stage, joined

Array = Any

WELL_ON_BRANCH = 1e-9
"""|F| at which a point on the way needs no further correction."""
CLOSER = 1e-6
"""The same, over the length of a short step."""
LANDED = 1e-12
"""Largest |F| at its end."""


class Attempt(NamedTuple):
    """What one step found, whether it is taken or not."""

    here: Array
    """Where the lane was: log-odds and τ joined, as in every point."""
    tangent: Array
    """The tangent there."""
    predicted: Array
    point: Array
    """The corrected point."""
    turned: Array
    """The tangent at the predicted point."""
    size: Array
    """Length of the tangent whose τ is 1."""
    angle: Array
    """Angle between the tangents."""
    off: Array
    """Largest |F| at the corrected point."""
    first: Array
    """Length of the first correction."""
    second: Array
    """Length of the second."""
    missed: Array
    """Distance of the corrected point from the predicted one."""
    finite: Array
    same_side: Array
    """Whether the determinant keeps its sign."""


def attempt_step(
    state: LaneState,
    system: Callable[..., Any],
    residual: Callable[..., Any],
    invert: Callable[..., Any],
) -> Attempt:
    """Predict and correct."""
    xp = state.x.__array_namespace__()
    n = state.x.shape[0]
    landing, fresh = state.stage == Stage.LANDING, state.fresh
    here, tangent = joined(state.x, state.tau), joined(state.dx, state.dtau)
    weight = xp.concatenate([xp.full((n, 1), 1.0 / n), xp.ones((1, 1))])
    predicted = _predicted(state, here, tangent)
    value, by_x, by_tau = system(predicted[:-1], predicted[-1])
    up = xp.concatenate([xp.zeros_like(tangent[:-1]), xp.ones_like(tangent[-1:])])
    # A landing, and the first point, are corrected at a fixed τ; every other across the tangent.
    across = xp.where(landing | fresh, up, weight * tangent)
    matrix = xp.concatenate([xp.concatenate([by_x, by_tau[:, None]], axis=1), across[None]], axis=0)
    inverted = invert(matrix)
    turned = inverted.solve(up)
    size = xp.sqrt((weight * turned**2).sum(axis=0))
    turned = turned / size
    angle = xp.arccos(xp.clip((weight * tangent * turned).sum(axis=0), -1.0, 1.0))
    running = state.stage < Stage.LANDED
    # Near a crossing, where steps are short, a small |F| is a large distance from the branch.
    on_the_way = xp.maximum(xp.minimum(WELL_ON_BRANCH, CLOSER * state.step), LANDED)
    enough = xp.where(running, xp.where(landing, LANDED, on_the_way), xp.inf)
    point, value, first, second = correct_onto_branch(
        predicted, value, inverted.solve, residual, weight, enough
    )
    off = xp.abs(value).max(axis=0)
    return Attempt(
        here=here,
        tangent=tangent,
        predicted=predicted,
        point=point,
        turned=turned,
        size=size,
        angle=angle,
        off=off,
        first=first,
        second=second,
        missed=xp.sqrt((weight * (point - predicted) ** 2).sum(axis=0)),
        finite=xp.isfinite(off) & xp.isfinite(size),
        same_side=inverted.sign * state.side > 0,
    )


def _predicted(state: LaneState, here: Array, tangent: Array) -> Array:
    """Where the next point should be: along the bent tangent, or where the lane lands."""
    xp = here.__array_namespace__()
    before = joined(state.dx_before, state.dtau_before)
    ahead = xp.where(state.fresh, 0.0, state.step)
    # Tangents that are 1e-7 apart say nothing about how the branch bends over a step across.
    bend = xp.where(state.across > 0, 0.0, ahead**2 / (2.0 * state.came))
    predicted = here + ahead * tangent + bend * (tangent - before)
    return xp.where(state.stage == Stage.LANDING, joined(state.aim, state.end), predicted)
