"""The flagship under the clock: whole commands cold and warm, phases, equilibria per second, memory.

Run on demand with `make bench`; machines are noisy, so compare figures of one run with each other.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version

CASE = "belarus-2025"


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


def phases(draws: int = 1024) -> None:
    """Read, compile and solve inside one process."""
    from backchannel.case.catalog import find_case
    from backchannel.case.lower import lower
    from backchannel.case.read import read_case
    from backchannel.equilibrium.models import build_models
    from backchannel.equilibrium.solve import Task, solve, solve_all
    from backchannel.priors import draw_numbers

    began = time.perf_counter()
    lowered = lower(*read_case(find_case(CASE)))
    print(f"read and check           {time.perf_counter() - began:8.2f} s")
    numbers = draw_numbers(lowered.priors, draws, seed=1)
    began = time.perf_counter()
    models = build_models(lowered.diagram, lowered.beliefs, numbers)
    print(f"fill tables, {1 + len(models.believed)} models    {time.perf_counter() - began:8.2f} s")
    game = models.truth.game
    began = time.perf_counter()
    play = solve(Task(game))
    first = time.perf_counter() - began
    print(f"compile and solve        {first:8.2f} s")
    best = min(_timed(lambda: solve(Task(game))) for _ in range(5))
    print(f"from uniform play        {draws / best:8.0f} equilibria/s")
    tasks = [Task(game, start=play.policies)] * 8
    best = min(_timed(lambda: solve_all(tasks)) for _ in range(3))
    print(f"from settled play        {8 * draws / best:8.0f} equilibria/s")
    tasks = [Task(model.game, held=model.fixed) for model in models.believed.values()] * 4
    best = min(_timed(lambda: solve_all(tasks)) for _ in range(3))
    print(f"belief models, pooled    {len(tasks) * draws / best:8.0f} equilibria/s")


def _timed(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Print everything."""
    names = ("backchannel", "jax", "numpy", "scipy")
    print(platform.platform(), "Python", platform.python_version(), f"{os.cpu_count()} cores")
    print(", ".join(f"{name} {version(name)}" for name in names))
    print(f"--help                   {command('--help', cache='')[0]:8.2f} s")
    print(f"check                    {command('check', CASE, cache='')[0]:8.2f} s")
    with tempfile.TemporaryDirectory() as cache:
        for label in ("cold", "warm"):
            seconds, memory = command("run", CASE, cache=cache)
            print(f"run, 1,024 draws, {label}   {seconds:8.2f} s   {memory:5.2f} GB")
        seconds, memory = command("run", CASE, "--draws", "4096", cache=cache)
        print(f"run, 4,096 draws, warm   {seconds:8.2f} s   {memory:5.2f} GB")
    phases()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"peak of the phases       {peak:8.2f} GB")


if __name__ == "__main__":
    main()
