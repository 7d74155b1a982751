"""Effects: how much each assumption moves an outcome, and whether that is more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.language.names import ParameterName
from backchannel.questions.sensitivity.shapes import Shape, SliceMean, shape_of
from backchannel.questions.sensitivity.slices import (
    SCORE_CELLS,
    SlicedSample,
    Slices,
    outcome_scores,
)
from backchannel.questions.statistics.additive_fit import single_level
from backchannel.questions.statistics.influence import moves_spread, share_ranges

INTERVAL_ENDS = (0.05, 0.95)
"""Quantiles at the ends of 90% intervals."""


@dataclass(frozen=True)
class AssumptionEffect:
    """What one assumption does to the chance of an outcome."""

    parameter: ParameterName
    share: float
    """Share of the chance's variance that this assumption explains, as in every ranking of assumptions."""
    share_range: tuple[float, float]
    """90% interval."""
    delta: float
    """Borgonovo's delta, 0 to 1: how far knowing this assumption shifts the whole distribution of
    the chance, half the expected area between the densities."""
    delta_range: tuple[float, float]
    """90% bootstrap interval."""
    by_chance: float
    """Probability that an assumption without effect would add so large a share."""
    stands_out: bool
    """Its share exceeds the level that chance gives the strongest of all assumptions once in twenty
    times, and 2%."""
    moves_spread: bool
    """The spread of the chance depends on it: it matters together with other assumptions."""
    shape: Shape
    steps: tuple[SliceMean, ...]
    """By slice, from its low to its high values."""


@dataclass(frozen=True)
class AssumptionEffects:
    """Every assumption's effect, those that stand out first, then by share, and the level of chance."""

    effects: tuple[AssumptionEffect, ...]
    noise_share: float
    """The share that the strongest of as many assumptions without effect exceeds once in twenty times."""
    noise_delta: float
    """The same for delta."""


def effects_of(sliced: SlicedSample) -> AssumptionEffects:
    r"""Measure every assumption's effect on an outcome.

    The share is that of the one ranking of assumptions. Delta also counts what an assumption does to the
    spread,

    $$\delta_i = \tfrac12 E_{x_i} \int |f(y) - f(y \mid x_i)| \, dy$$

    and is estimated from slices of equal weight. It is computed on the outcome's normal scores,
    because it is invariant to monotone rescaling, with the same smoothing bandwidth for both densities,
    so that smoothing alone never makes them differ, and corrected by the bootstrap.

    Source: Borgonovo (2007), A new uncertainty importance measure; Plischke, Borgonovo & Smith (2013),
    sections 3 and 4; Borgonovo, Tarantola, Plischke & Morris (2014) for the invariance.
    """
    ranking = sliced.sample.ranking
    spread, ranges = moves_spread(ranking), share_ranges(ranking)
    position = {name: i for i, name in enumerate(sliced.sample.names)}
    delta, delta_low, delta_high = _deltas(sliced)
    steps = _steps(sliced)
    effects = []
    for ranked in ranking.assumptions:
        i = position[ranked.parameter]
        effects.append(
            AssumptionEffect(
                parameter=ranked.parameter,
                share=ranked.share,
                share_range=ranges[ranked.parameter],
                delta=float(delta[i]),
                delta_range=(float(delta_low[i]), float(delta_high[i])),
                by_chance=ranked.by_chance,
                stands_out=ranked.stands_out,
                moves_spread=ranked.parameter in spread,
                shape=shape_of(steps[i]) if ranked.stands_out else Shape.FLAT,
                steps=steps[i],
            )
        )
    return AssumptionEffects(tuple(effects), ranking.chance_level or 0.0, _noise_delta(sliced))


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


def _noise_delta(sliced: SlicedSample) -> float:
    """The delta that the strongest assumption without effect exceeds by chance once in twenty times."""
    joined = Slices(
        sliced.by_chance.mass[None], sliced.by_chance.chances[None], sliced.by_chance.cells[None]
    )
    deltas = _delta(joined, np.array([_silverman(sliced)])).ravel()
    # The bootstrap correction removes a part of a delta that is only noise: √2 − 1 of it, since the
    # variances of independent noise add up.
    top = upper_end(deltas, single_level(len(sliced.sample.names)))
    return float(max(top - (np.sqrt(2) - 1) * deltas.mean(), 0))


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
