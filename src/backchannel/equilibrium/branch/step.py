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

from backchannel.equilibrium.branch.attempt import LANDED, Attempt, attempt_step
from backchannel.equilibrium.branch.correct import either_of, reach_end
from backchannel.equilibrium.branch.lane import CARE, LaneState, Stage
from backchannel.equilibrium.branch.linear import invert
from backchannel.equilibrium.branch.stuck import begin_again, go_straight_on

Array = Any

ON_BRANCH = 1e-6
"""Largest |F| at a point of the branch on the way."""
TRIES = 6
"""Newton steps for a landing."""

NOISE = 1e-12
"""Corrections so short are rounding, and their ratio says nothing about a step."""
FAR = 0.01
"""Steps at least so long leave from where a crossing does not yet disturb the direction of the branch."""
STRAIGHT = 0.5
"""Most that a step across may be corrected, by its own length, and the most by which its tangent may turn.
Branches that turn off lie farther away, as the root of the length."""


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
    attempt = attempt_step(state, system, residual, invert)
    verdict = _judged(state, attempt)
    new = _moved(state, attempt, verdict)
    following = (state.stage < Stage.LANDED) & (state.stage != Stage.LANDING)
    failed_across = following & (state.across > 0) & ~verdict.took
    new = begin_again(go_straight_on(new, failed_across))
    begun_again = new.care > state.care
    return new, (verdict.took | verdict.landed) & ~state.fresh & ~begun_again


def _judged(state: LaneState, attempt: Attempt) -> _Verdict:
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


def _moved(state: LaneState, attempt: Attempt, verdict: _Verdict) -> LaneState:
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
