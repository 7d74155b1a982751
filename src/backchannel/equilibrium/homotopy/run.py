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
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Float, Int

from backchannel.equilibrium.homotopy.lanes import Key, Source
from backchannel.equilibrium.homotopy.reduction import Part
from backchannel.equilibrium.homotopy.residual import Residual, jacobian
from backchannel.equilibrium.homotopy.step import Stage, advance, start
from backchannel.names import NodeName

LANES = 64
"""Lanes that go through the compiled step together, in a game of moderate size."""
ROOM = 256e6
"""Bytes that the slopes of all tables may take; a large game has fewer lanes."""
STEPS = 4
"""Steps between two looks of the host."""
MOST_STEPS = 6000
"""Steps of one lane before it is given up."""
WORKERS = 2
"""Groups of lanes that are followed at the same time."""


@dataclass(frozen=True)
class Job:
    """What is to be followed: one part in some draws, each in every slice."""

    part: Part
    found: Mapping[Key, Source]
    """The tables that F takes."""
    draws: Int[np.ndarray, " job"]
    slices: Int[np.ndarray, "public job"]
    length: Float[np.ndarray, " job"]
    """τ at the end of the path."""
    ratio: Mapping[NodeName, Float[np.ndarray, " job"]]
    """Precision at each decision over the length of the path."""
    care: int


@dataclass
class Ends:
    """Where each lane ended."""

    x: Float[np.ndarray, "unknown job"]
    stage: Int[np.ndarray, " job"]
    """`Stage`; following or landing if its steps were used up."""
    folds: Int[np.ndarray, " job"]
    steps: Int[np.ndarray, " job"]
    flat: Float[np.ndarray, " job"]
    """dτ over the length of the tangent; 0 at a fold."""
    way: list[list[tuple[float, np.ndarray]]] | None
    """τ and x of each point, if asked for."""


def run(job: Job, *, trace: bool = False) -> Ends:
    """Follow every lane of a job to its end."""
    n, count = job.part.n_unknowns, len(job.draws)
    ends = Ends(
        x=np.zeros((n, count)),
        stage=np.full(count, int(Stage.LANDED)),
        folds=np.zeros(count, int),
        steps=np.zeros(count, int),
        flat=np.ones(count),
        way=[[(0.0, np.zeros(n))] for _ in range(count)] if trace else None,
    )
    finite = np.isfinite(job.length)
    ends.stage[~finite] = Stage.NOT_FINITE
    left = np.flatnonzero(finite & (job.length > 0)) if n else np.zeros(0, int)
    # Long paths first, so that the last lanes to be filled are not the last to land.
    queue = deque(left[np.argsort(-job.length[left], kind="stable")].tolist())
    program = _program(job)
    workers = WORKERS if len(left) > program.lanes else 1
    with ThreadPoolExecutor(workers) as pool:
        done = [pool.submit(_work, job, program, queue, ends) for _ in range(workers)]
        for one in done:
            one.result()
    return ends


def _work(job: Job, program: _Program, queue: deque[int], ends: Ends) -> None:
    """Keep one group of lanes full until the queue is empty and all have landed."""
    state = start(job.part.n_unknowns, program.lanes, job.care)
    followed = np.full(program.lanes, -1)
    tables: dict[Key, np.ndarray] = {}
    ratio = {decision: np.zeros(program.lanes) for decision in job.ratio}
    while True:
        idle = np.flatnonzero(followed < 0)
        lanes, jobs = _filled(idle, queue)
        if len(jobs):
            fresh = start(job.part.n_unknowns, len(jobs), job.care)
            fresh["end"] = job.length[jobs]
            fresh["stage"] = np.full(len(jobs), int(Stage.FOLLOWING))
            for name, values in fresh.items():
                state[name][..., lanes] = values
            for decision, values in job.ratio.items():
                ratio[decision][lanes] = values[jobs]
            _load(job, program, tables, lanes, jobs)
            followed[lanes] = jobs
        if (followed < 0).all():
            return
        with jax.enable_x64(True):
            new, points = program.go(state, [tables[key] for key in program.keys], ratio)
        state = {name: np.array(values) for name, values in new.items()}
        if ends.way is not None:
            _note(ends.way, followed, *(np.asarray(part) for part in points))
        over = (state["stage"] >= Stage.LANDED) | (state["steps"] >= MOST_STEPS)
        lanes = np.flatnonzero((followed >= 0) & over)
        jobs = followed[lanes]
        ends.x[:, jobs] = state["x"][:, lanes]
        for name in ("stage", "folds", "steps", "flat"):
            getattr(ends, name)[jobs] = state[name][lanes]
        state["stage"][lanes] = Stage.LANDED
        followed[lanes] = -1


def _filled(idle: np.ndarray, queue: deque[int]) -> tuple[np.ndarray, np.ndarray]:
    jobs = []
    while len(jobs) < len(idle):
        try:
            jobs.append(queue.popleft())
        except IndexError:
            break
    return idle[: len(jobs)], np.array(jobs, int)


def _load(
    job: Job, program: _Program, tables: dict[Key, np.ndarray], lanes: np.ndarray, jobs: np.ndarray
) -> None:
    """Put the tables of some jobs into their lanes."""
    for key in program.keys:
        source = job.found[key]
        part = source.take(job.draws[jobs], job.slices[:, jobs])
        if not source.varies:
            tables[key] = part
        elif key not in tables:
            # Lanes that are never filled hold the numbers of some job, so that they stay finite.
            tables[key] = np.ascontiguousarray(np.repeat(part[..., :1], program.lanes, axis=-1))
        if source.varies:
            tables[key][..., lanes] = part


def _note(
    way: list, followed: np.ndarray, found: np.ndarray, x: np.ndarray, tau: np.ndarray
) -> None:
    for step in range(len(found)):
        for lane in np.flatnonzero(found[step] & (followed >= 0)):
            way[followed[lane]].append((float(tau[step, lane]), x[step, :, lane].copy()))


class _Program:
    """The compiled steps of one structure."""

    def __init__(self, part: Part) -> None:
        self.residual = Residual(part, jnp)
        self.keys = self.residual.keys
        plan = part.values.plan
        cells = sum(plan.size(plan.scopes[step.out]) for step in self.residual.each)
        most = int(ROOM / (8 * (part.n_unknowns + 1) * max(cells, 1)))
        self.lanes = max(4, min(LANES, most))
        self.go = jax.jit(self._several)

    def _several(self, state: Any, tables: list[Any], ratio: Any) -> Any:
        residual = self.residual
        ready = residual.prepare(dict(zip(self.keys, tables, strict=True)))

        def once(state: Any, _: None) -> Any:
            new, found = advance(
                state,
                lambda x, tau: jacobian(residual, x, tau, ready, ratio),
                lambda x, tau: residual(x, tau, ready, ratio),
            )
            return new, (found, new["x"], new["tau"])

        return lax.scan(once, state, None, length=STEPS)


_programs: dict[tuple, _Program] = {}


def _program(job: Job) -> _Program:
    """Fetch the compiled steps of a part's structure, or make them."""
    key = (job.part.key, tuple(source.varies for source in job.found.values()))
    if key not in _programs:
        _programs[key] = _Program(job.part)
    return _programs[key]
