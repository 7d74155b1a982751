"""Coefficients that plays cannot tell: separated, flat or tied to each other, and said so in words."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from backchannel.estimation.compose import compose_fit
from backchannel.estimation.fit import fit
from backchannel.estimation.fit_options import FitOptions
from backchannel.estimation.terminal import show_fit
from backchannel.language.errors import CommandError
from tests.unit.estimation.made import TABLE, N, made


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
