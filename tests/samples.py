"""Samples whose sensitivity is known in closed form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from backchannel.questions.sensitivity.sample import Sample


def sample_from(
    numbers: np.ndarray, chances: np.ndarray, weights: np.ndarray | None = None
) -> Sample:
    """A sample of a node `reply` that is `yes` with the given chance (or of several values)."""
    n = len(numbers)
    weights = np.ones(n) if weights is None else weights
    if chances.ndim == 1:
        chances = np.column_stack([chances, 1 - chances])
    domain = ("yes", "no", "other")[: chances.shape[1]]
    names = tuple(f"x{i + 1}" for i in range(numbers.shape[1]))
    return Sample(
        "reply", domain, "yes", names, numbers, chances, weights / weights.sum(), np.arange(n)
    )


def normals(n: int, k: int, *, seed: int, quasi: bool = False) -> np.ndarray:
    """Independent standard normal numbers, by chance or spread evenly."""
    if quasi:
        points = qmc.Sobol(k, rng=np.random.default_rng(seed)).random(n)
        return ndtri(np.clip(points, 1e-9, 1 - 1e-9))
    return np.random.default_rng(seed).standard_normal((n, k))


def ishigami(n: int, *, seed: int = 0) -> Sample:
    """Ishigami's function of three uniform numbers, brought into 0 to 1."""
    unit = qmc.Sobol(3, rng=np.random.default_rng(seed)).random(n)
    x = np.pi * (2 * unit - 1)
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return sample_from(x, (y + 11) / 30)


def linear(
    slopes: list[float], n: int, *, seed: int, weigh: Callable | None = None, quasi: bool = False
) -> Sample:
    """A chance that is linear in normal numbers (small enough to stay between 0 and 1)."""
    x = normals(n, len(slopes), seed=seed, quasi=quasi)
    scale = 0.08 / np.linalg.norm(slopes)
    y = 0.5 + scale * (x @ np.array(slopes))
    return sample_from(x, y, None if weigh is None else weigh(x))


def logistic(slopes: list[float], level: float, n: int, *, seed: int = 0) -> Sample:
    """A chance whose log-odds are linear in normal numbers."""
    x = normals(n, len(slopes), seed=seed, quasi=True)
    return sample_from(x, 1 / (1 + np.exp(-(level + x @ np.array(slopes)))))


def delta_of_linear(share: float) -> float:
    """Borgonovo's delta of one of several normal inputs that explains a share of the variance.

    Half the mean area between N(0, 1) and N(z √share, 1 − share), by plain quadrature.
    """
    z = ndtri((np.arange(400) + 0.5) / 400)
    y = np.linspace(-9, 9, 20001)
    left = np.sqrt(1 - share)
    gap = np.abs(_density(y) - _density((y - z[:, None] * np.sqrt(share)) / left) / left)
    return float(gap.sum(axis=1).mean() * (y[1] - y[0]) / 2)


def captured_by_slices(n_slices: int) -> float:
    """The share of a normal number's variance that lies between slices of equal weight."""
    edges = ndtri(np.arange(1, n_slices) / n_slices)
    heights = np.concatenate([[0.0], _density(edges), [0.0]])
    means = -np.diff(heights) * n_slices
    assert np.isclose(np.diff(ndtr(edges)), 1 / n_slices).all()
    return float((means**2).mean())


def _density(y: np.ndarray) -> np.ndarray:
    return np.exp(-(y**2) / 2) / np.sqrt(2 * np.pi)
