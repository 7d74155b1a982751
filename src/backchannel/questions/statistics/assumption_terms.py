"""Assumption terms: what every assumption may do to an answer, as smooth terms of its rank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.weighted import effective_size

FEWEST_COSINES, MOST_COSINES = 3, 8
"""Cosines of each assumption's rank, in few draws and in many."""
MOST_WEIGHTS_KEPT = 2
"""Sets of weights whose terms are kept with an ensemble; most nodes have the same weights."""


@dataclass(frozen=True)
class AssumptionTerms:
    """The terms of every assumption in weighted draws; the same for every answer with these weights.

    An assumption's terms are cosines of its rank and, last, the assumption itself. The cosines serve to
    test it: no draw has a large value of any of them, so no single draw makes an assumption look strong.
    The assumption itself is added once it stands out, so that an answer that is linear in it is
    explained completely, and nothing is left that other assumptions could seem to explain.

    All columns have mean 0; each is multiplied by the root of the draw's weight.
    """

    names: tuple[str, ...]
    """Assumptions that differ between draws."""
    used: Bool[np.ndarray, " all"]
    """Which of all draws have weight."""
    weights: Float[np.ndarray, " draw"]
    """Weights of the used draws; they sum to 1."""
    columns: Float[np.ndarray, "draw term"]
    at: Int[np.ndarray, "assumption term"]
    """Positions of each assumption's terms among the columns."""
    products: Float[np.ndarray, "term term"]
    """Covariances of all terms."""
    with_rank: Float[np.ndarray, "assumption term"]
    """Correlation of each assumption's rank with its terms, times the terms' spread."""

    @property
    def n_cosines(self) -> int:
        return self.at.shape[1] - 1

    @property
    def effective_draws(self) -> float:
        return effective_size(self.weights)

    @classmethod
    def of(cls, numbers: Mapping[str, Any], weights: Float[np.ndarray, " all"]) -> AssumptionTerms:
        """Build the terms of all assumptions that vary between draws.

        The number of cosines grows with the fourth root of the effective sample size: a smooth curve with
        slopes at its ends leaves 1/k³ of its variance to the cosines after the k-th, and this number
        balances what is left out against the noise of what is fitted.

        Source: Efromovich (1999), Nonparametric Curve Estimation, chapter 2 (cosine series).
        """
        used = weights > 0
        weight = weights[used] / weights[used].sum()
        drawn = {name: row[used] for name, row in numbers.items() if np.ndim(row)}
        names = tuple(name for name, row in drawn.items() if len(row) and np.ptp(row) > 0)
        table = np.array([drawn[name] for name in names]).reshape(len(names), len(weight)).T
        root = np.sqrt(weight)[:, None]
        size = effective_size(weight)
        count = int(np.clip(round(size**0.25), FEWEST_COSINES, MOST_COSINES))
        ranks = _ranks(table, weight)
        columns = np.empty((len(weight), len(names), count + 1))
        for k in range(1, count + 1):
            columns[:, :, k - 1] = np.sqrt(2) * np.cos(np.pi * k * ranks)
        columns[:, :, count] = _standardised(table, weight)
        columns = columns.reshape(len(weight), -1)
        columns = (columns - weight @ columns) * root
        at = np.arange(columns.shape[1]).reshape(len(names), count + 1)
        scaled_ranks = _standardised(ranks, weight) * root
        with_rank = np.einsum("dak,da->ak", columns[:, at], scaled_ranks)
        return cls(names, used, weight, columns, at, columns.T @ columns, with_rank)


def terms_of(ensemble: Ensemble, weights: Float[np.ndarray, " draw"]) -> AssumptionTerms:
    """The terms of an ensemble's assumptions; kept with the ensemble, by weights."""
    kept: dict[Any, AssumptionTerms] = ensemble.kept.setdefault("assumption terms", {})
    scaled = weights / max(float(weights.max(initial=0.0)), 1e-300)
    key = (id(ensemble.numbers), scaled.tobytes())
    if key not in kept:
        if len(kept) >= MOST_WEIGHTS_KEPT:
            kept.pop(next(iter(kept)))
        kept[key] = AssumptionTerms.of(ensemble.numbers, weights)
    return kept[key]


def _ranks(
    table: Float[np.ndarray, "draw assumption"], weights: Float[np.ndarray, " draw"]
) -> Float[np.ndarray, "draw assumption"]:
    """The share of the weight below each number, with half of its own; equal numbers share a rank.

    >>> _ranks(np.array([[3.0], [1.0], [3.0]]), np.array([0.25, 0.5, 0.25])).ravel().tolist()
    [0.75, 0.25, 0.75]
    """
    order = np.argsort(table, axis=0, kind="stable")
    ordered = weights[order]
    middle = np.cumsum(ordered, axis=0) - ordered / 2
    ranked = np.take_along_axis(table, order, axis=0)
    for i in np.flatnonzero((np.diff(ranked, axis=0) == 0).any(axis=0)):
        group = np.cumsum(np.append(0, np.diff(ranked[:, i]) > 0))
        mass = np.bincount(group, ordered[:, i])
        middle[:, i] = (np.bincount(group, ordered[:, i] * middle[:, i]) / mass)[group]
    ranks = np.empty_like(middle)
    np.put_along_axis(ranks, order, middle, axis=0)
    return ranks


def _standardised(
    table: Float[np.ndarray, "draw assumption"], weights: Float[np.ndarray, " draw"]
) -> Float[np.ndarray, "draw assumption"]:
    centred = table - weights @ table
    spread = np.sqrt(weights @ centred**2)
    return centred / np.where(spread > 0, spread, 1.0)
