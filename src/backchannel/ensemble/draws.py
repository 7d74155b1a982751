"""Draws of the uncertain numbers: scrambled Sobol points, put through the priors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from backchannel.case.lower.shifted import Shifted
from backchannel.language.correlations import Correlation, correlation_matrix
from backchannel.language.levels import PoissonLevel
from backchannel.language.names import ParameterName
from backchannel.language.priors import EDGE, Prior, Shares, normal_score
from backchannel.machine.memory import NUMBER, claim

COPIES = 4
"""Tables of all numbers in all draws that exist at the same time while numbers are drawn."""


def draw_numbers(
    priors: Mapping[ParameterName, Prior],
    n_draws: int,
    *,
    seed: int = 0,
    skip: int = 0,
    correlations: Sequence[Correlation] = (),
) -> dict[ParameterName, Shares]:
    """Draw every number `n_draws` times.

    Args:
        priors: The distribution of each number.
        n_draws: How many draws; a power of two spreads them most evenly.
        seed: The same seed gives the same draws.
        skip: How many draws of the same sequence to leave out, because they were taken already.
        correlations: Rank correlations between pairs, by a Gaussian copula.

    Returns:
        The value of each number in every draw.

    Source: Owen (1998), scrambled Sobol points.
    """
    from scipy.stats import qmc  # the import takes a second, and only draws need it

    uncertain = [name for name, prior in priors.items() if not prior.is_fixed]
    if not uncertain:
        return {name: prior.quantile(np.full(n_draws, 0.5)) for name, prior in priors.items()}
    claim(
        NUMBER * COPIES * n_draws * len(priors),
        f"{n_draws:,} draws of {len(priors):,} numbers",
        "Take fewer draws (--draws).",
    )
    sobol = qmc.Sobol(len(uncertain), scramble=True, rng=np.random.default_rng(seed))
    if skip:
        sobol.fast_forward(skip)
    exponent = int(np.ceil(np.log2(max(n_draws, 1))))
    points = sobol.random(2**exponent)[:n_draws] if not skip else sobol.random(n_draws)
    shares = np.clip(points, EDGE, 1 - EDGE).T
    shares = _correlated(shares, uncertain, correlations)
    share_of = dict(zip(uncertain, shares, strict=True))
    drawn = {
        name: np.ascontiguousarray(prior.quantile(share_of.get(name, np.full(n_draws, 0.5))))
        for name, prior in priors.items()
    }
    for name, prior in priors.items():
        is_moved = isinstance(prior, Shifted)
        level = prior.prior if is_moved else prior
        if isinstance(level, PoissonLevel):
            share = prior.moved(share_of[name]) if is_moved else share_of[name]
            drawn[name] = level.given(share, drawn[level.mean_name])
    return drawn


def _correlated(
    shares: np.ndarray, names: Sequence[str], correlations: Sequence[Correlation]
) -> np.ndarray:
    if not correlations:
        return shares
    from scipy.special import ndtr

    root = np.linalg.cholesky(correlation_matrix(names, correlations))
    return ndtr(root @ normal_score(shares))
