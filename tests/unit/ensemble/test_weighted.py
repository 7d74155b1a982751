"""Means, quantiles and effective sizes of weighted draws, against NumPy and against repetition."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.ensemble.weighted import effective_size, mean, quantiles, weights_from_logs

SHARES = [0.05, 0.25, 0.5, 0.95, 1.0]


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(4)


def test_quantiles_are_those_of_the_weighted_distribution(chance):
    """NumPy has the same definition, the inverse of the distribution function."""
    values, weights = chance.normal(size=200), chance.exponential(size=200)
    theirs = np.quantile(values, SHARES, weights=weights, method="inverted_cdf")
    np.testing.assert_array_equal(quantiles(values, weights, SHARES), theirs)


def test_a_whole_weight_is_that_many_draws(chance):
    """In means, in quantiles, and whatever the scale of the weights."""
    values, times = chance.normal(size=50), chance.integers(0, 4, size=50)
    repeated = np.repeat(values, times)
    assert mean(values, times * 0.1) == pytest.approx(repeated.mean())
    assert quantiles(values, times * 0.1, SHARES) == quantiles(
        repeated, np.ones(len(repeated)), SHARES
    )


def test_draws_without_weight_do_not_count():
    """Not even where their value is no number."""
    values, weights = np.array([np.nan, 1.0, np.inf, 3.0]), np.array([0.0, 1.0, 0.0, 3.0])
    assert mean(values, weights) == 2.5
    assert quantiles(values, weights, [0.0, 0.25, 1.0]) == [1.0, 1.0, 3.0]
    assert effective_size(weights) == effective_size(np.array([1.0, 3.0]))


@pytest.mark.parametrize("shift", [0.0, -5000.0, 5000.0])
def test_only_ratios_of_weights_matter(shift):
    """Logarithms that are too small or too large for a number included."""
    weights = weights_from_logs(np.log([1.0, 2.0, 5.0]) + shift)
    np.testing.assert_allclose(weights / weights.sum(), [0.125, 0.25, 0.625])
    assert effective_size(weights) == pytest.approx(64 / 30)
