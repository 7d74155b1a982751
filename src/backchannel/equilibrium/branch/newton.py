"""Newton's method at full precision, from any play, in lanes; a lane is one play in one draw.

It solves for the root of a residual with its slopes, so it also finds equilibria that repeated updates run away from;
hence it is not the fixed-point loop.
"""

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
from backchannel.equilibrium.branch.context import GameContext
from backchannel.equilibrium.branch.parts import job_of
from backchannel.equilibrium.branch.reduction import Part
from backchannel.equilibrium.branch.residual import Residual, all_rules, jacobian
from backchannel.equilibrium.branch.run import BranchJob
from backchannel.equilibrium.types import Policies
from backchannel.machine.memory import NUMBER

STEPS = 10
"""Steps between two looks at which plays need more."""
LOOKS = 4
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

    job: BranchJob
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
    program = _program(job)
    residual = all_rules(part)
    x, moved = log_odds(part, plays), np.full(lanes, np.inf)
    by_x, by_tau = np.zeros((n, n, lanes)), np.zeros((n, lanes))
    left = np.arange(lanes)
    for look in range(LOOKS):
        for begin in range(0, len(left), program.lanes):
            some = left[begin : begin + program.lanes]
            # Lanes that are not needed repeat the last.
            rows = some[np.minimum(np.arange(program.lanes), len(some) - 1)]
            given = {
                key: job.tables[key].take(draws[rows], job.slices[:, rows]) for key in residual.keys
            }
            ratio = {name: values[rows] for name, values in job.ratio.items()}
            here, tau = x[:, rows], job.length[rows]
            if look == 0:
                here = _answered(residual, here, tau, given, ratio)
            with jax.enable_x64(True):
                tables = [given[key] for key in program.keys]
                results = map(np.asarray, program.go(here, tau, tables, ratio))
            x[:, some], by_x[..., some], by_tau[:, some], moved[some] = (
                part[..., : len(some)] for part in results
            )
        left = left[(moved[left] > CLOSE) & np.isfinite(x[:, left]).all(axis=0)]
    close = (moved <= CLOSE) & np.isfinite(x).all(axis=0)
    return Roots(job, x, by_x, by_tau, close)


def _answered(
    residual: Residual, x: np.ndarray, tau: np.ndarray, given: Any, ratio: Any
) -> Float[np.ndarray, "unknown lane"]:
    """What everyone answers to a start: where a whole decision is tilted, types answer one by one."""
    with np.errstate(all="ignore"):
        answered = x - residual(x, tau, residual.prepare(given), ratio)
    return np.where(np.isfinite(answered), answered, x)


def log_odds(part: Part, plays: Policies) -> Float[np.ndarray, "unknown lane"]:
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

    def __init__(self, part: Part, lanes: int) -> None:
        self.residual = Residual(part, jnp)
        self.lanes = lanes
        self.keys = self.residual.keys
        self.go = jax.jit(self._found)

    def _found(self, x: Any, tau: Any, tables: list[Any], ratio: Mapping[Any, Any]) -> Any:
        ready = self.residual.prepare(dict(zip(self.keys, tables, strict=True)))
        n, lanes = x.shape

        def goes_on(state: tuple[Any, ...]) -> Any:
            count, x, _, _, _, moved = state
            open_lanes = (moved > CLOSE) & jnp.isfinite(x).all(axis=0)
            return (count <= STEPS) & jnp.any(open_lanes)

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


_programs: BoundedCache[dict[int, _Program]] = BoundedCache(PROGRAMS)


def _program(job: BranchJob) -> _Program:
    """Fetch the compiled method for the structure of a job, or make it; a wide one serves few lanes too."""
    part, lanes = job.part, len(job.draws)
    key = (part.key, tuple(source.varies for source in job.tables.values()))
    made = _programs.get(key, dict)
    room = [w for w in WIDTHS if NUMBER * part.size * w <= ROOM]
    width = next((w for w in room if w >= lanes), room[-1])
    wide = [w for w in made if w >= width]
    if not wide:
        made[width] = _Program(part, width)
    return made[min(wide, default=width)]
