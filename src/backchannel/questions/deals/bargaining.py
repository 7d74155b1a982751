"""Bargaining: which packages all parties prefer, which are efficient, and which are fair.

All functions use only gains over disagreement: one row per package, one column per party.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int

Gains = Float[np.ndarray, "package party"]


def in_range(gains: Gains) -> Bool[np.ndarray, " package"]:
    """Packages that every party strictly prefers to disagreement.

    >>> in_range(np.array([[0.2, 0.1], [0.5, -0.1], [0.0, 0.3]])).tolist()
    [True, False, False]
    """
    return np.all(gains > 0, axis=1)


def pareto(gains: Gains) -> Bool[np.ndarray, " package"]:
    """Packages that no other dominates: none is better for some party and at least as good for all.

    >>> pareto(np.array([[0.2, 0.1], [0.5, -0.1], [0.1, 0.1]])).tolist()
    [True, True, False]
    """
    undominated = np.ones(len(gains), dtype=bool)
    for i, own in enumerate(gains):
        as_good = (gains >= own).all(axis=1)
        undominated[i] = not (as_good & (gains > own).any(axis=1)).any()
    return undominated


def nash(gains: Gains) -> int | None:
    """The package of the range with the largest product of gains; `None` if the range is empty.

    Source: Nash (1950), The Bargaining Problem.

    >>> nash(np.array([[0.2, 0.2], [0.5, 0.05], [0.9, -0.1]]))
    0
    """
    index = int(nash_by_draw(gains[:, None, :])[0])
    return None if index < 0 else index


def nash_by_draw(gains: Float[np.ndarray, "package draw party"]) -> Int[np.ndarray, " draw"]:
    """The Nash package of each draw; -1 where the range is empty."""
    product = np.where((gains > 0).all(axis=2), gains.prod(axis=2), -np.inf)
    return np.where(np.isfinite(product).any(axis=0), product.argmax(axis=0), -1)


def kalai_smorodinsky(gains: Gains) -> int | None:
    """The package of the range in which the parties get the most equal shares of their ideal gains.

    A party's ideal is its largest gain over the range. With finitely many packages, the shares are
    rarely equal: the package with the largest minimum share is chosen, then the next smallest decides.

    Source: Kalai & Smorodinsky (1975); for finite sets the lexicographic form of Imai (1983).

    >>> kalai_smorodinsky(np.array([[0.4, 0.1], [0.2, 0.2], [0.1, 0.4]]))
    1
    """
    able = np.flatnonzero(in_range(gains))
    if not len(able):
        return None
    shares = gains[able] / gains[able].max(axis=0)
    ranked = np.sort(shares, axis=1)
    best = max(range(len(able)), key=lambda i: tuple(ranked[i]))
    return int(able[best])


def kalai_smorodinsky_by_draw(
    gains: Float[np.ndarray, "package draw party"],
) -> Int[np.ndarray, " draw"]:
    """The Kalai–Smorodinsky package of each draw; -1 where the range is empty."""
    able = np.all(gains > 0, axis=2)
    ideal = np.where(able[..., None], gains, -np.inf).max(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.sort(gains / ideal, axis=2)
    candidates = able
    # The largest minimum share first; ties are broken by the next smallest share.
    for rank in range(shares.shape[2]):
        own = np.where(candidates, shares[..., rank], -np.inf)
        candidates = candidates & (own >= own.max(axis=0))
    return np.where(able.any(axis=0), candidates.argmax(axis=0), -1)


def closest(gains: Gains) -> int:
    """The package with the largest gain, or smallest loss, of its worst-off party.

    >>> closest(np.array([[0.5, -0.2], [0.1, -0.05]]))
    1
    """
    return int(gains.min(axis=1).argmax())
