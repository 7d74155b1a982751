r"""The fixed point of a sweep, row by row, with its slopes by the implicit function theorem.

A sweep maps the rules that beliefs are formed from (the unknowns x) and the tables θ of a game to
everyone's rules, S(x, θ), and so to the unknowns again, G(x, θ). Rows are the last axis. At the
fixed point

$$\dot x = (I − G_x)^{-1} G_θ \dot θ, \qquad \dot σ = S_x \dot x + S_θ \dot θ,$$

so that no slope goes through the iterations. A small system is written out, and its matrix also makes
Newton steps where sweeps alone oscillate. A large one is solved by sweeping slopes as play was
swept; they converge as fast. Such slopes can be pushed forward only, not pulled back.

Source: Griewank & Walther (2008), ch. 15, for derivatives of fixed points.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from backchannel.equilibrium.settle import largest_move, settle

ON_FIXED_POINT = 1e-12
"""Largest gap between a rule and its sweep at which a row's play counts as found."""
SWEEPS = 12
"""Sweeps before Newton steps."""
NEWTONS = 24
"""Newton steps before a row counts as not converged."""
PATIENT = 300
"""Sweeps before a row counts as not converged, where there are no Newton steps."""
FOLD = 1e-6
"""Smallest singular value of I − G_x at which play has a usable derivative."""
EXACT = 1e-12
"""Largest error of a slope that was swept, as a share of the largest slope of its row."""
TOGETHER = 256
"""Columns of I − G_x, over all rows, that are worked out at once."""

X = "unknowns"
"""Name under which the unknowns go through the fixed-point loop, as if they were one rule."""

Sweep: TypeAlias = Callable[[Any, Any], dict[str, Any]]
"""S: from the unknowns of every row and the tables to everyone's rules."""
Cut: TypeAlias = Callable[[dict[str, Any]], Any]
"""The unknowns among the rules, as one table; axes: unknown, row."""


def fixed_point(
    sweep: Sweep, cut: Cut, tables: Any, start: Any, *, written_out: bool
) -> tuple[dict[str, Any], Any]:
    """Find the rules that a sweep leaves as they are; JAX can differentiate them by the tables.

    Args:
        sweep: One update of every rule.
        cut: Which of the rules are the unknowns.
        tables: What the sweep depends on beside the unknowns.
        start: The unknowns to start from.
        written_out: Write the linear system out, which takes as many sweeps as there are unknowns.
            Otherwise slopes can be pushed forward only.

    Returns:
        Everyone's rules, and the rows that converged where play has a derivative.
    """

    def solved(tables: Any, start: Any) -> tuple[Any, Any, Any]:
        def once(x: Any) -> Any:
            return cut(sweep(x, tables))

        return (_by_newton if written_out else _by_sweeps)(once, start)

    @jax.custom_jvp
    def play(tables: Any, start: Any) -> tuple[Any, Any]:
        x, good, _ = solved(tables, start)
        return sweep(x, tables), good

    @play.defjvp
    def _(given: tuple[Any, ...], moves: tuple[Any, ...]) -> tuple[Any, Any]:
        tables, start = given
        x, good, matrix = solved(tables, start)
        rules, push = jax.linearize(sweep, x, tables)
        still = jax.tree.map(jnp.zeros_like, tables)
        if matrix is None:
            moved = _by_sweeping_slopes(lambda v: push(cut(v), moves[0]), rules, good)
        else:
            still = jax.tree.map(jnp.zeros_like, tables)
            by_tables = push(jnp.zeros_like(x), moves[0])
            by_x = _solve(matrix, cut(by_tables))
            moved = jax.tree.map(jnp.add, by_tables, push(by_x, still))
        return (rules, good), (moved, np.zeros(good.shape, jax.dtypes.float0))

    return play(tables, start)


def _by_newton(once: Callable[[Any], Any], start: Any) -> tuple[Any, Any, Any]:
    """Sweeps, then damped Newton steps; with I − G_x, the unit matrix where it is singular.

    A row whose sweeps lead away from the start, as where players mix, begins Newton's steps at the
    start: it may be the play that is sought, up to rounding. A step that widens the gap is halved.
    """
    x, _ = _swept_until(once, start, SWEEPS)
    x = jnp.where(_gap(once, x) <= _gap(once, start), x, start)
    size, rows = x.shape
    unit = jnp.eye(size)

    def goes_on(state: tuple[Any, ...]) -> Any:
        gap, count = state[2], state[-1]
        return (count < NEWTONS) & ~jnp.all(gap <= ON_FIXED_POINT)

    def step(state: tuple[Any, ...]) -> tuple[Any, ...]:
        x, _, gap_before, before, move, count = state
        y, push = jax.linearize(once, x)
        together = max(1, min(size, TOGETHER // rows))
        columns = lax.map(
            lambda column: push(jnp.broadcast_to(column[:, None], x.shape)),
            unit,
            batch_size=together,
        )
        # Axes of the columns: by which unknown, of which unknown, row.
        matrix = unit - columns.transpose(2, 1, 0)
        gap = jnp.abs(y - x).max(axis=0)
        closer = (gap < gap_before) | (gap <= ON_FIXED_POINT)
        newton = _solve(matrix, y - x)
        newton = jnp.where(jnp.isfinite(newton), newton, y - x)
        before, move = jnp.where(closer, x, before), jnp.where(closer, newton, move / 2)
        new = jnp.clip(before + move, 0.0, 1.0)
        # The gap that the next step must beat; one that was measured here decides convergence.
        return new, matrix, jnp.where(closer, gap, gap_before), before, move, count + 1

    none = jnp.full(rows, jnp.inf)
    first = (x, jnp.zeros((rows, size, size)), none, x, jnp.zeros_like(x), 0)
    x, matrix, gap, *_ = lax.while_loop(goes_on, step, first)
    sharp = jnp.linalg.svd(jnp.nan_to_num(matrix), compute_uv=False)[:, -1] > FOLD
    good = (gap <= ON_FIXED_POINT) & sharp
    return x, good, jnp.where(good[:, None, None], matrix, unit)


def _gap(once: Callable[[Any], Any], x: Any) -> Any:
    """Largest difference between the unknowns and their sweep, per row."""
    return jnp.abs(once(x) - x).max(axis=0)


def _solve(matrix: Any, right: Any) -> Any:
    """Solve one linear system per row; axes of the right-hand side: unknown, row."""
    return jnp.linalg.solve(matrix, right.T[..., None])[..., 0].T


def _by_sweeps(once: Callable[[Any], Any], start: Any) -> tuple[Any, Any, None]:
    x, gap = _swept_until(once, start, PATIENT)
    return x, gap <= ON_FIXED_POINT, None


def _swept_until(once: Callable[[Any], Any], start: Any, most: int) -> tuple[Any, Any]:
    """Sweep until every row has converged; also how far the last sweep moved each."""
    end = settle(
        lambda unknowns: {X: once(unknowns[X])},
        {X: start},
        most=most,
        tolerance=ON_FIXED_POINT,
        fast=0.0,
    )
    return end.rules[X], end.change


def _by_sweeping_slopes(
    once: Callable[[dict[str, Any]], dict[str, Any]], rules: dict[str, Any], good: Any
) -> dict[str, Any]:
    """Repeat v ← S_x v + S_θ θ' until it converges; nan in a row whose slopes do not."""

    def distance(new: dict[str, Any], old: dict[str, Any]) -> Any:
        size = largest_move(new, jax.tree.map(jnp.zeros_like, new))
        share = largest_move(new, old) / jnp.where(size > 0, size, 1.0)
        # A row without play has no slope, and does not hold the others up.
        return jnp.where(good & (size > 0), share, 0.0)

    still = jax.tree.map(jnp.zeros_like, rules)
    end = settle(once, still, most=PATIENT, tolerance=EXACT, fast=0.0, distance=distance)
    converged = good & (end.change <= 1e3 * EXACT)
    return {name: jnp.where(converged, slope, jnp.nan) for name, slope in end.rules.items()}
