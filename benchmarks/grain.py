"""A case whose interests are long sums: one forecast, and a whole run, in processor time."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from math import nan
from pathlib import Path

from benchmarks.registry import Figure

ABOUT = "a case of 21 nodes whose interests are long sums (BACKCHANNEL_GRAIN names its file)"
DRAWS = 256


def measure() -> Iterator[Figure]:
    """Skipped where the case is not there: it belongs to its author."""
    file = os.environ.get("BACKCHANNEL_GRAIN", "")
    if not Path(file).is_file():
        yield Figure("a whole run", nan, "", note="skipped: BACKCHANNEL_GRAIN names no file")
        return
    from backchannel.study import Study

    study = Study.load(file, draws=DRAWS)
    began = time.process_time()
    node = study.lowered.first_question
    study.forecast(node)
    yield Figure(f"one forecast, {DRAWS} draws", time.process_time() - began, "s of processor time")
    began = time.process_time()
    study.answers()
    yield Figure(
        f"all questions, {DRAWS} draws", time.process_time() - began, "s of processor time"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    yield Figure("peak memory", peak, "GB")
