"""Run a part: a fixed number of lanes goes through the compiled step, and is filled again.

A lane that has landed takes the next draw (or the next slice of one), so that few lanes wait for
the longest branch, and one compiled program serves any number of draws.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.equilibrium.branch.lane import CARE, LaneState, Stage, start
from backchannel.equilibrium.branch.lane_tables import LaneTable
from backchannel.equilibrium.branch.program import MOST_STEPS, BranchProgram, branch_program
from backchannel.equilibrium.branch.reduction import Part
from backchannel.language.names import NodeName
from backchannel.tensors.evaluator import TableKey

PATIENCE = 1 / 16
"""Share of the lanes that may be idle before the host fills them again."""
WORKERS = 2
"""Groups of lanes that are followed at the same time."""


@dataclass(frozen=True)
class Beginning:
    """Starting points of lanes that start at full precision: they follow a branch downwards until it comes back."""

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
    varies = tuple(source.varies for source in job.tables.values())
    program = branch_program(job.part, varies, len(left), trace=trace)
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
    job: BranchJob, program: BranchProgram, first: list[int], queue: deque[int], ends: Ends
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
    program: BranchProgram,
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
