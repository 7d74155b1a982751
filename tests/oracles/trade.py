"""The concave program of a market, handed to SciPy as it is written down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize

LEAST = 1e-14


def best_flows(
    *,
    supplier: Sequence[int],
    demander: Sequence[int],
    cost: np.ndarray,
    capacity: np.ndarray,
    supply: dict[int, float],
    size: np.ndarray,
    elasticity: np.ndarray,
    sensitivity: float,
) -> np.ndarray:
    """Maximise surplus over flows with sequential quadratic programming; `supply` has the limited suppliers."""
    begins, ends = np.array(supplier), np.array(demander)

    def loss(flow: np.ndarray) -> float:
        f = np.maximum(flow, LEAST)
        total = np.bincount(ends, f, len(size))
        joy = (total / elasticity * (1 - np.log(total / size))).sum()
        return -(joy - (cost * f).sum() - (f * np.log(f / total[ends])).sum() / sensitivity)

    def slope(flow: np.ndarray) -> np.ndarray:
        f = np.maximum(flow, LEAST)
        total = np.bincount(ends, f, len(size))
        price = -np.log(total / size) / elasticity
        return -(price[ends] - cost - np.log(f / total[ends]) / sensitivity)

    limits = [
        {
            "type": "ineq",
            "fun": lambda f, s=s, most=most: most - f[begins == s].sum(),
            "jac": lambda f, s=s: -(begins == s).astype(float),
        }
        for s, most in supply.items()
    ]
    most = np.where(np.isfinite(capacity), capacity, 50.0)
    flow = np.minimum(most, 0.01)
    # It may stop early; a second start from where it stopped goes to the end.
    for _ in range(2):
        flow = minimize(
            loss,
            flow,
            jac=slope,
            bounds=[(LEAST, m) for m in most],
            constraints=limits,
            method="SLSQP",
            options={"maxiter": 2000, "ftol": 1e-15},
        ).x
    return flow
