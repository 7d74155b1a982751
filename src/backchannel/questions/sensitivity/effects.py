"""Effects: how much each assumption moves an outcome, in which direction, beyond chance."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from jaxtyping import Float

from backchannel.language.names import ParameterName
from backchannel.questions.sensitivity.classes import (
    CELLS,
    Sliced,
    Slices,
    outcome_scores,
    slice_draws,
)
from backchannel.questions.sensitivity.sample import Sample

CONFIDENCE = 0.05
"""Chance that any assumption at all stands out where none has an effect."""
ENDS = (0.05, 0.95)
"""Ends of the intervals."""


class Shape(Enum):
    """How an outcome's chance goes as one assumption grows."""

    INCREASING = "increasing"
    DECREASING = "decreasing"
    PEAKED = "peaked"
    U_SHAPED = "U-shaped"
    WAVY = "wavy"
    FLAT = "flat"


@dataclass(frozen=True)
class Step:
    """The outcome in one slice of an assumption."""

    low: float
    """Smallest number in the slice."""
    high: float
    """Largest number in the slice."""
    mean: float
    """Mean chance of the outcome."""
    error: float
    """Standard error of the mean, over bootstrap samples."""


@dataclass(frozen=True)
class Effect:
    """What one assumption does to the chance of an outcome."""

    parameter: ParameterName
    share: float
    """First-order effect: the share of the chance's variance that this assumption explains alone,
    less what noise would give."""
    share_range: tuple[float, float]
    """90% bootstrap interval."""
    delta: float
    """Borgonovo's delta, 0 to 1: how far knowing this assumption shifts the whole distribution of
    the chance, half the expected area between the densities."""
    delta_range: tuple[float, float]
    """90% bootstrap interval."""
    by_chance: float
    """Probability that an assumption of no effect would show as large a share or a delta."""
    stands_out: bool
    """It exceeds what the strongest of all assumptions would reach by chance once in twenty."""
    shape: Shape
    steps: tuple[Step, ...]
    """Slice by slice, from its low to its high numbers."""


@dataclass(frozen=True)
class Effects:
    """Every assumption's effect, strongest first, and the level of noise."""

    effects: tuple[Effect, ...]
    noise_share: float
    """The share that the strongest of so many assumptions without effect exceeds once in forty."""
    noise_delta: float
    """The same for delta."""


def effects_of(sliced: Sliced) -> Effects:
    r"""Measure every assumption's effect on an outcome.

    $$S_i = \frac{\operatorname{Var} E[y \mid x_i]}{\operatorname{Var} y}, \qquad
    \delta_i = \tfrac12 E_{x_i} \int |f(y) - f(y \mid x_i)| \, dy$$

    Both are estimated from slices of equal weight. Delta is computed on the outcome's normal scores
    (it does not change when the outcome is rescaled), with one smoothing bandwidth on both sides, so
    that smoothing alone never makes two densities differ. What chance adds to the share is taken
    off as in an adjusted R²; what it adds to delta is estimated by the bootstrap.

    Source: Saltelli et al. (2008), Global Sensitivity Analysis, section 1.2; Borgonovo (2007), A new
    uncertainty importance measure; Plischke, Borgonovo & Smith (2013), sections 3 and 4; Borgonovo,
    Tarantola, Plischke & Morris (2014) for the invariance.
    """
    chance_share, chance_delta, noise_share, noise_delta = _noise(sliced)
    share, share_low, share_high = _shares(sliced, chance_share)
    delta, delta_low, delta_high = _deltas(sliced)
    raw_share = _share(sliced.found, sliced)
    raw_delta = _delta(sliced.found, _bandwidths(sliced))
    extreme = np.minimum(_tail(chance_share, raw_share), _tail(chance_delta, raw_delta))
    by_chance = np.minimum(2 * extreme, 1.0)
    stands_out = by_chance < single_level(len(by_chance))
    steps = _steps(sliced)
    found = [
        Effect(
            parameter=name,
            share=float(share[i]),
            share_range=(float(share_low[i]), float(share_high[i])),
            delta=float(delta[i]),
            delta_range=(float(delta_low[i]), float(delta_high[i])),
            by_chance=float(by_chance[i]),
            stands_out=bool(stands_out[i]),
            shape=shape_of(steps[i]) if stands_out[i] else Shape.FLAT,
            steps=steps[i],
        )
        for i, name in enumerate(sliced.sample.names)
    ]
    ranked = sorted(found, key=lambda effect: (-effect.share, -effect.delta))
    return Effects(tuple(ranked), noise_share, noise_delta)


def standing_out(sample: Sample) -> list[ParameterName]:
    """Name the assumptions whose effect on an outcome is more than chance would give."""
    effects = effects_of(slice_draws(sample, replicas=2)).effects
    return [effect.parameter for effect in effects if effect.stands_out]


def shape_of(steps: tuple[Step, ...]) -> Shape:
    """Say how the slices' means go: the simplest shape that their errors allow.

    No change is preferred to a rise or a fall, those to a single turn, a turn to waves; a shape is
    allowed when the closest curve of that shape is within the errors at 95%. An assumption may
    matter and be flat: it then changes how far draws differ, not their mean.

    Source: Barlow, Bartholomew, Bremner & Brunk (1972), isotonic regression.

    >>> rising = tuple(Step(i, i + 1, 0.1 * i, 0.01) for i in range(5))
    >>> shape_of(rising).value
    'increasing'
    """
    from scipy.stats import chi2

    means = np.array([step.mean for step in steps])
    precision = 1 / np.maximum([step.error for step in steps], 1e-9) ** 2
    level = precision @ means / precision.sum()
    allowed = float(chi2.ppf(0.95, len(steps) - 1))
    if precision @ (means - level) ** 2 <= allowed:
        return Shape.FLAT
    up, down = _misfit(means, precision), _misfit(-means, precision)
    peak, dip = _turning_misfit(means, precision), _turning_misfit(-means, precision)
    if min(up, down) <= allowed:
        return Shape.INCREASING if up <= down else Shape.DECREASING
    if min(peak, dip) <= allowed:
        return Shape.PEAKED if peak <= dip else Shape.U_SHAPED
    return Shape.WAVY


def _misfit(means: np.ndarray, precision: np.ndarray) -> float:
    from scipy.optimize import isotonic_regression

    fitted = isotonic_regression(means, weights=precision).x
    return float(precision @ (means - fitted) ** 2)


def _turning_misfit(means: np.ndarray, precision: np.ndarray) -> float:
    """How far the means are from rising up to some slice and falling from there on."""
    turns = range(1, len(means))
    return min(
        _misfit(means[:turn], precision[:turn]) + _misfit(-means[turn:], precision[turn:])
        for turn in turns
    )


def _share(slices: Slices, sliced: Sliced) -> Float[np.ndarray, "*row"]:
    """Share of variance between the slices, chance included."""
    column = sliced.sample.column
    means = slices.chances[..., column]
    centre = (slices.mass * means).sum(axis=-1, keepdims=True)
    between = (slices.mass * (means - centre) ** 2).sum(axis=-1)
    return between / sliced.sample.spread**2


def _shares(sliced: Sliced, by_chance: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    noise = by_chance.mean()
    found = (_share(sliced.found, sliced) - noise) / (1 - noise)
    # A bootstrap sample has the noise of the draws and as much again of its own.
    again = (_share(sliced.resampled, sliced) - 2 * noise) / (1 - 2 * noise)
    low, high = np.quantile(again, ENDS, axis=1)
    return tuple(np.clip(part, 0, 1) for part in (found, low, high))  # type: ignore[return-value]


def _deltas(sliced: Sliced) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    bandwidths = _bandwidths(sliced)
    found = _delta(sliced.found, bandwidths)
    again = _delta(sliced.resampled, bandwidths)
    bias = again.mean(axis=1) - found
    low, high = np.quantile(again, ENDS, axis=1) - 2 * bias
    return tuple(np.clip(part, 0, 1) for part in (found - bias, low, high))  # type: ignore[return-value]


def _delta(slices: Slices, bandwidths: Float[np.ndarray, " row"]) -> Float[np.ndarray, "*row"]:
    """Half the mean distance between the smoothed densities in the slices and over all draws."""
    gap = slices.cells - np.einsum("...s,...sc->...c", slices.mass, slices.cells)[..., None, :]
    found = np.empty(slices.mass.shape[:-1])
    for i, bandwidth in enumerate(bandwidths):
        distance = np.abs(gap[i] @ _kernel(bandwidth)).sum(axis=-1)
        found[i] = (slices.mass[i] * distance).sum(axis=-1) / 2
    return found


def _kernel(bandwidth: float) -> Float[np.ndarray, "cell cell"]:
    """Spread a cell's count over the cells around it; no count is lost at the ends."""
    spread = np.exp(-((CELLS[:, None] - CELLS) ** 2) / (2 * bandwidth**2))
    return spread / spread.sum(axis=1, keepdims=True)


def _bandwidths(sliced: Sliced) -> Float[np.ndarray, " assumption"]:
    """Silverman's rule for the draws of one slice and the spread that is left within slices."""
    scores = outcome_scores(sliced.sample)
    weights = sliced.sample.weights
    total = weights @ scores**2
    n = sliced.n_slices
    means = np.array([np.bincount(row, weights * scores, n) for row in sliced.member])
    between = (means**2 / sliced.found.mass).sum(axis=1)
    within = np.sqrt(np.maximum(total - between, 0.01))
    return within * _silverman(sliced)


def _silverman(sliced: Sliced) -> float:
    per_slice = sliced.sample.effective_draws / sliced.n_slices
    return (4 / (3 * per_slice)) ** 0.2


def _steps(sliced: Sliced) -> list[tuple[Step, ...]]:
    column = sliced.sample.column
    means = sliced.found.chances[..., column]
    errors = sliced.resampled.chances[..., column].std(axis=1)
    found = []
    for i, member in enumerate(sliced.member):
        numbers = sliced.sample.numbers[:, i]
        inside = [numbers[member == k] for k in range(sliced.n_slices)]
        found.append(
            tuple(
                Step(float(x.min()), float(x.max()), float(means[i, k]), float(errors[i, k]))
                for k, x in enumerate(inside)
                if len(x)
            )
        )
    return found


def _noise(sliced: Sliced) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Raw shares and deltas of random slicings, and the levels above which one stands out."""
    shares = _share(sliced.by_chance, sliced)
    rows = len(shares)
    joined = Slices(
        sliced.by_chance.mass[None], sliced.by_chance.chances[None], sliced.by_chance.cells[None]
    )
    deltas = _delta(joined, np.array([_silverman(sliced)])).reshape(rows)
    level = single_level(len(sliced.sample.names)) / 2
    noise = shares.mean()
    top_share = (upper_end(shares, level) - noise) / (1 - noise)
    # The bootstrap takes off a part of a delta that is all noise; √2 − 1 of it, as noise adds up.
    top_delta = upper_end(deltas, level) - (np.sqrt(2) - 1) * deltas.mean()
    return shares, deltas, float(max(top_share, 0)), float(max(top_delta, 0))


def single_level(n_assumptions: int) -> float:
    """The level for one assumption that keeps the chance of any at all at `CONFIDENCE` (Šidák)."""
    return 1 - (1 - CONFIDENCE) ** (1 / max(n_assumptions, 1))


def _tail(by_chance: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Probability that chance gives at least as much."""
    return _gamma(by_chance).sf(values)


def upper_end(by_chance: np.ndarray, level: float) -> float:
    """The number that what chance gives exceeds with a small probability."""
    return float(_gamma(by_chance).isf(level))


def _gamma(by_chance: np.ndarray):
    """A gamma distribution with the mean, variance and skewness of what chance gave.

    A thousand slicings do not reach the far tail that many assumptions ask about.

    Source: Mielke & Berry (2007), Permutation Methods, section 2.3: Pearson type III.
    """
    from scipy.stats import pearson3, skew

    return pearson3(skew(by_chance), loc=by_chance.mean(), scale=by_chance.std())
