"""Log densities of the priors of shared numbers, for the mode of the posterior.

A prior is known by its quantiles, so its density is the inverse of its quantile function's slope.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import optimize

from backchannel.estimation.design import RegressionDesign
from backchannel.language.priors import Prior

EDGE = 1e-9
"""Share of a prior on either side beyond which it is not looked at."""


def log_priors(design: RegressionDesign, beta: np.ndarray) -> list[tuple[float, float]]:
    """Log density of each coefficient's prior, and its derivative; 0 where there is none."""
    return [
        (0.0, 0.0) if prior is None else _density(prior, value)
        for prior, value in zip(design.priors, beta, strict=True)
    ]


def _density(prior: Prior, value: float) -> tuple[float, float]:
    """Log density of a prior and its slope; a prior is known by its quantiles."""
    step = 1e-4 * max(abs(value), 1e-3)
    logs = [_log_density(prior, value + move) for move in (-step, 0.0, step)]
    return logs[1], (logs[2] - logs[0]) / (2 * step)


def _log_density(prior: Prior, value: float) -> float:
    least, most = prior.at(EDGE), prior.at(1 - EDGE)
    inside = min(max(value, least), most)
    share: Any = optimize.brentq(lambda q: prior.at(q) - inside, EDGE, 1 - EDGE, xtol=1e-14)
    step = 1e-5 * min(share, 1 - share)
    slope = (prior.at(share + step) - prior.at(share - step)) / (2 * step)
    # Beyond its outermost quantiles a prior falls off so steeply that nothing is sought there.
    return float(-np.log(slope)) - 1e3 * abs(value - inside) / max(most - least, 1e-300)
