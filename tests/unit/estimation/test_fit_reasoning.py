"""Fits of players who think some levels ahead: types summed out by hand, slopes, and numbers found back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import factorial, softmax

from backchannel import CommandError, Study
from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from backchannel.estimation.fit import fit, problem_of, read_plays
from backchannel.estimation.fit_options import FitOptions, prepare_options

ROW = np.array([[1.0, 0.0], [0.6, 0.7]])
"""The row player's payoffs; rows are up and down, columns left and right."""
COLUMN = np.array([[0.2, 0.9], [0.8, 0.1]])
MOST, MEAN = 2, 1.4
CASE = """
case: A game that is met for the first time
utility_unit: points
as_of: 2030-01-01
players:
  row: {name: row, precision: {between: [1, 9]}, reasoning: {hierarchy: {between: [0.5, 3]}, max_level: 2},
        why: {judgement: x}}
  column: {name: column, precision: {between: [1, 9]}, reasoning: {mixture: {equilibrium: 0.4, level 1: 0.6}},
           why: {judgement: x}}
nodes:
  i: {player: row, domain: [up, down], at: 2030-01-02}
  j: {player: column, domain: [left, right], at: 2030-01-02}
interests:
  own: {player: row, worth: {table: [i, j], "up, left": 1, "up, right": 0, "down, left": 0.6,
                             "down, right": 0.7}}
  other: {player: column, worth: {table: [i, j], "up, left": 0.2, "up, right": 0.9, "down, left": 0.8,
                                  "down, right": 0.1}}
questions:
  next: {forecast: i}
"""


def cells(mean: float, row: float, column: float) -> np.ndarray:
    """The chance of each cell, by hand: Σ over the row player's level and the column player's type."""
    weights = np.array([mean**k / factorial(k) for k in range(MOST + 1)])
    rows, columns = [np.full(2, 0.5)], [np.full(2, 0.5)]
    for k in range(1, MOST + 1):
        share = weights[:k] / weights[:k].sum()
        faced_rows, faced_columns = share @ np.array(rows[:k]), share @ np.array(columns[:k])
        rows.append(softmax(row * ROW @ faced_columns))
        columns.append(softmax(column * faced_rows @ COLUMN))
    level_one = softmax(column * np.full(2, 0.5) @ COLUMN)
    total = np.zeros((2, 2))
    for share, rule in zip(weights / weights.sum(), rows, strict=True):
        at_equilibrium = softmax(column * rule @ COLUMN)
        total += share * np.outer(rule, 0.4 * at_equilibrium + 0.6 * level_one)
    return total


def plays(chances: np.ndarray) -> pd.DataFrame:
    """As many plays of each cell as its chance says."""
    labels = [(i, j) for i in ("up", "down") for j in ("left", "right")]
    weighted = zip(labels, 1e4 * chances.ravel(), strict=True)
    return pd.DataFrame([{"i": i, "j": j, "w": weight} for (i, j), weight in weighted])


@pytest.fixture(scope="module")
def problem():
    """The likelihood of the four cells."""
    lowered = lower(*read_case_text(CASE))
    options = prepare_options(lowered, FitOptions(weights="w"))
    table = read_plays(plays(cells(MEAN, 4.0, 3.0)), lowered.diagram, covariates=[], weights="w")
    return problem_of(lowered, table, options)


@pytest.mark.slow
def test_the_chance_of_a_play_is_its_mean_over_types_by_hand(problem):
    names = list(problem.design.numbers)
    at = {"row.precision": 4.0, "column.precision": 3.0, "row.hierarchy": MEAN}
    rows = problem.likelihood(np.tile([at[name] for name in names], (4, 1)))
    assert rows.settled.all()
    np.testing.assert_allclose(np.exp(rows.log), cells(MEAN, 4.0, 3.0).ravel(), atol=1e-11)


@pytest.mark.slow
def test_slopes_go_through_levels_shares_and_equilibrium(problem):
    names = list(problem.design.numbers)
    at = {"row.precision": 4.0, "column.precision": 3.0, "row.hierarchy": MEAN}
    slope = problem.likelihood(np.tile([at[name] for name in names], (4, 1))).slope
    keys = {"row.precision": "row", "column.precision": "column", "row.hierarchy": "mean"}
    for i, name in enumerate(names):
        own = {"mean": MEAN, "row": 4.0, "column": 3.0}
        high, low = (
            np.log(cells(**{**own, keys[name]: own[keys[name]] + step})).ravel()
            for step in (1e-5, -1e-5)
        )
        np.testing.assert_allclose(slope[:, i], (high - low) / 2e-5, rtol=1e-6, err_msg=name)


def test_what_cannot_be_fitted_is_told_all_at_once():
    wrong = CASE + "beliefs:\n  row: {parameters: {column.precision: 2}}\n"
    wrong += "level_0:\n  i: {odds: {up: lean, down: 1}}\n"
    wrong += "parameters:\n  lean: {prior: {uniform: [0.5, 2]}, unit: odds, why: {judgement: x}}\n"
    with pytest.raises(CommandError) as told:
        fit(lower(*read_case_text(wrong)), plays(cells(1, 4, 3)), FitOptions())
    assert "`reasoning` only where no player errs" in str(told.value)
    assert "`level_0` uses lean, which is uncertain" in str(told.value)


@pytest.mark.slow
def test_a_type_may_be_fixed_and_the_others_are_found_back():
    """With the row player at level 1 and the column player's precision known, by hand."""
    level_one = softmax(4.0 * ROW @ np.full(2, 0.5))
    column = 0.4 * softmax(3.0 * level_one @ COLUMN) + 0.6 * softmax(3.0 * np.full(2, 0.5) @ COLUMN)
    table = plays(np.outer(level_one, column))
    options = {"weights": "w", "fixed": {"row.level": 1.0, "row.hierarchy": MEAN}, "starts": 1}
    found = Study.load(CASE).fit(table, **options).found
    values = dict(zip(found.names, found.values, strict=True))
    assert values["row.precision"] == pytest.approx(4.0, abs=1e-3)
    assert values["column.precision"] == pytest.approx(3.0, abs=1e-3)


COMPLEX = """
case: Choices of different size
utility_unit: points
as_of: 2030-01-01
parameters:
  prize: {linear: "0 + offset(pay)", unit: points, why: {judgement: x}}
players:
  one:
    name: one
    precision: {linear: {base: {between: [1, 9]}, actions: {normal: [0, 1]}, range: {normal: [-0.5, 0.5]}}}
    why: {judgement: x}
nodes:
  first: {player: one, domain: [a, b], at: 2030-01-02}
  second: {player: one, domain: [x, y, z], at: 2030-01-03}
interests:
  small: {player: one, worth: "prize * (first == 'a')"}
  large: {player: one, worth: "prize * (second == 'x') - 0.5 * (second == 'y')"}
"""


def complex_chances(pay: float, base: float, actions: float, span: float) -> np.ndarray:
    """The chance of each pair of choices, by hand; two actions count as nothing."""
    small = base * pay**span
    large = base * 1.5**actions * (pay + 0.5) ** span
    return np.outer(softmax(small * np.array([pay, 0])), softmax(large * np.array([pay, -0.5, 0])))


def test_precision_by_complexity_has_exact_slopes_and_is_found_back():
    """Through the payoff range too, which differs from row to row."""
    true = {"base": 2.0, "actions": 0.4, "span": -0.6}
    rows = [
        {"pay": pay, "first": first, "second": second, "w": 1e4 * chance}
        for pay in (0.4, 1.0, 2.0)
        for (first, second), chance in zip(
            [(i, j) for i in "ab" for j in "xyz"],
            complex_chances(pay, **true).ravel(),
            strict=True,
        )
    ]
    lowered, table = lower(*read_case_text(COMPLEX)), pd.DataFrame(rows)
    names = {
        "one.precision": "base",
        "one.precision_by_actions": "actions",
        "one.precision_by_range": "span",
    }
    read = read_plays(table, lowered.diagram, covariates=["pay"], weights="w")
    problem = problem_of(lowered, read, prepare_options(lowered, FitOptions(weights="w")))
    order = [name for name in problem.design.numbers if name in names]
    beta = np.array([true[names[name]] for name in problem.design.coefficients])
    values = problem.likelihood(problem.design.rows(beta))
    expected = np.concatenate([complex_chances(pay, **true).ravel() for pay in (0.4, 1.0, 2.0)])
    np.testing.assert_allclose(np.exp(values.log), expected, atol=1e-11)
    for name in order:
        key, step = names[name], 1e-5
        high, low = (
            np.concatenate(
                [
                    np.log(complex_chances(p, **{**true, key: true[key] + s})).ravel()
                    for p in (0.4, 1.0, 2.0)
                ]
            )
            for s in (step, -step)
        )
        slope = values.slope[:, problem.design.numbers.index(name)]
        np.testing.assert_allclose(slope, (high - low) / (2 * step), rtol=1e-6, atol=1e-9)
    found = fit(lowered, table, FitOptions(weights="w", starts=1)).found
    for name, value in zip(found.names, found.values, strict=True):
        assert value == pytest.approx(true[names[name]], abs=1e-3)
