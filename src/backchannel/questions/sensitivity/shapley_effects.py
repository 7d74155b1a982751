"""Shapley effects: each assumption's fair share of a forecast's variance, even if they are dependent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from statistics import NormalDist

import numpy as np
from jaxtyping import Float, Int

from backchannel.language.names import ParameterName
from backchannel.questions.sensitivity.effects import INTERVAL_ENDS
from backchannel.questions.sensitivity.sample import Sample

DRAWS_PER_ASSUMPTION = 20
"""Effective draws per assumption that Shapley effects need."""
ORDERS, ORDERS_AGAIN = 200, 20
"""Orders that are sampled when there are too many: for the shares, and in each bootstrap sample."""
SHAPLEY_REPLICAS = 50
"""Bootstrap samples behind the intervals."""
DOUBT = 0.05
"""Probability that the regression gets a further term although there is no such effect."""

ALL_EXPLAINED = 1e-9
"""Unexplained share of the variance that counts as rounding."""
SAME_DIRECTION = 1e-12
"""Length of what is new in a term, relative to the term, that counts as rounding."""


@dataclass(frozen=True)
class ShapleyEffect:
    """One assumption's share of the variance of an outcome's chance."""

    parameter: ParameterName
    share: float
    """Its own part, and a fair part of what it shares with others by interaction or dependence."""
    share_range: tuple[float, float]
    """90% bootstrap interval."""


@dataclass(frozen=True)
class ShapleyEffects:
    """The shares, largest first."""

    effects: tuple[ShapleyEffect, ...]
    explained: float
    """The sum of the shares: the part of the variance that the regression explains."""
    pairs: tuple[tuple[ParameterName, ParameterName], ...]
    """Pairs of assumptions that interact."""


def enough_for_shapley(sample: Sample) -> bool:
    """Say whether the effective sample size is at least 20 per assumption."""
    return sample.effective_draws >= DRAWS_PER_ASSUMPTION * len(sample.names)


def shapley_effects(sample: Sample) -> ShapleyEffects:
    r"""Divide the variance of an outcome's chance among the assumptions.

    $$\varphi_i = \text{mean over orders of } R^2(u \cup \{i\}) - R^2(u), \qquad
    R^2(u) = \operatorname{Var} E[y \mid x_u] / \operatorname{Var} y$$

    where u are the assumptions before i. Unlike Sobol' total effects, they stay meaningful when the
    record makes assumptions dependent. E[y | x_u] is a regression on the normal scores in u, and on those
    of their squares, cubes and pairwise products that improve it significantly. R² is adjusted for the
    number of terms. The shares do not include what the regression leaves unexplained.

    Source: Owen (2014), Sobol' indices and Shapley value; Owen & Prieur (2017) and Iooss & Prieur
    (2019) for dependent inputs; the sequential R² is that of Lindeman, Merenda & Gold (1980). Given
    draws, we prefer the regression to the nearest neighbours of Broto, Bachoc & Depecker (2020),
    which are far away once there are more than a few assumptions.
    """
    columns, owners = _terms(sample)
    n = len(sample.names)
    joined = np.column_stack([columns, sample.answer])
    size = sample.effective_draws
    entries = _Entries.of(_orders(n, ORDERS), owners)
    observed = entries.shares(_gram(sample.weights, joined), size)
    fewer = _Entries.of(_orders(n, ORDERS_AGAIN), owners)
    resampled = [
        # A bootstrap sample has the noise of the draws, and the same amount of its own.
        fewer.shares(_gram(weights, joined), size / 2)
        for weights in sample.resampled(SHAPLEY_REPLICAS)
    ]
    low, high = np.quantile(resampled, INTERVAL_ENDS, axis=0)
    effects = [
        ShapleyEffect(name, float(observed[i]), (float(low[i]), float(high[i])))
        for i, name in enumerate(sample.names)
    ]
    return ShapleyEffects(
        effects=tuple(sorted(effects, key=lambda effect: -effect.share)),
        explained=float(observed.sum()),
        pairs=tuple((sample.names[o[0]], sample.names[o[1]]) for o in owners if len(o) == 2),
    )


def _terms(
    sample: Sample,
) -> tuple[Float[np.ndarray, "draw term"], list[tuple[int, ...]]]:
    """Choose the regression's terms, with the assumptions of each: every normal score, then squares,
    cubes and pairwise products, each time the one most correlated with the unexplained rest."""
    z = sample.scores
    n = z.shape[1]
    # Hermite polynomials are orthogonal for normal scores.
    extra = [(z**2 - 1) / np.sqrt(2), (z**3 - 3 * z) / np.sqrt(6)]
    columns = [z]
    owners: list[tuple[int, ...]] = [(i,) for i in range(n)]
    needed = NormalDist().inv_cdf(1 - DOUBT / (4 * n + n * (n - 1)))
    regression = _Regression(sample, z)
    for _ in range(int(sample.effective_draws / DRAWS_PER_ASSUMPTION)):
        residual = regression.residual() * sample.weights
        alone = np.abs([residual @ extra[0], residual @ extra[1]])
        together = np.triu(np.abs((z * residual[:, None]).T @ z), 1)
        if max(alone.max(), together.max()) * np.sqrt(sample.effective_draws) < needed:
            break
        if together.max() > alone.max():
            i, j = np.unravel_index(np.argmax(together), together.shape)
            column = z[:, i] * z[:, j]
            owners.append((int(i), int(j)))
        else:
            degree, i = np.unravel_index(np.argmax(alone), alone.shape)
            column = extra[degree][:, i]
            owners.append((int(i),))
        columns.append(column[:, None])
        regression.add(column)
    return np.hstack(columns), owners


class _Regression:
    """A weighted regression of the outcome's chance on a constant and some terms, to which terms are added."""

    def __init__(self, sample: Sample, terms: Float[np.ndarray, "draw term"]) -> None:
        self.sample = sample
        self.root = np.sqrt(sample.weights)
        design = np.column_stack([np.ones(sample.n_draws), terms]) * self.root[:, None]
        directions, lengths, _ = np.linalg.svd(design, full_matrices=False)
        self.basis = directions[:, lengths > SAME_DIRECTION * lengths.max()]
        """Orthonormal directions that span the terms, each row times the root of the draw's weight."""
        self.left = self._without_basis(sample.answer * self.root)

    def add(self, term: Float[np.ndarray, " draw"]) -> None:
        """Add a term: only its direction that is new explains anything more."""
        scaled = term * self.root
        new = self._without_basis(scaled)
        length = np.linalg.norm(new)
        if length <= SAME_DIRECTION * np.linalg.norm(scaled):
            return
        new /= length
        self.left = self.left - new * (new @ self.left)
        self.basis = np.column_stack([self.basis, new])

    def residual(self) -> Float[np.ndarray, " draw"]:
        """The standardised residual."""
        residual = self.left / self.root
        unexplained = float(self.sample.weights @ residual**2)
        if unexplained < ALL_EXPLAINED * self.sample.spread**2:
            return np.zeros_like(residual)
        return residual / np.sqrt(unexplained)

    def _without_basis(self, column: Float[np.ndarray, " draw"]) -> Float[np.ndarray, " draw"]:
        for _ in range(2):  # Once leaves a rest of the size of rounding beside what was there.
            column = column - self.basis @ (self.basis.T @ column)
        return column


def _gram(
    weights: Float[np.ndarray, " draw"], columns: Float[np.ndarray, "draw column"]
) -> Float[np.ndarray, "column column"]:
    """Correlations of the columns, the outcome last."""
    centred = columns - weights @ columns
    gram = (centred * weights[:, None]).T @ centred
    scale = np.sqrt(np.maximum(np.diag(gram), 1e-300))
    return gram / scale / scale[:, None] + 1e-10 * np.eye(len(gram))


@dataclass(frozen=True)
class _Entries:
    """Orders in which assumptions enter, and when each term enters: with the last of its assumptions."""

    orders: Int[np.ndarray, "order assumption"]
    enters: Int[np.ndarray, "order term"]
    """In the order in which terms enter, the place of the assumption with which each does."""
    entering: Int[np.ndarray, "order column"]
    """The terms in the order in which they enter, and last the outcome."""

    @classmethod
    def of(cls, orders: Sequence[tuple[int, ...]], owners: Sequence[tuple[int, ...]]) -> _Entries:
        """Work out when each term enters in each order."""
        places = np.argsort(np.array(orders), axis=1)
        ends = np.array([(owner[0], owner[-1]) for owner in owners])
        enters = places[:, ends].max(axis=2)
        rows = np.argsort(enters, axis=1, kind="stable")
        outcome = np.full((len(rows), 1), len(owners))
        return cls(
            np.array(orders), np.take_along_axis(enters, rows, axis=1), np.hstack([rows, outcome])
        )

    def shares(
        self, gram: Float[np.ndarray, "column column"], effective: float
    ) -> Float[np.ndarray, " assumption"]:
        """Mean gain in adjusted R² as each assumption enters, over orders."""
        n = self.orders.shape[1]
        shares = np.zeros(n)
        for order, enters, entering in zip(self.orders, self.enters, self.entering, strict=True):
            # The last row of the Cholesky factor holds what each column adds to those before it.
            added = np.linalg.cholesky(gram[entering[:, None], entering])[-1, :-1] ** 2
            raw = np.cumsum(np.bincount(enters, added, n))
            terms = np.cumsum(np.bincount(enters, minlength=n))
            adjusted = 1 - (1 - raw) * (effective - 1) / np.maximum(effective - 1 - terms, 1)
            shares[order] += np.diff(adjusted, prepend=0.0)
        return shares / len(self.orders)


def _orders(n: int, most: int) -> list[tuple[int, ...]]:
    """All orders if they are few; otherwise random ones, each with its reverse."""
    if n <= 4:
        return list(permutations(range(n)))
    rng = np.random.default_rng(n)
    forth = [tuple(rng.permutation(n).tolist()) for _ in range(most // 2)]
    return [order for sampled in forth for order in (sampled, sampled[::-1])]
