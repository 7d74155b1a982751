"""Sensitivity on the flagship: each part after solving, the new solves, and peak memory."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator

from benchmarks.registry import Figure

ABOUT = "what decides the flagship's first forecast: 79 numbers, 1,024 draws, after solving"
CASE, NODE = "belarus-2025", "still_imprisoned"


def measure() -> Iterator[Figure]:
    """One pass over every part, then the whole question, then the same with new solves."""
    from backchannel.questions.sensitivity.ask import what_decides, what_would_it_take
    from backchannel.questions.sensitivity.discovery import discover
    from backchannel.questions.sensitivity.effects import effects_of
    from backchannel.questions.sensitivity.information import information_of
    from backchannel.questions.sensitivity.responses import responses_of
    from backchannel.questions.sensitivity.sample import sample_of
    from backchannel.questions.sensitivity.shapley_effects import shapley_effects
    from backchannel.questions.sensitivity.slices import slice_draws
    from backchannel.study import Study

    ensemble = Study.load(CASE, draws=1024).ensemble
    sample = sample_of(ensemble, NODE)
    sliced = slice_draws(sample)
    parts = {
        "slices, 200 replicas, 1,000 random": lambda: slice_draws(sample),
        "effects": lambda: effects_of(sliced),
        "responses and intervals": lambda: responses_of(sample),
        "scenario, with five folds": lambda: discover(sample),
        "information": lambda: information_of(ensemble, sliced),
        "Shapley effects (not asked for here)": lambda: shapley_effects(sample),
    }
    for name, work in parts.items():
        yield Figure(name, _seconds(work), "s")
    yield Figure("sensitivity", _seconds(lambda: what_decides(ensemble, NODE)), "s", "at most 5")
    value = sample.domain[1]
    took = _seconds(lambda: what_would_it_take(ensemble, NODE, value))
    yield Figure("inverse", took, "s", "at most 5")
    took = _seconds(lambda: what_decides(ensemble, NODE, solve=True))
    yield Figure("sensitivity with --solve", took, "s")
    took = _seconds(lambda: what_would_it_take(ensemble, NODE, value, solve=True))
    yield Figure("inverse with --solve", took, "s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    yield Figure("peak memory", peak, "GB", "at most 3")


def _seconds(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
