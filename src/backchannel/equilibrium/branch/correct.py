"""Corrections onto the branch, and where a step reaches the end of the path.

All of it runs alike on NumPy and on traced JAX arrays. Points join log-odds and τ; the lane is last.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jax import lax

from backchannel.equilibrium.repeat import repeat_while

Array = Any

BROYDEN = 3
"""Corrections on the factors of the first."""


def correct_onto_branch(
    predicted: Array,
    value: Array,
    solve: Callable[..., Any],
    residual: Callable[..., Any],
    weight: Array,
    enough: Array,
) -> tuple[Array, Array, Array, Array]:
    """Newton's correction, then Broyden's on the same factors until |F| is small enough.

    A lane that is near enough stays where it is while others are corrected, so that it ends at the same place
    whichever lanes are beside it.

    Returns:
        The point, F there, and the lengths of the first two corrections.

    Source: Kelley (1995), Iterative Methods for Linear and Nonlinear Equations, section 7.3.
    """

    xp = predicted.__array_namespace__()
    n, lanes = predicted.shape
    numbers = np.arange(BROYDEN + 1)

    def inner(left: Array, right: Array) -> Array:
        return (weight * left * right).sum(axis=0)

    def needed(state: tuple[Any, ...]) -> Array:
        i, _, value, _, _ = state
        # How far the second goes tells how well the step was chosen.
        return (i < 2) | ((i <= BROYDEN) & xp.any(xp.abs(value).max(axis=0) > enough))

    def correct(state: tuple[Any, ...]) -> tuple[Any, ...]:
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
        there_value = residual(there[:-1], there[-1])
        off = xp.abs(value).max(axis=0)
        better = (i == 0) | ((xp.abs(there_value).max(axis=0) < off) & ((i < 2) | (off > enough)))
        return (
            i + 1,
            xp.where(better, there, point),
            xp.where(better, there_value, value),
            xp.where(numbers[:, None, None] == i, move, moves),
            xp.where(numbers[:, None] == i, xp.sqrt(inner(move, move)), lengths),
        )

    moves, lengths = xp.zeros((BROYDEN + 1, n, lanes)), xp.zeros((BROYDEN + 1, lanes))
    state = (0, predicted, value, moves, lengths)
    _, point, value, _, lengths = repeat_while(needed, correct, state, xp)
    return point, value, lengths[0], lengths[1]


def reach_end(
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


def _over(top: Array, bottom: Array) -> Array:
    xp = bottom.__array_namespace__()
    return top / xp.where(bottom > 0, bottom, 1.0)


def either_of(condition: Array, yes: Callable[..., Any], no: Callable[..., Any]) -> Array:
    """Compute one of two results: traced by JAX, or at once on NumPy."""
    if condition.__array_namespace__() is not np:
        return lax.cond(condition, yes, no)
    return yes() if condition else no()
