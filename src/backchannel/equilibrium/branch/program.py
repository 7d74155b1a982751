"""The compiled steps of a part of the branch, for a number of lanes; programs are kept by structure."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from backchannel.equilibrium.branch.bounded_cache import BoundedCache
from backchannel.equilibrium.branch.lane import LaneState, Stage
from backchannel.equilibrium.branch.reduction import Part
from backchannel.equilibrium.branch.residual import Residual, jacobian
from backchannel.equilibrium.branch.step import advance
from backchannel.equilibrium.compiling import PLAIN_LOOPS, processor_options
from backchannel.machine.memory import NUMBER, allowed

WIDTHS = (4, 64, 512)
"""Lanes that go through the compiled step together, by how many there are to follow. Widest are the
programs of games so small that calling a program costs more than what it works out."""
CACHE = 1e6
"""Bytes that the slopes of all tables may take in a program of more than `MODERATE` lanes."""
MODERATE = 64
"""Lanes of a game of moderate size."""
ROOM = 256e6
"""Bytes that they may take at all; a large game has fewer lanes."""
AT_MOST = 64
"""Steps between two looks of the host."""
TRACED = 4
"""The same where it notes every point."""
REUSE = 8
"""Times that a narrower program is filled again rather than one of the right width compiled."""
PROGRAMS = 256
"""Structures of which programs are kept."""
MOST_STEPS = 6000
"""Steps of one lane before it is given up."""


class BranchProgram:
    """The compiled steps of one structure, for a number of lanes."""

    def __init__(self, part: Part, lanes: int, *, trace: bool) -> None:
        self.residual = Residual(part, jnp)
        self.keys = self.residual.keys
        self.lanes = lanes
        self.trace = trace
        steps = self._traced if trace else self._several
        self.go: Callable[..., Any] = jax.jit(
            steps, compiler_options=processor_options(PLAIN_LOOPS)
        )

    def _several(self, state: Any, tables: list[Any], ratio: Any, least: Any) -> LaneState:
        """Take steps while `least` lanes or more are on their way."""
        once = self._once(tables, ratio)

        def going(so_far: tuple[Any, ...]) -> Any:
            count, state = so_far
            running = (state.stage < Stage.LANDED) & (state.steps < MOST_STEPS)
            return (count < AT_MOST) & (running.sum() >= least)

        def step(so_far: tuple[Any, ...]) -> tuple[Any, ...]:
            count, state = so_far
            return count + 1, once(state)[0]

        return lax.while_loop(going, step, (0, state))[1]

    def _traced(self, state: Any, tables: list[Any], ratio: Any) -> tuple[Any, Any]:
        """Take some steps, and note in which lane each found a point, or began again, and which point."""
        once = self._once(tables, ratio)

        def step(state: Any, _: None) -> Any:
            new, accepted = once(state)
            return new, (accepted, new.care > state.care, new.x, new.tau)

        return lax.scan(step, state, None, length=TRACED)

    def _once(self, tables: list[Any], ratio: Any) -> Callable[[Any], tuple[Any, Any]]:
        residual = self.residual
        ready = residual.prepare(dict(zip(self.keys, tables, strict=True)))
        return lambda state: advance(
            state,
            lambda x, tau: jacobian(residual, x, tau, ready, ratio),
            lambda x, tau: residual(x, tau, ready, ratio),
        )


_programs: BoundedCache[dict[int, BranchProgram]] = BoundedCache(PROGRAMS)
_choosing = Lock()


def branch_program(
    part: Part, varies: tuple[bool, ...], count: int, *, trace: bool
) -> BranchProgram:
    """Fetch the compiled steps of a part's structure, or make them.

    Args:
        part: What is to be followed.
        varies: For each of its tables, whether it differs by lane.
        count: Lanes that are to be followed.
        trace: Whether the way is wanted, too.
    """
    key = (part.key, varies, trace)
    made = _programs.get(key, dict)
    widths = _widths(part)
    width = next((w for w in widths if w >= count), widths[-1])
    with _choosing:
        if wide := [w for w in made if w >= width]:
            return made[min(wide)]
        if narrow := [w for w in made if w * REUSE >= count]:
            return made[max(narrow)]
        made[width] = BranchProgram(part, width, trace=trace)
        return made[width]


def _widths(part: Part) -> list[int]:
    """How many lanes programs of a part have, narrow to wide."""
    each = NUMBER * part.size
    most = max(WIDTHS[0], min(MODERATE, int(min(ROOM, allowed() / 2) / each)))
    return (
        [w for w in WIDTHS if w < most]
        + [most]
        + [w for w in WIDTHS if MODERATE < w <= CACHE / each]
    )
