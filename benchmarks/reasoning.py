"""Ways of reasoning under the clock: the flagship with everyone at a level, beside equilibrium."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from benchmarks.registry import Figure

ABOUT = "the flagship with all players at a level or in a hierarchy, beside equilibrium"
CASE = "belarus-2025"
ROUNDS = 5
"""Times that each way is solved, in turn, so that all meet the same machine."""
WAYS = {"level 1": (1, False), "level 2": (2, False), "hierarchy up to 3": (3, True)}


def measure(draws: int = 1024) -> Iterator[Figure]:
    """Solve the true case and all belief models, each way in turn."""
    import numpy as np

    from backchannel.case.catalog import find_case
    from backchannel.case.lower.lower import lower
    from backchannel.case.read.case_file import read_case
    from backchannel.diagram.reasoning import Reasoning, Thinking
    from backchannel.ensemble.draws import draw_numbers
    from backchannel.equilibrium.beliefs.models import build_models
    from backchannel.equilibrium.beliefs.play import play

    lowered = lower(*read_case(find_case(CASE)))
    numbers = draw_numbers(lowered.priors, draws, seed=1)
    deciding = {d.player for d in lowered.diagram.decisions}
    models = {"equilibrium": build_models(lowered.diagram, lowered.beliefs, numbers)}
    for way, (level, is_mixed) in WAYS.items():
        thinking = Thinking(
            {player: Reasoning("level", level, "mean" if is_mixed else "") for player in deciding}
        )
        own = {**numbers, "level": np.full(draws, float(level)), "mean": np.full(draws, 1.5)}
        diagram = replace(lowered.diagram, thinking=thinking)
        models[way] = build_models(diagram, lowered.beliefs, own)
    spent: dict[str, list[float]] = {way: [] for way in models}
    for way, built in models.items():
        began = time.perf_counter()
        play(built)
        yield Figure(f"{way}, compile and solve", time.perf_counter() - began, "s")
    for _ in range(ROUNDS):
        for way, built in models.items():
            # Processor time, which other work on the machine disturbs less than the clock.
            began = time.process_time()
            solved = play(built)
            spent[way].append(time.process_time() - began)
            assert solved.converged.mean() > 0.99
    usual = median(spent.pop("equilibrium"))
    yield Figure(f"equilibrium, {draws:,} draws, warm, processor time", usual, "s")
    for way, seconds in spent.items():
        yield Figure(
            f"{way}, over the time of equilibrium", median(seconds) / usual, "×", "at most 0.5"
        )
