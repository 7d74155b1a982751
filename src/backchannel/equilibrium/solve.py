"""Solve a game for every draw: chunks of one fixed size, and a second look at what is slow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np
from jaxtyping import Float

from backchannel.equilibrium.result import Equilibrium, Policies, Status
from backchannel.equilibrium.sweep import SETTLED, game_tables, sweeper_of
from backchannel.equilibrium.task import Task
from backchannel.names import NodeName
from backchannel.tensors.game import Game

CHUNK = 256
"""Draws that go through the compiled program at once; more draws never compile anew."""

BRISK = (4, 6, 20)
"""Sweeps at full precision, from the starting play, before a draw is set aside for the next."""

LADDERS = (
    {"rungs": 8, "damping": 1.0, "most": 100},
    {"rungs": 32, "damping": 0.7, "most": 800},
    {"rungs": 128, "damping": 0.3, "most": 6000},
)
"""How a draw that did not settle briskly is tried: from uniform play up a ladder of precisions, in
ever smaller steps. What settles in a few sweeps contracts so fast that there is no fold to miss."""


def solve(task: Task, *, progress: Callable[[int], None] | None = None) -> Equilibrium:
    """Find the logit equilibrium of every draw of one game near the principal branch."""
    return solve_all([task], progress=progress)[0]


def solve_all(
    tasks: Sequence[Task], *, progress: Callable[[int], None] | None = None
) -> list[Equilibrium]:
    """Find the logit equilibria of several games near the principal branch.

    Games of one structure share chunks, so that their few slow draws are swept together.

    Args:
        tasks: What to solve.
        progress: Called with the number of draws done after each chunk.

    Returns:
        For each task play in every draw, with a status; a draw that did not settle says so.
    """
    open_ = [task for task in tasks if not _is_settled(task)]
    solved = iter(_solve_open(open_, progress))
    return [_settled(task) if _is_settled(task) else next(solved) for task in tasks]


def _is_settled(task: Task) -> bool:
    """Whether every rule is held, so that nothing is left to solve."""
    return all(decision.name in task.held for decision in task.game.diagram.decisions)


def _settled(task: Task) -> Equilibrium:
    n = task.game.n_draws
    shapes = {name: (n, *menu.shape[1:]) for name, menu in task.game.menus.items()}
    rules = {name: np.broadcast_to(task.held[name], shapes[name]) for name in shapes}
    rules |= {name: rule for name, rule in task.held.items() if rule.shape == shapes[name]}
    nothing = np.zeros(n, dtype=int)
    return Equilibrium(rules, np.zeros(n), nothing, nothing.copy())


def _solve_open(tasks: Sequence[Task], progress: Callable[[int], None] | None) -> list[Equilibrium]:
    runs = [_Run(task) for task in tasks]
    by_program: dict[int, list[_Run]] = {}
    for run in runs:
        by_program.setdefault(id(run.sweeper), []).append(run)
    with jax.enable_x64(True):
        for together in by_program.values():
            for i, most in enumerate(BRISK):
                _sweep(together, progress if i == 0 else None, most=most, rungs=1, damping=1.0)
            for ladder in LADDERS:
                _sweep(together, None, afresh=True, **ladder)
    for run, task in zip(runs, tasks, strict=True):
        # Rules that were held are the caller's own, and take no memory twice.
        run.result.policies.update(task.held)
        change, left = run.result.change, run.todo
        run.result.status[left] = np.where(
            np.isnan(change[left]), Status.NOT_FINITE, Status.OUT_OF_STEPS
        )
    return [run.result for run in runs]


class _Run:
    """One game on its way through the compiled program, draw by draw as far as each needs."""

    def __init__(self, task: Task) -> None:
        game = task.game
        self.sweeper = sweeper_of(game)
        self.tables = game_tables(game, held=task.held, available=task.available)
        self.result = _empty(game, task.start)
        # Draws of like precision take like numbers of sweeps, and a chunk waits for its slowest.
        self.todo = np.argsort(sum(game.precision.values()), kind="stable")


def _sweep(
    runs: Sequence[_Run],
    progress: Callable[[int], None] | None,
    *,
    afresh: bool = False,
    **how: float,
) -> None:
    """Put what is left of some runs through, from where it stands or afresh."""
    sweeper = runs[0].sweeper
    lanes = [(run, draw) for run in runs for draw in run.todo.tolist()]
    for start in range(0, len(lanes), CHUNK):
        parts = _by_run(lanes[start : start + CHUNK])
        tables = _chunk(sweeper.constant, parts)
        solved = sweeper.solve(tables, afresh=afresh, **how)
        _store(parts, solved)
        if progress:
            progress(sum(len(draws) for _, draws in parts))
    for run in runs:
        run.todo = run.todo[~(run.result.change[run.todo] <= SETTLED)]


def _by_run(lanes: Sequence[tuple[_Run, int]]) -> list[tuple[_Run, np.ndarray]]:
    parts: list[tuple[_Run, list[int]]] = []
    for run, draw in lanes:
        if not parts or parts[-1][0] is not run:
            parts.append((run, []))
        parts[-1][1].append(draw)
    return [(run, np.array(draws)) for run, draws in parts]


def _chunk(
    constant: frozenset[NodeName], parts: Sequence[tuple[_Run, np.ndarray]]
) -> dict[str, Any]:
    """Gather the tables of some draws; shapes never change, so nothing compiles anew.

    The tables of `constant` nodes are the same in every draw and keep a draw axis of length 1. A
    chunk that is not full is filled up with copies of its last draw.
    """
    filling = CHUNK - sum(len(draws) for _, draws in parts)
    run, draws = parts[-1]
    parts = [*parts[:-1], (run, np.concatenate([draws, np.full(filling, draws[-1])]))]

    def gathered(table_of: Callable[[_Run], np.ndarray]) -> np.ndarray:
        found = []
        for run, draws in parts:
            table = table_of(run)
            if len(table) == 1:
                found.append(np.broadcast_to(table, (len(draws), *table.shape[1:])))
            else:
                found.append(table[draws])
        return found[0] if len(found) == 1 else np.concatenate(found)

    chunk: dict[str, Any] = {}
    for kind, tables in run.tables.items():
        chunk[kind] = {
            name: table
            if kind in ("factor", "belief") and name in constant and len(table) == 1
            else gathered(lambda r, k=kind, n=name: r.tables[k][n])
            for name, table in tables.items()
        }
    chunk["start"] = {
        name: gathered(lambda r, n=name: r.result.policies[n]) for name in run.result.policies
    }
    return chunk


def _empty(game: Game, start: Policies | None) -> Equilibrium:
    n = game.n_draws
    policies: dict[NodeName, Float[np.ndarray, "draw ..."]] = {}
    for name, menu in game.menus.items():
        shape = menu.shape[1:]
        rule = np.empty((*shape, n)).transpose(-1, *range(len(shape)))
        rule[...] = menu / menu.sum(axis=-1, keepdims=True) if start is None else start[name]
        policies[name] = rule
    return Equilibrium(
        policies=policies,
        change=np.full(n, np.inf),
        sweeps=np.zeros(n, dtype=int),
        status=np.zeros(n, dtype=int),
    )


def _store(parts: Sequence[tuple[_Run, np.ndarray]], solved: tuple[Any, ...]) -> None:
    rules, change, sweeps = solved
    rules = {name: np.asarray(rule) for name, rule in rules.items()}
    change, sweeps = np.asarray(change), np.asarray(sweeps)
    start = 0
    for run, draws in parts:
        lanes = slice(start, start + len(draws))
        for name, rule in rules.items():
            run.result.policies[name][draws] = rule[lanes]
        run.result.change[draws] = change[lanes]
        run.result.sweeps[draws] += sweeps[lanes]
        start += len(draws)
