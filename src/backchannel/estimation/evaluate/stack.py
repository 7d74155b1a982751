r"""Stacks: two predictions pooled on the log scale, with weights from rows that both had not seen.

$$p_k \propto p_{1k}^{a} \, p_{2k}^{b}, \qquad a, b \ge 0$$

Source: Wolpert (1992) for stacking; Genest & Zidek (1986) for the logarithmic pool.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int
from scipy import optimize, special

STACK = "stack with "
"""How the name of a stack begins; the model that is pooled with the case follows."""
LEAST = 1e-6
"""The smallest chance whose logarithm is taken."""
MOST = 5.0
"""The largest weight."""


def stacked(
    first: Float[np.ndarray, "row outcome"],
    second: Float[np.ndarray, "row outcome"],
    weights: tuple[float, float],
) -> Float[np.ndarray, "row outcome"]:
    """The pooled chances."""
    with np.errstate(invalid="ignore"):
        logs = [np.log(np.maximum(chances, LEAST)) for chances in (first, second)]
    return special.softmax(weights[0] * logs[0] + weights[1] * logs[1], axis=1)


def stack_weights(
    first: Float[np.ndarray, "row outcome"],
    second: Float[np.ndarray, "row outcome"],
    seen: Int[np.ndarray, " row"],
) -> tuple[float, float]:
    """The weights with the best log score of some rows; a half each where nothing can be said."""
    good = np.isfinite(first).all(axis=1) & np.isfinite(second).all(axis=1)
    if not good.any():
        return 0.5, 0.5
    rows = np.arange(int(good.sum()))

    def loss(weights: np.ndarray) -> float:
        made = stacked(first[good], second[good], (weights[0], weights[1]))
        return -float(np.log(np.maximum(made[rows, seen[good]], LEAST)).mean())

    minimum = optimize.minimize(loss, [0.5, 0.5], bounds=[(0, MOST), (0, MOST)], method="L-BFGS-B")
    return float(minimum.x[0]), float(minimum.x[1])


def shrinkage(
    first: Float[np.ndarray, "row outcome"],
    base: Float[np.ndarray, "row outcome"],
    seen: Int[np.ndarray, " row"],
) -> tuple[float, float]:
    """The weights a and 1 − a, between 0 and 1, with the best log score of some rows: 0 is the base rate alone."""
    good = np.isfinite(first).all(axis=1) & np.isfinite(base).all(axis=1)
    if not good.any():
        return 0.5, 0.5
    rows = np.arange(int(good.sum()))

    def loss(weight: float) -> float:
        made = stacked(first[good], base[good], (weight, 1.0 - weight))
        return -float(np.log(np.maximum(made[rows, seen[good]], LEAST)).mean())

    ends = [0.0, float(optimize.minimize_scalar(loss, bounds=(0, 1), method="bounded").x), 1.0]
    best = min(ends, key=loss)
    return best, 1.0 - best
