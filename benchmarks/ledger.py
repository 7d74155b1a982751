"""The ledger under the clock: 100,000 forecasts logged, scored and exported."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.registry import Figure

ABOUT = "a ledger of 100,000 forecasts: log, score, export"
RUNS, NODES, CASES = 100, 1000, 10
VALUES = ("none", "some", "all")


def measure() -> Iterator[Figure]:
    """Every node is resolved, so that every forecast is scored."""
    from backchannel.ledger.entries import Logged, RunEntry
    from backchannel.ledger.export import export_ledger
    from backchannel.ledger.ledger import Ledger
    from backchannel.ledger.scores import score

    chance = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "team.ledger")
        began = time.perf_counter()
        for i in range(RUNS):
            run = RunEntry(f"case{i % CASES}", "Case", "hash", date(2040, 1, 1), 64, 60.0, i, "0")
            rows = [tuple(map(float, p)) for p in chance.dirichlet(np.ones(3), NODES)]
            nodes = [Logged(f"n{k}", "N", None, "", VALUES, p, p, p) for k, p in enumerate(rows)]
            ledger.log(run, nodes)
        yield Figure("log 100,000 forecasts", time.perf_counter() - began, "s")
        for i in range(CASES):
            came = {f"n{k}": VALUES[int(v)] for k, v in enumerate(chance.integers(3, size=NODES))}
            ledger.resolve(f"case{i}", came, on=date(2040, 3, 1), source="drawn")
        began = time.perf_counter()
        report = score(ledger)
        seconds = time.perf_counter() - began
        counted = report.total.forecasts if report.total else 0
        yield Figure("score", seconds, "s", "at most 5", f"{counted:,} forecasts")
        began = time.perf_counter()
        count = export_ledger(ledger, Path(folder) / "all.csv")
        yield Figure("export", time.perf_counter() - began, "s", note=f"{count:,} rows of CSV")
