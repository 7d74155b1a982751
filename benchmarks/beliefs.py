"""Beliefs about beliefs on the flagship: what a second level costs, beside the first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from benchmarks.registry import Figure

ABOUT = "belief models nested two levels deep, against one level; the surprise table"
CASE = "belarus-2025"


def measure(draws: int = 1024) -> Iterator[Figure]:
    """Solve the flagship with none, one and two levels of beliefs; then look at its surprises."""
    from backchannel.case.catalog import find_case
    from backchannel.case.lower.lower import lower
    from backchannel.case.read.case_file import read_case
    from backchannel.diagram.beliefs import Belief
    from backchannel.ensemble.draws import draw_numbers
    from backchannel.ensemble.ensemble import build_ensemble
    from backchannel.equilibrium.beliefs.models import build_models
    from backchannel.equilibrium.beliefs.play import play
    from backchannel.questions.surprise.ask import compare_expectations

    lowered = lower(*read_case(find_case(CASE)))
    numbers = draw_numbers(lowered.priors, draws, seed=1)
    minsk, moscow = lowered.beliefs
    # Each knows how the other errs: two inner models, which are the outer ones of the one level.
    shared = (replace(minsk, about=(moscow,)), replace(moscow, about=(minsk,)))
    # And takes Washington and the EU to be in error in ways of their own.
    inner = (Belief("usa", {"deal_worth": "freed_worth"}), Belief("eu", {"principle": "eu_gain"}))
    apart = tuple(replace(belief, about=inner) for belief in (minsk, moscow))
    one = None
    for name, beliefs in (
        ("no wrong beliefs", ()),
        ("one level", lowered.beliefs),
        ("two levels, inner models shared", shared),
        ("two levels, inner models apart", apart),
    ):
        models = build_models(lowered.diagram, beliefs, numbers)
        play(models)
        seconds = _cpu(lambda models=models: play(models))
        yield Figure(
            f"solve, {name}", seconds, "CPU s", note=f"{len(models.distinct)} belief models"
        )
        if name == "one level":
            one = seconds
        elif one is not None:
            yield Figure(
                f"{name}, beside one level", seconds / one, "×", note="5/3 by their number"
            )
    ensemble = build_ensemble(lowered.diagram, lowered.beliefs, numbers, lowered.record)
    yield Figure("the surprise table", _cpu(lambda: compare_expectations(ensemble)), "CPU s")


def _cpu(work: Callable[[], object], repeat: int = 5) -> float:
    """The least of some runs in processor seconds, of all threads: ratios then survive a busy machine."""
    best = float("inf")
    for _ in range(repeat):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best
