"""A fit evaluates every row on the principal branch, whatever was played before."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from backchannel.estimation.fit import fixed_game
from backchannel.estimation.fit_options import FitOptions
from backchannel.estimation.likelihood import Likelihood

MEET = """
case: Meet
utility_unit: points
as_of: 2030-01-01
players:
  one: {name: One, precision: {between: [0.1, 9]}}
  two: {name: Two, precision: {between: [0.1, 9]}}
nodes:
  a: {player: one, domain: [north, south], at: 2030-02-01}
  b: {player: two, domain: [north, south], at: 2030-02-01}
interests:
  first: {player: one, worth: "2 * (a == 'north') * (b == 'north') + (a == 'south') * (b == 'south')"}
  second: {player: two, worth: "2 * (a == 'north') * (b == 'north') + (a == 'south') * (b == 'south')"}
"""
"""Two who want to meet, rather in the north: one branch leads from even chances there."""


def _root(precision: float, low: float, high: float) -> float:
    return float(
        optimize.brentq(lambda p: p - special.expit(precision * (3 * p - 1)), low, high)  # pyright: ignore
    )


@pytest.mark.parametrize("precision", [0.5, 2.0, 5.0])
def test_play_that_came_before_does_not_matter(precision):
    """From the other equilibrium, iterations stay there; the principal branch is found all the same."""
    case = lower(*read_case_text(MEET))
    names = ["one.precision", "two.precision"]
    likelihood = Likelihood(fixed_game(case, FitOptions()), names, {"a": np.array([[1.0, 0.0]])})
    numbers = np.full((1, 2), precision)
    other = [{name: np.array([[0.001, 0.999]]) for name in rules} for rules in likelihood.start]
    likelihood.start = tuple(other)
    if precision > 3:
        stuck = _root(precision, 0.0, 0.2)
        assert np.exp(likelihood(numbers).log[0]) == pytest.approx(stuck, abs=1e-9)
        likelihood.start = tuple(other)
    for _ in range(2):
        found = likelihood.on_principal_branch(numbers)
        assert found.settled.all()
        assert np.exp(found.log[0]) == pytest.approx(_root(precision, 0.5, 1.0), abs=1e-9)
        likelihood.start = tuple(other)
