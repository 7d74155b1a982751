"""Predictions average over the errors of coefficients and the effects of new groups: against quadrature."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special

from backchannel import Study
from tests.oracles.random_intercepts import mean_chance
from tests.unit.estimation.test_penalties import CHOICE, plays


def test_a_new_group_has_an_effect_that_nobody_knows():
    """Its deviation and the errors of the coefficients widen what the chance is averaged over."""
    table = plays(n=1500, groups=15, spread=1.0)
    fit = Study.load(CHOICE.format("1 + x + (1 | group)")).fit(table)
    new = pd.DataFrame({"x": [-3.0, 0.0, 3.0], "group": [99, 99, 3]})
    values, groups = fit.found.values, list(fit.found.names)
    columns = np.zeros((3, len(values)))
    columns[:, groups.index("gain[1]")], columns[:, groups.index("gain[x]")] = 1.0, new["x"]
    columns[2, groups.index("gain[1 | group=3]")] = 1.0
    x = np.column_stack([np.ones(len(table)), table["x"], pd.get_dummies(table["group"])]).astype(
        float
    )
    spread = fit.problem.spreads["gain[1 | group]"]
    p = special.expit(x @ values)
    curvature = (x * (p * (1 - p))[:, None]).T @ x
    curvature[2:, 2:] += np.eye(15) / spread**2
    errors = np.einsum("rc,cd,rd->r", columns, np.linalg.inv(curvature), columns)
    deviation = np.sqrt(errors + np.array([spread**2, spread**2, 0.0]))
    expected = mean_chance(columns @ values, deviation)
    found = fit.predict(new).table["P(choice=1)"]
    np.testing.assert_allclose(found, expected, atol=4e-3)
    assert abs(expected[0] - special.expit(columns[0] @ values)) > 1e-2


def test_a_fit_without_penalties_predicts_at_its_estimates():
    """Its errors are not those of a posterior."""
    fit = Study.load(CHOICE.format("1 + x")).fit(plays(n=40))
    found = fit.predict(pd.DataFrame({"x": [2.0]})).table["P(choice=1)"][0]
    assert found == pytest.approx(special.expit(fit.found.values @ [1.0, 2.0]), abs=1e-12)
