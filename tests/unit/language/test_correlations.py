"""Rank correlations as correlations of normal scores, at values of the sine that are known."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.language.correlations import Correlation, correlation_matrix, is_possible


def test_ranks_become_normal_scores_by_pearsons_formula():
    """r = 2 sin(π ρ / 6): ρ = 1 gives 2 sin 30° = 1, ρ = −1/2 gives −2 sin 15° = −(√6 − √2) / 2."""
    matrix = correlation_matrix(["a", "b", "c"], [Correlation("c", "a", -0.5)])
    r = -(np.sqrt(6) - np.sqrt(2)) / 2
    np.testing.assert_allclose(matrix, [[1, 0, r], [0, 1, 0], [r, 0, 1]], atol=1e-15)
    assert correlation_matrix(["a", "b"], [Correlation("a", "b", 1.0)])[0, 1] == pytest.approx(1)


def test_a_pair_of_which_one_number_is_not_drawn_is_left_out():
    matrix = correlation_matrix(["a"], [Correlation("a", "gone", 0.9)])
    assert matrix.tolist() == [[1.0]]


@pytest.mark.parametrize(
    ("r", "possible"), [(0.9, True), (-0.49, True), (-0.5, False), (-0.51, False)]
)
def test_three_numbers_cannot_all_move_against_each_other(r, possible):
    """The eigenvalues of three equal correlations are 1 − r twice and 1 + 2 r: none may be below 0."""
    matrix = np.full((3, 3), r)
    np.fill_diagonal(matrix, 1.0)
    assert is_possible(matrix) is possible
