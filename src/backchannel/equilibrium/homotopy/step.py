"""One step along the branch, in every lane at once, alike on NumPy and on traced JAX arrays.

The branch of F(x, τ) = 0 is followed by arclength: predict along the tangent, bent as the last two
tangents say; correct by Newton on the plane across the tangent, then by Broyden; and choose the
next step by how much had to be corrected. So it goes round folds, where τ runs back. A step that
passes the end of the path is not taken: the lane *lands*, that is, it corrects at the end itself,
from the point at which the cubic through both points and tangents reaches it.

On one branch the determinant of F's slopes and the tangent keeps its sign, also round folds; a step
that changes it has jumped to another branch and is not taken. In a game with an exact symmetry
branches may cross, and there the sign changes on the branch itself: however short the step, it fails.
A lane that is stuck so goes *straight on*, by a step that changes the sign, hardly bends and hardly
has to be corrected: to first order, of the branches that meet only the one that it came on goes there.

Source: Allgower & Georg (2003), Introduction to Numerical Continuation Methods, chapters 2, 6, 7
and 8 (crossings); Turocy (2005) for the logit correspondence in log-odds; the landing is ours.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any

import numpy as np
from jax import lax

from backchannel.equilibrium.homotopy.linear import invert

Array = Any
Lanes = dict[str, Array]
"""The state of every lane: see `start`."""


class Stage(IntEnum):
    """What a lane is doing."""

    FOLLOWING = 0
    LANDING = 1
    LANDED = 2
    LOST = 3
    NOT_FINITE = 4


FIRST = 0.3
"""Length of the first step. Lengths: root mean square of the log-odds' changes, and τ's change."""
SHORTEST = 1e-7
"""A step so short means that the lane is lost at this care; it starts again with more."""
ON_BRANCH = 1e-6
"""Largest |F| at a point of the branch on the way."""
WELL_ON_BRANCH = 1e-9
"""|F| from which a point on the way is corrected no more, if no other lane needs it."""
LANDED = 1e-12
"""Largest |F| at its end."""
TRIES = 6
"""Newton steps for a landing."""
BROYDEN = 3
"""Corrections on the factors of the first."""

NOISE = 1e-12
"""Corrections so short are rounding, and their ratio says nothing about a step."""
CROSSING = 0.1
"""Length of the first step that is tried across a crossing, near which slopes are all but singular;
each is a quarter of the one before."""
CROSSINGS = 6
"""Steps that are tried."""
STRAIGHT = 0.5
"""Most that a step across may be corrected, by its own length, and the most by which its tangent may turn.
Next to a crossing tangents are known badly; branches that turn off lie farther, as roots of the length."""

CARE = np.array(
    [[1.2, 0.1, 1.0, 0.4, 4.0], [0.6, 0.02, 0.3, 0.2, 1.0], [0.3, 0.004, 0.1, 0.1, 0.25]]
)
"""For each degree of care: the largest angle between tangents; the contraction, correction and
angle aimed at; the longest step."""


SMALL = 8
"""Unknowns up to which steps are short from the start: exact symmetries, at which branches cross, are
found in small games of textbooks, and a long step may take the wrong turn there."""


def at_least(care: int, n: int) -> int:
    """The care with which a branch of `n` unknowns is followed at first."""
    return max(care, 1) if n <= SMALL else care


def start(n: int, lanes: int, care: int) -> dict[str, np.ndarray]:
    """The state of lanes at the beginning of their paths; the lane is the last axis."""

    def zeros() -> np.ndarray:
        return np.zeros((n, lanes))

    def line(value: float = 0.0) -> np.ndarray:
        return np.full(lanes, value)

    return {
        "x": zeros(), "tau": line(),  # the last point on the branch
        "dx": zeros(), "dtau": line(1.0),  # the tangent there
        "dx_before": zeros(), "dtau_before": line(1.0),  # the tangent one step before
        "came": line(np.inf),  # length of the last step
        "step": line(FIRST),  # length of the next
        "end": line(1.0),
        "aim": zeros(),  # where it lands
        "tries": np.zeros(lanes, int),
        "fresh": np.ones(lanes, bool),  # at the beginning, where the tangent is still to be found
        "care": np.full(lanes, care),
        "side": line(1.0),  # the determinant's sign on this branch
        "across": np.zeros(lanes, int),  # steps tried across a crossing
        "stage": np.full(lanes, int(Stage.LANDED)),
        "folds": np.zeros(lanes, int),
        "steps": np.zeros(lanes, int),
        "flat": line(),  # dτ over the length of the tangent at the end: 0 at a fold
    }  # fmt: skip


def advance(
    state: Lanes, system: Callable, residual: Callable, *, invert: Callable = invert
) -> tuple[Lanes, Array]:
    """Take one step in every lane.

    Args:
        state: Where the lanes are.
        system: Gives F, ∂F/∂x and ∂F/∂τ at (x, τ).
        residual: Gives F.
        invert: Prepares a matrix per lane, to be solved for right-hand sides.

    Returns:
        Where the lanes are then, and in which one a new point of the branch was found.
    """
    xp = state["x"].__array_namespace__()
    n = state["x"].shape[0]
    landing, fresh = state["stage"] == Stage.LANDING, state["fresh"]
    limit, contraction, correction, turn, longest = xp.asarray(CARE.T)[:, state["care"]]
    here = _joined(state["x"], state["tau"])
    tangent = _joined(state["dx"], state["dtau"])
    before = _joined(state["dx_before"], state["dtau_before"])
    weight = xp.concatenate([xp.full((n, 1), 1.0 / n), xp.ones((1, 1))])
    ahead = xp.where(fresh, 0.0, state["step"])
    # Tangents that are 1e-7 apart say nothing about how the branch bends over a step across.
    bend = xp.where(state["across"] > 0, 0.0, ahead**2 / (2.0 * state["came"]))
    predicted = here + ahead * tangent + bend * (tangent - before)
    predicted = xp.where(landing, _joined(state["aim"], state["end"]), predicted)

    value, by_x, by_tau = system(predicted[:-1], predicted[-1])
    at_fixed_tau = landing | fresh
    up = xp.concatenate([xp.zeros_like(tangent[:-1]), xp.ones_like(tangent[-1:])])
    across = xp.where(at_fixed_tau, up, weight * tangent)
    matrix = xp.concatenate([xp.concatenate([by_x, by_tau[:, None]], axis=1), across[None]], axis=0)
    inverted = invert(matrix)
    turned = inverted.solve(up)
    size = xp.sqrt((weight * turned**2).sum(axis=0))
    turned = turned / size
    angle = xp.arccos(xp.clip((weight * tangent * turned).sum(axis=0), -1.0, 1.0))
    running = state["stage"] < Stage.LANDED
    enough = xp.where(running, xp.where(landing, LANDED, WELL_ON_BRANCH), xp.inf)
    point, value, first, second = _corrected(
        predicted, value, inverted.solve, residual, weight, enough
    )
    off = xp.abs(value).max(axis=0)
    finite = xp.isfinite(off) & xp.isfinite(size)
    side, across_now = state["side"], state["across"] > 0
    same_side = inverted.sign * side > 0

    # On the way.
    contracted = second / xp.maximum(first, NOISE) / contraction
    ratio = xp.maximum(xp.cbrt(xp.maximum(contracted, first / correction)), angle / turn)
    good = finite & same_side & (off < ON_BRANCH)
    on = good & (fresh | ((angle < limit) & (ratio < 2.0) & (point[-1] > 0.0))) & ~across_now
    straight = (
        across_now
        & finite
        & ~same_side
        & (off < ON_BRANCH)
        & (angle < STRAIGHT)
        & (first < STRAIGHT * state["step"])
    )
    on = on | straight
    grown = xp.minimum(state["step"] / xp.clip(ratio, 0.5, 2.0), longest)
    passed = on & (point[-1] >= state["end"])
    took = on & ~passed
    # At the end.
    # From its second try on, so that what is left is rounding: sweeps magnify it.
    arrived = (
        finite & (state["tries"] > 0) & (off < LANDED * xp.maximum(1.0, xp.abs(point).max(axis=0)))
    )
    near = xp.sqrt((weight * (point - predicted) ** 2).sum(axis=0)) < xp.maximum(state["step"], 0.1)
    landed = landing & arrived & same_side & near
    failed = (
        landing & ~landed & (~finite | ~near | (state["tries"] >= TRIES) | (arrived & ~same_side))
    )

    following = running & ~landing
    took, passed = took & following, passed & following
    length = xp.where(took, grown, xp.where(following & ~passed, state["step"] / 2, state["step"]))
    length = xp.where(failed, 0.3 * state["step"], length)
    length_of = xp.where(fresh, 1.0, state["step"])
    aim = _if(
        xp.any(passed),
        lambda: _reaches(here, tangent, point, turned, length_of, state["end"]),
        lambda: point[:-1],
    )
    aim = xp.where(passed, aim, xp.where(landing, point[:-1], state["aim"]))
    stage = xp.where(passed, Stage.LANDING, state["stage"])
    stage = xp.where(failed, Stage.FOLLOWING, stage)
    stage = xp.where(landing & landed, Stage.LANDED, stage)
    folded = took & ~fresh & (turned[-1] * tangent[-1] < 0)
    arrive = took | (landing & landed)
    new = {
        "x": xp.where(arrive, point[:-1], state["x"]),
        "tau": xp.where(arrive, point[-1], state["tau"]),
        "dx": xp.where(took, turned[:-1], state["dx"]),
        "dtau": xp.where(took, turned[-1], state["dtau"]),
        "dx_before": xp.where(took, state["dx"], state["dx_before"]),
        "dtau_before": xp.where(took, state["dtau"], state["dtau_before"]),
        "came": xp.where(took & ~fresh, state["step"], state["came"]),
        "step": xp.where(took & fresh, state["step"], length),
        "end": state["end"],
        "aim": aim,
        "tries": xp.where(landing, state["tries"] + 1, 0),
        "fresh": fresh & ~took,
        "care": state["care"],
        "side": xp.where(took & straight, -side, side),
        "across": xp.where(took, 0, state["across"]),
        "stage": stage,
        "folds": state["folds"] + folded.astype(int),
        "steps": state["steps"] + running.astype(int),
        "flat": xp.where(landed, 1.0 / size, state["flat"]),
    }
    return _begun_again(_straight_on(new, following & across_now & ~took)), arrive & ~fresh


def _joined(x: Array, tau: Array) -> Array:
    return x.__array_namespace__().concatenate([x, tau[None]], axis=0)


def _corrected(
    predicted: Array,
    value: Array,
    solve: Callable,
    residual: Callable,
    weight: Array,
    enough: Array,
) -> tuple[Array, Array, Array, Array]:
    """Newton's correction, then Broyden's on the same factors until |F| is small enough everywhere.

    Returns:
        The point, F there, and the lengths of the first two corrections.

    Source: Kelley (1995), Iterative Methods for Linear and Nonlinear Equations, section 7.3.
    """

    xp = predicted.__array_namespace__()
    n, lanes = predicted.shape
    numbers = np.arange(BROYDEN + 1)

    def inner(one: Array, other: Array) -> Array:
        return (weight * one * other).sum(axis=0)

    def needed(state: tuple) -> Array:
        i, _, value, _, _ = state
        # How far the second goes tells how well the step was chosen.
        return (i < 2) | ((i <= BROYDEN) & xp.any(xp.abs(value).max(axis=0) > enough))

    def correct(state: tuple) -> tuple:
        # In a loop, so that F is compiled once for all corrections.
        i, point, value, moves, lengths = state
        move = -solve(xp.concatenate([value, xp.zeros((1, lanes))], axis=0))
        for j in range(BROYDEN):
            last, coming = moves[j], moves[j + 1]
            change = coming * _over(inner(last, move), inner(last, last))
            move = move + xp.where(j + 1 < i, change, 0.0)
        last = moves[xp.maximum(i - 1, 0)]
        move = move / (1.0 - _over(inner(last, move), inner(last, last)))
        there = point + move
        found = residual(there[:-1], there[-1])
        better = (i == 0) | (xp.abs(found).max(axis=0) < xp.abs(value).max(axis=0))
        return (
            i + 1,
            xp.where(better, there, point),
            xp.where(better, found, value),
            xp.where(numbers[:, None, None] == i, move, moves),
            xp.where(numbers[:, None] == i, xp.sqrt(inner(move, move)), lengths),
        )

    moves, lengths = xp.zeros((BROYDEN + 1, n, lanes)), xp.zeros((BROYDEN + 1, lanes))
    state = (0, predicted, value, moves, lengths)
    _, point, value, _, lengths = _while(xp, needed, correct, state)
    return point, value, lengths[0], lengths[1]


def _over(top: Array, bottom: Array) -> Array:
    xp = bottom.__array_namespace__()
    return top / xp.where(bottom > 0, bottom, 1.0)


def _reaches(
    here: Array, tangent: Array, there: Array, turned: Array, length: Array, end: Array
) -> Array:
    """Where the cubic through two points and tangents reaches the end of the path."""

    def cubic(s: Array, a: Array, b: Array, da: Array, db: Array) -> Array:
        t = 1.0 - s
        return t * t * ((1 + 2 * s) * a + s * length * da) + s * s * (
            (3 - 2 * s) * b - t * length * db
        )

    xp = here.__array_namespace__()
    low, high = xp.zeros_like(end), xp.ones_like(end)
    for _ in range(12):
        middle = (low + high) / 2
        beyond = cubic(middle, here[-1], there[-1], tangent[-1], turned[-1]) > end
        low, high = xp.where(beyond, low, middle), xp.where(beyond, middle, high)
    return cubic(high, here[:-1], there[:-1], tangent[:-1], turned[:-1])


def _straight_on(state: Lanes, failed: Array) -> Lanes:
    """Try a shorter step across a crossing; or let lanes whose steps became too short begin to try."""
    xp = failed.__array_namespace__()
    careful = state["care"] == len(CARE) - 1
    stuck = (state["stage"] == Stage.FOLLOWING) & (state["step"] < SHORTEST) & careful
    begin = stuck & (state["across"] == 0)
    again = failed & (state["across"] < CROSSINGS)
    across = xp.where(begin, 1, state["across"] + again.astype(int))
    tried = xp.asarray(CROSSING * 0.25 ** np.arange(CROSSINGS))[across - 1]
    step = xp.where(begin | again, tried, state["step"])
    # What was tried without success is given up, as a step that is too short.
    step = xp.where(failed & ~again, 0.0, step)
    return {**state, "across": across, "step": step}


def _begun_again(state: Lanes) -> Lanes:
    """Start lanes whose steps became too short again, with more care; or give them up."""
    xp = state["x"].__array_namespace__()
    stuck = (state["stage"] == Stage.FOLLOWING) & (state["step"] < SHORTEST)
    again = stuck & (state["care"] < len(CARE) - 1)
    beginning = start(1, 1, 0)
    kept = ("end", "care", "stage", "steps")
    new = {
        name: values if name in kept else xp.where(again, beginning[name], values)
        for name, values in state.items()
    }
    new["care"] = state["care"] + again.astype(int)
    stage = xp.where(stuck & ~again, Stage.LOST, state["stage"])
    # The first point is x = 0 itself: if it is not found, a number is wrong.
    wrong = (stage == Stage.FOLLOWING) & state["fresh"] & (state["steps"] > 0) & ~again
    new["stage"] = xp.where(wrong & ~stuck, Stage.NOT_FINITE, stage)
    return new


def _while(xp: Any, going: Callable, step: Callable, state: tuple) -> tuple:
    if xp is not np:
        return lax.while_loop(going, step, state)
    while going(state):
        state = step(state)
    return state


def _if(condition: Array, yes: Callable, no: Callable) -> Array:
    if condition.__array_namespace__() is not np:
        return lax.cond(condition, yes, no)
    return yes() if condition else no()
