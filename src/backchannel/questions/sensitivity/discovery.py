"""Scenario discovery: the few ranges of assumptions within which an outcome mostly happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from jaxtyping import Bool, Float

from backchannel.ensemble.weighted import effective_size
from backchannel.language.names import ParameterName
from backchannel.questions.sensitivity.sample import Sample

PEEL = 0.05
"""Share of a box's weight that one step takes off or puts back."""
SMALLEST = 0.05
"""Share of all weight below which no box goes."""
FEWEST_INSIDE = 20
"""Effective draws below which no box goes."""
FOLDS = 5
"""Parts of the draws that are left out in turn to check a box."""
LEVEL = 0.05
"""A restriction is dropped when chance would raise the density as much more often than this."""


@dataclass(frozen=True)
class Restriction:
    """The range of one assumption in a box."""

    parameter: ParameterName
    low: float
    """-inf where it is open."""
    high: float
    """inf where it is open."""
    by_chance: float
    """Probability that chance would set what it shuts out as far apart, made up for all cuts of all
    assumptions that were looked at."""


@dataclass(frozen=True)
class Box:
    """Ranges of some assumptions, and how the outcome fares inside."""

    restrictions: tuple[Restriction, ...]
    mass: float
    """Probability that the assumptions lie in the box, given the record."""
    density: float
    """Chance of the outcome inside the box."""
    coverage: float
    """Share of the outcome's chance that lies inside the box."""


@dataclass(frozen=True)
class Scenario:
    """The box that holds an outcome best, how it was reached, and whether it holds elsewhere."""

    box: Box
    """Without restrictions when no range stands out from chance."""
    trajectory: tuple[Box, ...]
    """From all draws inwards."""
    forecast: float
    """Chance of the outcome over all draws."""
    checked_density: float
    """Chance of the outcome in draws that were left out when the box was found (5 parts in turn)."""
    checked_coverage: float
    """Share of the outcome's chance that such boxes hold in draws that were left out."""


Choice = Callable[[Sample, "Sequence[_Limits]"], "_Limits"]
"""Picks one box of a trajectory."""


def discover(sample: Sample) -> Scenario:
    """Find the ranges of assumptions that hold an outcome, by patient rule induction.

    From all draws, a twentieth of the weight is peeled off at whatever end of whatever assumption
    raises the outcome's chance most, again and again; of the boxes on the way, the one that sets the
    outcome apart best is kept, widened where that helps, and stripped of restrictions that chance
    would explain. Best is (density − forecast) × mass, the weighted relative accuracy.

    Every draw counts with its weight and with the chance of the outcome in it, so density is
    P(outcome | box) and coverage P(box | outcome).

    Source: Friedman & Fisher (1999), Bump hunting in high-dimensional data; Bryant & Lempert (2010),
    Thinking inside the box, for coverage, density and the significance of restrictions; Lavrač,
    Flach & Zupan (1999) for the accuracy; Kwakkel & Jaxa-Rozen (2016) for the score of a peel.
    """
    return _scenario(sample, most_telling)


def discover_reaching(sample: Sample, chance: float) -> Scenario | None:
    """Find the least unlikely box in which the outcome has at least a chance; `None` without one.

    Of the boxes on the way inwards, the first that reaches the chance is freed of every restriction
    that it can spare.
    """
    found = _scenario(sample, lambda s, path: _widest_reaching(s, path, chance))
    return found if found.box.density >= chance else None


def _scenario(sample: Sample, choose: Choice) -> Scenario:
    path = _peeled(sample)
    limits = choose(sample, path)
    density, coverage = _checked(sample, choose)
    return Scenario(
        box=_box(sample, limits),
        trajectory=tuple(_box(sample, one) for one in path),
        forecast=float(sample.weights @ sample.answer),
        checked_density=density,
        checked_coverage=coverage,
    )


@dataclass(frozen=True)
class _Limits:
    """A box as two numbers an assumption."""

    low: Float[np.ndarray, " assumption"]
    high: Float[np.ndarray, " assumption"]

    def inside(self, numbers: Float[np.ndarray, "draw assumption"]) -> Bool[np.ndarray, " draw"]:
        return np.all((numbers >= self.low) & (numbers <= self.high), axis=1)

    @property
    def restricted(self) -> list[int]:
        return np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high)).tolist()

    def without(self, assumption: int) -> _Limits:
        low, high = self.low.copy(), self.high.copy()
        low[assumption], high[assumption] = -np.inf, np.inf
        return _Limits(low, high)

    def moved(self, assumption: int, upper: bool, number: float) -> _Limits:
        low, high = self.low.copy(), self.high.copy()
        (high if upper else low)[assumption] = number
        return _Limits(low, high)


def _peeled(sample: Sample) -> list[_Limits]:
    """Boxes from all draws inwards, each a peel smaller than the one before."""
    n = len(sample.names)
    limits = _Limits(np.full(n, -np.inf), np.full(n, np.inf))
    path = [limits]
    order = np.argsort(sample.numbers, axis=0, kind="stable").T
    ranked = np.take_along_axis(sample.numbers.T, order, axis=1)
    weights, worth = sample.weights, sample.weights * sample.answer
    inside = np.ones(sample.n_draws, dtype=bool)
    while True:
        step = _best_peel(order, ranked, weights * inside, worth * inside)
        if step is None:
            return path
        limits = limits.moved(*step)
        inside = limits.inside(sample.numbers)
        kept = weights[inside]
        if kept.sum() < SMALLEST or effective_size(kept) < FEWEST_INSIDE:
            return path
        path.append(limits)


def _best_peel(
    order: np.ndarray, ranked: np.ndarray, weights: np.ndarray, worth: np.ndarray
) -> tuple[int, bool, float] | None:
    """The end of an assumption whose peeling raises the density most for the weight it costs."""
    mass, density = weights.sum(), worth.sum() / weights.sum()
    best: tuple[float, int, bool, float] | None = None
    for upper in (False, True):
        rows = order[:, ::-1] if upper else order
        numbers = ranked[:, ::-1] if upper else ranked
        cumulated = np.cumsum(weights[rows], axis=1)
        # What goes: draws from the end up to a twentieth, and never less than one.
        present = weights[rows] > 0
        first = np.argmax(present, axis=1)
        within = (cumulated <= PEEL * mass * (1 + 1e-12)) & present
        last = np.where(
            within.any(axis=1), within.shape[1] - 1 - np.argmax(within[:, ::-1], axis=1), first
        )
        each = np.arange(len(rows))
        gone = cumulated[each, last]
        gone_worth = np.cumsum(worth[rows], axis=1)[each, last]
        left = mass - gone
        with np.errstate(divide="ignore", invalid="ignore"):
            gain = ((worth.sum() - gone_worth) / left - density) / gone
        gain = np.where(left > 1e-12, gain, -np.inf)
        dimension = int(np.argmax(gain))
        if gain[dimension] > 1e-12 and (best is None or gain[dimension] > best[0]):
            end = last[dimension]
            following = end + 1 + int(np.argmax(present[dimension, end + 1 :]))
            between = (numbers[dimension, end] + numbers[dimension, following]) / 2
            best = (float(gain[dimension]), dimension, upper, float(between))
    return None if best is None else best[1:]


def most_telling(sample: Sample, path: Sequence[_Limits]) -> _Limits:
    """The box of highest weighted relative accuracy, widened and stripped of what chance explains."""
    best = max(path, key=lambda limits: _accuracy(sample, limits))
    return _stripped(sample, _pasted(sample, best))


def _widest_reaching(sample: Sample, path: Sequence[_Limits], chance: float) -> _Limits:
    """The heaviest box of at least a density, with every restriction dropped that it can spare."""
    for limits in path:
        if _density(sample, limits.inside(sample.numbers)) >= chance:
            break
    else:
        return max(path, key=lambda one: _density(sample, one.inside(sample.numbers)))
    while limits.restricted:
        fewer = [limits.without(i) for i in limits.restricted]
        widest = max(fewer, key=lambda one: _density(sample, one.inside(sample.numbers)))
        if _density(sample, widest.inside(sample.numbers)) < chance:
            break
        limits = widest
    return limits


def _pasted(sample: Sample, limits: _Limits) -> _Limits:
    """Widen a box step by step while that raises its accuracy."""
    while True:
        wider = [one for i in limits.restricted for one in _wider(sample, limits, i)]
        best = max(wider, key=lambda one: _accuracy(sample, one), default=limits)
        if _accuracy(sample, best) <= _accuracy(sample, limits) + 1e-12:
            return limits
        limits = best


def _wider(sample: Sample, limits: _Limits, i: int) -> list[_Limits]:
    """A box with one assumption's ends moved out by a twentieth of its weight."""
    numbers, weights = sample.numbers[:, i], sample.weights
    step = PEEL * weights[limits.inside(sample.numbers)].sum()
    open_ = limits.without(i).inside(sample.numbers)
    found = []
    for upper, end in ((False, limits.low[i]), (True, limits.high[i])):
        beyond = open_ & (numbers > end if upper else numbers < end)
        if not np.isfinite(end) or not beyond.any():
            continue
        order = np.argsort(numbers[beyond] if upper else -numbers[beyond])
        reach = np.searchsorted(np.cumsum(weights[beyond][order]), step)
        past = numbers[beyond][order]
        number = past[reach] if reach < len(past) - 1 else (np.inf if upper else -np.inf)
        found.append(limits.moved(i, upper, float(number)))
    return found


def _stripped(sample: Sample, limits: _Limits) -> _Limits:
    """Drop the least certain restriction until chance explains none that is left."""
    while limits.restricted:
        doubt = {i: _by_chance(sample, limits, i) for i in limits.restricted}
        worst = max(doubt, key=lambda i: doubt[i])
        if doubt[worst] < LEVEL:
            break
        limits = limits.without(worst)
    return limits


def _by_chance(sample: Sample, limits: _Limits, i: int) -> float:
    """Probability that chance would set the draws which one restriction shuts out as far apart.

    The means inside and outside are compared; that the cut was sought over the whole range, at both
    ends, and in every assumption is made up for.

    Source: Bryant & Lempert (2010), who test with a binomial what here are chances and weights;
    Miller & Siegmund (1982), Maximally selected chi square statistics, for the cut that was sought.
    """
    inside = limits.inside(sample.numbers)
    without = limits.without(i).inside(sample.numbers)
    shut_out = without & ~inside
    if not shut_out.any():
        return 1.0
    gap = _density(sample, inside) - _density(sample, shut_out)
    weights = sample.weights
    off = sample.answer[without] - _density(sample, without)
    # One spread for both sides: the few draws that a peel shuts out do not show their own.
    spread = np.sqrt(weights[without] @ off**2 / weights[without].sum())
    counts = effective_size(weights[inside]), effective_size(weights[shut_out])
    error = spread * np.sqrt(1 / counts[0] + 1 / counts[1])
    if error == 0:
        return 1.0
    return min(1.0, _sought(gap / error) * len(sample.names))


def _sought(deviate: float) -> float:
    """Probability that the best of all cuts, at least a peel from the ends, differs by as much."""
    if deviate <= 1:
        return 1.0
    height = NormalDist().pdf(deviate)
    widths = 2 * np.log((1 - PEEL) / PEEL)
    return float(min(1.0, height * ((deviate - 1 / deviate) * widths + 4 / deviate)))


def _checked(sample: Sample, choose: Choice) -> tuple[float, float]:
    """Density and coverage in parts of the draws that were left out when a box was found."""
    part = np.random.default_rng(sample.n_draws + 2).permutation(sample.n_draws) % FOLDS
    mass = worth = 0.0
    for fold in range(FOLDS):
        kept, left_out = part != fold, part == fold
        training = replace(
            sample,
            numbers=sample.numbers[kept],
            chances=sample.chances[kept],
            weights=sample.weights[kept] / sample.weights[kept].sum(),
            rows=sample.rows[kept],
        )
        limits = choose(training, _peeled(training))
        held = left_out & limits.inside(sample.numbers)
        mass += float(sample.weights[held].sum())
        worth += float(sample.weights[held] @ sample.answer[held])
    total = float(sample.weights @ sample.answer)
    return (worth / mass if mass > 0 else 0.0), (worth / total if total > 0 else 0.0)


def _box(sample: Sample, limits: _Limits) -> Box:
    inside = limits.inside(sample.numbers)
    density, total = _density(sample, inside), float(sample.weights @ sample.answer)
    mass = float(sample.weights[inside].sum())
    return Box(
        restrictions=tuple(
            Restriction(
                parameter=sample.names[i],
                low=float(limits.low[i]),
                high=float(limits.high[i]),
                by_chance=_by_chance(sample, limits, i),
            )
            for i in limits.restricted
        ),
        mass=mass,
        density=density,
        coverage=density * mass / total if total > 0 else 0.0,
    )


def _accuracy(sample: Sample, limits: _Limits) -> float:
    inside = limits.inside(sample.numbers)
    centre = sample.weights @ sample.answer
    return float(sample.weights[inside] @ (sample.answer[inside] - centre))


def _density(sample: Sample, inside: Bool[np.ndarray, " draw"]) -> float:
    mass = float(sample.weights[inside].sum())
    return float(sample.weights[inside] @ sample.answer[inside]) / mass if mass > 0 else 0.0
