"""The ranking of assumptions: what it names, against models whose shares are known, and chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import qmc

from backchannel import Study
from backchannel.questions.composing import MOST_INFLUENCES
from backchannel.questions.statistics.assumption_terms import AssumptionTerms
from backchannel.questions.statistics.influence import (
    moves_spread,
    rank_assumptions,
    strongest_assumption,
)
from tests.samples import ishigami


def ranked(x: np.ndarray, answer: np.ndarray, weights: np.ndarray | None = None):
    """The ranking of columns x1, x2 ... of a table of draws."""
    numbers = {f"x{i + 1}": column for i, column in enumerate(x.T)}
    weights = np.ones(len(x)) if weights is None else weights
    return rank_assumptions(AssumptionTerms.of(numbers, weights), answer)


def names(ranking) -> list[str]:
    return [assumption.parameter for assumption in ranking.named]


def sobol(n: int, k: int, seed: int) -> np.ndarray:
    """The draws as an ensemble takes them: scrambled Sobol points, open at both ends."""
    points = qmc.Sobol(k, scramble=True, rng=np.random.default_rng(seed)).random(n)
    return np.clip(points, 1e-9, 1 - 1e-9)


PRIORS = {
    "uniform": lambda u: 0.2 + 0.6 * u,
    "bell-shaped": lambda u: 1 / (1 + np.exp(-ndtri(u))),
    "long-tailed": lambda u: np.exp(ndtri(u)) / (2 + np.exp(ndtri(u))),
}


@pytest.mark.parametrize("prior", PRIORS)
def test_a_chance_that_is_one_assumption_names_that_one_alone(prior):
    """256 Sobol draws of 40 assumptions, 100 seeds: the third, and nothing else in at least 95.

    Sobol points in many dimensions make some pairs of assumptions lie near each other: one by one, in
    eight bins, another one explains 70% of the variance in a typical seed, and more than 2% in all.
    """
    others = 0
    for seed in range(100):
        u = sobol(256, 40, seed)
        found = names(ranked(u, PRIORS[prior](u[:, 2])))
        assert found[:1] == ["x3"]
        others += found != ["x3"]
    assert others <= 5


NOISES = {
    "even": lambda rng, w: rng.random(len(w)),
    "rare": lambda rng, w: (rng.random(len(w)) < 0.05) * 1.0,
    "long-tailed": lambda rng, w: np.exp(2 * rng.standard_normal(len(w))),
    "wider where the weight is large": lambda rng, w: w * rng.standard_normal(len(w)),
}


@pytest.mark.slow
@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("unequal", [False, True])
def test_noise_seldom_names_any_of_forty(noise, unequal):
    """Of 200 samples at most 20 name one: 5% of 200 is 10; more than 20 would happen once in 1,000.

    Weights are those of a record that fits some draws much better than others.
    """
    rng = np.random.default_rng(3)
    named = 0
    for _ in range(200):
        weights = rng.gamma(0.7, size=256) if unequal else np.ones(256)
        named += bool(ranked(rng.random((256, 40)), NOISES[noise](rng, weights), weights).named)
    assert named <= 20


def test_shares_are_those_of_ishigami():
    """S = 0.3139, 0.4424, 0 (Ishigami & Homma 1990), at 1,024 draws."""
    sample = ishigami(1024)
    ranking = rank_assumptions(sample.terms, sample.answer)
    shares = {one.parameter: one.share for one in ranking.assumptions}
    assert names(ranking) == ["x2", "x1"]
    assert shares["x1"] == pytest.approx(0.3139, abs=0.02)
    assert shares["x2"] == pytest.approx(0.4424, abs=0.02)
    assert shares["x3"] < 0.02
    assert set(moves_spread(ranking)) == {"x1", "x3"}


def test_shares_of_a_linear_answer_are_the_squares_of_its_slopes():
    """b² / Σ b² for independent normal assumptions, among forty without effect; with directions."""
    x = np.random.default_rng(0).standard_normal((1024, 43))
    ranking = ranked(x, 3 * x[:, 0] - 2 * x[:, 1] + x[:, 2])
    assert names(ranking) == ["x1", "x2", "x3"]
    for one, share in zip(ranking.named, (9 / 14, 4 / 14, 1 / 14), strict=True):
        assert one.share == pytest.approx(share, abs=0.05)
    assert [np.sign(one.direction) for one in ranking.named] == [1, -1, 1]
    assert all(abs(one.direction) > 0.9 for one in ranking.named)


def test_weights_count_as_the_distribution_that_they_stand_for():
    """Weighted from standard deviation 1 to 0.6, x1 has 0.36 / 1.36 of the variance of x1 + x2."""
    x = np.random.default_rng(1).standard_normal((8192, 2))
    weights = np.exp(-(x[:, 0] ** 2) / (2 * 0.36) + x[:, 0] ** 2 / 2)
    shares = {one.parameter: one.share for one in ranked(x, x.sum(axis=1), weights).assumptions}
    assert shares["x1"] == pytest.approx(0.36 / 1.36, abs=0.03)


def test_draws_without_weight_change_nothing_even_where_the_answer_is_undefined():
    """Draws of weight 0 may hold nan."""
    rng = np.random.default_rng(2)
    x = rng.random((300, 5))
    answer = x[:, 0] + 0.1 * rng.random(300)
    weights = np.where(np.arange(300) < 200, 1.0, 0.0)
    spoilt = np.where(weights > 0, answer, np.nan)
    assert ranked(x, spoilt, weights).assumptions == ranked(x[:200], answer[:200]).assumptions


def test_what_two_assumptions_share_counts_once():
    """x2 is x1 with a little noise: the answer is x1, so x2 gets no credit for lying near it."""
    rng = np.random.default_rng(4)
    x = rng.standard_normal((512, 10))
    x[:, 1] = 0.95 * x[:, 0] + np.sqrt(1 - 0.95**2) * x[:, 1]
    assert names(ranked(x, x[:, 0] + 0.3 * rng.standard_normal(512))) == ["x1"]


def test_one_that_entered_first_leaves_when_others_explain_it():
    """x3 is x1 + x2 and noise, so it explains most alone, two thirds; the answer is x1 + x2."""
    rng = np.random.default_rng(5)
    x = rng.standard_normal((1024, 10))
    x[:, 2] = x[:, 0] + x[:, 1] + x[:, 2]
    ranking = ranked(x, x[:, 0] + x[:, 1] + 0.1 * rng.standard_normal(1024))
    assert set(names(ranking)) == {"x1", "x2"}


def test_an_assumption_of_two_values_is_ranked_like_any_other():
    """Equal numbers share a rank: the order of the draws must not matter."""
    rng = np.random.default_rng(6)
    x = rng.random((512, 10))
    x[:, 0] = x[:, 0] > 0.3
    answer = x[:, 0] + 0.5 * rng.standard_normal(512)
    order = rng.permutation(512)
    found, shuffled = ranked(x, answer), ranked(x[order], answer[order])
    assert names(found) == names(shuffled) == ["x1"]
    assert found.named[0].share == pytest.approx(0.21 / 0.46, abs=0.08)
    assert found.named[0].share == pytest.approx(shuffled.named[0].share, abs=1e-9)


def test_nothing_is_said_where_nothing_can_be():
    """A constant answer, no uncertain assumption, or draws worth fewer than forty equal ones."""
    rng = np.random.default_rng(7)
    x, one = rng.random((200, 3)), np.ones((200, 1))
    few = np.where(np.arange(200) < 30, 1.0, 1e-6)
    for ranking in (
        ranked(x, np.full(200, 0.4)),
        ranked(one, x[:, 0]),
        ranked(x, x[:, 0], few),
    ):
        assert ranking.assumptions == ()
        assert ranking.chance_level is None
        assert strongest_assumption(ranking) is None


@pytest.mark.slow
def test_the_level_of_chance_is_what_the_strongest_exceeds_once_in_twenty():
    """Among forty without effect the largest share exceeds it in 5% of 400 samples (3% to 8%)."""
    rng = np.random.default_rng(8)
    above = 0
    for _ in range(400):
        ranking = ranked(rng.random((256, 40)), rng.random(256))
        assert ranking.chance_level is not None
        above += max(one.share for one in ranking.assumptions) > ranking.chance_level
    assert 8 <= above <= 36


def test_a_run_and_sensitivity_give_equal_numbers_for_equal_outcomes():
    """Every open node of a case, its most likely value: the same names, shares and level of chance."""
    study = Study.load("sanctions-threat", draws=256)
    answers = study.answers()
    compared = 0
    for forecast in answers.forecasts:
        likely = max(forecast.values, key=lambda value: value.probability)
        view = study.sensitivity(forecast.node, likely.value).document()
        if view.silent:
            assert forecast.chance_level is None
            continue
        strong = {one.parameter: one.share for one in view.effects if one.stands_out}
        named = {one.parameter: one.share for one in forecast.assumptions}
        assert named == pytest.approx(dict(list(strong.items())[:MOST_INFLUENCES]), abs=1e-9)
        assert list(named) == list(strong)[: len(named)]
        assert forecast.chance_level == pytest.approx(view.noise_share, abs=1e-9)
        compared += 1
    assert compared >= 2
    assert answers.matter_chance_level is not None
