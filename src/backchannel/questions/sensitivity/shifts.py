"""Shifts: moves of assumptions away from their medians, and how improbable these are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.language.levels import MOST_LEVELS
from backchannel.language.names import ParameterName
from backchannel.language.priors import normal_score
from backchannel.questions.sensitivity.sample import Sample

COUNTS = (1, 2, 3, 5, 8)
"""Numbers of assumptions that may change together."""
CHANCE_TOLERANCE = 0.002
"""A change reaches the target when the chance is this close to it."""
NEARER = 0.95
"""A change of more assumptions is shown when its distance is at most this share of the last."""
LEAST_CHANCE = 1e-4
"""Chances are kept this far from 0 and 1 before their log-odds are computed."""


@dataclass(frozen=True)
class AssumptionShift:
    """One assumption's part in a joint change."""

    parameter: ParameterName
    median: float
    """Its current value: the median given the record."""
    to: float
    share: float
    """Share of its draws, given the record, below its new value."""


@dataclass(frozen=True)
class JointShift:
    """The most probable change of a number of assumptions after which the outcome is likely."""

    shifts: tuple[AssumptionShift, ...]
    surprise: float
    """Distance of all shifts together from the medians, in standard deviations of normal scores."""
    unlikely: float
    """Probability of a shift at least this far in this direction, given the record."""
    chance: float
    """Chance of the outcome after the change."""
    reached: bool
    """Whether the chance asked for is reached within the range of the draws."""
    solved: bool
    """Whether the case was solved at these values; otherwise the chance comes from a plane."""


def shifts_of(
    sample: Sample,
    chosen: np.ndarray,
    scores: Float[np.ndarray, " assumption"],
    chance: float,
    target: float,
    at_least: bool,
    *,
    solved: bool,
) -> JointShift:
    """Describe a joint change, from the chosen assumptions' normal scores and the chance after it."""
    numbers = numbers_at(sample, scores[None])[0]
    surprise = float(np.sqrt(scores @ scores))
    moved = sorted(chosen, key=lambda i: -abs(scores[i]))
    return JointShift(
        shifts=tuple(
            AssumptionShift(
                parameter=sample.names[i],
                median=float(sample.medians[i]),
                to=float(numbers[i]),
                share=NormalDist().cdf(float(scores[i])),
            )
            for i in moved
        ),
        surprise=surprise,
        unlikely=NormalDist().cdf(-surprise),
        chance=oriented_chance(float(chance), at_least),
        reached=bool(chance >= target - CHANCE_TOLERANCE),
        solved=solved,
    )


def drop_redundant(shifts: Sequence[JointShift]) -> tuple[JointShift, ...]:
    """Leave out changes of more assumptions that are hardly closer to the medians than those of fewer."""
    kept: list[JointShift] = []
    for change in shifts:
        last = kept[-1] if kept else None
        nearer = last is not None and change.reached and change.surprise < NEARER * last.surprise
        if last is None or not last.reached or nearer:
            kept.append(change)
    return tuple(kept)


def movable(sample: Sample) -> np.ndarray:
    """The positions of the assumptions that can change a little: not the type of a player, which is one of a few."""
    distinct = np.array([len(np.unique(column)) for column in sample.numbers.T])
    return np.flatnonzero((distinct > MOST_LEVELS + 2) | (2 * distinct > sample.n_draws))


def change_counts(n: int) -> list[int]:
    """List how many of n assumptions to change together; all of them only where they are few."""
    return [count for count in COUNTS if count < n] + ([n] if n <= COUNTS[-1] else [])


def clip_to_draws(sample: Sample, scores: np.ndarray) -> np.ndarray:
    """Limit normal scores to the range of the draws."""
    most = outermost_score(sample)
    return np.clip(scores, -most, most)


def outermost_score(sample: Sample) -> float:
    """Normal score of the outermost draw."""
    return float(-normal_score(np.array([0.5 / sample.effective_draws]))[0])


def numbers_at(
    sample: Sample, scores: Float[np.ndarray, "draw assumption"]
) -> Float[np.ndarray, "draw assumption"]:
    """The values of all assumptions at given normal scores, interpolated between draws."""
    columns = []
    for i in range(len(sample.names)):
        order = np.argsort(sample.ranks[:, i])
        at = sample.scores[order, i]
        columns.append(np.interp(scores[:, i], at, sample.numbers[order, i]))
    return np.array(columns).T.reshape(len(scores), len(sample.names))


def oriented(sample: Sample, at_least: bool) -> Sample:
    """The sample itself; or, to ask for at most a chance, with the outcome replaced by its opposite."""
    return sample if at_least else replace(sample, chances=1 - sample.chances)


def oriented_chance(chance: float, at_least: bool) -> float:
    """A chance itself; or, when asking for at most a chance, that of the opposite."""
    return float(chance if at_least else 1 - chance)


def logit(chance: Any) -> Any:
    """Log-odds of a chance, kept away from 0 and 1."""
    inner = np.clip(chance, LEAST_CHANCE, 1 - LEAST_CHANCE)
    return np.log(inner) - np.log1p(-inner)


def logistic(odds: Any) -> Any:
    """The chance with given log-odds."""
    return 1 / (1 + np.exp(-odds))
