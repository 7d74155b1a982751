"""The flagship under the clock: whole commands cold and warm, phases, equilibria per second, memory."""

from __future__ import annotations

import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.registry import Figure, timed

ABOUT = "the flagship case: whole commands, phases, equilibria per second"
CASE = "belarus-2025"
MANY = 65_536
"""Draws that are measured where JAX finds a GPU; they are solved in chunks, as any number is."""
MOST = 20
"""Sweeps of a chunk whose way is timed stage by stage."""


def measure() -> Iterator[Figure]:
    """Whole commands first, then phases in one process; many draws where JAX finds a GPU."""
    yield Figure("--help", command("--help", cache="")[0], "s")
    yield Figure("check", command("check", CASE, cache="")[0], "s")
    with tempfile.TemporaryDirectory() as cache:
        for label in ("cold", "warm"):
            seconds, memory = command("run", CASE, cache=cache)
            yield Figure(f"run, 1,024 draws, {label}", seconds, "s", note=f"{memory:.2f} GB")
        seconds, memory = command("run", CASE, "--draws", "4096", cache=cache)
        yield Figure("run, 4,096 draws, warm", seconds, "s", note=f"{memory:.2f} GB")
    yield from phases()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    yield Figure("peak memory of the phases", peak, "GB")
    yield from many_draws()


def command(*arguments: str, cache: str) -> tuple[float, float]:
    """Seconds and peak memory (GB) of one whole command."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "backchannel", *arguments],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "BACKCHANNEL_CACHE": cache},
    )
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, arguments
    return time.perf_counter() - began, usage.ru_maxrss / 1e6


def phases(draws: int = 1024) -> Iterator[Figure]:
    """Read, compile and solve inside one process."""
    from backchannel.case.catalog import find_case
    from backchannel.case.lower.lower import lower
    from backchannel.case.read.case_file import read_case
    from backchannel.ensemble.draws import draw_numbers
    from backchannel.equilibrium.beliefs.models import build_models
    from backchannel.equilibrium.solve import solve, solve_all
    from backchannel.equilibrium.types import Task

    began = time.perf_counter()
    lowered = lower(*read_case(find_case(CASE)))
    yield Figure("read and check", time.perf_counter() - began, "s")
    numbers = draw_numbers(lowered.priors, draws, seed=1)
    began = time.perf_counter()
    models = build_models(lowered.diagram, lowered.beliefs, numbers)
    filled = time.perf_counter() - began
    yield Figure(f"fill tables, {1 + len(models.believed)} models", filled, "s")
    game = models.truth.game
    began = time.perf_counter()
    play = solve(Task(game))
    yield Figure("compile and solve", time.perf_counter() - began, "s")
    best = timed(lambda: solve(Task(game)), repeat=5)
    yield Figure("from uniform play", draws / best, "equilibria/s")
    tasks = [Task(game, start=play.policies)] * 8
    best = timed(lambda: solve_all(tasks), repeat=3)
    yield Figure("from settled play", 8 * draws / best, "equilibria/s")
    tasks = [Task(model.game, held=model.fixed) for model in models.believed.values()] * 4
    best = timed(lambda: solve_all(tasks), repeat=3)
    yield Figure("belief models, pooled", len(tasks) * draws / best, "equilibria/s")


def many_draws(case: str = CASE, draws: int = MANY) -> Iterator[Figure]:
    """Solve very many draws where JAX finds a GPU, and tell where the time goes.

    The stages are timed one chunk after the other, from uniform play at full precision; solving as
    a whole climbs as well, follows the branch where it must, and works on some chunks at once.
    """
    import jax

    name = f"{draws:,} draws on a GPU"
    if jax.default_backend() == "cpu":
        yield Figure(name, math.nan, "", note="skipped: JAX finds no GPU")
        return
    from backchannel.case.catalog import find_case
    from backchannel.case.lower.lower import lower
    from backchannel.case.read.case_file import read_case
    from backchannel.ensemble.draws import draw_numbers
    from backchannel.equilibrium.beliefs.models import build_models
    from backchannel.equilibrium.solve import solve
    from backchannel.equilibrium.types import Task

    device = jax.devices()[0]
    lowered = lower(*read_case(find_case(case)))
    numbers = draw_numbers(lowered.priors, draws, seed=1)
    began = time.perf_counter()
    game = build_models(lowered.diagram, lowered.beliefs, numbers).truth.game
    yield Figure(f"{name}: fill tables", time.perf_counter() - began, "s", note=device.device_kind)
    task = Task(game)
    began = time.perf_counter()
    _stages(task, draws=1)
    yield Figure(f"{name}: compile the sweep", time.perf_counter() - began, "s")
    stages = _stages(task, draws=draws)
    whole = sum(stages.values())
    for stage, seconds in stages.items():
        yield Figure(f"{name}: {stage}", seconds, "s", note=f"{seconds / whole:.0%} of the sweeps")
    yield Figure(f"{name}: sweeps alone", draws / whole, "equilibria/s")
    solve(task)
    began = time.perf_counter()
    play = solve(task)
    seconds = time.perf_counter() - began
    note = f"{play.converged.mean():.2%} converged"
    yield Figure(f"{name}: solve", draws / seconds, "equilibria/s", note=note)
    # Not every device keeps count.
    peak = (device.memory_stats() or {}).get("peak_bytes_in_use", math.nan)
    yield Figure(f"{name}: peak memory of the device", peak / 1e9, "GB")


def _stages(task: Any, *, draws: int) -> dict[str, float]:
    """Seconds that each stage of sweeping some draws takes, over all chunks."""
    import jax
    import numpy as np

    from backchannel.equilibrium.sweep.batch import SweepRun, gather, lane_slices, put_down
    from backchannel.equilibrium.sweep.chunk import Chunk

    run = SweepRun(task)
    spent = dict.fromkeys(("lay out", "transfer", "program", "read back", "put down"), 0.0)
    with jax.enable_x64(True):
        # A chunk is as wide as the program takes at once.
        width = gather([(run, run.todo[:1])], lambda run: run.uniform)[1].shape[1]
        for start in range(0, draws, width):
            parts = [(run, run.todo[start : min(start + width, draws)])]
            ticks = [time.perf_counter()]
            chunk, play = gather(parts, lambda run: run.uniform)
            ticks.append(time.perf_counter())
            there = jax.block_until_ready(jax.device_put((chunk.inputs, play)))
            ticks.append(time.perf_counter())
            swept = run.sweeper.solve(Chunk(there[0], chunk.count), there[1], most=MOST)
            jax.block_until_ready(swept.play)
            ticks.append(time.perf_counter())
            found = np.asarray(swept.play)
            ticks.append(time.perf_counter())
            for _, some, lanes in lane_slices(parts):
                put_down(run.sweeper, run, some, found[:, lanes])
            ticks.append(time.perf_counter())
            for stage, began, ended in zip(spent, ticks, ticks[1:], strict=False):
                spent[stage] += ended - began
    return spent
