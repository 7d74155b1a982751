"""Priors that a slider has moved: narrower, around a quantile of the original prior.

A slider sets a normal score z, which means the quantile Φ(z) of the prior; 0 is the median. On the scale
of normal scores, the moved prior is N(z, 1/2²) instead of N(0, 1). The page reweights draws by the
ratio of the two densities, which approximates solving with the moved priors.
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
"""Standard deviation of a moved prior, in normal scores of the original."""
STATED = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles that are written if no other kind of prior fits."""
CLOSE = 0.01
"""Largest difference of quantiles, as a share of the 90% interval, at which priors count as equal."""
NOISE = 1e-12
"""Numbers that are smaller than this share of the largest count as 0."""
DIGITS = 50.0
"""Precision of written numbers: rounding changes the smallest relevant distance by less than 1/50."""


@dataclass(frozen=True)
class Shifted(Prior):
    """A prior that a slider has moved."""

    prior: Prior
    score: float

    def quantile(self, share: Shares) -> Shares:
        return self.prior.quantile(_normal_share(self.score + WIDTH * normal_score(share)))

    def share(self, number: Shares) -> Shares:
        """Return the share of the distribution below a number."""
        return _normal_share((normal_score(self.prior.share(number)) - self.score) / WIDTH)


def shifted(lowered: Lowered, shifts: Mapping[ParameterName, float]) -> Lowered:
    """Return the case with some priors moved.

    Raises:
        CommandError: There is no such assumption, or it is not uncertain.
    """
    if not shifts:
        return lowered
    check_shifts(lowered, shifts)
    moved = {name: Shifted(lowered.priors[name], score) for name, score in shifts.items()}
    return replace(lowered, priors={**lowered.priors, **moved})


def check_shifts(lowered: Lowered, names: Mapping[ParameterName, Any]) -> None:
    """Check that every name is that of an uncertain number.

    Raises:
        CommandError: One is not.
    """
    uncertain = [name for name, prior in lowered.priors.items() if not prior.is_fixed]
    for name in names:
        if name not in uncertain:
            hint = did_you_mean(name, uncertain)
            raise CommandError(f"No uncertain assumption is called '{name}'.{hint}")


def shifted_text(prior: Prior, score: float, *, probability: bool) -> dict[str, Any]:
    """Write a moved prior as in the file: as `between` if that fits, otherwise by its quantiles.

    Args:
        prior: The original prior.
        score: The position of the slider.
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
        if _fits(text, moved, probability=probability):
            return text
    return {"quantiles": dict(zip(STATED, numbers, strict=True))}


_Z_90 = NormalDist().inv_cdf(0.95)


def _fits(text: dict[str, Any], moved: Prior, *, probability: bool) -> bool:
    try:
        written = prior_from(text, probability=probability)
    except ValueError:
        return False
    width = moved.at(0.95) - moved.at(0.05)
    return all(abs(written.at(share) - moved.at(share)) <= CLOSE * width for share in STATED)


def _rounded(numbers: list[float], *, probability: bool) -> list[float]:
    """Round numbers, fine enough for their distances to each other, to 0 and to 1."""
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
