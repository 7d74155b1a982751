"""Shapley effects, against closed forms for dependent and interacting inputs."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.questions.sensitivity.shapley_effects import enough_for_shapley, shapley_effects
from tests.samples import linear, normals, sample_from


def shares(sample) -> dict[str, float]:
    """Shapley effects by name."""
    return {one.parameter: one.share for one in shapley_effects(sample).effects}


@pytest.mark.parametrize("rho", [0.6, -0.5])
def test_two_correlated_inputs_of_a_linear_outcome(rho):
    """(Owen & Prieur 2017, section 3.1; Iooss & Prieur 2019, section 2.3): for y = b1 x1 + b2 x2,
    x1's effect is b1²(1 − ρ²/2) + ρ b1 b2 + b2² ρ²/2, over Var y.

    4,096 quasi-random draws leave a standard error of about 1/√4096.
    """
    z = normals(4096, 2, seed=1, quasi=True)
    x = np.column_stack([z[:, 0], rho * z[:, 0] + np.sqrt(1 - rho**2) * z[:, 1]])
    b1, b2 = 1.0, 2.0
    variance = b1**2 + b2**2 + 2 * rho * b1 * b2
    exact = (b1**2 * (1 - rho**2 / 2) + rho * b1 * b2 + b2**2 * rho**2 / 2) / variance
    found = shares(sample_from(x, 0.5 + 0.05 * (b1 * x[:, 0] + b2 * x[:, 1])))
    assert found["x1"] == pytest.approx(exact, abs=0.02)
    assert found["x2"] == pytest.approx(1 - exact, abs=0.02)


def test_what_two_inputs_do_together_is_split_between_them():
    """y = x1 + x2 x3: a half, a quarter, a quarter (Owen 2014, section 3)."""
    x = normals(4096, 3, seed=2, quasi=True)
    sample = sample_from(x, 0.5 + 0.05 * (x[:, 0] + x[:, 1] * x[:, 2]))
    found = shares(sample)
    for name, exact in (("x1", 0.5), ("x2", 0.25), ("x3", 0.25)):
        assert found[name] == pytest.approx(exact, abs=0.02)
    assert ("x2", "x3") in shapley_effects(sample).pairs


def test_with_many_inputs_orders_are_sampled_and_shares_still_add_up():
    """Eight independent inputs: shares are the squared slopes, whatever the orders."""
    slopes = [4, 3, 2, 1, 0, 0, 0, 0]
    found = shares(linear(slopes, 2048, seed=3, quasi=True))
    for i, slope in enumerate(slopes):
        assert found[f"x{i + 1}"] == pytest.approx(slope**2 / 30, abs=0.02)
    assert sum(found.values()) == pytest.approx(1.0, abs=0.01)


def test_many_inputs_share_fairly_where_two_of_them_go_together():
    """Two correlated inputs as above, beside six independent ones of slope 1 (adding 6 to Var y)."""
    z = normals(4096, 8, seed=4, quasi=True)
    rho, b1, b2 = 0.8, 1.0, 2.0
    x = z.copy()
    x[:, 1] = rho * z[:, 0] + np.sqrt(1 - rho**2) * z[:, 1]
    variance = b1**2 + b2**2 + 2 * rho * b1 * b2 + 6
    exact = (b1**2 * (1 - rho**2 / 2) + rho * b1 * b2 + b2**2 * rho**2 / 2) / variance
    y = 0.5 + 0.02 * (b1 * x[:, 0] + b2 * x[:, 1] + x[:, 2:].sum(axis=1))
    found = shares(sample_from(x, y))
    assert found["x1"] == pytest.approx(exact, abs=0.02)
    assert found["x5"] == pytest.approx(1 / variance, abs=0.02)


def test_twenty_effective_draws_for_each_assumption_are_asked_for():
    """Weights count: 200 draws of which a tenth bear all weight are 20."""
    assert enough_for_shapley(linear([1, 1], 64, seed=1))
    heavy = np.where(np.arange(200) < 20, 1.0, 1e-9)
    x = normals(200, 2, seed=1)
    assert not enough_for_shapley(sample_from(x, np.full(200, 0.5), heavy))
