"""Formulas: worked out from the tree, and equal to what formulaic makes."""

from __future__ import annotations

import tracemalloc
import warnings

import formulaic
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backchannel.language.errors import CommandError
from backchannel.language.formulas import (
    FormulaError,
    design_matrix,
    parse_for_fit,
    parse_formula,
)
from backchannel.language.formulas.recipe import Recipe

CHANCE = np.random.default_rng(11)


def rows(n: int) -> pd.DataFrame:
    """Numbers, words, switches and categories in an order of their own."""
    return pd.DataFrame(
        {
            "x": CHANCE.uniform(1, 9, n),
            "z": CHANCE.normal(size=n),
            "my col": CHANCE.uniform(1, 5, n),
            "n": CHANCE.integers(1, 4, n),
            "b": CHANCE.uniform(size=n) > 0.5,
            "g": CHANCE.choice(["low", "mid", "top"], n),
            "h": CHANCE.choice(["east", "west"], n),
            "k": pd.Categorical(CHANCE.choice(["u", "v"], n), ["v", "u"]),
        }
    )


TABLE = rows(60)


OTHER = rows(17).assign(x=lambda t: t["x"].clip(TABLE["x"].min(), TABLE["x"].max()))


FACTORS = [
    "x", "z", "`my col`", "n", "b", "g", "h", "k", "C(n)", "C(g, Treatment('mid'))", "C(h, levels=['west', 'east'])",
    "C(n, contr.treatment(2))", "poly(x, 2)", "poly(z, degree=3, raw=True)", "bs(x, df=4)",
    "bs(x, knots=[3, 5], degree=2)", "cr(x, df=3)", "cr(x, 4, constraints='center')", "log(x)", "exp(-z / 2)",
    "sqrt(x)", "scale(z)", "scale(log(`my col`), ddof=0)", "center(x)", "I(-x**2 + 3*x*(z - 1)/2)",
]  # fmt: skip


def agrees(formula: str) -> None:
    """Names, order and numbers are those of formulaic, on the rows and on others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        also = {"sqrt": np.sqrt}
        theirs = formulaic.model_matrix(formula, TABLE, na_action="raise", context=also)
        theirs_on = theirs.model_spec.get_model_matrix(OTHER, context=also)
        recipe = Recipe(parse_for_fit(formula))
        ours, ours_on = recipe.on(TABLE), recipe.on(OTHER)
    assert list(ours.columns) == list(theirs.columns), formula
    np.testing.assert_array_equal(np.asarray(ours, float), np.asarray(theirs, float), formula)
    np.testing.assert_array_equal(np.asarray(ours_on, float), np.asarray(theirs_on, float), formula)


@pytest.mark.parametrize("factor", FACTORS)
def test_every_kind_of_factor_is_what_formulaic_makes_of_it(factor):
    """Formulaic evaluates text; we work the tree out. The columns are the same, bit for bit."""
    agrees(factor)
    agrees(f"0 + g:{factor}" if "g" not in factor else f"h * {factor} - 1")


@pytest.mark.parametrize(
    "formula",
    [
        "1 + scale(x)", "-1 + x", "0 + g:h", "g*h - 1", "g*h*k", "g*h*x - g:h:x", "(g + h)^2", "(x + g + h)**2 - x:g",
        "x:1", "x + (0 + n)", "x - 0", "x*(g - 1)", "-x + 1 + z", "x^2:n", "x--1", "x:z + z:x",
        "log(x):z + x", "x + (-z + n)", "(x + z + n - 1)^2", "(z + x):n", "x + z + n - (z + n)",
    ],
)  # fmt: skip
def test_sums_products_and_powers_mean_what_they_mean_in_r(formula):
    """What is crossed, nested in brackets and taken away, and where the intercept goes."""
    agrees(formula)


@st.composite
def formulas(draw: st.DrawFn) -> str:
    """Formulas of the language, of a few factors."""
    n = draw(st.integers(1, 4))
    text = draw(st.sampled_from(FACTORS))
    for _ in range(n):
        sign = draw(st.sampled_from([" + ", " + ", ":", "*", " - "]))
        other = draw(st.sampled_from(FACTORS))
        text = (
            f"({text}){sign}{other}"
            if sign in ":*" and draw(st.booleans())
            else text + sign + other
        )
    return draw(st.sampled_from(["", "0 + ", "1 + "])) + text


@settings(max_examples=60, deadline=None, derandomize=True)
@given(formulas())
def test_random_formulas_are_laid_out_as_formulaic_lays_them_out(formula):
    """Formulaic is the oracle; formulas whose columns it finds none for are skipped."""
    try:
        parse_for_fit(formula)
    except FormulaError as error:
        assert "nothing is left" in str(error) or "more than" in str(error), formula
        return
    agrees(formula)


def test_a_spline_goes_on_beyond_the_rows_that_settled_it():
    """Effects of a covariate move its largest value up; a cubic spline without knots is a cubic."""
    x = np.linspace(0, 1, 9)
    laid = design_matrix("1 + bs(x, df=3)", pd.DataFrame({"x": x}), number="pull")
    beta = np.linalg.solve(*_normal(laid.matrix, x**3 - x))
    beyond = np.array([-0.5, 1.5])
    found = laid.on(pd.DataFrame({"x": beyond})) @ beta
    np.testing.assert_allclose(found, beyond**3 - beyond, atol=1e-9)


def _normal(made: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return made.T @ made, made.T @ wanted


def test_rows_that_a_formula_cannot_be_worked_out_on_are_named():
    """Words where a function needs numbers; numbers that have no logarithm, first and later."""
    table = pd.DataFrame({"x": [1.0, 2, 4], "w": ["a", "b", "a"]})
    with pytest.raises(CommandError, match=r"pull: the formula 'log\(w\)' .* w holds words"):
        design_matrix("log(w)", table, number="pull")
    with pytest.raises(CommandError, match=r"log\(x - 2\) is no finite number in row 1"):
        design_matrix("log(x - 2)", table, number="pull")
    laid = design_matrix("log(x)", table, number="pull")
    with pytest.raises(CommandError, match=r"log\(x\) is no finite number in row 2"):
        laid.on(table.assign(x=[1.0, -1.0, 2.0]))


def test_group_effects_are_read_into_the_tree():
    """Fitting does not know them yet; the language does."""
    (group,) = parse_formula("1 + x + (1 + log(z) | state:year)").groups
    assert [[str(f) for f in term] for term in group.terms] == [[], ["log(z)"]]
    assert [column.name for column in group.group] == ["state", "year"]


def test_collinear_columns_of_many_rows_take_little_memory():
    """What is looked for is a direction among the columns; a table of rows by rows would be 3 GB."""
    z = np.arange(20_000) % 7
    table = pd.DataFrame({"z": z, "w": 2 * z})
    tracemalloc.start()
    with pytest.raises(CommandError, match="z, w are collinear"):
        design_matrix("1 + z + w", table, number="g")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50_000_000
