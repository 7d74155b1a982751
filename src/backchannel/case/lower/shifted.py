"""Priors that a slider has moved: narrower, around a quantile of the original prior.

A slider sets a normal score z, which means the quantile Φ(z) of the prior; 0 is the median. On the scale
of normal scores, the moved prior is N(z, 1/2²) instead of N(0, 1). The page reweights draws by the
ratio of the two densities, which approximates solving with the moved priors.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from backchannel.case.lowered import Lowered
from backchannel.case.schema.prior_text import prior_from
from backchannel.language.distributions import Normal
from backchannel.language.errors import CommandError
from backchannel.language.names import ParameterName, did_you_mean
from backchannel.language.priors import (
    ANY_NUMBER,
    POSITIVE,
    SHARE,
    Z_90,
    Prior,
    Shares,
    normal_score,
)

WIDTH = 0.5
"""Standard deviation of a moved prior, in normal scores of the original."""
STATED = (
    (0.05, 0.25, 0.5, 0.75, 0.95),
    (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99),
    (0.01, 0.05, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.95, 0.99),
)
"""Quantiles that are written if no other kind of prior fits: the fewest that do."""
CHECKED = np.arange(1, 100) / 100
"""Shares at which a written prior is compared with the moved one."""
CLOSE = 0.02
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
        return self.prior.quantile(self.moved(share))

    def moved(self, share: Shares) -> Shares:
        """The share of the original prior below the number that has a share of this one below it."""
        return _normal_share(self.score + WIDTH * normal_score(share))

    @property
    def bounds(self) -> tuple[float, float]:
        return self.prior.bounds

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


def moved_scores(lowered: Lowered) -> dict[ParameterName, float]:
    """The sliders that were moved in a case, with their scores; empty where its priors are those of the file."""
    return {
        name: prior.score for name, prior in lowered.priors.items() if isinstance(prior, Shifted)
    }


def with_sliders_back(lowered: Lowered) -> Lowered:
    """The case with all sliders back."""
    priors = {
        name: prior.prior if isinstance(prior, Shifted) else prior
        for name, prior in lowered.priors.items()
    }
    return replace(lowered, priors=priors)


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

    No number that the original prior excludes becomes possible.

    Args:
        prior: The original prior.
        score: The position of the slider.
        probability: The number must stay between 0 and 1.

    >>> shifted_text(Normal(0.0, 1.0), 1.0, probability=False)
    {'normal': [1.0, 0.5]}
    """
    moved = Shifted(prior, score)
    range_90 = _rounded([moved.at(0.05), moved.at(0.95)], within=moved.bounds)
    candidates: list[dict[str, Any]] = [{"between": range_90}]
    if isinstance(prior, Normal):
        spread = (moved.at(0.95) - moved.at(0.05)) / (2 * Z_90)
        candidates.append({"normal": _rounded([moved.at(0.5), spread], within=ANY_NUMBER)})
    candidates += [_by_quantiles(moved, shares, probability=probability) for shares in STATED]
    return next(
        (text for text in candidates if _fits(text, moved, probability=probability)), candidates[-1]
    )


def _by_quantiles(
    moved: Prior, shares: tuple[float, ...], *, probability: bool
) -> dict[str, dict[float, float]]:
    """Write a prior by its quantiles, and by its ends where a reader would take others."""
    numbers = _rounded([moved.at(share) for share in shares], within=moved.bounds)
    stated: dict[float, float] = dict(zip(shares, numbers, strict=True))
    low, high = moved.bounds
    tails = SHARE if probability else POSITIVE if numbers[0] > 0 else ANY_NUMBER
    if np.isfinite(low) and low != tails[0]:
        stated = {0: low, **stated}
    if np.isfinite(high) and high != tails[1]:
        stated = {**stated, 1: high}
    return {"quantiles": stated}


def _fits(text: dict[str, Any], moved: Prior, *, probability: bool) -> bool:
    try:
        written = prior_from(text, probability=probability)
    except ValueError:
        return False
    width = moved.at(0.95) - moved.at(0.05)
    far = np.abs(written.quantile(CHECKED) - moved.quantile(CHECKED)).max()
    (low, high), (lowest, highest) = written.bounds, moved.bounds
    return bool(far <= CLOSE * width and low >= lowest and high <= highest)


def _rounded(numbers: list[float], *, within: tuple[float, float]) -> list[float]:
    """Round numbers, fine enough for their distances to each other, to 0 and to their bounds."""
    largest = max(map(abs, numbers))
    numbers = [0.0 if abs(number) < NOISE * largest else number for number in numbers]
    sizes = [abs(b - a) for a, b in itertools.pairwise(numbers)] + [*map(abs, numbers)]
    sizes += [abs(number - end) for number in numbers for end in within if np.isfinite(end)]
    finest = min([size for size in sizes if size > 0] or [1.0])
    # A number in double precision has fifteen digits that can be trusted.
    trusted = 15 - int(np.ceil(np.log10(largest or 1.0)))
    decimals = min(int(np.ceil(np.log10(DIGITS / finest))), trusted)
    return [float(round(number, decimals)) for number in numbers]


def _normal_share(score: np.ndarray) -> np.ndarray:
    from scipy.special import ndtr

    return ndtr(np.asarray(score, float))
