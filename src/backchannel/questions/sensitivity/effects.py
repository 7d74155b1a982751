"""Effects: how much each assumption moves an outcome, and whether that is more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.language.names import ParameterName
from backchannel.questions.sensitivity.sample import Sample
from backchannel.questions.sensitivity.shapes import Shape, SliceMean, shape_of
from backchannel.questions.sensitivity.slices import (
    SCORE_CELLS,
    SlicedSample,
    Slices,
    outcome_scores,
    slice_draws,
)

CONFIDENCE = 0.05
"""Probability that any assumption stands out although none has an effect."""
INTERVAL_ENDS = (0.05, 0.95)
"""Quantiles at the ends of 90% intervals."""


@dataclass(frozen=True)
class AssumptionEffect:
    """What one assumption does to the chance of an outcome."""

    parameter: ParameterName
    share: float
    """First-order effect: the share of the chance's variance that this assumption explains alone,
    corrected for noise."""
    share_range: tuple[float, float]
    """90% bootstrap interval."""
    delta: float
    """Borgonovo's delta, 0 to 1: how far knowing this assumption shifts the whole distribution of
    the chance, half the expected area between the densities."""
    delta_range: tuple[float, float]
    """90% bootstrap interval."""
    by_chance: float
    """Probability that an assumption without effect would have so large a share or delta."""
    stands_out: bool
    """It exceeds the level that chance gives the strongest of all assumptions once in twenty times."""
    shape: Shape
    steps: tuple[SliceMean, ...]
    """By slice, from its low to its high values."""


@dataclass(frozen=True)
class AssumptionEffects:
    """Every assumption's effect, strongest first, and the level of noise."""

    effects: tuple[AssumptionEffect, ...]
    noise_share: float
    """The share that the strongest of as many assumptions without effect exceeds once in forty times."""
    noise_delta: float
    """The same for delta."""


def effects_of(sliced: SlicedSample) -> AssumptionEffects:
    r"""Measure every assumption's effect on an outcome.

    $$S_i = \frac{\operatorname{Var} E[y \mid x_i]}{\operatorname{Var} y}, \qquad
    \delta_i = \tfrac12 E_{x_i} \int |f(y) - f(y \mid x_i)| \, dy$$

    Both are estimated from slices of equal weight. Delta is computed on the outcome's normal scores,
    because it is invariant to monotone rescaling, with the same smoothing bandwidth for both densities,
    so that smoothing alone never makes them differ. The share is corrected for chance as in an adjusted
    R²; delta is corrected by the bootstrap.

    Source: Saltelli et al. (2008), Global Sensitivity Analysis, section 1.2; Borgonovo (2007), A new
    uncertainty importance measure; Plischke, Borgonovo & Smith (2013), sections 3 and 4; Borgonovo,
    Tarantola, Plischke & Morris (2014) for the invariance.
    """
    chance_share, chance_delta, noise_share, noise_delta = _noise(sliced)
    share, share_low, share_high = _shares(sliced, chance_share)
    delta, delta_low, delta_high = _deltas(sliced)
    raw_share = _share(sliced.observed, sliced)
    raw_delta = _delta(sliced.observed, _bandwidths(sliced))
    extreme = np.minimum(_tail(chance_share, raw_share), _tail(chance_delta, raw_delta))
    by_chance = np.minimum(2 * extreme, 1.0)
    stands_out = by_chance < single_level(len(by_chance))
    steps = _steps(sliced)
    effects = [
        AssumptionEffect(
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
    ranked = sorted(effects, key=lambda effect: (-effect.share, -effect.delta))
    return AssumptionEffects(tuple(ranked), noise_share, noise_delta)


def names_standing_out(sample: Sample) -> list[ParameterName]:
    """Name the assumptions whose effect on an outcome stands out from chance."""
    effects = effects_of(slice_draws(sample, replicas=2)).effects
    return [effect.parameter for effect in effects if effect.stands_out]


def _share(slices: Slices, sliced: SlicedSample) -> Float[np.ndarray, "*row"]:
    """Share of the variance that lies between the slices, not corrected for chance."""
    column = sliced.sample.column
    means = slices.chances[..., column]
    centre = (slices.mass * means).sum(axis=-1, keepdims=True)
    between = (slices.mass * (means - centre) ** 2).sum(axis=-1)
    return between / sliced.sample.spread**2


def _shares(
    sliced: SlicedSample, by_chance: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    noise = by_chance.mean()
    corrected = (_share(sliced.observed, sliced) - noise) / (1 - noise)
    # A bootstrap sample has the noise of the draws, and the same amount of its own.
    resampled = (_share(sliced.resampled, sliced) - 2 * noise) / (1 - 2 * noise)
    low, high = np.quantile(resampled, INTERVAL_ENDS, axis=1)
    return tuple(np.clip(part, 0, 1) for part in (corrected, low, high))  # type: ignore[return-value]


def _deltas(sliced: SlicedSample) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    bandwidths = _bandwidths(sliced)
    observed = _delta(sliced.observed, bandwidths)
    resampled = _delta(sliced.resampled, bandwidths)
    bias = resampled.mean(axis=1) - observed
    low, high = np.quantile(resampled, INTERVAL_ENDS, axis=1) - 2 * bias
    return tuple(np.clip(part, 0, 1) for part in (observed - bias, low, high))  # type: ignore[return-value]


def _delta(slices: Slices, bandwidths: Float[np.ndarray, " row"]) -> Float[np.ndarray, "*row"]:
    """Half the mean distance between the smoothed densities in the slices and over all draws."""
    gap = slices.cells - np.einsum("...s,...sc->...c", slices.mass, slices.cells)[..., None, :]
    deltas = np.empty(slices.mass.shape[:-1])
    for i, bandwidth in enumerate(bandwidths):
        distance = np.abs(gap[i] @ _kernel(bandwidth)).sum(axis=-1)
        deltas[i] = (slices.mass[i] * distance).sum(axis=-1) / 2
    return deltas


def _kernel(bandwidth: float) -> Float[np.ndarray, "cell cell"]:
    """Smoothing weights from each cell to the cells around it; each row sums to 1."""
    spread = np.exp(-((SCORE_CELLS[:, None] - SCORE_CELLS) ** 2) / (2 * bandwidth**2))
    return spread / spread.sum(axis=1, keepdims=True)


def _bandwidths(sliced: SlicedSample) -> Float[np.ndarray, " assumption"]:
    """Silverman's rule, for the number of draws and the spread within a slice."""
    scores = outcome_scores(sliced.sample)
    weights = sliced.sample.weights
    total = weights @ scores**2
    n = sliced.n_slices
    means = np.array([np.bincount(row, weights * scores, n) for row in sliced.member])
    between = (means**2 / sliced.observed.mass).sum(axis=1)
    within = np.sqrt(np.maximum(total - between, 0.01))
    return within * _silverman(sliced)


def _silverman(sliced: SlicedSample) -> float:
    per_slice = sliced.sample.effective_draws / sliced.n_slices
    return (4 / (3 * per_slice)) ** 0.2


def _steps(sliced: SlicedSample) -> list[tuple[SliceMean, ...]]:
    column = sliced.sample.column
    means = sliced.observed.chances[..., column]
    errors = sliced.resampled.chances[..., column].std(axis=1)
    steps = []
    for i, member in enumerate(sliced.member):
        numbers = sliced.sample.numbers[:, i]
        inside = [numbers[member == k] for k in range(sliced.n_slices)]
        steps.append(
            tuple(
                SliceMean(float(x.min()), float(x.max()), float(means[i, k]), float(errors[i, k]))
                for k, x in enumerate(inside)
                if len(x)
            )
        )
    return steps


def _noise(sliced: SlicedSample) -> tuple[np.ndarray, np.ndarray, float, float]:
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
    # The bootstrap correction removes a part of a delta that is only noise: √2 − 1 of it, since the
    # variances of independent noise add up.
    top_delta = upper_end(deltas, level) - (np.sqrt(2) - 1) * deltas.mean()
    return shares, deltas, float(max(top_share, 0)), float(max(top_delta, 0))


def single_level(n_assumptions: int) -> float:
    """The level for one assumption that keeps the level for all of them at `CONFIDENCE` (Šidák)."""
    return 1 - (1 - CONFIDENCE) ** (1 / max(n_assumptions, 1))


def _tail(by_chance: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Probability that chance gives at least these values."""
    return _gamma(by_chance).sf(values)


def upper_end(by_chance: np.ndarray, level: float) -> float:
    """The value that chance exceeds with a small probability."""
    return float(_gamma(by_chance).isf(level))


def _gamma(by_chance: np.ndarray) -> Any:
    """A gamma distribution with the mean, variance and skewness of the values from chance.

    A thousand random slicings do not reach the far tail that is needed for many assumptions.

    Source: Mielke & Berry (2007), Permutation Methods, section 2.3: Pearson type III.
    """
    from scipy.stats import pearson3, skew

    return pearson3(skew(by_chance), loc=by_chance.mean(), scale=by_chance.std())
