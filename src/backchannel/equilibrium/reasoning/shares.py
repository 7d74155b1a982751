"""Shares of levels: how a player of each level believes the others to be distributed over the levels below.

A table of shares has the axes level (whose idea it is), lower level (that of the others) and draw.
Row k sums to 1 over the levels below k; row 0 is 0, because level 0 thinks of nobody.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float


def level_shares(most: int) -> Float[np.ndarray, "level lower 1"]:
    """Level-k thinking: level k takes everyone else to be at level k - 1.

    Args:
        most: The highest level.

    >>> level_shares(2)[..., 0]
    array([[0., 0., 0.],
           [1., 0., 0.],
           [0., 1., 0.]])

    Source: Stahl & Wilson (1994), Nagel (1995).
    """
    return np.eye(most + 1, k=-1)[..., None]


def hierarchy_shares(mean: Any, most: int, xp: Any = np) -> Any:
    """Cognitive hierarchy: level k takes the others to be Poisson over 0 … k - 1.

    Args:
        mean: The mean level, above 0; one number per draw.
        most: The highest level.
        xp: `numpy` or `jax.numpy`.

    Returns:
        Shares; axes: level, lower level, draw.

    >>> hierarchy_shares(np.array([1.0]), 2)[2, :, 0].round(6).tolist()
    [0.5, 0.5, 0.0]

    Source: Camerer, Ho & Chong (2004), equation 1 with true relative proportions.
    """
    weights = poisson_weights(mean, most, xp)
    below = np.tril(np.ones((most + 1, most + 1)), k=-1)[..., None]
    known = below * weights[None]
    # Level 0 thinks of nobody: its row is 0 and must not be divided by 0.
    nobody = np.eye(most + 1, 1)[..., None]
    return known / (known.sum(axis=1, keepdims=True) + nobody)


def type_shares(mean: Any, most: int, xp: Any = np) -> Any:
    """P(level) of a player in a cognitive hierarchy: Poisson, cut off at the highest level.

    Args:
        mean: The mean of the Poisson before it is cut off, at least 0; one number per draw.
        most: The highest level.
        xp: `numpy` or `jax.numpy`.

    Returns:
        Probabilities; axes: level, draw.
    """
    weights = poisson_weights(mean, most, xp)
    return weights / weights.sum(axis=0, keepdims=True)


def poisson_weights(mean: Any, most: int, xp: Any = np) -> Any:
    """mean^k / k!, the Poisson up to a factor, for the levels 0 … most; axes: level, draw."""
    steps = [xp.ones_like(mean)]
    for level in range(1, most + 1):
        steps.append(steps[-1] * mean / level)
    return xp.stack(steps)
