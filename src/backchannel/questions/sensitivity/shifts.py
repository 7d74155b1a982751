"""Shifts: moving assumptions away from their medians, and how surprising that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.language.names import ParameterName
from backchannel.language.priors import normal_score
from backchannel.questions.sensitivity.sample import Sample

COUNTS = (1, 2, 3, 5, 8)
"""How many assumptions may change at once, from the fewest."""
CLOSE = 0.002
"""A change has arrived when the chance is this close to the one asked for."""
NEARER = 0.95
"""A change of more assumptions is shown when it is less surprising by at least this factor."""
EDGE = 1e-4
"""Chances are kept this far from 0 and 1 before their log-odds are taken."""


@dataclass(frozen=True)
class Shift:
    """One assumption's part in a change."""

    parameter: ParameterName
    median: float
    """Where it is now: its median given the record."""
    to: float
    share: float
    """Share of its draws, given the record, below the number it goes to."""


@dataclass(frozen=True)
class Shifts:
    """The least unlikely change of so many assumptions after which the outcome is likely."""

    shifts: tuple[Shift, ...]
    surprise: float
    """Distance from the medians in standard deviations of normal scores, all shifts together."""
    unlikely: float
    """Probability of a shift at least so far in this direction, given the record."""
    chance: float
    """Chance of the outcome after the change."""
    reached: bool
    """The chance asked for is reached within the range of the draws."""
    solved: bool
    """The case was solved at these numbers; otherwise a plane through the draws says so."""


def shifts_of(
    sample: Sample,
    chosen: np.ndarray,
    scores: Float[np.ndarray, " assumption"],
    chance: float,
    target: float,
    at_least: bool,
    *,
    solved: bool,
) -> Shifts:
    """Describe a change: the chosen assumptions' normal scores, and the chance after it."""
    numbers = numbers_at(sample, scores[None])[0]
    surprise = float(np.sqrt(scores @ scores))
    moved = sorted(chosen, key=lambda i: -abs(scores[i]))
    return Shifts(
        shifts=tuple(
            Shift(
                parameter=sample.names[i],
                median=float(sample.medians[i]),
                to=float(numbers[i]),
                share=NormalDist().cdf(float(scores[i])),
            )
            for i in moved
        ),
        surprise=surprise,
        unlikely=NormalDist().cdf(-surprise),
        chance=turned(float(chance), at_least),
        reached=bool(chance >= target - CLOSE),
        solved=solved,
    )


def useful(shifts: Sequence[Shifts]) -> tuple[Shifts, ...]:
    """Leave out changes of more assumptions that are hardly less surprising than of fewer."""
    kept: list[Shifts] = []
    for one in shifts:
        last = kept[-1] if kept else None
        nearer = last is not None and one.reached and one.surprise < NEARER * last.surprise
        if last is None or not last.reached or nearer:
            kept.append(one)
    return tuple(kept)


def counts_of(n: int) -> list[int]:
    """How many of n assumptions to change at once; all of them only where they are few."""
    return [count for count in COUNTS if count < n] + ([n] if n <= COUNTS[-1] else [])


def within(sample: Sample, scores: np.ndarray) -> np.ndarray:
    """No shift goes further than the draws do."""
    most = furthest(sample)
    return np.clip(scores, -most, most)


def furthest(sample: Sample) -> float:
    """Normal score of the outermost draw."""
    return float(-normal_score(np.array([0.5 / sample.effective_draws]))[0])


def numbers_at(
    sample: Sample, scores: Float[np.ndarray, "draw assumption"]
) -> Float[np.ndarray, "draw assumption"]:
    """The numbers of all assumptions at given normal scores, by lines between draws."""
    columns = []
    for i in range(len(sample.names)):
        order = np.argsort(sample.ranks[:, i])
        at = sample.scores[order, i]
        columns.append(np.interp(scores[:, i], at, sample.numbers[order, i]))
    return np.array(columns).T.reshape(len(scores), len(sample.names))


def facing(sample: Sample, at_least: bool) -> Sample:
    """The sample as it is, or with every chance turned into that of the opposite."""
    return sample if at_least else replace(sample, chances=1 - sample.chances)


def turned(chance: float, at_least: bool) -> float:
    """A chance, or that of the opposite."""
    return float(chance if at_least else 1 - chance)


def logit(chance: Any) -> Any:
    """Log-odds of a chance, which is kept off 0 and 1."""
    kept = np.clip(chance, EDGE, 1 - EDGE)
    return np.log(kept) - np.log1p(-kept)


def logistic(odds: Any) -> Any:
    """The chance of log-odds."""
    return 1 / (1 + np.exp(-odds))
