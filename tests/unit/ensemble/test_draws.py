"""Draws of the uncertain numbers: spread evenly, continued where they ended, and correlated as asked."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, spearmanr

from backchannel import Study
from backchannel.ensemble.draws import draw_numbers

CASE = """
case: Two numbers
utility_unit: a point
as_of: 2030-01-01
players: {a: {name: A, precision: 2, why: {judgement: of the author}}}
parameters:
  low: {prior: {uniform: [0, 1]}, unit: points, why: {judgement: of the author}}
  high: {prior: {normal: [3, 2]}, unit: points, why: {judgement: of the author}}
  fixed: {prior: 0.25, unit: points, why: {judgement: of the author}}
correlations:
  - {between: [low, high], rank: 0.6, why: {judgement: of the author}}
nodes:
  act: {player: a, domain: [stay, leave], at: 2030-02-01, sees: []}
interests:
  gain: {player: a, worth: "low * (act == 'stay') + high * fixed * (act == 'leave')", why: {judgement: of the author}}
"""


@pytest.fixture(scope="module")
def lowered():
    return Study.load(CASE, draws=8).lowered


def test_a_power_of_two_puts_one_draw_into_every_slice(lowered):
    """Of each prior alone: its shares are scrambled Sobol points (Owen 1998)."""
    drawn = draw_numbers(lowered.priors, 256, seed=3)
    for shares in (drawn["low"], norm(3, 2).cdf(drawn["high"])):
        np.testing.assert_array_equal(np.sort(np.floor(256 * shares)), np.arange(256))
    np.testing.assert_array_equal(drawn["fixed"], 0.25)


def test_draws_go_on_where_they_ended(lowered):
    """More draws of one seed begin with the same draws, in one piece or in two."""
    whole = draw_numbers(lowered.priors, 64, seed=1, correlations=lowered.correlations)
    first = draw_numbers(lowered.priors, 16, seed=1, correlations=lowered.correlations)
    rest = draw_numbers(lowered.priors, 48, seed=1, skip=16, correlations=lowered.correlations)
    other = draw_numbers(lowered.priors, 64, seed=2, correlations=lowered.correlations)
    for name in ("low", "high"):
        both = np.concatenate([first[name], rest[name]])
        np.testing.assert_allclose(both, whole[name], rtol=1e-12)
        assert not np.isin(other[name], whole[name]).any()


def test_ranks_are_correlated_as_asked(lowered):
    """And each prior stays what it is."""
    drawn = draw_numbers(lowered.priors, 4096, seed=0, correlations=lowered.correlations)
    assert spearmanr(drawn["low"], drawn["high"]).statistic == pytest.approx(0.6, abs=0.02)
    assert np.quantile(drawn["high"], [0.05, 0.5, 0.95]) == pytest.approx(
        norm(3, 2).ppf([0.05, 0.5, 0.95]), abs=0.1
    )
