"""Very many draws: workers against threads, the cost of a shard and of a draw, memory, and what travels.

`python -m benchmarks.scale --draws 65536 --most 1048576` takes long; without options it takes some minutes. The plot
is in build/scale.png.
"""

from __future__ import annotations

import argparse
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.registry import Figure, PeerAbsent

ABOUT = "very many draws in shards: two workers against one process, cost per draw, memory"
CASE = "belarus-2025"
SMALL = "sanctions-threat"
DRAWS = 4096
MOST = 65_536
SHARDS = 8
"""Shards of the run that compares workers with threads."""
FEWEST = 1024
MERGED = 1 << 20
PLOT = Path("build/scale.png")


def measure(draws: int = DRAWS, most: int = MOST) -> Iterator[Figure]:
    """Measure.

    Args:
        draws: Draws of the flagship.
        most: The largest number of draws of the small case; the smallest is 1,024.
    """
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise PeerAbsent("distributed") from None
    from backchannel import Study
    from backchannel.machine.compile_cache import keep_compiled

    keep_compiled()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        flagship, small = Study.load(CASE).lowered, Study.load(SMALL).lowered
        yield from workers_against_threads(flagship, folder, draws)
        yield from overhead_of_a_shard(small)
        costs = {}
        for title, lowered, largest in ((SMALL, small, most), (CASE, flagship, draws)):
            costs[title] = costs_per_draw(lowered, largest)
            yield from flatness(title, costs[title])
        yield from memory_of_merging(folder / "merged")
    plot(costs, PLOT)
    yield Figure(f"plot: {PLOT}", float("nan"), "")


def workers_against_threads(lowered: Any, folder: Path, draws: int) -> Iterator[Figure]:
    """The same shards in this process with its threads, and on two workers; both have compiled before."""
    from backchannel.scale.solve_sharded import solve_sharded
    from backchannel.workers.cluster import Cluster
    from backchannel.workers.workers import Threads, working_on

    size = draws // SHARDS

    def seconds(chosen: Any, name: str, seed: int = 0, n: int = draws) -> float:
        began = time.perf_counter()
        with working_on(chosen):
            solve_sharded(lowered, folder / name, draws=n, seed=seed, size=size)
        return time.perf_counter() - began

    seconds(Threads(), "warm", seed=1, n=size)
    alone = seconds(Threads(), "threads")
    yield Figure(f"{draws:,} draws, one process and its threads", alone, "s")
    began = time.perf_counter()
    cluster = Cluster("local:2")
    yield Figure("start of two workers", time.perf_counter() - began, "s")
    try:
        yield Figure(
            "their first shards (compiled programs are read)",
            seconds(cluster, "warm2", seed=1, n=2 * size), "s",
        )  # fmt: skip
        together = seconds(cluster, "workers")
        peaks = cluster.client.run(_peak)
    finally:
        cluster.close()
    yield Figure(f"{draws:,} draws, two workers", together, "s")
    yield Figure("two workers against one process", together / alone, "×", "at most 1.15")
    yield Figure(f"peak memory of a worker, shards of {size:,}", max(peaks.values()), "GB", "4 GB")
    sizes = [file.stat().st_size for file in (folder / "workers").glob("draws-*.parquet")]
    yield Figure("bytes per draw on the wire and on disk", sum(sizes) / draws, "B")
    yield Figure("bytes of the case, sent with every shard", len(pickle.dumps(lowered)), "B")


def overhead_of_a_shard(lowered: Any) -> Iterator[Figure]:
    """What a shard costs besides its draws: the time of many small ones less that of one large one."""
    from backchannel.scale.solve import solve_shard

    draws, cut = 4096, 16
    size = draws // cut
    solve_shard(lowered, 0, size, 0)
    solve_shard(lowered, 0, draws, 0)
    whole = _processor(lambda: solve_shard(lowered, 0, draws, 0))
    parts = _processor(
        lambda: [solve_shard(lowered, i * size, (i + 1) * size, 0) for i in range(cut)]
    )
    yield Figure(f"overhead of a shard, {SMALL} (processor time)", (parts - whole) / (cut - 1), "s")


def costs_per_draw(lowered: Any, most: int) -> dict[int, float]:
    """Processor seconds per draw, by the number of draws; compiled before, shards of the usual size at most."""
    from backchannel.language.number_ranges import SHARD_SIZE
    from backchannel.scale.solve import solve_shard

    costs = {}
    draws = FEWEST
    while draws <= most:
        size = min(draws, SHARD_SIZE)
        starts = range(0, draws, size)
        solve_shard(lowered, 0, size, 1)
        work = _processor(lambda: [solve_shard(lowered, at, at + size, 0) for at in starts])  # noqa: B023
        costs[draws] = work / draws
        draws *= 4
    return costs


def flatness(title: str, costs: dict[int, float]) -> Iterator[Figure]:
    """Cost per draw at every size, and how far it is from flat."""
    for draws, cost in costs.items():
        yield Figure(f"{title}, {draws:,} draws", 1e3 * cost, "ms per draw", note="processor time")
    middle = median(costs.values())
    spread = max(abs(cost / middle - 1) for cost in costs.values())
    yield Figure(f"{title}, largest distance from the median cost", 100 * spread, "%", "at most 10")


def memory_of_merging(folder: Path, draws: int = MERGED) -> Iterator[Figure]:
    """Peak memory of a process that merges invented shards with the flagship's columns."""
    command = [sys.executable, "-m", "benchmarks.synthetic_shards", CASE, str(folder), str(draws)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    yield Figure(f"peak memory of merging {draws:,} draws", float(done.stdout), "GB", "4 GB")


def plot(costs: dict[str, dict[int, float]], path: Path) -> None:
    """Cost per draw against the number of draws."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    for title, cost in costs.items():
        axes.plot(list(cost), [1e3 * each for each in cost.values()], "o-", label=title)
    axes.set(xscale="log", yscale="log", xlabel="draws", ylabel="processor time per draw (ms)")
    axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def _processor(work: Any) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _peak() -> float:
    """Peak memory of this process in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--draws", type=int, default=DRAWS, help="Draws of the flagship.")
    parser.add_argument("--most", type=int, default=MOST, help="Most draws of the small case.")
    chosen = parser.parse_args()
    for figure in measure(chosen.draws, chosen.most):
        print(f"{figure.name:<60} {figure.value:>12.4g} {figure.unit:<12} {figure.target}")
