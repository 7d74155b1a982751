"""Penalties, group effects, splines and gaps, against other programs and against quadrature."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special

from backchannel import Study
from backchannel.language.errors import CommandError
from backchannel.language.formulas import design_matrix
from tests.oracles.random_intercepts import best_spread

CHOICE = """
case: One choice
utility_unit: logits
as_of: 2030-01-01
players: {{one: {{name: One, precision: 1}}}}
parameters: {{gain: {{linear: "{0}", unit: logits, why: {{judgement: a test}}}}}}
nodes: {{choice: {{player: one, domain: [0, 1], at: 2029-01-01}}}}
interests: {{worth: {{player: one, worth: "gain * (choice == 1)"}}}}
"""


def plays(n: int = 400, groups: int = 20, spread: float = 0.0, seed: int = 1) -> pd.DataFrame:
    """Simulated choices with a number, a word and a group."""
    chance = np.random.default_rng(seed)
    x, word = chance.normal(size=n), chance.choice(["a", "b", "c"], n)
    group = np.arange(n) % groups
    effect = chance.normal(scale=1.0, size=groups) * spread
    eta = 0.3 + 0.8 * x - 0.7 * (word == "b") + effect[group]
    return pd.DataFrame(
        {
            "choice": (chance.random(n) < special.expit(eta)).astype(int),
            "x": x,
            "word": word,
            "group": group,
        }
    )


@pytest.mark.parametrize("strength", [0.5, 20.0])
def test_ridge_is_what_scikit_learn_calls_ridge(strength):
    """With covariates and the intercept scaled, one program's penalty is the other's."""
    linear_model = pytest.importorskip("sklearn.linear_model")
    table = plays()
    fit = Study.load(CHOICE.format("1 + x + word")).fit(table, ridge=strength)
    columns = np.column_stack(
        [np.ones(len(table)), table["x"], table["word"] == "b", table["word"] == "c"]
    ).astype(float)
    unit = np.array([2.5, *(1 / np.sqrt(strength) / columns[:, 1:].std(axis=0))])
    other = linear_model.LogisticRegression(fit_intercept=False, C=1.0, tol=1e-10, max_iter=5000)
    other.fit(columns * unit, table["choice"])
    np.testing.assert_allclose(fit.found.values, other.coef_[0] * unit, atol=2e-5)


def test_the_spread_of_groups_is_that_of_quadrature():
    """Laplace's method is nearly exact where groups are large."""
    table = plays(n=1500, groups=15, spread=1.0)
    fit = Study.load(CHOICE.format("1 + x + (1 | group)")).fit(table)
    x = np.column_stack([np.ones(len(table)), table["x"]])
    beta, spread = best_spread(x, table["choice"].to_numpy(), table["group"].to_numpy())
    assert fit.document().spreads == {"gain[1 | group]": pytest.approx(spread, rel=0.02)}
    assert fit.coefficient("gain[x]") == pytest.approx(beta[1], rel=0.02)


def test_groups_that_do_not_differ_have_no_spread():
    """Then a group effect must not cost anything."""
    table = plays(n=800, groups=8, spread=0.0, seed=4)
    table["group"] = np.random.default_rng(0).permutation(table["group"])
    fit = Study.load(CHOICE.format("1 + x + (1 | group)")).fit(table)
    assert fit.problem.spreads["gain[1 | group]"] < 0.25


def test_several_spreads_at_once_agree_with_each_alone():
    """Two groupings, one of which makes no difference, leave the other's spread as it is."""
    table = plays(n=1500, groups=15, spread=1.0)
    table["other"] = np.random.default_rng(3).integers(0, 12, len(table))
    alone = Study.load(CHOICE.format("1 + x + (1 | group)")).fit(table)
    both = Study.load(CHOICE.format("1 + x + (1 | group) + (1 | other)")).fit(table)
    one = alone.problem.spreads["gain[1 | group]"]
    assert both.problem.spreads["gain[1 | group]"] == pytest.approx(one, rel=0.05)
    assert both.problem.spreads["gain[1 | other]"] < 0.3


def test_a_natural_spline_has_the_basis_of_patsy():
    """patsy is the other program that lays natural cubic splines out."""
    patsy = pytest.importorskip("patsy")
    x = np.linspace(-2, 3, 50)
    laid = design_matrix("0 + cr(x, df=5)", pd.DataFrame({"x": x}), number="gain")
    other = np.asarray(patsy.dmatrix("cr(x, df=5) - 1", {"x": x}))
    np.testing.assert_allclose(laid.matrix, other, atol=1e-10)
    new = np.array([-1.0, 0.2])
    built = patsy.build_design_matrices(
        [patsy.dmatrix("cr(x, df=5) - 1", {"x": x}).design_info], {"x": new}
    )
    np.testing.assert_allclose(laid.on(pd.DataFrame({"x": new})), np.asarray(built[0]), atol=1e-10)


def test_a_gap_is_a_level_of_its_own_where_the_formula_says_so():
    """By hand: the filled number is the mean of what is known, and the indicator is 1."""
    table = pd.DataFrame(
        {"x": [1.0, None, 3.0, 8.0, 3.0, 5.0], "w": ["a", "b", "b", None, "a", None]}
    )
    laid = design_matrix("1 + fill(x) + missing(x) + C(w, missing=true)", table, number="gain")
    names = ("1", "fill(x)", "missing(x)", "C(w, missing=True)=b", "C(w, missing=True)=missing")
    assert laid.names == names
    np.testing.assert_allclose(laid.matrix[1], [1, 4, 1, 1, 0])
    np.testing.assert_allclose(laid.matrix[3], [1, 8, 0, 0, 1])


def test_rows_with_gaps_stay_where_formulas_give_them_a_meaning():
    """And go, counted, where they do not."""
    table = plays()
    table.loc[:9, "x"] = np.nan
    kept = Study.load(CHOICE.format("1 + fill(x) + missing(x)")).fit(table, ridge=1.0)
    assert len(kept.plays.weights) == len(table)
    left = Study.load(CHOICE.format("1 + x")).fit(table)
    assert left.plays.dropped == tuple(range(1, 11))


def test_a_prediction_is_the_logit_of_the_coefficients():
    """By hand, with a new category and a gap named and counted; with groups, a new one too."""
    fit = Study.load(CHOICE.format("1 + x + word")).fit(plays(spread=1.0))
    new = pd.DataFrame({"x": [0.5, 0.5, None], "word": ["b", "z", "a"], "group": [3, 99, 1]})
    predicted = fit.predict(new)
    c = fit.coefficient
    first = c("gain[1]") + 0.5 * c("gain[x]") + c("gain[word=b]")
    shares = plays(spread=1.0)["word"].value_counts(normalize=True)
    second = (
        c("gain[1]")
        + 0.5 * c("gain[x]")
        + shares["b"] * c("gain[word=b]")
        + shares["c"] * c("gain[word=c]")
    )
    made = predicted.table["P(choice=1)"].to_numpy()
    np.testing.assert_allclose(made[:2], special.expit([first, second]), atol=1e-8)
    assert np.isnan(made[2])
    said = " ".join(predicted.remarks)
    assert "1 row lacks a value of x" in said
    assert "word: z counts as the mean of the categories seen, in 1 rows (2)" in said
    grouped = Study.load(CHOICE.format("1 + x + (1 | group)")).fit(plays(spread=1.0)).predict(new)
    assert "group: 99 is a new group" in " ".join(grouped.remarks)


def test_what_cannot_be_predicted_is_told():
    """A missing column, and a table without a usable row."""
    fit = Study.load(CHOICE.format("1 + x")).fit(plays())
    with pytest.raises(CommandError, match="There is no column 'x'"):
        fit.predict(pd.DataFrame({"z": [1.0]}))
    with pytest.raises(CommandError, match="Every new row lacks a value of x"):
        fit.predict(pd.DataFrame({"x": [None, None]}, dtype=float))


def test_a_covariate_that_separates_plays_is_still_named_beside_group_effects():
    """Group effects are shrunk towards 0, the covariate is not."""
    table = plays(n=200, groups=5, spread=0.5)
    table["x"] = np.where(table["choice"] == 1, 1.0, -1.0) + np.linspace(0, 0.5, 200)
    fit = Study.load(CHOICE.format("1 + x + (1 | group)")).fit(table)
    assert "gain[x]" in fit.found.endless


@pytest.mark.parametrize("ridge", [0, -1, "strong", float("nan"), True])
def test_a_strength_that_is_none_is_refused(ridge):
    """In words, with what it can be."""
    with pytest.raises(CommandError, match="ridge is 'marginal', 'folds' or a strength above 0"):
        Study.load(CHOICE.format("1 + x")).fit(plays(), ridge=ridge)


def test_an_offset_has_the_coefficient_1():
    """As in R: nothing is estimated of it."""
    table = plays()
    fit = Study.load(CHOICE.format("1 + offset(x)")).fit(table)
    assert fit.found.names == ("gain[1]",)
    intercept = fit.coefficient("gain[1]")
    score = (table["choice"] - special.expit(intercept + table["x"])).sum()
    assert score == pytest.approx(0.0, abs=1e-3)
