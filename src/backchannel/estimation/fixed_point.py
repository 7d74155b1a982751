r"""The fixed point of a sweep, row by row, with its slopes by the implicit function theorem.

A sweep maps the rules that beliefs are formed from (the unknowns x) and the tables θ of a game to
everyone's rules, S(x, θ), and so to the unknowns again, G(x, θ). At the fixed point

$$\dot x = (I − G_x)^{-1} G_θ \dot θ, \qquad \dot σ = S_x \dot x + S_θ \dot θ,$$

so that no slope goes through the iterations. A small system is written out, and its matrix also makes
Newton steps where sweeps alone oscillate. A large one is solved by sweeping slopes as play was
swept; they settle as fast. Such slopes can be pushed forward only, not pulled back.

Source: Griewank & Walther (2008), ch. 15, for derivatives of fixed points.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

SETTLED = 1e-12
"""Largest gap between a rule and its sweep at which a row's play counts as found."""
SWEEPS = 12
"""Sweeps before Newton steps."""
NEWTONS = 12
"""Newton steps before a row counts as not settled."""
PATIENT = 300
"""Sweeps before a row counts as not settled, where there are no Newton steps."""
FOLD = 1e-6
"""Smallest singular value of I − G_x at which play still has a derivative worth the name."""
EXACT = 1e-12
"""Largest error of a slope that was swept, as a share of the largest slope of its row."""
TOGETHER = 256
"""Columns of I − G_x, over all rows, that are worked out at once."""

Sweep: TypeAlias = Callable[[Any, Any], dict[str, Any]]
"""S: from the unknowns of every row and the tables to everyone's rules."""
Cut: TypeAlias = Callable[[dict[str, Any]], Any]
"""The unknowns among the rules, as one table; axes: row, unknown."""


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
        Everyone's rules, and which rows settled where play has a derivative.
    """

    def found(tables: Any, start: Any) -> tuple[Any, Any, Any]:
        def once(x: Any) -> Any:
            return cut(sweep(x, tables))

        return (_by_newton if written_out else _by_sweeps)(once, start)

    @jax.custom_jvp
    def play(tables: Any, start: Any) -> tuple[Any, Any]:
        x, good, _ = found(tables, start)
        return sweep(x, tables), good

    @play.defjvp
    def _(given: tuple, moves: tuple) -> tuple[Any, Any]:
        tables, start = given
        x, good, matrix = found(tables, start)
        rules, push = jax.linearize(sweep, x, tables)
        still = jax.tree.map(jnp.zeros_like, tables)
        if matrix is None:
            moved = _by_sweeping_slopes(lambda v: push(cut(v), moves[0]), rules, good)
        else:
            still = jax.tree.map(jnp.zeros_like, tables)
            by_tables = push(jnp.zeros_like(x), moves[0])
            by_x = jnp.linalg.solve(matrix, cut(by_tables)[..., None])[..., 0]
            moved = jax.tree.map(jnp.add, by_tables, push(by_x, still))
        return (rules, good), (moved, np.zeros(good.shape, jax.dtypes.float0))

    return play(tables, start)


def _by_newton(once: Callable[[Any], Any], start: Any) -> tuple[Any, Any, Any]:
    """Sweeps, then Newton steps; with I − G_x, the unit matrix where it is singular."""
    x, _, _ = _swept_until(once, start, SWEEPS)
    size = x.shape[1]
    unit = jnp.eye(size)

    def goes_on(state: tuple) -> Any:
        _, _, gap, count = state
        return (count < NEWTONS) & ~jnp.all(gap <= SETTLED)

    def step(state: tuple) -> tuple:
        x, _, _, count = state
        y, push = jax.linearize(once, x)
        together = max(1, min(size, TOGETHER // len(x)))
        columns = lax.map(
            lambda one: push(jnp.broadcast_to(one, x.shape)), unit, batch_size=together
        )
        matrix = unit - jnp.moveaxis(columns, 0, 2)
        gap = jnp.abs(y - x).max(axis=1)
        new = jnp.clip(x + jnp.linalg.solve(matrix, (y - x)[..., None])[..., 0], 0.0, 1.0)
        new = jnp.where(jnp.isfinite(new), new, y)
        return new, matrix, gap, count + 1

    first = (x, jnp.zeros((*x.shape, size)), jnp.full(len(x), jnp.inf), 0)
    x, matrix, gap, _ = lax.while_loop(goes_on, step, first)
    sharp = jnp.linalg.svd(jnp.nan_to_num(matrix), compute_uv=False)[:, -1] > FOLD
    good = (gap <= SETTLED) & sharp
    return x, good, jnp.where(good[:, None, None], matrix, unit)


def _by_sweeps(once: Callable[[Any], Any], start: Any) -> tuple[Any, Any, None]:
    x, gap, _ = _swept_until(once, start, PATIENT)
    return x, gap <= SETTLED, None


def _swept_until(once: Callable[[Any], Any], start: Any, most: int) -> tuple[Any, Any, Any]:
    """Sweep until every row is settled, each from where it stands."""

    def goes_on(state: tuple) -> Any:
        _, gap, count = state
        return (count < most) & ~jnp.all(gap <= SETTLED)

    def step(state: tuple) -> tuple:
        x, gap, count = state
        y = once(x)
        moved = jnp.abs(y - x).max(axis=1)
        return jnp.where((gap <= SETTLED)[:, None], x, y), moved, count + 1

    return lax.while_loop(goes_on, step, (start, jnp.full(len(start), jnp.inf), 0))


def _by_sweeping_slopes(
    once: Callable[[dict[str, Any]], dict[str, Any]], rules: dict[str, Any], good: Any
) -> dict[str, Any]:
    """Repeat v ← S_x v + S_θ θ' until it settles; nan in a row whose slopes do not."""

    def goes_on(state: tuple) -> Any:
        _, gap, count = state
        return (count < PATIENT) & jnp.any(gap > EXACT)

    def step(state: tuple) -> tuple:
        old, _, count = state
        new = once(old)
        size, gap = jnp.zeros(len(good)), jnp.zeros(len(good))
        for name, slope in new.items():
            size = jnp.maximum(size, jnp.abs(slope).reshape(len(good), -1).max(axis=1))
            moved = jnp.abs(slope - old[name]).reshape(len(good), -1).max(axis=1)
            gap = jnp.maximum(gap, moved)
        # A row without play has no slope, and holds the others up no longer.
        return (
            new,
            jnp.where(good & (size > 0), gap / jnp.where(size > 0, size, 1.0), 0.0),
            count + 1,
        )

    first = (jax.tree.map(jnp.zeros_like, rules), jnp.full(len(good), jnp.inf), 0)
    found, gap, _ = lax.while_loop(goes_on, step, first)
    settled = good & (gap <= 1e3 * EXACT)
    return {
        name: jnp.where(settled.reshape(-1, *(1,) * (slope.ndim - 1)), slope, jnp.nan)
        for name, slope in found.items()
    }
