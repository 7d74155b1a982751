"""Fits of players who think some levels ahead: types summed out by hand, slopes, and numbers found back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import factorial, softmax

from backchannel import CommandError, Study
from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from backchannel.estimation.fit import FitOptions, fit, prepare_options, problem_of, read_plays

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


def test_the_chance_of_a_play_is_its_mean_over_types_by_hand(problem):
    names = list(problem.design.numbers)
    at = {"row.precision": 4.0, "column.precision": 3.0, "row.hierarchy": MEAN}
    rows = problem.likelihood(np.tile([at[name] for name in names], (4, 1)))
    assert rows.settled.all()
    np.testing.assert_allclose(np.exp(rows.log), cells(MEAN, 4.0, 3.0).ravel(), atol=1e-11)


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
