"""Batches: the draws of several games on their way through one compiled program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from backchannel.equilibrium.result import Equilibrium, Policies
from backchannel.equilibrium.sweep import SETTLED, Sweeper, game_tables, sweeper_of
from backchannel.equilibrium.task import Task
from backchannel.names import NodeName
from backchannel.tensors.game import Game

CHUNK = 256
"""Draws that go through the compiled program at once; more draws never compile anew."""

FEW = 64
"""So many draws at most go through a smaller program where somebody waits."""

Rules = dict[NodeName, Float[np.ndarray, "draw ..."]]
Lanes = list[tuple["Run", Int[np.ndarray, " some"]]]
"""Some draws of some runs, side by side."""


class Run:
    """One game on its way, draw by draw as far as each needs."""

    def __init__(self, task: Task, *, hurries: bool = False) -> None:
        game = task.game
        self.hurries = hurries
        self.task = task
        self.sweeper: Sweeper = sweeper_of(game)
        self.tables = game_tables(game, held=task.held, available=task.available)
        self.result = _empty(game, task.start)
        # Draws of like precision take like numbers of sweeps, and a chunk waits for its slowest.
        self.todo = np.argsort(sum(game.precision.values()), kind="stable")

    @cached_property
    def uniform(self) -> Rules:
        """Uniform play, one row for all draws; what is held is put in its place by the sweep."""
        menus = self.tables["menu"]
        return {name: menu / menu.sum(axis=-1, keepdims=True) for name, menu in menus.items()}


def sweep(
    runs: Sequence[Run],
    progress: Callable[[int], None] | None = None,
    *,
    most: int,
) -> None:
    """Sweep what is left of some runs at full precision, from where it stands."""
    lanes = [(run, draw) for run in runs for draw in run.todo.tolist()]
    for parts in chunks(lanes):
        tables = gather(parts, lambda run: run.result.policies)
        _store(parts, runs[0].sweeper.solve(tables, most=most))
        if progress:
            progress(sum(len(draws) for _, draws in parts))
    for run in runs:
        run.todo = run.todo[~(run.result.change[run.todo] <= SETTLED)]


def chunks(lanes: Sequence[tuple[Run, int]]) -> list[Lanes]:
    """Cut draws into chunks, each grouped by run."""
    found = []
    for start in range(0, len(lanes), CHUNK):
        parts: list[tuple[Run, list[int]]] = []
        for run, draw in lanes[start : start + CHUNK]:
            if not parts or parts[-1][0] is not run:
                parts.append((run, []))
            parts[-1][1].append(draw)
        found.append([(run, np.array(draws)) for run, draws in parts])
    return found


def shares(parts: Lanes) -> Iterator[tuple[Run, Int[np.ndarray, " some"], slice]]:
    """Yield each run in a chunk with its draws and their lanes."""
    start = 0
    for run, draws in parts:
        yield run, draws, slice(start, start + len(draws))
        start += len(draws)


def gather(parts: Lanes, play_of: Callable[[Run], Mapping[NodeName, np.ndarray]]) -> dict[str, Any]:
    """Gather the tables of a chunk; shapes never change, so nothing compiles anew.

    The tables of constant nodes are the same in every draw and keep a draw axis of length 1. A
    chunk that is not full is filled up with copies of its last draw; in a hurry, one of few draws to
    a smaller size.

    Args:
        parts: At most `CHUNK` draws.
        play_of: The play that a run's draws start from.
    """
    constant = parts[0][0].sweeper.constant
    run, draws = parts[-1]
    filled = sum(len(some) for _, some in parts)
    filling = (FEW if run.hurries and filled <= FEW else CHUNK) - filled
    parts = [*parts[:-1], (run, np.concatenate([draws, np.full(filling, draws[-1])]))]

    def gathered(table_of: Callable[[Run], np.ndarray]) -> np.ndarray:
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
        name: gathered(lambda r, n=name: play_of(r)[n]) for name in run.result.policies
    }
    return chunk


def _empty(game: Game, start: Policies | None) -> Equilibrium:
    n = game.n_draws
    policies: Rules = {}
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
        method=np.zeros(n, dtype=int),
        folds=np.zeros(n, dtype=int),
        calm=np.zeros(n, dtype=bool),
    )


def _store(parts: Lanes, solved: tuple[Any, ...]) -> None:
    rules, change, sweeps = solved
    rules = {name: np.asarray(rule) for name, rule in rules.items()}
    change, sweeps = np.asarray(change), np.asarray(sweeps)
    for run, draws, lanes in shares(parts):
        for name, rule in rules.items():
            run.result.policies[name][draws] = rule[lanes]
        run.result.change[draws] = change[lanes]
        run.result.sweeps[draws] += sweeps[lanes]
