"""The climb: has a sweep left the principal branch?

A sweep at full precision converges in a few rounds. But where a game has several logit equilibria,
it may converge to another than the principal one: of random 3×3 games at a precision of
eight per unit, one in twelve. The climb looks at what the sweep passes over.

**What is checked.** A draw climbs from uniform play through precisions tλ, t growing by a factor r
from rung to rung; on the first rung nothing that is at stake is worth more than `GENTLE` logit
units. On every rung, the last at t = 1 included, it is swept two or three times. It passes if on
every rung the last sweep moves no rule by more than `MARGIN` / r² times what the one before moved.

**Why this is a test.** Sweeps cannot follow the branch beyond a point where the derivative of the sweep gets an
eigenvalue of modulus 1: a fold has the eigenvalue 1, and an equilibrium from which sweeps diverge has an eigenvalue
of larger modulus. From one rung to the next an eigenvalue grows by no more
than the change in λ makes it, as long as play itself changes little: by r where one rule responds to another, by r²
where two respond to each other. So before a modulus exceeds 1, it must be above 1 / r² on some rung, where the test
sees it. And since the sweeps contract on every rung, each is
drawn to the one equilibrium near it, which is the branch's. A climb of wide steps (r = 2) is cheap
and strict; a draw that fails it climbs again in shorter steps, which may contract less.

**How reliable it is.** It is a test by sampling, not a proof: play may change much between two rungs. Decision record
0008 says how often it was wrong on random games. Decisions whose rules do not depend on each other in a circle, given
the held rules, have one equilibrium and need no test.

Source: ours. The branch: McKelvey & Palfrey (1998).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from backchannel.equilibrium.settle import CONVERGED
from backchannel.equilibrium.sweep.batch import (
    SweepRun,
    chunks,
    gather,
    lane_slices,
    put_down,
)
from backchannel.equilibrium.sweep.chunk import Rungs, Swept
from backchannel.equilibrium.sweep.pieces import SweepPiece, sweep_piece
from backchannel.tensors.interpreter import draws_last
from backchannel.workers.workers import PieceWork, workers

GENTLE = 1.0
"""Most that may be at stake on the first rung, in logit units (precision times worth)."""
MARGIN = 0.8
"""Largest modulus that an eigenvalue may reach between two rungs, by the argument above."""
NEAR = 1e-2
"""How near to the end of the sweeps the climb must arrive; otherwise the draw is swept on from the
climb's end. A second equilibrium as near as that would have slowed the sweep."""


def climb(
    runs: Sequence[SweepRun],
    draws: Sequence[Int[np.ndarray, " some"]],
    *,
    per_octave: int,
    sweeps: int,
    disturbance: float = 0.0,
) -> list[Int[np.ndarray, " passed"]]:
    """Climb to full precision, and see whether sweeps can be trusted all the way.

    A draw that passes and arrives elsewhere than its sweeps did, or whose sweeps did not converge,
    takes the rules of the climb's end and goes on its run's `todo`.

    Args:
        runs: Games of one structure, swept.
        draws: Which draws of each to look at.
        per_octave: Rungs to each doubling of the precision.
        sweeps: Sweeps on each rung, at least 2. More of them show an eigenvalue better: what the
            first moves has more to do with where the climb comes from.
        disturbance: Share of random rules that is mixed into play on every rung.

    Returns:
        For each run the draws that passed, in any order.
    """
    if not any(map(len, draws)):
        return list(draws)
    heights = np.concatenate([_octaves(run)[some] for run, some in zip(runs, draws, strict=True)])
    # A chunk climbs as far as its draw of the highest stakes needs.
    order = np.argsort(heights, kind="stable")
    sweeper = runs[0].sweeper
    cut = chunks(sweeper, runs, draws, order)
    ends = np.cumsum([sum(len(some) for _, some in parts) for parts in cut])
    ratio = 2.0 ** (1 / per_octave)

    def piece(chunk_number: int) -> SweepPiece:
        chunk, play = gather(cut[chunk_number], lambda run: run.uniform)
        octaves = int(heights[order[ends[chunk_number] - 1]])
        rungs = Rungs(octaves * per_octave, ratio, MARGIN / ratio**2, disturbance)
        return SweepPiece(chunk, play, sweeps, sweeper.lanes_used(chunk.count), rungs)

    climbed: dict[int, Swept] = {}
    job = PieceWork(sweep_piece, sweeper, piece, climbed.__setitem__)
    trusted: dict[int, list[np.ndarray]] = {id(run): [] for run in runs}
    at_once = sweeper.at_once(runs[0].task.game)
    for i in workers().carry_out(job, range(len(cut)), at_once=at_once):
        swept = climbed.pop(i)
        for run, some, rows in lane_slices(cut[i]):
            good = swept.passed[rows]
            trusted[id(run)].append(some[good])
            _set_down(run, some[good], swept.play[:, rows][:, good])
    return [np.concatenate([*trusted[id(run)], np.zeros(0, int)]).astype(int) for run in runs]


def _set_down(run: SweepRun, draws: np.ndarray, ends: Float[np.ndarray, "cell some"]) -> None:
    if not len(draws):
        return
    gap = np.zeros(len(draws))
    for name, rows in run.sweeper.cells.rules.rows.items():
        if name not in run.task.held:
            swept = draws_last(run.result.policies[name])[..., draws]
            apart = np.abs(ends[rows] - swept.reshape(-1, len(draws)))
            gap = np.maximum(gap, apart.max(axis=0))
    elsewhere = (gap > NEAR) | ~(run.result.change[draws] <= CONVERGED)
    if not elsewhere.any():
        return
    put_down(run.sweeper, run, draws[elsewhere], ends[:, elsewhere])
    run.todo = np.union1d(run.todo, draws[elsewhere])


def _octaves(run: SweepRun) -> Int[np.ndarray, " draw"]:
    """How often precision is halved from the top to the first rung."""
    most = np.nan_to_num(run.task.game.at_stake, nan=0.0, posinf=0.0)
    return np.ceil(np.log2(np.maximum(most / GENTLE, 2.0))).astype(int)
