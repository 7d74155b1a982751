"""Several equilibria: look for all logit equilibria of a game, from many starts.

There is no bound on how many a game has, and no method that is sure to find them all. From random
play each start is swept, which finds equilibria that sweeps are drawn to; and Newton's method on
the log-odds of a feedback set finds those that sweeps run away from as well. What is found is a
lower bound of how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int

from backchannel.equilibrium.branch.context import GameContext
from backchannel.equilibrium.branch.lane_tables import lane_tables
from backchannel.equilibrium.branch.reduction import Part, reduce_game
from backchannel.equilibrium.branch.residual import Residual, all_rules, jacobian
from backchannel.equilibrium.branch.verify import verify_by_sweeps
from backchannel.equilibrium.compiling import PLAIN_LOOPS, processor_options
from backchannel.equilibrium.game_tables import game_tables
from backchannel.equilibrium.sweep.batch import SweepRun, sweep
from backchannel.equilibrium.sweep.sweeper import CHUNK
from backchannel.equilibrium.types import Policies, Task
from backchannel.language.names import NodeName

APART = 1e-5
"""Two equilibria are distinct if some probability differs by more than this."""
RIGHT = 1e-8
"""Largest move in a sweep of the whole game at which a play counts as an equilibrium."""
SWEEPS = 60
"""Sweeps from each start."""
NEWTON_STEPS = 40
FARTHEST = 2.0
"""Most that one Newton step may change any log-odds: beyond, it overshoots into flat regions."""
SPREAD = 3.0
"""Standard deviation of the log-odds that a search starts from."""
MOST_UNKNOWNS = 150
"""Unknowns up to which Newton's method is used; with more, only sweeps search."""


@dataclass(frozen=True)
class Found:
    """The distinct equilibria of some draws."""

    draws: Int[np.ndarray, " some"]
    plays: tuple[tuple[Policies, ...], ...]
    """For each draw its equilibria; each rule without a draw axis. The principal one is first, if
    it was given."""
    by_newton: bool
    """Whether Newton's method searched too, or the game has too many unknowns for it."""


def search(
    task: Task,
    *,
    draws: Int[np.ndarray, " some"],
    known: Policies,
    starts: int,
    seed: int = 0,
) -> Found:
    """Look for the distinct logit equilibria of some draws.

    Args:
        task: The game, and the rules that are held.
        draws: Which draws.
        known: The principal equilibrium of every draw of the game.
        starts: Random starts for each draw.
        seed: The same seed starts from the same play.
    """
    first: list[list[Policies]] = [[_row(known, draw)] for draw in draws.tolist()]
    context = GameContext(task)
    if not context.sweeper.is_circular(frozenset(task.held)):
        return Found(draws, tuple(tuple(plays) for plays in first), True)
    rng = np.random.default_rng(seed)
    # One after the other, as many starts leave much that is the same.
    candidates = (_swept(task, draws, rng) for _ in range(starts))
    # Contexts that are alike may be played differently off the principal branch, so that they are
    # not put together, and the whole game is one part.
    (part,) = reduce_game(context.frame, context.tables, draws[:8], quotient=False, joint=True)
    by_newton = part.n_unknowns <= MOST_UNKNOWNS
    if by_newton:
        candidates = chain(candidates, _by_newton(context, part, draws, starts, rng))
    for rules, good in candidates:
        for row in np.flatnonzero(good).tolist():
            play = _row(rules, row)
            if all(_gap(play, other) > APART for other in first[row]):
                first[row].append(play)
    return Found(draws, tuple(tuple(plays) for plays in first), by_newton)


def _swept(task: Task, draws: np.ndarray, rng: np.random.Generator) -> tuple[Policies, np.ndarray]:
    """Sweep every draw from random play."""
    start = {}
    for name, menu in game_tables(task.game, held={}, available=task.available)["menu"].items():
        shape = (task.game.n_draws, *menu.shape[1:])
        weights = np.exp(SPREAD * rng.normal(size=shape)) * menu
        start[name] = weights / weights.sum(axis=-1, keepdims=True)
    run = SweepRun(replace(task, start=start))
    run.todo = draws
    sweep([run], most=SWEEPS)
    converged = ~np.isin(draws, run.todo)
    return {
        n: rule[draws] if len(rule) > 1 else rule for n, rule in run.result.policies.items()
    }, converged


def _by_newton(
    context: GameContext, part: Part, draws: np.ndarray, starts: int, rng: np.random.Generator
) -> Iterator[tuple[Policies, np.ndarray]]:
    """Start every draw from random log-odds, and check what comes out on the game itself."""
    game, n = context.game, len(draws)
    residual, after = Residual(part, jnp), all_rules(part)
    taken = lane_tables(part.frame, context.tables, part.public, after.keys)
    nowhere = np.zeros((0, CHUNK), int)
    program = jax.jit(
        lambda x, given, ratio: _newton(residual, x, given, ratio),
        compiler_options=processor_options(PLAIN_LOOPS),
    )
    for _ in range(starts):
        policies = context.unplayed(draws)
        good = np.zeros(n, dtype=bool)
        for start in range(0, n, CHUNK):
            rows = np.arange(start, min(start + CHUNK, n))
            padded = draws[np.minimum(np.arange(start, start + CHUNK), n - 1)]
            given = {key: source.take(padded, nowhere) for key, source in taken.items()}
            ratio = {name: game.precision_at(name)[padded] for name in part.frame.owner}
            ends = SPREAD * rng.normal(size=(part.n_unknowns, CHUNK))
            with jax.enable_x64(True):
                ends = np.asarray(program(ends, {k: given[k] for k in residual.keys}, ratio))
            finite = np.asarray(np.isfinite(ends).all(axis=0))
            ready = after.prepare(given)
            rules = after.rules(np.where(finite, ends, 0.0), np.ones(CHUNK), ready, ratio)
            good[rows] = finite[: len(rows)]
            for name, rule in rules.items():
                policies[name][rows] = np.moveaxis(rule, -1, 0)[: len(rows)]
        with jax.enable_x64(True):
            followed = frozenset(part.frame.owner)
            checked, moved = verify_by_sweeps(context, policies, followed, draws)
        yield checked, good & (moved <= RIGHT)


def _newton(residual: Residual, x: Any, given: Any, ratio: Any) -> Any:
    """Newton's method at the players' own precisions, with steps of bounded length."""
    ready = residual.prepare(given)
    tau = jnp.ones(CHUNK)

    def step(_: int, x: Any) -> Any:
        value, by_x, _ = jacobian(residual, x, tau, ready, ratio)
        move = jnp.linalg.solve(jnp.moveaxis(by_x, -1, 0), value.T[..., None])[..., 0].T
        longest = jnp.abs(move).max(axis=0)
        return x - move * jnp.minimum(1.0, FARTHEST / jnp.maximum(longest, 1e-300))

    return jax.lax.fori_loop(0, NEWTON_STEPS, step, x)


def _row(policies: Policies, row: int) -> dict[NodeName, Float[np.ndarray, ...]]:
    return {name: np.array(rule[row if len(rule) > 1 else 0]) for name, rule in policies.items()}


def _gap(one: Policies, other: Policies) -> float:
    return max(float(np.abs(rule - other[name]).max()) for name, rule in one.items())
