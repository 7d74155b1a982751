"""Estimates: against logit regression by hand, and against the truth behind simulated plays."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backchannel.case.catalog import find_case
from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered
from backchannel.case.open import open_case
from backchannel.estimation.compare import compare_ways
from backchannel.estimation.effects import chances, marginal_effects
from backchannel.estimation.fit import Fit, fit
from backchannel.estimation.fit_options import FitOptions
from backchannel.estimation.simulate import simulate
from backchannel.language.errors import CommandError
from tests.helpers import quick_but
from tests.oracles.logit_regression import logit_regression
from tests.unit.estimation.made import TABLE, WHY, N, made


def catalogued(name: str) -> Lowered:
    """A case of the catalog whose precisions are to be found."""
    text = find_case(name).read_text().replace("precision: 1,", "precision: {between: [0.2, 5]},")
    return lower(*open_case(text)[:2])


DUMMIES = np.stack(
    [np.ones(N), TABLE["kind"] == "b", TABLE["kind"] == "c", TABLE["x"]], axis=1
).astype(float)


@pytest.fixture(scope="module")
def regression() -> Fit:
    """One player who goes or stays: logit regression."""
    case = made({"pull": {"linear": "1 + x + kind"}}, "pull * go")
    return fit(case, TABLE, FitOptions(weights="times", clusters="who"))


@pytest.fixture(scope="module")
def oracle() -> dict[str, np.ndarray]:
    """The same by hand."""
    columns = (TABLE[c].to_numpy(float) for c in ("go", "times", "who"))
    return logit_regression(DUMMIES, *columns)


def test_one_choice_is_logit_regression(regression, oracle):
    """With weights, and with a category against its base."""
    names = ("pull[1]", "pull[kind=b]", "pull[kind=c]", "pull[x]")
    assert sorted(regression.found.names) == sorted(names)
    order = [regression.found.names.index(name) for name in names]
    np.testing.assert_allclose(regression.found.values[order], oracle["beta"], atol=1e-5)
    assert regression.found.log_likelihood == pytest.approx(float(oracle["log"]), abs=1e-8)
    assert regression.found.aic == pytest.approx(8 - 2 * float(oracle["log"]))
    plays = TABLE["times"].sum()
    assert regression.found.bic == pytest.approx(4 * np.log(plays) - 2 * float(oracle["log"]))
    for kind in ("hessian", "sandwich", "clustered"):
        covariance = regression.found.covariance(kind)[np.ix_(order, order)]
        np.testing.assert_allclose(covariance, oracle[kind], atol=2e-6, err_msg=kind)


def test_clustered_errors_ask_for_clusters():
    """And say how to name them."""
    found = fit(made({"pull": {"linear": "1 + x"}}, "pull * go"), TABLE, FitOptions())
    with pytest.raises(CommandError, match="--cluster"):
        found.found.errors("clustered")


def test_a_ratio_test_is_twice_the_difference(regression):
    """Against logit regression without the covariate."""
    columns = (TABLE[c].to_numpy(float) for c in ("go", "times", "who"))
    small = logit_regression(DUMMIES[:, :3], *columns)
    test = regression.against({"pull[x]": 0.0})
    gap = 2 * (regression.found.log_likelihood - float(small["log"]))
    assert test.freedom == 1
    assert test.statistic == pytest.approx(gap, abs=1e-7)
    assert 0 < test.p < 1


def test_average_effects_are_those_of_logit_regression(regression, oracle):
    """Closed forms: the mean of p(1 − p)β, and the mean change from the base to a level; errors by
    the delta method with slopes written out."""
    beta, weights = oracle["beta"], TABLE["times"].to_numpy(float)
    share = weights / weights.sum()
    p = 1 / (1 + np.exp(-DUMMIES @ beta))
    found = {e.covariate: e for e in marginal_effects(regression, "go") if e.outcome == "go=1"}
    assert found["x"].value == pytest.approx(share @ (p * (1 - p)) * beta[3], abs=1e-6)
    slope = (share * p * (1 - p) * (1 - 2 * p) * beta[3]) @ DUMMIES
    slope[3] += share @ (p * (1 - p))
    error = np.sqrt(slope @ oracle["hessian"] @ slope)
    assert found["x"].error == pytest.approx(error, abs=1e-6)
    base, level = DUMMIES.copy(), DUMMIES.copy()
    base[:, 1:3] = 0.0
    level[:, 1:3] = [1.0, 0.0]
    q, r = (1 / (1 + np.exp(-rows @ beta)) for rows in (base, level))
    assert found["kind=b"].value == pytest.approx(share @ (r - q), abs=1e-6)
    slope = share @ ((r * (1 - r))[:, None] * level - (q * (1 - q))[:, None] * base)
    assert found["kind=b"].error == pytest.approx(
        np.sqrt(slope @ oracle["hessian"] @ slope), abs=1e-6
    )
    mean = {e.outcome: e.value for e in chances(regression, "go")}
    assert mean["go=1"] == pytest.approx(share @ p, abs=1e-6)


@pytest.mark.parametrize(
    "name",
    quick_but(["myerson-1991-poker"], ["selten-chmura-2008-game-01", "myerson-1991-poker"]),
)
def test_precisions_are_found_back_from_simulated_plays(name):
    """A 2×2 game whose players move at once, and a game of signals and bluffs: two precisions each."""
    case = catalogued(name)
    first, second = (f"{player}.precision" for player in case.diagram.players)
    truth = {first: 0.7, second: 1.3}
    plays, told = simulate(case, 4000, seed=1, numbers=truth)
    assert told == truth
    fitted = fit(case, plays, FitOptions())
    found = fitted.found
    assert found.converged
    assert fitted.problem.likelihood.distinct.count <= 6, "plays that are alike are solved once"
    for value, error, number in zip(found.values, found.errors(), found.names, strict=True):
        assert error < 0.3
        assert abs(value - truth[number]) < 3 * error, number


def test_plays_are_the_same_with_the_same_seed():
    """And others with another."""
    case = catalogued("myerson-1991-poker")
    one, again, other = (simulate(case, 50, seed=seed)[0] for seed in (1, 1, 2))
    assert one.equals(again)
    assert not one.equals(other)
    assert one["answer"].isna().equals(one["bet"] == "fold")


@pytest.mark.slow
def test_ways_to_play_are_compared_on_plays_that_were_held_out():
    """Plays made by quantal response are explained best by it."""
    case = catalogued("myerson-1991-poker")
    truth = {f"{player}.precision": 0.8 for player in case.diagram.players}
    plays, _ = simulate(case, 1500, seed=3, numbers=truth)
    found = fit(case, plays, FitOptions())
    ways = compare_ways(case, found.plays, FitOptions())
    score = {way.name: way.score for way in ways}
    assert max(score, key=lambda name: score[name]) == "quantal response"
    entropy_of_chance = -np.log(2) * (1 + 1 + np.mean(plays["bet"] == "raise"))
    assert score["by chance"] == pytest.approx(entropy_of_chance, abs=1e-9)


def test_unknown_names_are_told_with_the_nearest():
    """In what is fixed, kept equal, and simulated."""
    case = made({"pull": {"linear": "1 + x"}}, "pull * go")
    with pytest.raises(CommandError, match="Did you mean 'pull'"):
        fit(case, TABLE, FitOptions(fixed={"pul": 1.0}))
    with pytest.raises(CommandError, match="Did you mean 'pull'"):
        fit(case, TABLE, FitOptions(same=(("pul", "one.precision"),)))
    with pytest.raises(CommandError, match=r"pull are: pull\[1\], pull\[x\]"):
        simulate(case, 5, numbers={"pull[y]": 1.0}, covariates=TABLE)
    with pytest.raises(CommandError, match="--covariates"):
        simulate(case, 5)


def test_a_case_in_which_nobody_decides_is_fitted_too():
    """The chance of a coin is the share of heads, and its error that of a share."""
    raw = {
        "case": "A coin",
        "utility_unit": "none",
        "as_of": "2030-01-01",
        "players": {"one": {"name": "One", "precision": 1}},
        "parameters": {
            "p": {"prior": {"beta": [1, 1]}, "unit": "probability", "why": WHY},
        },
        "nodes": {
            "coin": {
                "chance": True, "domain": ["heads", "tails"],
                "odds": {"heads": "p", "tails": "1 - p"}, "at": "2029-01-01",
            }
        },
        "interests": {"gain": {"player": "one", "worth": "coin == 'heads'"}},
    }  # fmt: skip
    found = fit(
        lower(*open_case(raw)[:2]),
        pd.DataFrame({"coin": ["heads"] * 30 + ["tails"] * 10}),
        FitOptions(),
    )
    assert found.found.values == pytest.approx([0.75], abs=1e-5)
    error = np.sqrt(found.found.covariance("hessian")[0, 0])
    assert error == pytest.approx(np.sqrt(0.75 * 0.25 / 40), abs=1e-4)
