"""Estimates: against logit regression by hand, against the truth behind simulated plays, and what
is said where there is no estimate."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from scipy import optimize

from backchannel.case.catalog import find_case
from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered
from backchannel.case.open import open_case
from backchannel.estimation.compare import compare_ways
from backchannel.estimation.compose import compose_fit
from backchannel.estimation.effects import chances, marginal_effects
from backchannel.estimation.fit import Fit, fit
from backchannel.estimation.fit_options import FitOptions
from backchannel.estimation.simulate import simulate
from backchannel.estimation.terminal import show_fit
from backchannel.language.errors import CommandError
from tests.oracles.logit_regression import logit_regression

WHY = {"judgement": "a test"}


def made(
    parameters: Mapping[str, Any], worth: str, *, precision: Any = 1, actions: tuple = (0, 1)
) -> Lowered:
    """A case with one decision, `go`."""
    raw = {
        "case": "One choice",
        "utility_unit": "logits",
        "as_of": "2030-01-01",
        "players": {"one": {"name": "One", "precision": precision}},
        "parameters": {
            name: {"unit": "logits", "why": WHY, **entry} for name, entry in parameters.items()
        },
        "nodes": {"go": {"player": "one", "domain": list(actions), "at": "2029-01-01"}},
        "interests": {"gain": {"player": "one", "worth": worth}},
    }
    return lower(*open_case(raw)[:2])


def catalogued(name: str) -> Lowered:
    """A case of the catalog whose precisions are to be found."""
    text = find_case(name).read_text().replace("precision: 1,", "precision: {between: [0.2, 5]},")
    return lower(*open_case(text)[:2])


CHANCE = np.random.default_rng(5)
N = 150
TABLE = pd.DataFrame(
    {
        "x": CHANCE.normal(size=N),
        "kind": np.resize(["a", "b", "c"], N),
        "times": CHANCE.integers(1, 4, size=N),
        "who": CHANCE.integers(0, 12, size=N),
    }
)
TABLE["go"] = (CHANCE.uniform(size=N) < 1 / (1 + np.exp(-0.4 * TABLE["x"] - 0.3))).astype(int)
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


@pytest.mark.parametrize("name", ["selten-chmura-2008-game-01", "myerson-1991-poker"])
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


def test_coefficients_that_plays_cannot_tell_apart_are_named():
    """A precision times a payoff is one number."""
    case = made(
        {"pull": {"prior": {"between": [0.5, 2]}}}, "pull * go", precision={"between": [0.5, 2]}
    )
    with pytest.raises(CommandError) as told:
        fit(case, TABLE, FitOptions())
    assert "cannot identify some coefficients" in str(told.value)
    assert "one.precision" in str(told.value)
    assert "pull" in str(told.value)
    found = fit(case, TABLE, FitOptions(fixed={"one.precision": 1.0})).found
    assert found.names == ("pull",)


def test_separated_plays_are_told():
    """Who goes is known from x exactly, so its coefficient has no best value."""
    table = TABLE.assign(go=(TABLE["x"] > 0.2).astype(int))
    found = fit(made({"pull": {"linear": "1 + x"}}, "pull * go"), table, FitOptions()).found
    assert not found.converged
    assert any(
        "pull[x] grows without end" in line and "plus infinity" in line for line in found.trouble
    )
    assert np.isnan(found.errors()).all()


def test_a_precision_without_a_best_value_is_told():
    """Everyone always takes the better action."""
    case = made({}, "go", precision={"between": [0.5, 2]})
    found = fit(case, TABLE.assign(go=1), FitOptions()).found
    assert any("one.precision runs to infinity" in line for line in found.trouble)


def test_a_flat_direction_is_told():
    """Two payoffs that enter all but in the same way."""
    case = made(
        {"a": {"prior": {"normal": [0, 1]}}, "b": {"prior": {"normal": [0, 1]}}},
        "(a + (1 + 1e-5 * (go == 2)) * b) * (go > 0)",
        actions=(0, 1, 2),
    )
    table = pd.DataFrame({"go": np.resize([0, 1, 1, 2, 2], 200)})
    found = fit(case, table, FitOptions()).found
    assert not found.converged
    assert any("flat along" in line and " a" in line and " b" in line for line in found.trouble)


def test_priors_pull_where_the_mode_is_asked_for():
    """A normal prior and one logit number: the mode solves one equation, found by bisection."""
    case = made({"pull": {"prior": {"normal": [0.0, 0.1]}}}, "pull * go")
    found = fit(case, TABLE, FitOptions(use_priors=True)).found
    went, low, high = TABLE["go"].sum(), -5.0, 5.0
    for _ in range(80):
        middle = (low + high) / 2
        up = went - N / (1 + np.exp(-middle)) - middle / 0.01
        low, high = (middle, high) if up > 0 else (low, middle)
    assert found.values[0] == pytest.approx(low, abs=1e-4)


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


def test_starts_that_end_at_a_lower_maximum_are_named():
    """With 70 of 100 going, log-odds of p³ − 3p − 1.5 fit best at logit 0.7; their local maximum of 0.5 is lower.

    There each play is worse by the relative entropy of 0.7 from the logistic of 0.5.
    """
    case = made({"pull": {"prior": {"normal": [0.8, 1]}}}, "(pull ** 3 - 3 * pull - 1.5) * go")
    go = (np.arange(100) < 70).astype(int)
    fitted = fit(case, pd.DataFrame({"go": go}), FitOptions(starts=8))
    (root,) = [x.real for x in np.roots([1, 0, -3, -1.5 - np.log(7 / 3)]) if abs(x.imag) < 1e-9]
    assert fitted.found.values[0] == pytest.approx(root, abs=1e-5)
    chance = 1 / (1 + np.exp(-0.5))
    below = 100 * (0.7 * np.log(0.7 / chance) + 0.3 * np.log(0.3 / (1 - chance)))
    view = compose_fit(fitted, case="pull", data="go.csv")
    assert 0 < len(view.lower) < 8
    for start in view.lower:
        assert start.is_maximum
        assert start.below == pytest.approx(below, abs=1e-4)
        assert start.values["pull"] == pytest.approx(-1, abs=1e-3)
    out = io.StringIO()
    show_fit(view, Console(file=out, width=200))
    number = view.lower[0].start
    assert f"{8 - len(view.lower)} of 8 starts" in out.getvalue()
    assert f"Start {number} ended 1.3 lower, at another maximum: pull = -1." in out.getvalue()


RNG = np.random.default_rng(23)
COVARIATES = pd.DataFrame({"x": RNG.normal(size=300), "z": RNG.normal(size=300)})


def _choices(log_odds: np.ndarray) -> pd.DataFrame:
    go = (RNG.uniform(size=len(log_odds)) < 1 / (1 + np.exp(-log_odds))).astype(int)
    return COVARIATES.assign(go=go)


def _logit(table: pd.DataFrame, columns: np.ndarray) -> dict[str, np.ndarray]:
    n = len(table)
    return logit_regression(columns, table["go"].to_numpy(), np.ones(n), np.arange(n))


def test_a_coefficient_is_fixed_at_any_number():
    """A logit with an offset: the same as a logit on the other columns with the offset in its log-odds."""
    table = _choices(0.3 + 1.7 * COVARIATES["x"] - 0.4 * COVARIATES["z"])
    case = made({"pull": {"linear": "1 + x + z"}}, "pull * go")
    fitted = fit(case, table, FitOptions(fixed={"pull[x]": 1.7}))
    assert fitted.found.names == ("pull[1]", "pull[z]")

    def minus(beta: np.ndarray) -> float:
        odds = beta[0] + beta[1] * table["z"] + 1.7 * table["x"]
        return -float(np.where(table["go"] == 1, odds, 0).sum() - np.logaddexp(0, odds).sum())

    best = optimize.minimize(minus, [0.0, 0.0], method="BFGS", options={"gtol": 1e-8})
    np.testing.assert_allclose(fitted.found.values, best.x, atol=1e-5)
    assert fitted.found.log_likelihood == pytest.approx(-best.fun, abs=1e-8)
    expected = best.x[0] + best.x[1] * table["z"] + 1.7 * table["x"]
    np.testing.assert_allclose(fitted.numbers["pull"], expected, atol=1e-4)


def test_payoffs_may_come_from_a_column():
    """With the only coefficient of a formula fixed at 1 the number is the column; the rest is fitted."""
    table = _choices(0.8 * COVARIATES["x"])
    case = made({"pull": {"linear": "0 + x"}}, "pull * go", precision={"between": [0.2, 2]})
    fitted = fit(case, table, FitOptions(fixed={"pull[x]": 1.0}))
    assert fitted.found.names == ("one.precision",)
    np.testing.assert_allclose(fitted.numbers["pull"], table["x"])
    slope = _logit(table, table[["x"]].to_numpy())["beta"]
    assert fitted.coefficient("one.precision") == pytest.approx(slope[0], abs=1e-5)


def test_coefficients_of_two_formulas_are_kept_equal():
    """Twice the same slope is a logit on the sum of the columns."""
    table = _choices(0.5 * (COVARIATES["x"] + COVARIATES["z"]))
    case = made({"pull": {"linear": "1 + x"}, "push": {"linear": "0 + z"}}, "pull * go + push * go")
    fitted = fit(case, table, FitOptions(same=(("pull[x]", "push[z]"),)))
    assert fitted.found.names == ("pull[1]", "pull[x]")
    columns = np.stack([np.ones(len(table)), table["x"] + table["z"]], axis=1)
    logit = _logit(table, columns)
    np.testing.assert_allclose(fitted.found.values, logit["beta"], atol=1e-5)
    np.testing.assert_allclose(fitted.found.errors(), np.sqrt(np.diag(logit["hessian"])), rtol=1e-3)
    # Effects work the columns out again on changed rows: x and z have one slope, b p (1 - p).
    chance = 1 / (1 + np.exp(-columns @ logit["beta"]))
    slope = logit["beta"][1] * (chance * (1 - chance)).mean()
    effects = {
        e.covariate: e.value for e in marginal_effects(fitted, "go") if e.outcome.endswith("1")
    }
    assert effects == {"x": pytest.approx(slope, rel=1e-4), "z": pytest.approx(slope, rel=1e-4)}


def test_two_coefficients_of_one_formula_are_kept_equal():
    """Their columns add up."""
    table = _choices(0.5 * (COVARIATES["x"] + COVARIATES["z"]))
    case = made({"pull": {"linear": "1 + x + z"}}, "pull * go")
    fitted = fit(case, table, FitOptions(same=(("pull[x]", "pull[z]"),)))
    columns = np.stack([np.ones(len(table)), table["x"] + table["z"]], axis=1)
    np.testing.assert_allclose(fitted.found.values, _logit(table, columns)["beta"], atol=1e-5)


def test_what_cannot_be_fixed_or_kept_equal_is_told_all_at_once():
    """Unknown names, and groups of numbers and coefficients."""
    case = made(
        {"pull": {"linear": "1 + x"}, "luck": {"prior": {"normal": [0, 1]}}},
        "pull * go + luck * go",
    )
    options = FitOptions(fixed={"pull[y]": 1.0}, same=(("pull[x]", "luck"), ("pull[1]", "pull[w]")))
    with pytest.raises(CommandError) as error:
        fit(case, _choices(COVARIATES["x"]), options)
    for said in ("'pull[y]'", "cannot be kept equal", "'pull[w]'"):
        assert said in str(error.value)
