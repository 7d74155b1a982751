"""Levels of `C()`: words as the table has them written, each with a coefficient of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered
from backchannel.case.open import open_case
from backchannel.estimation.effects import marginal_effects
from backchannel.estimation.fit import Fit, fit
from backchannel.estimation.fit_options import FitOptions
from backchannel.estimation.simulate import simulate
from backchannel.language.errors import CommandError


def case_with(formula: str, **others: str) -> Lowered:
    """One player, who acts with probability σ(gain)."""
    return lower(
        *open_case(
            {
                "case": "One choice",
                "utility_unit": "points",
                "as_of": "2030-01-01",
                "players": {"p": {"name": "P", "precision": 1}},
                "parameters": {
                    name: {"linear": text, "unit": "points", "why": {"judgement": "x"}}
                    for name, text in {"gain": formula, **others}.items()
                },
                "nodes": {"act": {"player": "p", "domain": ["no", "yes"], "at": "2030-02-01", "sees": []}},
                "interests": {
                    "w": {
                        "player": "p",
                        "worth": " + ".join(f"{name} * (act == 'yes')" for name in ("gain", *others)),
                        "why": {"judgement": "x"},
                    }
                },
            }
        )[:2]
    )  # fmt: skip


def plays_of(tmp_path: Path, shares: dict[str, int], column: str = "code") -> Path:
    """A table in which so many of 10 plays of each level are `yes`."""
    lines = [
        f"{level},{'yes' if i < yes else 'no'}" for level, yes in shares.items() for i in range(10)
    ]
    file = tmp_path / "plays.csv"
    file.write_text("\n".join([f"{column},act", *lines]) + "\n")
    return file


def coefficients(result: Fit) -> dict[str, float]:
    """Every estimate by its name."""
    return dict(zip(result.found.names, result.found.values, strict=True))


@pytest.mark.parametrize(
    ("base", "other"),
    [("01", "1"), ("1", "1.0"), ("2.1", "2.10"), ("1000", "1e3"), ("TRUE", "true")],
)
def test_levels_that_are_equal_as_numbers_are_two(base, other, tmp_path):
    """7 and 4 of 10: logit 0.7, and the change to logit 0.4."""
    result = fit(case_with("1 + C(code)"), plays_of(tmp_path, {other: 4, base: 7}), FitOptions())
    found = coefficients(result)
    assert list(found) == ["gain[1]", f"gain[C(code)={other}]"]
    assert found["gain[1]"] == pytest.approx(logit(0.7), abs=1e-6)
    assert found[f"gain[C(code)={other}]"] == pytest.approx(logit(0.4) - logit(0.7), abs=1e-6)
    assert result.bases == {"code": base}
    effects = {(e.outcome, e.covariate): e.value for e in marginal_effects(result, "act")}
    assert effects["act=yes", f"code={other}"] == pytest.approx(-0.3, abs=1e-6)


def test_a_column_is_words_in_c_and_numbers_by_itself(tmp_path):
    """9, 10 and 11 as levels, in order of size, and a slope of the same column in another number."""
    table = plays_of(tmp_path, {"9": 2, "10": 5, "11": 7})
    result = fit(case_with("1 + C(code)"), table, FitOptions())
    assert list(coefficients(result)) == ["gain[1]", "gain[C(code)=10]", "gain[C(code)=11]"]
    both = case_with("0 + C(code)", slope="0 + code")
    fixed = FitOptions(fixed={"slope[code]": 0.1})
    found = coefficients(fit(both, table, fixed))
    for level, yes in {9: 0.2, 10: 0.5, 11: 0.7}.items():
        assert found[f"gain[C(code)[{level}]]"] == pytest.approx(logit(yes) - 0.1 * level, abs=1e-6)


def test_numbers_of_a_data_frame_are_levels_as_they_are_printed(tmp_path):
    """Whole numbers that a gap has made 1.0 and 2.0 are still 1 and 2."""
    table = pd.DataFrame(
        {
            "code": [1.0] * 10 + [2.0] * 10 + [np.nan],
            "act": ["yes"] * 7 + ["no"] * 3 + ["yes"] * 4 + ["no"] * 7,
        }
    )
    found = coefficients(fit(case_with("1 + C(code)"), table, FitOptions()))
    assert found["gain[C(code)=2]"] == pytest.approx(logit(0.4) - logit(0.7), abs=1e-6)


def test_a_number_names_a_level_that_it_can_only_mean(tmp_path):
    """`Treatment(2)` is the level 2; 2.1 can be 2.1 and 2.10, and then quotes say which."""
    table = plays_of(tmp_path, {"1": 4, "2": 7})
    found = coefficients(fit(case_with("C(code, Treatment(2))"), table, FitOptions()))
    assert found["gain[1]"] == pytest.approx(logit(0.7), abs=1e-6)
    table = plays_of(tmp_path, {"2.1": 4, "2.10": 7})
    found = coefficients(fit(case_with("C(code, Treatment('2.10'))"), table, FitOptions()))
    assert found["gain[1]"] == pytest.approx(logit(0.7), abs=1e-6)
    with pytest.raises(CommandError, match=r"no level 2\.1.*'2\.1' or '2\.10'"):
        fit(case_with("C(code, Treatment(2.1))"), table, FitOptions())
    with pytest.raises(CommandError, match=r"code has no level 'x'.*It can be: 2\.1, 2\.10"):
        fit(case_with("C(code, Treatment('x'))"), table, FitOptions())


@pytest.mark.parametrize("formula", ["1 + C(code)", "1 + x * C(code)", "1 + code"])
def test_a_column_with_one_level_is_named(formula, tmp_path):
    """It was left out without a word, and the fit looked as if it had been used."""
    table = pd.DataFrame({"act": ["yes", "no"] * 5, "code": ["a"] * 10, "x": np.arange(10.0)})
    with pytest.raises(CommandError, match=r"gain: (C\()?code\)? has one level only, 'a' in every"):
        fit(case_with(formula), table, FitOptions())
    # The rows with the other level miss a covariate.
    table = pd.DataFrame(
        {"act": ["yes", "no"] * 5, "code": list("aaaaabbbbb"), "x": [*np.arange(5.0), *[np.nan] * 5]}
    )  # fmt: skip
    if "x" in formula:
        with pytest.raises(CommandError, match=r"C\(code\) has one level only, 'a' in every row"):
            fit(case_with(formula), table, FitOptions())


def test_rows_outside_of_the_levels_of_a_formula_are_named(tmp_path):
    """They counted as rows of the first level."""
    table = plays_of(tmp_path, {"a": 4, "b": 7, "c": 5})
    with pytest.raises(CommandError, match=r"'c' in row 21 is none of the levels of C\(code"):
        fit(case_with("C(code, levels=['a', 'b'])"), table, FitOptions())
    with pytest.raises(CommandError, match=r"code has no level 'd'"):
        fit(case_with("C(code, levels=['a', 'b', 'c', 'd'])"), table, FitOptions())


def test_effects_of_levels_without_an_intercept_are_changes_from_the_first(tmp_path):
    """Every level has its coefficient, so that none of them is named a base."""
    table = plays_of(tmp_path, {"1": 7, "2": 4})
    for formula in ("0 + C(code)", "1 + C(code)"):
        effects = marginal_effects(fit(case_with(formula), table, FitOptions()), "act")
        found = {(e.outcome, e.covariate): e.value for e in effects}
        assert found["act=yes", "code=2"] == pytest.approx(-0.3, abs=1e-6), formula


def test_names_of_levels_keep_the_brackets_that_are_not_theirs(tmp_path):
    """Only the brackets around a level are replaced, also beside another factor's."""
    table = plays_of(tmp_path, {"a": 4, "b": 7})
    found = coefficients(fit(case_with("C(code, levels=['b', 'a'])"), table, FitOptions()))
    assert list(found) == ["gain[1]", "gain[C(code, levels=['b', 'a'])=a]"]


def test_simulated_plays_keep_their_levels(tmp_path):
    """What `simulate` writes has the levels as the table of covariates has them."""
    table = pd.DataFrame({"code": ["01", "1"] * 5})
    plays, truth = simulate(case_with("1 + C(code)"), 10, covariates=table)
    assert list(truth) == ["p.precision", "gain[1]", "gain[C(code)=1]"]
    assert list(plays["code"]) == ["01", "1"] * 5


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("gain[intercept]", r"The intercept is called 'gain\[1\]'"),
        ("gain[(Intercept)]", r"The intercept is called 'gain\[1\]'"),
        ("gain[_cons]", r"The intercept is called 'gain\[1\]'"),
        ("gain[z]", r"The coefficients of gain are: gain\[1\], gain\[C\(code\)=b\]"),
        ("gain[C(code)=c]", r"Did you mean 'gain\[C\(code\)=b\]'"),
        ("p", r"Did you mean 'p\.precision'"),
        ("xyzzy", r"There are: .*gain\[1\]"),
    ],
)
def test_the_nearest_coefficient_is_named_for_every_option_that_takes_one(given, hint, tmp_path):
    """--fix, --same, --set, and the coefficient of a fit in Python."""
    lowered = case_with("1 + C(code)")
    table = plays_of(tmp_path, {"a": 4, "b": 7})
    with pytest.raises(CommandError, match=hint):
        fit(lowered, table, FitOptions(fixed={given: 1.0}))
    with pytest.raises(CommandError, match=hint):
        fit(lowered, table, FitOptions(same=((given, "gain[1]"),)))
    rows = pd.DataFrame({"code": ["a", "b"]})
    with pytest.raises(CommandError, match=hint):
        simulate(lowered, 4, covariates=rows, numbers={given: 1.0})
