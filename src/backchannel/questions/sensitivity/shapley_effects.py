"""Shapley effects: each assumption's fair share of a forecast's variance, even if they are dependent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from statistics import NormalDist

import numpy as np
from jaxtyping import Float

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
    observed = _shares(_gram(sample.weights, joined), owners, _orders(n, ORDERS), size)
    fewer_orders = _orders(n, ORDERS_AGAIN)
    resampled = [
        # A bootstrap sample has the noise of the draws, and the same amount of its own.
        _shares(_gram(weights, joined), owners, fewer_orders, size / 2)
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
    for _ in range(int(sample.effective_draws / DRAWS_PER_ASSUMPTION)):
        residual = _residual(sample, np.hstack(columns)) * sample.weights
        alone = np.abs([residual @ extra[0], residual @ extra[1]])
        together = np.triu(np.abs((z * residual[:, None]).T @ z), 1)
        if max(alone.max(), together.max()) * np.sqrt(sample.effective_draws) < needed:
            break
        if together.max() > alone.max():
            i, j = np.unravel_index(np.argmax(together), together.shape)
            columns.append((z[:, i] * z[:, j])[:, None])
            owners.append((int(i), int(j)))
        else:
            degree, i = np.unravel_index(np.argmax(alone), alone.shape)
            columns.append(extra[degree][:, [i]])
            owners.append((int(i),))
    return np.hstack(columns), owners


def _residual(sample: Sample, terms: Float[np.ndarray, "draw term"]) -> Float[np.ndarray, " draw"]:
    """The standardised residual of a regression on some terms."""
    root = np.sqrt(sample.weights)
    design = np.column_stack([np.ones(sample.n_draws), terms]) * root[:, None]
    coefficients = np.linalg.lstsq(design, sample.answer * root, rcond=None)[0]
    residual = sample.answer - design @ coefficients / root
    unexplained = float(sample.weights @ residual**2)
    if unexplained < ALL_EXPLAINED * sample.spread**2:
        return np.zeros_like(residual)
    return residual / np.sqrt(unexplained)


def _gram(
    weights: Float[np.ndarray, " draw"], columns: Float[np.ndarray, "draw column"]
) -> Float[np.ndarray, "column column"]:
    """Correlations of the columns, the outcome last."""
    centred = columns - weights @ columns
    gram = (centred * weights[:, None]).T @ centred
    scale = np.sqrt(np.maximum(np.diag(gram), 1e-300))
    return gram / scale / scale[:, None] + 1e-10 * np.eye(len(gram))


def _shares(
    gram: Float[np.ndarray, "column column"],
    owners: Sequence[tuple[int, ...]],
    orders: Sequence[tuple[int, ...]],
    effective: float,
) -> Float[np.ndarray, " assumption"]:
    """Mean gain in adjusted R² as each assumption enters, over orders."""
    n = len(orders[0])
    shares = np.zeros(n)
    for order in orders:
        entry = np.argsort(order)
        enters = np.array([max(entry[list(owner)]) for owner in owners])
        rows = np.argsort(enters, kind="stable")
        entering = np.append(rows, len(owners))
        # The last row of the Cholesky factor holds what each column adds to those before it.
        added = np.linalg.cholesky(gram[np.ix_(entering, entering)])[-1, :-1] ** 2
        raw = np.cumsum(np.bincount(enters[rows], added, n))
        terms = np.cumsum(np.bincount(enters[rows], minlength=n))
        adjusted = 1 - (1 - raw) * (effective - 1) / np.maximum(effective - 1 - terms, 1)
        shares[list(order)] += np.diff(adjusted, prepend=0.0)
    return shares / len(orders)


def _orders(n: int, most: int) -> list[tuple[int, ...]]:
    """All orders if they are few; otherwise random ones, each with its reverse."""
    if n <= 4:
        return list(permutations(range(n)))
    rng = np.random.default_rng(n)
    forth = [tuple(rng.permutation(n).tolist()) for _ in range(most // 2)]
    return [order for sampled in forth for order in (sampled, sampled[::-1])]
