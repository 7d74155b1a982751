"""Games of two players with two actions each, whose best replies run in a circle: the one equilibrium.

The logit response of one player to the other's falls where that of the other rises, so that they cross
once: a root in one dimension, found by bisection without any of Backchannel's solvers.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, special

Payoffs = tuple[tuple[float, float], tuple[float, float]]
"""Of one player: rows are the first player's actions, columns the second's."""


def logit_play(first: Payoffs, second: Payoffs, own: float, other: float) -> tuple[float, float]:
    """Chance of the first player's first action, and of the second's.

    Args:
        first: Payoffs of the first player.
        second: Payoffs of the second player.
        own: Precision of the first player.
        other: Precision of the second player.
    """
    a, b = np.array(first), np.array(second)

    def reply(p: float) -> float:
        return float(
            special.expit(other * (p * (b[0, 0] - b[0, 1]) + (1 - p) * (b[1, 0] - b[1, 1])))
        )

    def gap(p: float) -> float:
        q = reply(p)
        gain = q * (a[0, 0] - a[1, 0]) + (1 - q) * (a[0, 1] - a[1, 1])
        return p - float(special.expit(own * gain))

    p = float(optimize.brentq(gap, 0.0, 1.0, xtol=1e-15))  # pyright: ignore[reportArgumentType]
    return p, reply(p)


def log_likelihood(
    shares: tuple[float, float], plays: float, chances: tuple[float, float]
) -> float:
    """Of plays in which the shares of first actions were these."""
    return sum(
        float(plays * (special.xlogy(s, p) + special.xlogy(1 - s, 1 - p)))
        for s, p in zip(shares, chances, strict=True)
    )
