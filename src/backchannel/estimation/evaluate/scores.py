r"""Scores of predictions: log score, Brier score, PRL, intervals over groups, calibration.

$$\mathrm{PRL} = 1 - \frac{\text{mean loss of a model}}{\text{mean loss of the base rate}}$$

is the proportional reduction in loss; the loss is the negative log of the chance given to what
happened. It is 0 for the base rate, 1 for a perfect prediction, and below 0 for what is worse than
the base rate. Intervals draw whole groups again, the same ones for all models.

Source: Good (1952) and Brier (1950) for the scores; Efron & Tibshirani (1993), ch. 8, for drawing
clusters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

SAMPLES = 2000
"""Draws of the bootstrap."""
SEED = 3
BINS = 10
"""Bins of the calibration table."""
LEVELS = (0.025, 0.975)


@dataclass(frozen=True)
class RowLosses:
    """One model's losses, row by row."""

    log: Float[np.ndarray, " row"]
    """Minus the log of the chance of what happened."""
    brier: Float[np.ndarray, " row"]
    """The sum over outcomes of the squares of what is missing; 0 is best, 2 worst."""


@dataclass(frozen=True)
class ModelScore:
    """How well one model predicted."""

    name: str
    log_score: float
    """Mean log of the chance of what happened, in nats."""
    brier: float
    prl: float
    prl_interval: tuple[float, float]
    difference: float
    """Of its PRL to the case's."""
    difference_interval: tuple[float, float]


@dataclass(frozen=True)
class CalibrationBin:
    """Predictions of one size, and how often what they predicted happened."""

    model: str
    predicted: float
    happened: float
    count: int
    """How many predicted chances: one for each row and outcome."""


def losses(chances: Float[np.ndarray, "row outcome"], seen: Int[np.ndarray, " row"]) -> RowLosses:
    """The losses of some predictions.

    >>> row = losses(np.array([[0.5, 0.5]]), np.array([1]))
    >>> [float(row.log[0].round(4)), float(row.brier[0])]
    [0.6931, 0.5]
    """
    rows = np.arange(len(seen))
    with np.errstate(divide="ignore"):
        log = -np.log(chances[rows, seen])
    hit = np.zeros_like(chances)
    hit[rows, seen] = 1.0
    return RowLosses(log, ((chances - hit) ** 2).sum(axis=1))


def score_models(
    models: Mapping[str, RowLosses],
    groups: Int[np.ndarray, " row"],
    *,
    base: str,
    against: str,
    samples: int = SAMPLES,
) -> list[ModelScore]:
    """Score models on the same rows, with intervals from a paired bootstrap over groups.

    Args:
        models: Each model's losses.
        groups: Rows of one group are drawn together.
        base: The model whose loss is the unit of PRL.
        against: The model that the others are compared with.
        samples: Draws of the bootstrap.
    """
    names = list(models)
    log = np.stack([models[name].log for name in names], axis=1)
    sums = np.zeros((groups.max() + 1, len(names)))
    np.add.at(sums, groups, log)
    sums = sums[np.bincount(groups, minlength=len(sums)) > 0]
    chance = np.random.default_rng(SEED)
    times = chance.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=samples)
    unit = names.index(base)
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = times @ sums
        prl_drawn = 1 - drawn / drawn[:, [unit]]
        prl = 1 - log.mean(axis=0) / log[:, unit].mean()
        gap_drawn = prl_drawn - prl_drawn[:, [names.index(against)]]
        gap = prl - prl[names.index(against)]
    return [
        ModelScore(
            name=name,
            log_score=float(-log[:, i].mean()),
            brier=float(models[name].brier.mean()),
            prl=float(prl[i]),
            prl_interval=_ends(prl_drawn[:, i]),
            difference=float(gap[i]),
            difference_interval=_ends(gap_drawn[:, i]),
        )
        for i, name in enumerate(names)
    ]


def _ends(drawn: np.ndarray) -> tuple[float, float]:
    if not np.isfinite(drawn).all():
        return (float("nan"), float("nan"))
    low, high = np.quantile(drawn, LEVELS)
    return float(low), float(high)


def calibration(
    name: str, chances: Float[np.ndarray, "row outcome"], seen: Int[np.ndarray, " row"]
) -> list[CalibrationBin]:
    """How often what was predicted happened, in bins of equal width."""
    hit = np.zeros_like(chances)
    hit[np.arange(len(seen)), seen] = 1.0
    place = np.minimum((chances * BINS).astype(int), BINS - 1)
    return [
        CalibrationBin(
            name,
            float(chances[place == i].mean()),
            float(hit[place == i].mean()),
            int((place == i).sum()),
        )
        for i in range(BINS)
        if (place == i).any()
    ]
