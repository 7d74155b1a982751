"""Repeated rounds: what 24 rounds cost beside 8, compilation included, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.registry import Figure

ABOUT = "a template of 4 decisions and 3 state nodes, 8 rounds and 24, from nothing to equilibria"
DRAWS = 256

CASE = Path(__file__).with_name("siege.yaml").read_text()

COLD = """
import resource
import sys
from backchannel.study import Study
study = Study.load({case!r}, draws={draws})
assert study.ensemble.converged.all()
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime)
"""


def measure() -> Iterator[Figure]:
    """Processor seconds from importing the package to solved draws, and their ratio."""
    idle = _cold(1)
    seconds = {rounds: _cold(rounds) for rounds in (8, 24)}
    for rounds, found in seconds.items():
        yield Figure(f"{rounds} rounds, {DRAWS} draws, processor time", found, "s")
    yield Figure("24 rounds beside 8", seconds[24] / seconds[8], "×", "at most 3")
    yield Figure(
        "the same, less what one round costs",
        (seconds[24] - idle) / (seconds[8] - idle),
        "×",
        note="what importing and the first compilation cost is left out",
    )


def _cold(rounds: int) -> float:
    code = COLD.format(case=CASE.replace("ROUNDS", str(rounds)), draws=DRAWS)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])
