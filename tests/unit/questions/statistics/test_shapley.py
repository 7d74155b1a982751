"""Shapley shares against the mean over all orders, and what sampled orders may miss."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.questions.statistics.shapley import ORDER_PAIRS, shapley_design
from tests.oracles import twins


def test_shares_are_the_mean_contribution_over_all_orders():
    """By enumeration of the orders, for a game without any structure."""
    rng = np.random.default_rng(0)
    design = shapley_design("abcd")
    worth = {some: float(rng.normal()) if some else 0.0 for some in design.sets}
    expected = twins.shapley("abcd", worth)
    found = design.coefficients @ [worth[some] for some in design.sets]
    np.testing.assert_allclose(found, [expected[m] for m in design.members], atol=1e-12)
    assert (design.errors(np.ones(len(design.sets))) == 0).all()


def test_sampled_orders_add_up_and_are_exact_where_members_do_not_interact():
    """Beyond eight members, whatever the orders."""
    members = "abcdefghijkl"
    gains = dict(zip(members, np.linspace(0.1, 1.2, 12), strict=True))
    design = shapley_design(members)
    values = np.array([sum(gains[m] for m in some) for some in design.sets])
    found = design.coefficients @ values
    np.testing.assert_allclose(found, list(gains.values()), atol=1e-12)
    np.testing.assert_allclose(design.errors(values), 0, atol=1e-12)
    assert len(design.pairs) == ORDER_PAIRS


def test_sampled_orders_say_how_far_off_they_may_be():
    """Only all together achieve anything: everyone's share is one ninth."""
    design = shapley_design("abcdefghi", seed=3)
    values = np.array([float(len(some) == 9) for some in design.sets])
    found = design.coefficients @ values
    assert found.sum() == pytest.approx(1.0)
    errors = design.errors(values)
    assert (errors > 0).any()
    assert (np.abs(found - 1 / 9) <= 4.5 * np.maximum(errors, 1 / 32)).all()
