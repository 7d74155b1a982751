"""Binary logit with normal intercepts per group, by quadrature: slow and obvious."""

from __future__ import annotations

import numpy as np
from scipy import optimize, special


def log_marginal(
    beta: np.ndarray,
    spread: float,
    x: np.ndarray,
    y: np.ndarray,
    group: np.ndarray,
    points: int = 60,
) -> float:
    """The log likelihood with each group's intercept integrated out by Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    total = 0.0
    for g in np.unique(group):
        own = group == g
        eta = x[own] @ beta
        logs = [
            np.log(special.expit(np.where(y[own] == 1, 1, -1) * (eta + spread * u))).sum()
            for u in nodes
        ]
        total += special.logsumexp(logs, b=weights / weights.sum())
    return float(total)


def mean_chance(middle: np.ndarray, deviation: np.ndarray, points: int = 80) -> np.ndarray:
    """The mean of a logistic function of a normal, by Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    return special.expit(middle[:, None] + deviation[:, None] * nodes) @ (weights / weights.sum())


def best_spread(x: np.ndarray, y: np.ndarray, group: np.ndarray) -> tuple[np.ndarray, float]:
    """The coefficients and the deviation of the intercepts with the highest marginal likelihood."""
    begin = np.zeros(x.shape[1] + 1)
    found = optimize.minimize(
        lambda v: -log_marginal(v[:-1], float(np.exp(v[-1])), x, y, group), begin, method="BFGS"
    )
    return found.x[:-1], float(np.exp(found.x[-1]))
