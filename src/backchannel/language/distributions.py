"""The kinds of distributions that an analyst can state for a number, in closed form or by quantiles."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from backchannel.language.priors import EDGE, POSITIVE, SHARE, Z_90, Prior, Shares, normal_score


@dataclass(frozen=True)
class Normal(Prior):
    """Mean and standard deviation."""

    mean: float
    deviation: float

    def quantile(self, share: Shares) -> Shares:
        return self.mean + self.deviation * normal_score(share)

    def share(self, number: Shares) -> Shares:
        return _normal_share((np.asarray(number) - self.mean) / self.deviation)


@dataclass(frozen=True)
class Lognormal(Prior):
    """Median, and the standard deviation of the logarithm."""

    median: float
    sigma: float

    @property
    def bounds(self) -> tuple[float, float]:
        return POSITIVE

    def quantile(self, share: Shares) -> Shares:
        return self.median * np.exp(self.sigma * normal_score(share))

    def share(self, number: Shares) -> Shares:
        with np.errstate(divide="ignore"):
            return _normal_share(np.log(np.asarray(number) / self.median) / self.sigma)


@dataclass(frozen=True)
class LogitNormal(Prior):
    """A probability whose log-odds are normal, with a 90% interval from `low` to `high`."""

    low: float
    high: float

    @property
    def bounds(self) -> tuple[float, float]:
        return SHARE

    def quantile(self, share: Shares) -> Shares:
        ends = _logit(np.array([self.low, self.high]))
        score = normal_score(share) / Z_90
        return _logistic(ends.mean() + score * (ends[1] - ends[0]) / 2)

    def share(self, number: Shares) -> Shares:
        ends = _logit(np.array([self.low, self.high]))
        with np.errstate(divide="ignore"):
            odds = _logit(np.asarray(number))
        return _normal_share(2 * Z_90 * (odds - ends.mean()) / (ends[1] - ends[0]))


@dataclass(frozen=True)
class Uniform(Prior):
    """Every number between `low` and `high` is equally likely."""

    low: float
    high: float

    @property
    def bounds(self) -> tuple[float, float]:
        return self.low, self.high

    def quantile(self, share: Shares) -> Shares:
        return self.low + (self.high - self.low) * np.asarray(share)

    def share(self, number: Shares) -> Shares:
        return np.clip((np.asarray(number) - self.low) / (self.high - self.low), 0.0, 1.0)


@dataclass(frozen=True)
class Triangular(Prior):
    """Rises from `low` to `mode`, falls to `high`."""

    low: float
    mode: float
    high: float

    @property
    def bounds(self) -> tuple[float, float]:
        return self.low, self.high

    def quantile(self, share: Shares) -> Shares:
        share, width = np.asarray(share), self.high - self.low
        turn = (self.mode - self.low) / width
        rising = self.low + np.sqrt(share * width * (self.mode - self.low))
        falling = self.high - np.sqrt((1 - share) * width * (self.high - self.mode))
        return np.where(share < turn, rising, falling)


@dataclass(frozen=True)
class Beta(Prior):
    """A share of successes; `a` and `b` count the evidence for and against."""

    a: float
    b: float

    @property
    def bounds(self) -> tuple[float, float]:
        return SHARE

    def quantile(self, share: Shares) -> Shares:
        from scipy.special import betaincinv  # the import takes 0.2 s, and few cases need it

        return betaincinv(self.a, self.b, np.clip(share, EDGE, 1 - EDGE))

    def share(self, number: Shares) -> Shares:
        from scipy.special import betainc

        return betainc(self.a, self.b, number)


@dataclass(frozen=True)
class Quantiles(Prior):
    """Quantiles that an analyst stated, joined smoothly between the lowest and the highest number.

    Interpolated linearly in normal scores; numbers are taken in log-odds within two ends, in logarithms of the
    distance from one end, and as they are without ends. The tails beyond the stated quantiles stay within
    the ends.
    """

    points: tuple[tuple[float, float], ...]
    """Pairs of share and number, both rising; at least two."""
    low: float = -math.inf
    """No number is lower."""
    high: float = math.inf
    """No number is higher."""

    @property
    def bounds(self) -> tuple[float, float]:
        return self.low, self.high

    def quantile(self, share: Shares) -> Shares:
        stated = normal_score(np.array([point[0] for point in self.points]))
        numbers = self._free(np.array([point[1] for point in self.points]))
        score = normal_score(share)
        left = np.clip(np.searchsorted(stated, score) - 1, 0, len(stated) - 2)
        slope = np.diff(numbers) / np.diff(stated)
        return self._within_ends(numbers[left] + slope[left] * (score - stated[left]))

    def _free(self, number: np.ndarray) -> np.ndarray:
        """Stretch the numbers between the ends over all numbers."""
        if math.isinf(self.low):
            return number if math.isinf(self.high) else -np.log(self.high - number)
        if math.isinf(self.high):
            return np.log(number - self.low)
        return np.log(number - self.low) - np.log(self.high - number)

    def _within_ends(self, free: np.ndarray) -> np.ndarray:
        """The inverse of `_free`."""
        if math.isinf(self.low):
            return free if math.isinf(self.high) else self.high - np.exp(-free)
        if math.isinf(self.high):
            return self.low + np.exp(free)
        return self.low + (self.high - self.low) * _logistic(free)


def between(low: float, high: float, *, probability: bool = False) -> Prior:
    """Make a prior from a 90% interval: logit-normal for probabilities, lognormal if positive, else normal.

    >>> round(between(2, 8).at(0.5), 12)
    4.0
    """
    if probability:
        return LogitNormal(low, high)
    if low > 0:
        middle = float(np.sqrt(low * high))
        return Lognormal(middle, float(np.log(high / low)) / (2 * Z_90))
    return Normal((low + high) / 2, (high - low) / (2 * Z_90))


def _normal_share(score: Shares) -> Shares:
    from scipy.special import ndtr

    return ndtr(score)


def _logit(share: np.ndarray) -> np.ndarray:
    return np.log(share) - np.log1p(-share)


def _logistic(number: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-number))
