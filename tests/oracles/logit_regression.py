"""Logit regression by Newton's method, with three kinds of standard errors, in plain NumPy."""

from __future__ import annotations

import numpy as np


def logit_regression(
    x: np.ndarray, y: np.ndarray, weights: np.ndarray, clusters: np.ndarray
) -> dict[str, np.ndarray]:
    """Coefficients, and their covariances: inverse information, sandwich, clustered."""
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ beta))
        information = (x * (weights * p * (1 - p))[:, None]).T @ x
        beta = beta + np.linalg.solve(information, x.T @ (weights * (y - p)))
    p = 1 / (1 + np.exp(-x @ beta))
    bread = np.linalg.inv((x * (weights * p * (1 - p))[:, None]).T @ x)
    scores = x * (y - p)[:, None]
    robust = np.zeros_like(bread)
    for score, weight in zip(scores, weights, strict=True):
        robust += weight * np.outer(score, score)
    grouped = np.zeros_like(bread)
    names = np.unique(clusters)
    for name in names:
        total = (scores * weights[:, None])[clusters == name].sum(axis=0)
        grouped += np.outer(total, total)
    grouped *= len(names) / (len(names) - 1)
    log = float(weights @ (y * np.log(p) + (1 - y) * np.log(1 - p)))
    return {
        "beta": beta,
        "log": np.array(log),
        "hessian": bread,
        "sandwich": bread @ robust @ bread,
        "clustered": bread @ grouped @ bread,
    }
