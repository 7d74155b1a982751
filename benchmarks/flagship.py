"""The flagship under the clock: whole commands cold and warm, phases, equilibria per second, memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from benchmarks.registry import Figure, timed

ABOUT = "the flagship case: whole commands, phases, equilibria per second"
CASE = "belarus-2025"


def measure() -> Iterator[Figure]:
    """Whole commands first, then phases in one process."""
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
    from backchannel.case.lower import lower
    from backchannel.case.read import read_case
    from backchannel.equilibrium.models import build_models
    from backchannel.equilibrium.solve import Task, solve, solve_all
    from backchannel.priors import draw_numbers

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
