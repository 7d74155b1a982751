"""The choice of a box on the path inwards: the most accurate one, or the widest that reaches a chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backchannel.questions.sensitivity.boxes import (
    PEEL,
    Limits,
    accuracy_of,
    chance_of_restriction,
    density_inside,
)
from backchannel.questions.sensitivity.sample import Sample

LEVEL = 0.05
"""A restriction is dropped when the probability that chance explains it is at least this."""


def most_accurate(sample: Sample, path: Sequence[Limits]) -> Limits:
    """The most accurate box, widened, without restrictions that chance would explain."""
    best = max(path, key=lambda limits: accuracy_of(sample, limits))
    return _stripped(sample, _pasted(sample, best))


def widest_reaching(sample: Sample, path: Sequence[Limits], chance: float) -> Limits:
    """The widest box with at least this density, without restrictions that are not needed."""
    for limits in path:
        if density_inside(sample, limits.inside(sample.numbers)) >= chance:
            break
    else:
        return max(path, key=lambda box: density_inside(sample, box.inside(sample.numbers)))
    while limits.restricted:
        fewer = [limits.without(i) for i in limits.restricted]
        widest = max(fewer, key=lambda box: density_inside(sample, box.inside(sample.numbers)))
        if density_inside(sample, widest.inside(sample.numbers)) < chance:
            break
        limits = widest
    return limits


def _pasted(sample: Sample, limits: Limits) -> Limits:
    """Widen a box step by step while this raises its accuracy."""
    while True:
        wider = [box for i in limits.restricted for box in _wider(sample, limits, i)]
        best = max(wider, key=lambda box: accuracy_of(sample, box), default=limits)
        if accuracy_of(sample, best) <= accuracy_of(sample, limits) + 1e-12:
            return limits
        limits = best


def _wider(sample: Sample, limits: Limits, i: int) -> list[Limits]:
    """Move one assumption's ends outwards by a twentieth of the box's weight."""
    numbers, weights = sample.numbers[:, i], sample.weights
    step = PEEL * weights[limits.inside(sample.numbers)].sum()
    open_ = limits.without(i).inside(sample.numbers)
    wider = []
    for upper, end in ((False, limits.low[i]), (True, limits.high[i])):
        beyond = open_ & (numbers > end if upper else numbers < end)
        if not np.isfinite(end) or not beyond.any():
            continue
        order = np.argsort(numbers[beyond] if upper else -numbers[beyond])
        reach = np.searchsorted(np.cumsum(weights[beyond][order]), step)
        past = numbers[beyond][order]
        number = past[reach] if reach < len(past) - 1 else (np.inf if upper else -np.inf)
        wider.append(limits.with_limit(i, upper, float(number)))
    return wider


def _stripped(sample: Sample, limits: Limits) -> Limits:
    """Drop the least certain restriction until chance explains none of the rest."""
    while limits.restricted:
        by_chance = {i: chance_of_restriction(sample, limits, i) for i in limits.restricted}
        worst = max(by_chance, key=lambda i: by_chance[i])
        if by_chance[worst] < LEVEL:
            break
        limits = limits.without(worst)
    return limits
