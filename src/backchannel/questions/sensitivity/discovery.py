"""Scenario discovery: the few ranges of assumptions within which an outcome mostly happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from backchannel.questions.sensitivity.box_choice import most_accurate, widest_reaching
from backchannel.questions.sensitivity.boxes import Box, Limits, box_of
from backchannel.questions.sensitivity.peeling import peeled_boxes
from backchannel.questions.sensitivity.sample import Sample
from backchannel.questions.statistics.influence import INTERVAL_WIDTH

CHECK_PARTS = 5
"""Parts of the draws; each is left out in turn to check the box."""
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
    scenario = _scenario(sample, lambda s, path: widest_reaching(s, path, chance))
    again = scenario.checked_density + scenario.checked_error >= chance
    return scenario if scenario.box.density >= chance and scenario.holds and again else None


def _scenario(sample: Sample, choose: Choice) -> Scenario:
    path = peeled_boxes(sample)
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
        limits = choose(training, peeled_boxes(training))
        inside |= left_out & limits.inside(sample.numbers)
    weights, answer = sample.weights[inside], sample.answer[inside]
    mass, worth = float(weights.sum()), float(weights @ answer)
    total = float(sample.weights @ sample.answer)
    density = worth / mass if mass > 0 else 0.0
    error = float(np.sqrt(weights**2 @ (answer - density) ** 2)) / mass if mass > 0 else np.inf
    return density, (worth / total if total > 0 else 0.0), error
