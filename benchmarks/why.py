"""Why, under the clock: six causes of the flagship's outcome, all sets, in every draw."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator

from benchmarks.registry import Figure

ABOUT = "why on the flagship: 64 sets of six causes, 64 worlds in each draw"
CASE, QUESTION = "belarus-2025", "stalled"


def measure(draws: int = 1024) -> Iterator[Figure]:
    """Compile on a few draws, then the whole question; worlds and replay by themselves."""
    from backchannel import Study

    study = Study.load(CASE, draws=draws)
    study.why(QUESTION, worlds=2, draws=64)
    began = time.perf_counter()
    found = study.why(QUESTION, worlds=64)
    seconds = time.perf_counter() - began
    yield Figure(
        f"why, {found.n_sets} sets × {found.n_draws} draws × 64 worlds", seconds, "s", "at most 30"
    )
    began = time.perf_counter()
    study.why.decompose("outspokenness", QUESTION, worlds=64)
    yield Figure("one cause taken apart", time.perf_counter() - began, "s")
    worst = max(100 * finding.share.shared.error for finding in found.causes)
    yield Figure("largest standard error of a share", worst, "points")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    yield Figure("peak memory", peak, "GB", "at most 3")
