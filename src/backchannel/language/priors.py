"""Priors: the distribution of a number that is not known exactly, whatever its kind."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from jaxtyping import Float

Z_90 = NormalDist().inv_cdf(0.95)
"""Half-width of a 90% interval of the normal distribution, in standard deviations."""
EDGE = 1e-12
"""Shares are clipped to lie at least this far from 0 and 1."""
HALVINGS = 36
"""Bisection steps on the normal scores from −7 to 7: precise to 1e-10."""
ANY_NUMBER = (-math.inf, math.inf)
POSITIVE = (0.0, math.inf)
SHARE = (0.0, 1.0)

Shares = Float[np.ndarray, " draw"]


class Prior(ABC):
    """The distribution of one uncertain number."""

    @abstractmethod
    def quantile(self, share: Shares) -> Shares:
        """Return the number below which a share (0 to 1) of the distribution lies."""

    @property
    def is_fixed(self) -> bool:
        """Whether the distribution is a single number."""
        return False

    @property
    def bounds(self) -> tuple[float, float]:
        """The lowest and the highest number that are possible."""
        return ANY_NUMBER

    def share(self, number: Shares) -> Shares:
        """Return the share of the distribution below a number: the inverse of `quantile`.

        >>> from backchannel.language.distributions import Uniform
        >>> print(Uniform(2, 6).share(np.array([3.0])).round(9))
        [0.25]
        """
        from scipy.special import ndtr

        low, high = np.full(np.shape(number), -7.0), np.full(np.shape(number), 7.0)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            is_below = self.quantile(ndtr(middle)) < number
            low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
        return ndtr((low + high) / 2)

    def at(self, share: float) -> float:
        """Return one quantile."""
        return float(self.quantile(np.array([share]))[0])


@dataclass(frozen=True)
class Fixed(Prior):
    """A number that is known."""

    value: float

    @property
    def is_fixed(self) -> bool:
        return True

    @property
    def bounds(self) -> tuple[float, float]:
        return self.value, self.value

    def quantile(self, share: Shares) -> Shares:
        return np.full(np.shape(share), self.value)


def normal_score(share: Shares) -> Shares:
    """Return the standard normal quantile of a share."""
    share = np.clip(np.asarray(share, float), EDGE, 1 - EDGE)
    if share.size <= 32:
        # For a few numbers the standard library is enough, and needs no slow import.
        scores = [NormalDist().inv_cdf(single) for single in share.ravel().tolist()]
        return np.array(scores).reshape(share.shape)
    from scipy.special import ndtri

    return ndtri(share)
