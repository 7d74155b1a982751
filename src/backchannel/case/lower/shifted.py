"""Priors as a slider moves them: narrower, about a quantile of what they were.

A slider sets a normal score z: of the prior's quantile Φ(z), 0 the median. What is believed then is
N(z, 1/2²) on the scale of normal scores, in place of N(0, 1). The page weighs draws anew by the
ratio of the two; solving with these priors is what it approximates.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np

from backchannel.case.lowered import Lowered
from backchannel.case.schema.prior_text import prior_from
from backchannel.language.errors import CommandError
from backchannel.language.names import ParameterName, did_you_mean
from backchannel.language.priors import Normal, Prior, Shares, normal_score

WIDTH = 0.5
"""Standard deviation of what is believed, in normal scores of the prior."""
STATED = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles that are written where no other kind of prior says the same."""
CLOSE = 0.01
"""Two priors are the same if their quantiles differ by no more than this share of the 90% interval."""
NOISE = 1e-12
"""Numbers so much smaller than the largest are 0."""
DIGITS = 50.0
"""Numbers are written so that rounding moves them by less than one part in so many of what matters."""


@dataclass(frozen=True)
class Shifted(Prior):
    """A prior as a slider has moved it."""

    prior: Prior
    score: float

    def quantile(self, share: Shares) -> Shares:
        return self.prior.quantile(_normal_share(self.score + WIDTH * normal_score(share)))

    def share(self, number: Shares) -> Shares:
        """The share of the distribution below a number."""
        return _normal_share((normal_score(self.prior.share(number)) - self.score) / WIDTH)


def shifted(lowered: Lowered, shifts: Mapping[ParameterName, float]) -> Lowered:
    """The case with some of its priors moved.

    Raises:
        CommandError: There is no such assumption, or nothing about it is uncertain.
    """
    if not shifts:
        return lowered
    check_shifts(lowered, shifts)
    moved = {name: Shifted(lowered.priors[name], score) for name, score in shifts.items()}
    return replace(lowered, priors={**lowered.priors, **moved})


def check_shifts(lowered: Lowered, names: Mapping[ParameterName, Any]) -> None:
    """See to it that every name is that of an uncertain number.

    Raises:
        CommandError: One is not.
    """
    uncertain = [name for name, prior in lowered.priors.items() if not prior.is_fixed]
    for name in names:
        if name not in uncertain:
            hint = did_you_mean(name, uncertain)
            raise CommandError(f"No uncertain assumption is called '{name}'.{hint}")


def shifted_text(prior: Prior, score: float, *, probability: bool) -> dict[str, Any]:
    """A moved prior as the file writes it: `between` where that says the same, else its quantiles.

    Args:
        prior: As it was.
        score: Where the slider stands.
        probability: The number must stay between 0 and 1.

    >>> shifted_text(Normal(0.0, 1.0), 1.0, probability=False)
    {'normal': [1.0, 0.5]}
    """
    moved = Shifted(prior, score)
    numbers = _rounded([moved.at(share) for share in STATED], probability=probability)
    low, high = numbers[0], numbers[-1]
    middle, spread = moved.at(0.5), (moved.at(0.95) - moved.at(0.05)) / (2 * _Z_90)
    candidates: list[dict[str, Any]] = [{"between": [low, high]}]
    if isinstance(prior, Normal):
        candidates.append({"normal": _rounded([middle, spread], probability=False)})
    for text in candidates:
        if _says(text, moved, probability=probability):
            return text
    return {"quantiles": dict(zip(STATED, numbers, strict=True))}


_Z_90 = NormalDist().inv_cdf(0.95)


def _says(text: dict[str, Any], moved: Prior, *, probability: bool) -> bool:
    try:
        written = prior_from(text, probability=probability)
    except ValueError:
        return False
    width = moved.at(0.95) - moved.at(0.05)
    return all(abs(written.at(share) - moved.at(share)) <= CLOSE * width for share in STATED)


def _rounded(numbers: list[float], *, probability: bool) -> list[float]:
    """Round to what a reader needs: fine enough for the distance to each other, to 0 and to 1."""
    largest = max(map(abs, numbers))
    numbers = [0.0 if abs(number) < NOISE * largest else number for number in numbers]
    gaps = [b - a for a, b in itertools.pairwise(numbers) if b > a]
    sizes = [abs(number) for number in numbers if number]
    sizes += [1 - number for number in numbers if probability and number < 1]
    finest = min([*gaps[:1], *sizes, largest or 1.0])
    decimals = min(int(np.ceil(np.log10(DIGITS / finest))), 15)
    return [float(round(number, decimals)) for number in numbers]


def _normal_share(score: np.ndarray) -> np.ndarray:
    from scipy.special import ndtr

    return ndtr(np.asarray(score, float))
