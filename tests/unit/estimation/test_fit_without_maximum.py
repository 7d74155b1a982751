"""Whether there is an estimate at all, whatever the units, however many coefficients run away."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from backchannel.estimation.estimate import FittedCoefficients
from backchannel.estimation.fit import fit
from backchannel.estimation.fit_options import FitOptions
from backchannel.estimation.maximum import Landscape, look_around
from tests.unit.estimation.made import made

RNG = np.random.default_rng(17)
N = 120
X, Z = RNG.normal(size=(2, N))


def _fitted(
    go: np.ndarray, formula: str, *, precision: float = 1.0, **columns
) -> FittedCoefficients:
    case = made({"pull": {"linear": formula}}, "pull * go", precision=precision)
    return fit(case, pd.DataFrame({"go": go.astype(int), **columns}), FitOptions()).found


def _is_separated(rows: np.ndarray, go: np.ndarray) -> bool:
    """By linear programming: some direction never lowers a play's chance and raises one.

    Source: Konis (2007), Linear programming algorithms for detecting separated data.
    """
    signed = rows * np.where(go, 1.0, -1.0)[:, None]
    found = optimize.linprog(
        -signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(go)), bounds=[(-1, 1)] * rows.shape[1]
    )
    return bool(-found.fun > 1e-9)


@pytest.mark.parametrize("sign", [1, -1])
def test_plays_that_are_all_alike_have_no_best_payoff(sign):
    """The likelihood rises to 1 as the payoff goes to infinity."""
    case = made({"pull": {"prior": {"normal": [0, 2]}}}, "pull * go")
    table = pd.DataFrame({"go": np.full(50, int(sign > 0))})
    found = fit(case, table, FitOptions()).found
    (said,) = found.trouble
    assert "all plays are alike" in said
    assert ("plus infinity" if sign > 0 else "minus infinity") in said
    assert found.endless == ("pull",)
    assert np.isnan(found.to_frame()["estimate"]).all()
    assert np.isnan(found.errors()).all()


KINDS = {
    "by one covariate, with a gap": X > 0.2,
    "by two together": X + Z > 0.1,
    "but for ties": np.where(np.abs(X) < 0.6, Z > 0, X > 0),
    "on one side of a level": (X > 0) & (RNG.uniform(size=N) < 0.6),
    "not at all": RNG.uniform(size=N) < 1 / (1 + np.exp(-X)),
    "nearly": np.where(np.arange(N) == int(np.argmin(np.abs(X - 0.2))), X <= 0.2, X > 0.2),
}

LEVELS = {
    "but for ties": np.where(np.abs(X) < 0.6, 0.0, np.sign(X)),
    "on one side of a level": (X > 0) * 1.0,
}
"""Covariates of the kinds that have one of their own."""


@pytest.mark.slow
@pytest.mark.parametrize("unit", [1e-3, 1.0, 1e3])
@pytest.mark.parametrize("kind", KINDS)
def test_separation_is_found_as_linear_programming_finds_it(kind, unit):
    """Complete, by several coefficients, quasi-complete, and none; in any unit of the covariates."""
    go = KINDS[kind]
    if kind in LEVELS:
        rows = np.column_stack([np.ones(N), LEVELS[kind]])
        found = _fitted(go, "1 + level", level=LEVELS[kind] * unit)
    else:
        rows = np.column_stack([np.ones(N), X, Z])
        found = _fitted(go, "1 + x + z", x=X * unit, z=Z)
    assert bool(found.endless) == _is_separated(rows, go), found.trouble
    assert found.converged == (not found.endless), found.trouble


def test_a_large_coefficient_is_no_separation():
    """Payoffs in points of a thousand: the same logit regression with coefficients 100 times as large."""
    go = RNG.uniform(size=N) < 1 / (1 + np.exp(-0.2 - 0.4 * X))
    found = _fitted(go, "1 + x", precision=0.01, x=X)

    def negative(b: np.ndarray) -> float:
        logit = 0.01 * (b[0] + b[1] * X)
        return float(np.logaddexp(0, np.where(go, -logit, logit)).sum())

    best = optimize.minimize(
        negative,
        [0.0, 0.0],
        method="Nelder-Mead",
        options={"xatol": 1e-6, "fatol": 1e-12, "maxiter": 4000},
    ).x
    assert found.converged
    np.testing.assert_allclose(found.values, best, rtol=1e-4)
    chance = 1 / (1 + np.exp(-0.01 * (best[0] + best[1] * X)))
    rows = 0.01 * np.column_stack([np.ones(N), X])
    expected = np.linalg.inv((rows * (chance * (1 - chance))[:, None]).T @ rows)
    np.testing.assert_allclose(found.errors(), np.sqrt(np.diag(expected)), rtol=1e-4)


@pytest.mark.parametrize(("better", "says"), [(1.0, "runs to infinity"), (0.0, "runs to 0")])
def test_a_precision_has_no_best_value_where_all_or_fewer_than_half_play_well(better, says):
    """With half or less of the plays right, chance explains them best; with all, perfect play."""
    share = better if better else 0.3
    go = (np.arange(200) < 200 * share).astype(int)
    found = fit(
        made({}, "go", precision={"between": [0.5, 2]}), pd.DataFrame({"go": go}), FitOptions()
    )
    assert any(says in line for line in found.found.trouble)


def test_a_precision_that_most_plays_ask_for_is_found():
    """70 of 100 play the better action: λ = logit 0.7."""
    go = (np.arange(100) < 70).astype(int)
    found = fit(
        made({}, "go", precision={"between": [0.5, 2]}), pd.DataFrame({"go": go}), FitOptions()
    )
    assert found.found.converged
    assert found.found.values[0] == pytest.approx(np.log(7 / 3), abs=1e-5)


def _landscape(height, slope, bend) -> Landscape:
    return Landscape(
        lambda x: float(height(x[0])),
        lambda x: np.array([slope(x[0])]),
        lambda x: np.array([[bend(x[0])]]),
    )


@pytest.mark.parametrize("x", [3.0, 12.0, 30.0, 200.0])
def test_a_slope_that_never_ends_is_told_from_anywhere(x):
    """exp(−x) falls for ever, also where it is too small to be seen."""
    place = look_around(
        _landscape(lambda t: np.exp(-t), lambda t: -np.exp(-t), lambda t: np.exp(-t)),
        np.array([x]),
        np.zeros(1),
    )
    assert place.endless is not None
    assert place.endless[0] == 1.0


@pytest.mark.parametrize("height", [1e-6, 1.0, 1e9])
def test_a_maximum_is_one_however_shallow(height):
    """A parabola, from its foot and from its top."""
    for x in (0.0, 1e-3, 5.0):
        land = _landscape(lambda t: height * t * t, lambda t: 2 * height * t, lambda t: 2 * height)
        assert look_around(land, np.array([x]), np.array([-1.0])).endless is None
