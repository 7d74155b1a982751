"""Coefficients fixed at a number or kept equal, and payoffs from a column: against logit regression by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from backchannel.estimation.effects import marginal_effects
from backchannel.estimation.fit import fit
from backchannel.estimation.fit_options import FitOptions
from backchannel.language.errors import CommandError
from tests.oracles.logit_regression import logit_regression
from tests.unit.estimation.made import made

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
