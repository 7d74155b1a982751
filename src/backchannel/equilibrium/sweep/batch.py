"""Batches: the draws of several games on their way through one compiled program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

import jax
import numpy as np
from jaxtyping import Float, Int

from backchannel.equilibrium.game_tables import game_tables
from backchannel.equilibrium.settle import CONVERGED
from backchannel.equilibrium.sweep.chunk import Chunk, Swept
from backchannel.equilibrium.sweep.packing import ChunkPacker, common_tables
from backchannel.equilibrium.sweep.pieces import SweepPiece, sweep_piece
from backchannel.equilibrium.sweep.sweeper import Sweeper, sweeper_of
from backchannel.equilibrium.types import Equilibrium, Policies, Task
from backchannel.language.names import NodeName
from backchannel.tensors.game import Game
from backchannel.tensors.interpreter import draws_last
from backchannel.workers.workers import MOST_THREADS, PieceWork, Tell, Threads, processors, workers

Lanes = list[tuple["SweepRun", Int[np.ndarray, " some"]]]
"""Some draws of some runs, side by side."""
T = TypeVar("T")
R = TypeVar("R")


class SweepRun:
    """One game that is being swept; each draw is swept as often as it needs."""

    def __init__(self, task: Task) -> None:
        game = task.game
        self.task = task
        self.sweeper: Sweeper = sweeper_of(game)
        self.tables = game_tables(game, held=task.held, available=task.available)
        self.result = _empty(game, task.held)
        self.has_begun = False
        self.slow = np.zeros(game.n_draws, dtype=bool)
        """Draws in which the last sweep moved rules by more than `SLOW` times what the one before moved."""
        # Draws with similar precision need similar numbers of sweeps, and a block waits for its slowest.
        self.todo = np.argsort(sum(game.precision.values()), kind="stable")

    @cached_property
    def uniform(self) -> Policies:
        """Uniform play, one row for all draws."""
        menus = self.tables["menu"]
        return {name: menu / menu.sum(axis=-1, keepdims=True) for name, menu in menus.items()}

    @property
    def play(self) -> Policies:
        """The play so far."""
        return self.result.policies if self.has_begun else self.task.start or self.uniform

    @property
    def is_circular(self) -> bool:
        """Whether free decisions need each other's rules, with the held rules given."""
        return self.sweeper.is_circular(frozenset(self.task.held))

    @cached_property
    def kind(self) -> tuple[Any, ...]:
        """What all runs in a chunk must have in common: tables with one column for all lanes."""
        return (id(self.sweeper), *common_tables(self.sweeper, self.tables).values())


def sweep(
    runs: Sequence[SweepRun],
    progress: Callable[[int], None] | None = None,
    *,
    most: int,
) -> None:
    """Sweep the draws that are left of some runs of one kind at full precision."""

    def piece(parts: Lanes) -> SweepPiece:
        chunk, play = gather(parts, lambda run: run.play)
        return SweepPiece(chunk, play, most, sweeper.lanes_used(chunk.count))

    sweeper = runs[0].sweeper
    # Every chunk has draws of its own, so that chunks can be stored side by side.
    cut = chunks(sweeper, runs, [run.todo for run in runs])
    if cut:
        job = PieceWork(sweep_piece, sweeper, piece, _store, progress)
        at_once = sweeper.at_once(runs[0].task.game)
        for _ in workers().carry_out(job, cut, at_once=at_once):
            pass
    for run in runs:
        run.has_begun = True
        run.todo = run.todo[~(run.result.change[run.todo] <= CONVERGED)]


def side_by_side(
    work: Callable[[T], R], things: Sequence[T], *, at_once: int = MOST_THREADS
) -> list[R]:
    """Do the same to several things in this process, some at a time on as many processors; results in order.

    Args:
        work: What is done to each; too little to be sent to another machine.
        things: The things.
        at_once: How many may be worked on at the same time, where memory is short.
    """
    results: dict[int, R] = {}

    def at_64_bits(_: None, thing: T, tell: Tell) -> Iterator[R]:
        # The setting belongs to a thread.
        with jax.enable_x64(True):
            yield work(thing)

    job = PieceWork(at_64_bits, None, lambda i: things[i], results.__setitem__)
    return [results[i] for i in Threads().carry_out(job, range(len(things)), at_once=at_once)]


def chunks(
    sweeper: Sweeper,
    runs: Sequence[SweepRun],
    draws: Sequence[Int[np.ndarray, " some"]],
    order: Int[np.ndarray, " lane"] | None = None,
) -> list[Lanes]:
    """Cut draws into chunks, each grouped by run.

    Args:
        sweeper: The program that the chunks go through.
        runs: The runs.
        draws: Draws of each.
        order: The order of all these draws; run after run, if left out.
    """
    owner, lanes = (
        np.repeat(np.arange(len(runs)), [len(some) for some in draws]),
        np.concatenate(draws),
    )
    if order is not None:
        owner, lanes = owner[order], lanes[order]
    cut_lanes = []
    for cut in shares_of(len(lanes), sweeper):
        changes = cut.start + 1 + np.flatnonzero(np.diff(owner[cut]))
        bounds = [cut.start, *changes.tolist(), cut.stop]
        cut_lanes.append([(runs[int(owner[i])], lanes[i:j]) for i, j in pairwise(bounds)])
    return cut_lanes


def shares_of(count: int, sweeper: Sweeper) -> list[slice]:
    """Cut lanes into shares of at most a chunk, so that every processor gets some.

    A tiny game is not worth a second thread, and a graphics card takes a chunk as soon as a part.
    """
    size = sweeper.chunk
    if not sweeper.is_tiny and jax.default_backend() == "cpu":
        blocks = -(-count // sweeper.lanes)
        size = min(size, sweeper.lanes * max(1, -(-blocks // processors())))
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def lane_slices(parts: Lanes) -> Iterator[tuple[SweepRun, Int[np.ndarray, " some"], slice]]:
    """Yield each run in a chunk with its draws and their lanes."""
    start = 0
    for run, draws in parts:
        yield run, draws, slice(start, start + len(draws))
        start += len(draws)


def gather(
    parts: Lanes, play_of: Callable[[SweepRun], Mapping[NodeName, np.ndarray]]
) -> tuple[Chunk, Float[np.ndarray, "cell lane"]]:
    """Gather the numbers of a chunk, and the play that it starts from.

    Args:
        parts: At most as many draws as fit a chunk, of runs of one kind.
        play_of: The play that a run's draws start from; what is held is put in its place.
    """
    run = parts[0][0]
    packer = ChunkPacker(run.sweeper, run.tables)
    for run, draws, _ in lane_slices(parts):
        packer.add(run.tables, draws, {**play_of(run), **run.task.held}, draws)
    return packer.finished()


def compile_sweep(game: Game) -> None:
    """Compile the program of a game's structure ahead of time, in another thread perhaps."""
    run = SweepRun(Task(game))
    with jax.enable_x64(True):
        chunk, play = gather([(run, run.todo[:1])], lambda run: run.uniform)
        jax.block_until_ready(run.sweeper.solve(chunk, play, most=0).play)


def _empty(game: Game, held: Policies) -> Equilibrium:
    n = game.n_draws
    policies: dict[NodeName, Float[np.ndarray, "draw ..."]] = {}
    for name, menu in game.menus.items():
        shape = menu.shape[1:]
        # Lanes lie side by side, as in the program. Rules that are held are the caller's own.
        new = np.empty((*shape, n)).transpose(-1, *range(len(shape)))
        policies[name] = held.get(name, new)
    return Equilibrium(
        policies=policies,
        change=np.full(n, np.inf),
        sweeps=np.zeros(n, dtype=int),
        status=np.zeros(n, dtype=int),
        method=np.zeros(n, dtype=int),
        folds=np.zeros(n, dtype=int),
        crossings=np.zeros(n, dtype=int),
        branch_verified=np.zeros(n, dtype=bool),
    )


def _store(parts: Lanes, swept: Swept) -> None:
    sweeper = parts[0][0].sweeper
    for run, draws, lanes in lane_slices(parts):
        put_down(sweeper, run, draws, swept.play[:, lanes])
        run.result.change[draws] = swept.change[lanes]
        run.slow[draws] = ~swept.passed[lanes]
        run.result.sweeps[draws] += swept.sweeps[lanes]


def put_down(
    sweeper: Sweeper, run: SweepRun, draws: np.ndarray, play: Float[np.ndarray, "cell some"]
) -> None:
    """Store the rules at which some draws of a run have arrived."""
    free = {n: rows for n, rows in sweeper.cells.rules.rows.items() if n not in run.task.held}
    most = max((rows.stop - rows.start for rows in free.values()), default=0)
    # Indices into a flat table are several times faster than indices of its last axis.
    cells = np.arange(most)[:, None] * run.task.game.n_draws + draws
    for name, rows in free.items():
        rule = draws_last(run.result.policies[name]).reshape(
            -1
        )  # `_empty` lays draws side by side.
        rule[cells[: rows.stop - rows.start]] = play[rows]
