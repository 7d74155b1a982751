"""Run a part: a fixed number of lanes goes through the compiled step, and is filled again.

A lane that has landed takes the next draw (or the next slice of one), so that few lanes wait for
the longest branch, and one compiled program serves any number of draws.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Bool, Float, Int

from backchannel.equilibrium.branch.bounded_cache import BoundedCache
from backchannel.equilibrium.branch.lane import CARE, LaneState, Stage, start
from backchannel.equilibrium.branch.lane_tables import LaneTable
from backchannel.equilibrium.branch.reduction import Part
from backchannel.equilibrium.branch.residual import Residual, jacobian
from backchannel.equilibrium.branch.step import advance
from backchannel.equilibrium.compiling import PLAIN_LOOPS, processor_options
from backchannel.language.names import NodeName
from backchannel.machine.memory import NUMBER, allowed
from backchannel.tensors.evaluator import TableKey

WIDTHS = (4, 64, 512)
"""Lanes that go through the compiled step together, by how many there are to follow. Widest are the
programs of games so small that calling a program costs more than what it works out."""
CACHE = 1e6
"""Bytes that the slopes of all tables may take in a program of more than `MODERATE` lanes."""
MODERATE = 64
"""Lanes of a game of moderate size."""
ROOM = 256e6
"""Bytes that they may take at all; a large game has fewer lanes."""
PATIENCE = 1 / 16
"""Share of the lanes that may be idle before the host fills them again."""
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
WORKERS = 2
"""Groups of lanes that are followed at the same time."""


@dataclass(frozen=True)
class Beginning:
    """Where lanes begin that do not begin at precision 0: they leave downwards and come back."""

    x: Float[np.ndarray, "unknown job"]
    """An equilibrium at the end of the path."""
    dx: Float[np.ndarray, "unknown job"]
    """Tangent there, on which τ falls: by the log-odds,"""
    dtau: Float[np.ndarray, " job"]
    """and by τ."""
    side: Float[np.ndarray, " job"]
    """Sign of the determinant of F's slopes and the tangent."""

    def of(self, which: Bool[np.ndarray, " job"]) -> Beginning:
        """Some of the jobs."""
        return Beginning(self.x[:, which], self.dx[:, which], self.dtau[which], self.side[which])


@dataclass(frozen=True)
class BranchJob:
    """What is to be followed: one part in some draws, each in every slice."""

    part: Part
    tables: Mapping[TableKey, LaneTable]
    """The tables that F takes."""
    draws: Int[np.ndarray, " job"]
    slices: Int[np.ndarray, "public job"]
    length: Float[np.ndarray, " job"]
    """τ at the end of the path."""
    ratio: Mapping[NodeName, Float[np.ndarray, " job"]]
    """Precision at each decision over the length of the path."""
    care: int
    beginning: Beginning | None = None
    """Where the lanes begin, if not at precision 0; a lane that begins again, with more care, begins there."""

    def fresh(self, jobs: Int[np.ndarray, " some"]) -> LaneState:
        """Lanes at the beginning of some jobs."""
        end = self.length[jobs]
        lanes = start(self.part.n_unknowns, len(jobs), self.care)._replace(
            end=end, stage=np.full(len(jobs), int(Stage.FOLLOWING))
        )
        begin = self.beginning
        if begin is None:
            return lanes
        return lanes._replace(
            x=begin.x[:, jobs],
            tau=end,
            dx=begin.dx[:, jobs],
            dtau=begin.dtau[jobs],
            dx_before=begin.dx[:, jobs],
            dtau_before=begin.dtau[jobs],
            far_x=begin.x[:, jobs],
            far_tau=end,
            step=np.full(len(jobs), CARE[self.care, -1]),
            side=begin.side[jobs],
            fresh=np.zeros(len(jobs), bool),
        )


@dataclass
class Ends:
    """Where each lane ended."""

    x: Float[np.ndarray, "unknown job"]
    stage: Int[np.ndarray, " job"]
    """`Stage`; following or landing if its steps were used up."""
    folds: Int[np.ndarray, " job"]
    crossings: Int[np.ndarray, " job"]
    steps: Int[np.ndarray, " job"]
    flat: Float[np.ndarray, " job"]
    """dτ over the length of the tangent; 0 at a fold."""
    care: Int[np.ndarray, " job"]
    """With how much care the lane was followed in the end."""
    way: list[list[tuple[float, np.ndarray]]] | None
    """τ and x of each point, if asked for."""


def follow_job(job: BranchJob, *, trace: bool = False) -> Ends:
    """Follow every lane of a job to its end."""
    n, count = job.part.n_unknowns, len(job.draws)
    ends = Ends(
        x=np.zeros((n, count)),
        stage=np.full(count, int(Stage.LANDED)),
        folds=np.zeros(count, int),
        crossings=np.zeros(count, int),
        steps=np.zeros(count, int),
        flat=np.ones(count),
        care=np.full(count, job.care),
        way=[[(0.0, np.zeros(n))] for _ in range(count)] if trace else None,
    )
    finite = np.isfinite(job.length)
    ends.stage[~finite] = Stage.NOT_FINITE
    left = np.flatnonzero(finite & (job.length > 0)) if n else np.zeros(0, int)
    # Long paths first, so that the last lanes to be filled are not the last to land.
    queue = deque(left[np.argsort(-job.length[left], kind="stable")].tolist())
    program = _program(job, len(left), trace)
    workers = WORKERS if len(left) > program.lanes else 1
    # Every group begins with its share, so that none waits for the other's.
    share = min(program.lanes, -(-len(queue) // workers))
    first = [[queue.popleft() for _ in range(min(share, len(queue)))] for _ in range(workers)]
    if workers == 1:
        _work(job, program, first[0], queue, ends)
        return ends
    with ThreadPoolExecutor(workers) as pool:
        done = [pool.submit(_work, job, program, jobs, queue, ends) for jobs in first]
        for group in done:
            group.result()
    return ends


def _work(
    job: BranchJob, program: _Program, first: list[int], queue: deque[int], ends: Ends
) -> None:
    """Keep one group of lanes full until the queue is empty and all have landed."""
    state = start(job.part.n_unknowns, program.lanes, job.care)
    followed = np.full(program.lanes, -1)
    tables: dict[TableKey, np.ndarray] = {}
    ratio = {decision: np.zeros(program.lanes) for decision in job.ratio}
    lanes, jobs = np.arange(len(first)), np.array(first, int)
    while True:
        if len(jobs):
            for values, new in zip(state, job.fresh(jobs), strict=True):
                values[..., lanes] = new
            for decision, values in job.ratio.items():
                ratio[decision][lanes] = values[jobs]
            _load(job, program, tables, lanes, jobs)
            followed[lanes] = jobs
        if (followed < 0).all():
            return
        least = int((1 - PATIENCE) * program.lanes) if queue else 1
        with jax.enable_x64(True):
            given = [tables[key] for key in program.keys]
            if program.trace:
                new, points = program.go(state, given, ratio)
            else:
                new, points = program.go(state, given, ratio, np.asarray(least)), ()
        state = LaneState(*map(np.array, new))
        if ends.way is not None:
            _note(ends.way, followed, *(np.asarray(part) for part in points))
        over = (state.stage >= Stage.LANDED) | (state.steps >= MOST_STEPS)
        lanes = np.flatnonzero((followed >= 0) & over)
        jobs = followed[lanes]
        ends.x[:, jobs] = state.x[:, lanes]
        for name in ("stage", "folds", "crossings", "steps", "flat", "care"):
            getattr(ends, name)[jobs] = getattr(state, name)[lanes]
        state.stage[lanes] = Stage.LANDED
        followed[lanes] = -1
        lanes, jobs = _filled(np.flatnonzero(followed < 0), queue)


def _filled(idle: np.ndarray, queue: deque[int]) -> tuple[np.ndarray, np.ndarray]:
    jobs = []
    while len(jobs) < len(idle):
        try:
            jobs.append(queue.popleft())
        except IndexError:
            break
    return idle[: len(jobs)], np.array(jobs, int)


def _load(
    job: BranchJob,
    program: _Program,
    tables: dict[TableKey, np.ndarray],
    lanes: np.ndarray,
    jobs: np.ndarray,
) -> None:
    """Put the tables of some jobs into their lanes."""
    for key in program.keys:
        source = job.tables[key]
        part = source.take(job.draws[jobs], job.slices[:, jobs])
        if not source.varies:
            tables[key] = part
        elif key not in tables:
            # Lanes that are never filled hold the numbers of some job, so that they stay finite.
            tables[key] = np.ascontiguousarray(np.repeat(part[..., :1], program.lanes, axis=-1))
        if source.varies:
            tables[key][..., lanes] = part


def _note(
    way: list[Any],
    followed: np.ndarray,
    accepted: np.ndarray,
    again: np.ndarray,
    x: np.ndarray,
    tau: np.ndarray,
) -> None:
    """Add the points that some steps found to the ways; a lane that begins again forgets its way."""
    for step in range(len(accepted)):
        for lane in np.flatnonzero(again[step] & (followed >= 0)):
            del way[followed[lane]][1:]
        for lane in np.flatnonzero(accepted[step] & (followed >= 0)):
            way[followed[lane]].append((float(tau[step, lane]), x[step, :, lane].copy()))


class _Program:
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


_programs: BoundedCache[dict[int, _Program]] = BoundedCache(PROGRAMS)
_choosing = Lock()


def _program(job: BranchJob, count: int, trace: bool) -> _Program:
    """Fetch the compiled steps of a part's structure, or make them.

    Args:
        job: What is to be followed.
        count: Lanes that are to be followed.
        trace: Whether the way is wanted, too.
    """
    key = (job.part.key, tuple(source.varies for source in job.tables.values()), trace)
    made = _programs.get(key, dict)
    widths = _widths(job.part)
    width = next((w for w in widths if w >= count), widths[-1])
    with _choosing:
        if wide := [w for w in made if w >= width]:
            return made[min(wide)]
        if narrow := [w for w in made if w * REUSE >= count]:
            return made[max(narrow)]
        made[width] = _Program(job.part, width, trace=trace)
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
