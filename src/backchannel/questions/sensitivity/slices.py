"""Slices: an outcome's distribution within slices of each assumption.

First-order effects, Borgonovo's delta and the value of information all compare the outcome in slices of
equal weight of one assumption with the outcome over all draws. The sums over the slices are computed
once: for the draws, for bootstrap samples, and for random slices, which show the effect of chance alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int

from backchannel.language.priors import normal_score
from backchannel.questions.sensitivity.sample import REPLICAS, Sample, slices_of

PERMUTATIONS = 1000
"""Random slicings that show the effect of chance alone."""
AT_A_TIME = 125
"""Random slicings held in memory at once."""
SCORE_CELLS = np.linspace(-3.6, 3.6, 73)
"""Centres of the cells in which the outcome's normal scores are counted."""


@dataclass(frozen=True)
class Slices:
    """For each row (an assumption, a replica or a random slicing), the sums over each slice."""

    mass: Float[np.ndarray, "*row slice"]
    """Weight in the slice."""
    chances: Float[np.ndarray, "*row slice value"]
    """Mean chance of every value in the slice."""
    cells: Float[np.ndarray, "*row slice cell"]
    """Distribution of the outcome's normal score in the slice."""


@dataclass(frozen=True)
class SlicedSample:
    """A sample in slices: of the draws, of bootstrap samples, and of random slicings."""

    sample: Sample
    member: Int[np.ndarray, "assumption draw"]
    """The slice in which each draw lies, by assumption."""
    observed: Slices
    """Axis 0: assumption."""
    resampled: Slices
    """Axes 0 and 1: assumption, replica."""
    by_chance: Slices
    """Axis 0: random slicing."""

    @property
    def n_slices(self) -> int:
        return self.observed.mass.shape[-1]


def slice_draws(sample: Sample, *, replicas: int = REPLICAS) -> SlicedSample:
    """Slice the draws along every assumption.

    The number of slices is the cube root of the effective sample, at least 4 and at most 20.

    Source: Plischke, Borgonovo & Smith (2013), Global sensitivity measures from given data. For the
    cube root: Györfi, Kohler, Krzyżak & Walk (2002), A Distribution-Free Theory of Nonparametric
    Regression, theorem 4.3 (the best rate of a regressogram). The random slicings are ours:
    they show the effect of chance for any assumption, whatever its distribution, because an assumption
    without effect orders the draws at random.
    """
    n_slices = int(np.clip(round(sample.effective_draws ** (1 / 3)), 4, 20))
    weights, columns = sample.weights, _columns(sample)
    order = np.argsort(sample.numbers, axis=0, kind="stable").T
    member = _members(order, weights, n_slices)
    # With the draw first, the weights of a slice's draws are read as whole rows.
    resampled = np.ascontiguousarray(sample.resampled(replicas).T)
    # One assumption at a time, to bound memory for any number of draws.
    replicas_sums = [columns.resampled(row, resampled, n_slices) for row in member]
    rng = np.random.default_rng(sample.n_draws + 1)
    chance = []
    for start in range(0, PERMUTATIONS, AT_A_TIME):
        rows = min(AT_A_TIME, PERMUTATIONS - start)
        shuffled = rng.permuted(np.tile(np.arange(sample.n_draws), (rows, 1)), axis=1)
        members = _members(shuffled, weights, n_slices)
        chance.append(columns.counted(members, weights, n_slices))
    return SlicedSample(
        sample=sample,
        member=member,
        observed=_slices(columns.counted(member, weights, n_slices), sample),
        resampled=_slices(np.array(replicas_sums), sample),
        by_chance=_slices(np.concatenate(chance), sample),
    )


@dataclass(frozen=True)
class _Columns:
    """What is summed over a slice: 1, each value's chance, and the share of each draw in the cells of scores.

    A draw lies between the centres of two cells and is shared between them.
    """

    chances: Float[np.ndarray, "draw value"]
    left: Int[np.ndarray, " draw"]
    """The cell on the left of the outcome's score."""
    right_share: Float[np.ndarray, " draw"]
    """The share of the cell on its right."""

    def counted(
        self,
        members: Int[np.ndarray, "row draw"],
        weights: Float[np.ndarray, " draw"],
        n_slices: int,
    ) -> Float[np.ndarray, "row slice column"]:
        """The sums over the slices of each row, counted draw by draw: most cells of a draw are 0."""
        n_rows, n_cells = len(members), len(SCORE_CELLS)
        place = (np.arange(n_rows)[:, None] * n_slices + members).ravel()

        def count(at: np.ndarray, each: np.ndarray, length: int) -> np.ndarray:
            whole = np.broadcast_to(each, members.shape).ravel()
            return np.bincount(at, whole, n_rows * n_slices * length)

        columns = [count(place, weights * chance, 1) for chance in (1.0, *self.chances.T)]
        left = place * n_cells + np.broadcast_to(self.left, members.shape).ravel()
        cells = count(left, weights * (1 - self.right_share), n_cells)
        cells += count(left + 1, weights * self.right_share, n_cells)
        table = np.hstack([np.stack(columns, axis=1), cells.reshape(-1, n_cells)])
        return table.reshape(n_rows, n_slices, -1)

    def resampled(
        self,
        member: Int[np.ndarray, " draw"],
        weights: Float[np.ndarray, "draw replica"],
        n_slices: int,
    ) -> Float[np.ndarray, "replica slice column"]:
        """The sums over slices in every bootstrap sample: draws of one slice and one cell are added up first."""
        n_cells, n_replicas = len(SCORE_CELLS), weights.shape[1]
        order = np.lexsort((self.left, member))
        ordered, place = weights[order], member[order] * n_cells + self.left[order]
        first = np.flatnonzero(np.diff(place, prepend=-1))
        on_right = np.add.reduceat(ordered * self.right_share[order][:, None], first, axis=0)
        cells = np.zeros((n_slices * n_cells, n_replicas))
        cells[place[first]] = np.add.reduceat(ordered, first, axis=0) - on_right
        cells[place[first] + 1] += on_right
        others = np.column_stack([np.ones(len(order)), self.chances[order]]).T
        ends = np.searchsorted(member[order], np.arange(n_slices + 1))
        sums = [
            np.vstack([others[:, a:b] @ ordered[a:b], cells[k * n_cells : (k + 1) * n_cells]])
            for k, (a, b) in enumerate(pairwise(ends))
        ]
        return np.stack(sums).transpose(2, 0, 1)


def _columns(sample: Sample) -> _Columns:
    width = SCORE_CELLS[1] - SCORE_CELLS[0]
    place = (outcome_scores(sample) - SCORE_CELLS[0]) / width
    place = np.clip(place, 0, len(SCORE_CELLS) - 1)
    left = np.minimum(place.astype(int), len(SCORE_CELLS) - 2)
    return _Columns(sample.chances, left, place - left)


def outcome_scores(sample: Sample) -> Float[np.ndarray, " draw"]:
    """Normal scores of the outcome over draws; equal outcomes share their mean rank."""
    values, inverse = np.unique(sample.answer, return_inverse=True)
    mass = np.bincount(inverse, sample.weights, len(values))
    return normal_score((np.cumsum(mass) - mass / 2)[inverse])


def _members(
    order: Int[np.ndarray, "row draw"], weights: Float[np.ndarray, " draw"], n_slices: int
) -> Int[np.ndarray, "row draw"]:
    member = np.empty_like(order)
    np.put_along_axis(member, order, slices_of(weights[order], n_slices), axis=1)
    return member


def _slices(sums: Float[np.ndarray, "*row slice column"], sample: Sample) -> Slices:
    mass = sums[..., 0]
    shares = sums[..., 1:] / np.maximum(mass, 1e-300)[..., None]
    n_values = len(sample.domain)
    return Slices(mass, shares[..., :n_values], shares[..., n_values:])
