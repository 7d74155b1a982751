"""Scenario discovery: the few ranges of assumptions within which an outcome mostly happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from backchannel.ensemble.weighted import effective_size
from backchannel.questions.sensitivity.boxes import (
    PEEL,
    Box,
    Limits,
    accuracy_of,
    box_of,
    chance_of_restriction,
    density_inside,
)
from backchannel.questions.sensitivity.sample import Sample
from backchannel.questions.statistics.influence import INTERVAL_WIDTH

SMALLEST_BOX = 0.05
"""Smallest share of the weight that a box may have."""
FEWEST_INSIDE = 20
"""Smallest effective sample size that a box may have."""
CHECK_PARTS = 5
"""Parts of the draws; each is left out in turn to check the box."""
LEVEL = 0.05
"""A restriction is dropped when the probability that chance explains it is at least this."""
GAIN_LEFT = 0.5
"""Least share of a box's gain over the forecast that must be found again in draws left out."""


@dataclass(frozen=True)
class Scenario:
    """The best box for an outcome, the path to it, and its results in other draws."""

    box: Box
    """Has no restrictions when no range stands out from chance, or holds in draws left out."""
    trajectory: tuple[Box, ...]
    """The boxes from all draws inwards."""
    forecast: float
    """Chance of the outcome over all draws."""
    checked_density: float
    """Chance of the outcome inside, in draws left out when the box was found (cross-validation)."""
    checked_coverage: float
    """Share of the outcome's chance inside, in draws left out when the box was found."""
    checked_error: float
    """Standard error of the checked density."""

    @property
    def holds(self) -> bool:
        """Whether draws left out show at least half of the gain, and more than chance would give."""
        gain, checked = self.box.density - self.forecast, self.checked_density - self.forecast
        return checked >= GAIN_LEFT * gain and checked > INTERVAL_WIDTH * self.checked_error


Choice = Callable[[Sample, Sequence[Limits]], Limits]
"""Chooses one box of a trajectory."""


def discover(sample: Sample) -> Scenario:
    """Find the ranges of assumptions within which an outcome mostly happens, by patient rule induction.

    Starting with all draws, each step removes a twentieth of the weight at the end of the assumption
    that raises the outcome's chance most. Of the boxes on this path, the one with the best weighted
    relative accuracy, (density − forecast) × mass, is chosen, widened where that improves it, and freed
    of restrictions that chance would explain. A box that does not hold in draws left out of the search
    is dropped: what is left has no restrictions.

    Every draw counts with its weight and with the chance of the outcome in it, so density is
    P(outcome | box) and coverage P(box | outcome).

    Source: Friedman & Fisher (1999), Bump hunting in high-dimensional data; Bryant & Lempert (2010),
    Thinking inside the box, for coverage, density and the significance of restrictions; Lavrač,
    Flach & Zupan (1999) for the accuracy; Kwakkel & Jaxa-Rozen (2016) for the score of a peel.
    """
    scenario = _scenario(sample, most_accurate)
    if scenario.box.restrictions and scenario.holds:
        return scenario
    everything = scenario.trajectory[0]
    return replace(
        scenario,
        box=everything,
        checked_density=everything.density,
        checked_coverage=everything.coverage,
    )


def discover_reaching(sample: Sample, chance: float) -> Scenario | None:
    """Find the most probable box in which the outcome has at least a chance; `None` if none has.

    The first box on the path inwards that reaches the chance is freed of every restriction that is not
    needed. There is none either if it does not hold in draws left out of the search: the outcome's chance
    there must reach the one asked for, up to a standard error.
    """
    scenario = _scenario(sample, lambda s, path: _widest_reaching(s, path, chance))
    again = scenario.checked_density + scenario.checked_error >= chance
    return scenario if scenario.box.density >= chance and scenario.holds and again else None


def _scenario(sample: Sample, choose: Choice) -> Scenario:
    path = _peeled(sample)
    limits = choose(sample, path)
    density, coverage, error = _cross_validate(sample, choose)
    return Scenario(
        box=box_of(sample, limits),
        trajectory=tuple(box_of(sample, step) for step in path),
        forecast=float(sample.weights @ sample.answer),
        checked_density=density,
        checked_coverage=coverage,
        checked_error=error,
    )


def _peeled(sample: Sample) -> list[Limits]:
    """Peel boxes from all draws inwards, each one peel smaller than the last."""
    n = len(sample.names)
    limits = Limits(np.full(n, -np.inf), np.full(n, np.inf))
    path = [limits]
    order = np.argsort(sample.numbers, axis=0, kind="stable").T
    ranked = np.take_along_axis(sample.numbers.T, order, axis=1)
    weights, worth = sample.weights, sample.weights * sample.answer
    inside = np.ones(sample.n_draws, dtype=bool)
    while True:
        step = _best_peel(order, ranked, weights * inside, worth * inside)
        if step is None:
            return path
        limits = limits.with_limit(*step)
        inside = limits.inside(sample.numbers)
        kept = weights[inside]
        if kept.sum() < SMALLEST_BOX or effective_size(kept) < FEWEST_INSIDE:
            return path
        path.append(limits)


def _best_peel(
    order: np.ndarray, ranked: np.ndarray, weights: np.ndarray, worth: np.ndarray
) -> tuple[int, bool, float] | None:
    """Find the end of an assumption whose removal raises the density most per weight removed."""
    mass, density = weights.sum(), worth.sum() / weights.sum()
    best: tuple[float, int, bool, float] | None = None
    for upper in (False, True):
        rows = order[:, ::-1] if upper else order
        numbers = ranked[:, ::-1] if upper else ranked
        cumulated = np.cumsum(weights[rows], axis=1)
        # Remove draws from the end, up to a twentieth of the weight, but at least one.
        present = weights[rows] > 0
        first = np.argmax(present, axis=1)
        within = (cumulated <= PEEL * mass * (1 + 1e-12)) & present
        last = np.where(
            within.any(axis=1), within.shape[1] - 1 - np.argmax(within[:, ::-1], axis=1), first
        )
        each = np.arange(len(rows))
        last = _to_end_of_ties(numbers, last)
        removed = cumulated[each, last]
        removed_worth = np.cumsum(worth[rows], axis=1)[each, last]
        remaining = mass - removed
        with np.errstate(divide="ignore", invalid="ignore"):
            gain = ((worth.sum() - removed_worth) / remaining - density) / removed
        gain = np.where(remaining > 1e-12, gain, -np.inf)
        dimension = int(np.argmax(gain))
        if gain[dimension] > 1e-12 and (best is None or gain[dimension] > best[0]):
            end = last[dimension]
            following = end + 1 + int(np.argmax(present[dimension, end + 1 :]))
            between = (numbers[dimension, end] + numbers[dimension, following]) / 2
            best = (float(gain[dimension]), dimension, upper, float(between))
    return None if best is None else best[1:]


def _to_end_of_ties(numbers: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Move each row's place to the last of equal numbers: no limit can separate them."""
    following = np.minimum(last + 1, numbers.shape[1] - 1)
    each = np.arange(len(last))
    for row in np.flatnonzero(numbers[each, last] == numbers[each, following]):
        alike = numbers[row] == numbers[row, last[row]]
        last[row] = len(alike) - 1 - int(np.argmax(alike[::-1]))
    return last


def most_accurate(sample: Sample, path: Sequence[Limits]) -> Limits:
    """The most accurate box, widened, without restrictions that chance would explain."""
    best = max(path, key=lambda limits: accuracy_of(sample, limits))
    return _stripped(sample, _pasted(sample, best))


def _widest_reaching(sample: Sample, path: Sequence[Limits], chance: float) -> Limits:
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


def _cross_validate(sample: Sample, choose: Choice) -> tuple[float, float, float]:
    """Density, coverage and the density's standard error, in draws left out when a box was found."""
    part = np.random.default_rng(sample.n_draws + 2).permutation(sample.n_draws) % CHECK_PARTS
    inside = np.zeros(sample.n_draws, dtype=bool)
    for fold in range(CHECK_PARTS):
        kept, left_out = part != fold, part == fold
        training = replace(
            sample,
            numbers=sample.numbers[kept],
            chances=sample.chances[kept],
            weights=sample.weights[kept] / sample.weights[kept].sum(),
            rows=sample.rows[kept],
        )
        limits = choose(training, _peeled(training))
        inside |= left_out & limits.inside(sample.numbers)
    weights, answer = sample.weights[inside], sample.answer[inside]
    mass, worth = float(weights.sum()), float(weights @ answer)
    total = float(sample.weights @ sample.answer)
    density = worth / mass if mass > 0 else 0.0
    error = float(np.sqrt(weights**2 @ (answer - density) ** 2)) / mass if mass > 0 else np.inf
    return density, (worth / total if total > 0 else 0.0), error
