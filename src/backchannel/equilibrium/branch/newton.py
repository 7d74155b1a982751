"""Newton's method at full precision, from any play, in lanes; a lane is one play in one draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Bool, Float, Int

from backchannel.equilibrium.branch.bounded_cache import BoundedCache
from backchannel.equilibrium.branch.parts import job_of
from backchannel.equilibrium.branch.reduction import Part
from backchannel.equilibrium.branch.residual import Residual, all_rules, jacobian
from backchannel.equilibrium.branch.context import GameContext
from backchannel.equilibrium.branch.run import Job
from backchannel.equilibrium.types import Policies
from backchannel.machine.memory import NUMBER

NEWTON_STEPS = 40
FARTHEST = 2.0
"""Most that one Newton step may change any log-odds: beyond, it overshoots into flat regions."""
CLOSE = 1e-12
"""Largest change of a log-odds, over its size, in a step after which a lane needs no other."""
WIDTHS = (4, 16, 64)
"""Lanes that go through the compiled program together."""
ROOM = 256e6
"""Bytes that the slopes of all tables may take."""
TINY_ODDS = 1e-300
"""Probability below which log-odds are cut."""
PROGRAMS = 64
"""Structures of which programs are kept."""


@dataclass(frozen=True)
class Roots:
    """Where Newton's method ended, lane by lane."""

    job: Job
    x: Float[np.ndarray, "unknown lane"]
    by_x: Float[np.ndarray, "unknown unknown lane"]
    """Slopes of F by the log-odds."""
    by_tau: Float[np.ndarray, "unknown lane"]
    """Slopes of F by τ."""
    close: Bool[np.ndarray, " lane"]
    """Whether the last step moved hardly anything."""


def fits(part: Part) -> bool:
    """Whether the slopes of a part fit into the room that there is for them."""
    return NUMBER * part.size * WIDTHS[0] <= ROOM


def find_roots(
    context: GameContext, part: Part, draws: Int[np.ndarray, " lane"], plays: Policies
) -> Roots:
    """Look for an equilibrium from each of some plays.

    Args:
        context: The game.
        part: All its free decisions; no contexts are put together in it.
        draws: The draw of each play.
        plays: The plays; axis 0 is the lane.
    """
    job = job_of(context, part, draws, context.length(draws), care=2)
    lanes, n = len(draws), part.n_unknowns
    room = [w for w in WIDTHS if NUMBER * part.size * w <= ROOM]
    width = next((w for w in room if w >= lanes), room[-1])
    key = (part.key, tuple(source.varies for source in job.found.values()), width)
    program = _programs.get(key, lambda: _Program(part, job))
    x, by_x, by_tau = np.zeros((n, lanes)), np.zeros((n, n, lanes)), np.zeros((n, lanes))
    close = np.zeros(lanes, bool)
    first = _log_odds(part, plays)
    residual = all_rules(part)
    for begin in range(0, lanes, width):
        rows = np.minimum(np.arange(begin, begin + width), lanes - 1)
        some = slice(begin, min(begin + width, lanes))
        kept = slice(0, some.stop - begin)
        given = {key: job.found[key].take(draws[rows], job.slices[:, rows]) for key in residual.keys}
        ratio = {name: values[rows] for name, values in job.ratio.items()}
        tau = job.length[rows]
        with np.errstate(all="ignore"):
            # What everyone answers to the start, type by type: whole decisions may be tilted.
            answered = first[:, rows] - residual(
                first[:, rows], tau, residual.prepare(given), ratio
            )
        answered = np.where(np.isfinite(answered), answered, first[:, rows])
        with jax.enable_x64(True):
            found = program.go(answered, tau, [given[key] for key in program.keys], ratio)
        ends, slopes, along, moved = map(np.asarray, found)
        x[:, some], by_x[..., some], by_tau[:, some] = (
            ends[:, kept],
            slopes[..., kept],
            along[:, kept],
        )
        close[some] = (moved <= CLOSE)[kept] & np.isfinite(ends).all(axis=0)[kept]
    return Roots(job, x, by_x, by_tau, close)


def _log_odds(part: Part, plays: Policies) -> Float[np.ndarray, "unknown lane"]:
    """The unknowns that some plays stand for."""
    lanes = len(next(iter(plays.values())))
    x = np.zeros((part.n_unknowns, lanes))
    for name in part.feedback:
        rule, layout = plays[name], part.layout[name]
        logs = np.log(np.maximum(rule.reshape(lanes, -1), TINY_ODDS))
        x[layout.own] = (logs[:, layout.cell] - logs[:, layout.against]).T
    return x


class _Program:
    """The compiled method for one structure."""

    def __init__(self, part: Part, job: Job) -> None:
        self.residual = Residual(part, jnp)
        self.keys = self.residual.keys
        self.go = jax.jit(self._found)

    def _found(self, x: Any, tau: Any, tables: list[Any], ratio: Mapping[Any, Any]) -> Any:
        ready = self.residual.prepare(dict(zip(self.keys, tables, strict=True)))
        n, lanes = x.shape

        def goes_on(state: tuple[Any, ...]) -> Any:
            count, x, _, _, _, moved = state
            open_lanes = (moved > CLOSE) & jnp.isfinite(x).all(axis=0)
            return (count <= NEWTON_STEPS) & jnp.any(open_lanes)

        def step(state: tuple[Any, ...]) -> tuple[Any, ...]:
            # Slopes are taken after the step, so that they are compiled once and known at the end.
            count, x, value, by_x, _, moved = state
            move = jnp.linalg.solve(jnp.moveaxis(by_x, -1, 0), value.T[..., None])[..., 0].T
            longest = jnp.abs(move).max(axis=0)
            cut = move * jnp.minimum(1.0, FARTHEST / jnp.maximum(longest, TINY_ODDS))
            x = jnp.where(moved > CLOSE, x - cut, x)
            value, by_x, by_tau = jacobian(self.residual, x, tau, ready, ratio)
            far = longest / (1.0 + jnp.abs(x).max(axis=0))
            return count + 1, x, value, by_x, by_tau, jnp.where(count > 0, far, jnp.inf)

        zeros = jnp.zeros((n, lanes))
        unit = jnp.broadcast_to(jnp.eye(n)[..., None], (n, n, lanes))
        begin = (0, x, zeros, unit, zeros, jnp.full(lanes, jnp.inf))
        _, x, _, by_x, by_tau, moved = lax.while_loop(goes_on, step, begin)
        return x, by_x, by_tau, moved


_programs: BoundedCache[_Program] = BoundedCache(PROGRAMS)
