"""Priors: each quantile against the definition, by other means."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from backchannel.case.schema.prior_text import prior_from
from backchannel.ensemble.draws import draw_numbers
from backchannel.language.correlations import Correlation
from backchannel.language.distributions import between
from backchannel.language.names import ICD_203

SHARES = np.array([0.01, 0.05, 0.3, 0.5, 0.8, 0.95, 0.99])


@pytest.mark.parametrize(
    ("raw", "reference"),
    [
        ({"uniform": [2, 5]}, stats.uniform(2, 3)),
        ({"normal": [1, 2]}, stats.norm(1, 2)),
        ({"lognormal": [2, 0.5]}, stats.lognorm(0.5, scale=2)),
        ({"triangular": [1, 2, 5]}, stats.triang(0.25, 1, 4)),
        ({"beta": [2, 8]}, stats.beta(2, 8)),
    ],
)
def test_named_distributions_are_those_of_scipy(raw, reference):
    """Quantile by quantile."""
    np.testing.assert_allclose(prior_from(raw).quantile(SHARES), reference.ppf(SHARES), rtol=1e-9)


def test_an_interval_holds_nine_tenths():
    """Ends at 5% and 95%; on the log scale if positive, in log-odds for a probability."""
    for prior in (between(2, 8), between(-1, 3), between(0.2, 0.45, probability=True)):
        ends = {"Lognormal": (2, 8), "Normal": (-1, 3), "LogitNormal": (0.2, 0.45)}
        low, high = ends[type(prior).__name__]
        assert prior.at(0.05) == pytest.approx(low, rel=1e-9)
        assert prior.at(0.95) == pytest.approx(high, rel=1e-9)
    assert between(2, 8).at(0.5) == pytest.approx(4)


@pytest.mark.parametrize("word", ICD_203)
def test_words_are_their_ranges(word):
    """ICD 203 gives each word a range; the prior holds nine tenths of its mass there."""
    prior = prior_from(word)
    assert (prior.at(0.05), prior.at(0.95)) == pytest.approx(ICD_203[word], rel=1e-9)


def test_stated_quantiles_are_kept():
    """And what lies between rises."""
    prior = prior_from({"quantiles": {0.05: 1, 0.5: 2, 0.95: 9}})
    assert [prior.at(s) for s in (0.05, 0.5, 0.95)] == pytest.approx([1, 2, 9])
    assert (np.diff(prior.quantile(np.linspace(0.001, 0.999, 500))) > 0).all()


@pytest.mark.parametrize(
    ("ends", "low", "high"), [({0: -2}, -2, np.inf), ({1: 9}, -np.inf, 9), ({0: 0.5, 1: 9}, 0.5, 9)]
)
def test_the_lowest_and_the_highest_number_can_be_stated(ends, low, high):
    """The shares 0 and 1: nothing lies beyond, and the quantiles between are kept."""
    inner = {0.05: 1 if 0.5 in ends.values() else -1, 0.5: 2, 0.95: 8.9}
    stated = dict(sorted((ends | inner).items()))
    prior = prior_from({"quantiles": stated})
    assert [prior.at(s) for s in inner] == pytest.approx(list(inner.values()))
    numbers = prior.quantile(np.linspace(0, 1, 501))
    assert (np.diff(numbers) > 0).all()
    assert (numbers[0] >= low, numbers[-1] <= high) == (True, True)
    assert prior.bounds == (low, high)


def test_probabilities_stay_probabilities():
    """However far out a draw lies."""
    prior = prior_from({"quantiles": {0.05: 0.1, 0.95: 0.9}}, probability=True)
    assert 0 < prior.at(1e-9) < prior.at(1 - 1e-9) < 1


@pytest.mark.parametrize(
    "raw",
    [{"between": [3, 2]}, {"uniform": [1, 1]}, {"normal": [0, -1]}, {"beta": [0, 1]},
     {"lognormal": [-1, 1]}, {"triangular": [3, 2, 1]}, {"quantiles": {0.5: 1}}, {"between": [1]},
     {"quantiles": {0.1: 2, 0.9: 1}}, {"quantiles": {0: 0, 1: 1}}, {"quantiles": {0: 3, 0.1: 2, 0.9: 5}},
     {"quantiles": {-0.1: 1, 0.5: 2, 0.9: 3}}, "liekly", {"between": ["a", 2]}],
)  # fmt: skip
def test_what_is_no_prior_is_refused(raw):
    """With a reason."""
    with pytest.raises(ValueError, match=r"\w"):
        prior_from(raw)


@pytest.mark.parametrize(
    "raw",
    [
        {"between": [0.2, 1.2]},
        {"normal": [0, 1]},
        1.5,
        {"uniform": [0, 2]},
        {"quantiles": {0.1: 0.2, 0.9: 0.7, 1: 1.5}},
    ],
)
def test_a_probability_outside_its_range_is_refused(raw):
    """`unit: probability` is a promise."""
    with pytest.raises(ValueError, match=r"probability|leave the range 0 to 1"):
        prior_from(raw, probability=True)


def test_draws_spread_better_than_chance_and_repeat():
    """Sobol points: means of 256 draws are right to three digits."""
    priors = {"a": prior_from({"uniform": [0, 1]}), "b": prior_from({"normal": [3, 2]})}
    one, two = draw_numbers(priors, 256, seed=7), draw_numbers(priors, 256, seed=7)
    assert one["a"].mean() == pytest.approx(0.5, abs=2e-3)
    assert one["b"].mean() == pytest.approx(3, abs=2e-2)
    np.testing.assert_array_equal(one["b"], two["b"])
    assert np.abs(draw_numbers(priors, 256, seed=8)["b"] - one["b"]).max() > 0.1


def test_more_draws_begin_with_the_same():
    """So drawing more refines a run rather than replacing it."""
    priors = {"a": prior_from({"uniform": [0, 1]}), "b": prior_from("likely")}
    few, many = draw_numbers(priors, 64, seed=1), draw_numbers(priors, 256, seed=1)
    np.testing.assert_array_equal(many["b"][:64], few["b"])


def test_rank_correlations_come_out_as_asked():
    """Spearman's coefficient, whatever the margins are."""
    priors = {"a": prior_from({"beta": [2, 8]}), "b": prior_from({"lognormal": [1, 1]})}
    found = draw_numbers(priors, 4096, seed=1, correlations=[Correlation("a", "b", 0.6)])
    assert stats.spearmanr(found["a"], found["b"]).statistic == pytest.approx(0.6, abs=0.02)
    np.testing.assert_allclose(np.quantile(found["a"], 0.5), stats.beta(2, 8).ppf(0.5), atol=5e-3)
