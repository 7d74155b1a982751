"""One step along the branch, in every lane at once, alike on NumPy and on traced JAX arrays.

The branch of F(x, τ) = 0 is followed by arclength: predict along the tangent, bent as the last two
tangents say; correct by Newton on the plane across the tangent, then by Broyden; and choose the
next step by how much had to be corrected. So it goes round folds, where τ runs back. A step that
passes the end of the path is not taken: the lane *lands*, that is, it corrects at the end itself,
from the point at which the cubic through both points and tangents reaches it.

On one branch the determinant of F's slopes and the tangent keeps its sign, also round folds; a step
that changes it has jumped to another branch and is not taken. In a game with an exact symmetry
branches may cross, and there the sign changes on the branch itself: however short the step, it fails.
A lane that is stuck there goes *straight on*, by a step along the secant of its way that changes the
sign, hardly bends and hardly has to be corrected: of the branches that meet, only the one that it came on
continues so, to first order. The secant is used because tangents so near to a crossing are inexact.

Source: Allgower & Georg (2003), Introduction to Numerical Continuation Methods, chapters 2, 6, 7
and 8 (crossings); Turocy (2005) for the logit correspondence in log-odds; the landing is ours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from backchannel.equilibrium.branch.correct import correct_onto_branch, either_of, reach_end
from backchannel.equilibrium.branch.lane import CARE, LaneState, Stage, joined
from backchannel.equilibrium.branch.linear import invert
from backchannel.equilibrium.branch.stuck import begin_again, go_straight_on

Array = Any

ON_BRANCH = 1e-6
"""Largest |F| at a point of the branch on the way."""
WELL_ON_BRANCH = 1e-9
"""|F| at which a point on the way needs no further correction."""
CLOSER = 1e-6
"""The same, over the length of a short step."""
LANDED = 1e-12
"""Largest |F| at its end."""
TRIES = 6
"""Newton steps for a landing."""

NOISE = 1e-12
"""Corrections so short are rounding, and their ratio says nothing about a step."""
FAR = 0.01
"""Steps at least so long leave from where a crossing does not yet disturb the direction of the branch."""
STRAIGHT = 0.5
"""Most that a step across may be corrected, by its own length, and the most by which its tangent may turn.
Branches that turn off lie farther away, as the root of the length."""


class _Attempt(NamedTuple):
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


class _Verdict(NamedTuple):
    """What becomes of a step, per lane."""

    took: Array
    """The step is taken."""
    straight: Array
    """It goes straight on across a crossing."""
    passed: Array
    """It passes the end of the path, so that the lane lands next."""
    landed: Array
    failed: Array
    """The landing failed."""
    grown: Array
    """Length of the next step, if this one is taken."""


def advance(
    state: LaneState,
    system: Callable[..., Any],
    residual: Callable[..., Any],
    *,
    invert: Callable[..., Any] = invert,
) -> tuple[LaneState, Array]:
    """Take one step in every lane.

    Args:
        state: Where the lanes are.
        system: Gives F, ∂F/∂x and ∂F/∂τ at (x, τ).
        residual: Gives F.
        invert: Prepares a matrix per lane, to be solved for right-hand sides.

    Returns:
        Where the lanes are then, and the lanes in which a new point of the branch was found.
    """
    attempt = _attempted(state, system, residual, invert)
    verdict = _judged(state, attempt)
    new = _moved(state, attempt, verdict)
    following = (state.stage < Stage.LANDED) & (state.stage != Stage.LANDING)
    failed_across = following & (state.across > 0) & ~verdict.took
    new = begin_again(go_straight_on(new, failed_across))
    begun_again = new.care > state.care
    return new, (verdict.took | verdict.landed) & ~state.fresh & ~begun_again


def _attempted(
    state: LaneState,
    system: Callable[..., Any],
    residual: Callable[..., Any],
    invert: Callable[..., Any],
) -> _Attempt:
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
    return _Attempt(
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


def _judged(state: LaneState, attempt: _Attempt) -> _Verdict:
    """Decide which steps are taken, and how long the next are."""
    xp = state.x.__array_namespace__()
    limit, contraction, correction, turn, longest = xp.asarray(CARE.T)[:, state.care]
    landing, fresh, across = state.stage == Stage.LANDING, state.fresh, state.across > 0
    following = (state.stage < Stage.LANDED) & ~landing
    point, angle, first = attempt.point, attempt.angle, attempt.first
    # On the way.
    contracted = attempt.second / xp.maximum(first, NOISE) / contraction
    ratio = xp.maximum(xp.cbrt(xp.maximum(contracted, first / correction)), angle / turn)
    good = attempt.finite & attempt.same_side & (attempt.off < ON_BRANCH)
    on = good & (fresh | ((angle < limit) & (ratio < 2.0) & (point[-1] > 0.0))) & ~across
    straight = (
        across
        & attempt.finite
        & ~attempt.same_side
        & (attempt.off < ON_BRANCH)
        & (angle < STRAIGHT)
        & (first < STRAIGHT * state.step)
    )
    on = on | straight
    passed = on & (point[-1] >= state.end)
    # At the end: from its second try on, so that what is left is rounding, which sweeps magnify.
    exact = attempt.off < LANDED * xp.maximum(1.0, xp.abs(point).max(axis=0))
    arrived = attempt.finite & (state.tries > 0) & exact
    near = attempt.missed < xp.maximum(state.step, 0.1)
    landed = landing & arrived & attempt.same_side & near
    given_up = ~attempt.finite | ~near | (state.tries >= TRIES) | (arrived & ~attempt.same_side)
    return _Verdict(
        took=on & ~passed & following,
        straight=straight,
        passed=passed & following,
        landed=landed,
        failed=landing & ~landed & given_up,
        grown=xp.minimum(state.step / xp.clip(ratio, 0.5, 2.0), longest),
    )


def _moved(state: LaneState, attempt: _Attempt, verdict: _Verdict) -> LaneState:
    """The state after a step, before lanes that are stuck are looked after."""
    xp = state.x.__array_namespace__()
    landing, fresh = state.stage == Stage.LANDING, state.fresh
    running = state.stage < Stage.LANDED
    point, turned, took, passed = attempt.point, attempt.turned, verdict.took, verdict.passed
    halved = running & ~landing & ~passed
    length = xp.where(took, verdict.grown, xp.where(halved, state.step / 2, state.step))
    length = xp.where(verdict.failed, 0.3 * state.step, length)
    length_of = xp.where(fresh, 1.0, state.step)
    aim = either_of(
        xp.any(passed),
        lambda: reach_end(attempt.here, attempt.tangent, point, turned, length_of, state.end),
        lambda: point[:-1],
    )
    stage = xp.where(passed, Stage.LANDING, state.stage)
    stage = xp.where(verdict.failed, Stage.FOLLOWING, stage)
    folded = took & ~fresh & (turned[-1] * attempt.tangent[-1] < 0)
    arrive = took | verdict.landed
    return LaneState(
        x=xp.where(arrive, point[:-1], state.x),
        tau=xp.where(arrive, point[-1], state.tau),
        dx=xp.where(took, turned[:-1], state.dx),
        dtau=xp.where(took, turned[-1], state.dtau),
        dx_before=xp.where(took, state.dx, state.dx_before),
        dtau_before=xp.where(took, state.dtau, state.dtau_before),
        far_x=xp.where(took & (state.step >= FAR), attempt.here[:-1], state.far_x),
        far_tau=xp.where(took & (state.step >= FAR), attempt.here[-1], state.far_tau),
        came=xp.where(took & ~fresh, state.step, state.came),
        step=xp.where(took & fresh, state.step, length),
        end=state.end,
        aim=xp.where(passed, aim, xp.where(landing, point[:-1], state.aim)),
        tries=xp.where(landing, state.tries + 1, 0),
        fresh=fresh & ~took,
        care=state.care,
        side=xp.where(took & verdict.straight, -state.side, state.side),
        across=xp.where(took, 0, state.across),
        stage=xp.where(verdict.landed, Stage.LANDED, stage),
        folds=state.folds + folded.astype(int),
        crossings=state.crossings + (took & verdict.straight).astype(int),
        steps=state.steps + running.astype(int),
        flat=xp.where(verdict.landed, 1.0 / attempt.size, state.flat),
    )
