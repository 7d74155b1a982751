"""Eager sweeps: solve a game by NumPy, for a structure that is solved once and not worth compiling.

A draw climbs from uniform play to full precision, as in `sweep/climb.py`, and is swept on from there. That is the
same test and the same fixed point as in the compiled solver, in the other order: no draw is swept at full precision
before it has climbed. Where more than a few draws fail the climb, they climb again in shorter steps; those that are
still in doubt are left out, since following the branch would need compiled programs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.equilibrium.limit.limit import infinite_players
from backchannel.equilibrium.settle import CONVERGED, LaneRules, settle
from backchannel.equilibrium.solve import solve
from backchannel.equilibrium.sweep.batch import SweepRun, put_down
from backchannel.equilibrium.sweep.chunk import Chunk
from backchannel.equilibrium.sweep.climb import GENTLE, MARGIN
from backchannel.equilibrium.sweep.packing import ChunkPacker
from backchannel.equilibrium.sweep.sweeper import Sweeper
from backchannel.equilibrium.sweep.verified import CLIMBS
from backchannel.equilibrium.types import Equilibrium, Status, Task

TOGETHER = 256
"""Draws that are swept side by side."""
FEW = 0.05
"""Share of the draws that may fail the first climb and be left out: shorter steps take as long for one as for all."""
MOST_SWEEPS = 100
"""Sweeps at full precision after which a draw is left out."""
PLAY = "play"
"""Name under which all rules, packed in cells, go through the fixed-point loop, as if they were one rule."""

CellRows = Float[np.ndarray, "cell lane"]


@dataclass(frozen=True)
class EagerSolver:
    """Climbs and sweeps by NumPy; draws in doubt are out of steps.

    Players of infinite precision need the branch, so their games go to the compiled solver.
    """

    def solve(self, task: Task) -> Equilibrium:
        """Solve one game."""
        is_held = all(decision.name in task.held for decision in task.game.diagram.decisions)
        if is_held or infinite_players(task.game):
            return solve(task)
        run = SweepRun(task)
        for start in range(0, task.game.n_draws, TOGETHER):
            draws = np.arange(start, min(start + TOGETHER, task.game.n_draws))
            _solve_part(run, draws)
        return run.result


def _solve_part(run: SweepRun, draws: Int[np.ndarray, " some"]) -> None:
    """Climb in some draws, then sweep those that passed until they converge."""
    left = draws
    for per_octave, sweeps in CLIMBS:
        chunk, play = _packed(run, left)
        passed = np.ones(len(left), bool)
        if run.is_circular:
            play, passed = _climbed(run, chunk, play, left, per_octave=per_octave, sweeps=sweeps)
        play, change, used = _swept(
            run.sweeper, _narrowed(chunk, np.flatnonzero(passed)), play[:, passed]
        )
        arrived = left[passed]
        put_down(run.sweeper, run, arrived, play)
        run.result.change[arrived], run.result.sweeps[arrived] = change, used
        run.result.branch_verified[arrived] = True
        run.result.status[arrived[change > CONVERGED]] = Status.OUT_OF_STEPS
        left = left[~passed]
        if len(left) <= FEW * len(draws):
            break
    if not len(left):
        return
    chunk, play = _packed(run, left)
    put_down(run.sweeper, run, left, play)
    run.result.status[left] = Status.OUT_OF_STEPS


def _packed(run: SweepRun, draws: Int[np.ndarray, " some"]) -> tuple[Chunk, CellRows]:
    packer = ChunkPacker(run.sweeper, run.tables, lanes=len(draws))
    packer.add(run.tables, draws, {**run.uniform, **run.task.held}, draws)
    return packer.finished()


def _climbed(
    run: SweepRun,
    chunk: Chunk,
    play: CellRows,
    draws: Int[np.ndarray, " lane"],
    *,
    per_octave: int,
    sweeps: int,
) -> tuple[CellRows, Bool[np.ndarray, " lane"]]:
    """Climb, and say in which lanes the last sweep contracted on every rung."""
    stake = np.broadcast_to(run.task.game.at_stake, run.task.game.n_draws)[draws]
    octaves = int(np.ceil(np.log2(max(float(stake.max()) / GENTLE, 2.0))))
    rungs, ratio = octaves * per_octave, 2.0 ** (1 / per_octave)
    passed = np.ones(len(draws), bool)
    for rung in range(rungs + 1):
        scale = ratio ** (rung - rungs)
        end = settle(
            lambda rules, s=scale: {PLAY: run.sweeper.once(chunk, rules[PLAY], scale=s)},
            {PLAY: play},
            most=sweeps,
            xp=np,
        )
        play = end.rules[PLAY]
        passed &= end.contracted(MARGIN / ratio**2)
    return play, passed


def _swept(
    sweeper: Sweeper, chunk: Chunk, play: CellRows
) -> tuple[CellRows, Float[np.ndarray, " lane"], Int[np.ndarray, " lane"]]:
    """Sweep at full precision until every lane has converged."""

    def update(rules: LaneRules, some: Int[np.ndarray, " some"]) -> LaneRules:
        return {PLAY: sweeper.once(_narrowed(chunk, some), rules[PLAY])}

    end = settle(update, {PLAY: play}, most=MOST_SWEEPS, drops_lanes=True, xp=np)
    return end.rules[PLAY], end.change, end.updates


def _narrowed(chunk: Chunk, some: Int[np.ndarray, " some"]) -> Chunk:
    """Some lanes of a chunk; a table with one column for all of them stays."""
    inputs = {
        key: table[:, some] if table.shape[-1] > 1 else table for key, table in chunk.inputs.items()
    }
    return replace(chunk, inputs=inputs, count=len(some))
