"""Log likelihoods, coefficients and standard errors that others found on the same plays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered
from backchannel.case.read.case_file import read_case
from backchannel.estimation.fit import Fit, fit
from backchannel.estimation.fit_options import FitOptions

ROOT = Path(__file__).parent.parent.parent.parent
DATA = ROOT.parent / "shared" / "data"
CASES = ROOT / "tests" / "cases" / "fit"


def table(name: str) -> pd.DataFrame:
    """A reference data set, or a skip that names it."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is absent")
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def lowered(name: str) -> Lowered:
    """A reference model."""
    return lower(*read_case(CASES / f"{name}.yaml"))


@pytest.fixture(scope="module")
def war() -> Fit:
    """The fit of egame12 to war1800."""
    plays = table("war1800.csv")
    plays["war"] = plays["war"].where(plays["esc"] == 1)
    return fit(lowered("egame12"), plays, FitOptions())


WAR = {
    "quiet[1]": (-0.845824, 0.974749),
    "quiet[s_wt_re1]": (-1.188171, 0.454274),
    "quiet[revis1]": (0.679146, 0.429410),
    "war_1[1]": (0.254877, 1.970204),
    "war_1[regime1=dem]": (-3.084929, 1.088226),
    "war_1[regime1=mixed]": (-0.957587, 0.899153),
    "war_2[1]": (0.761180, 0.713177),
    "war_2[balanc]": (-0.007975, 0.904886),
    "war_2[regime2=dem]": (-2.505189, 0.766166),
    "war_2[regime2=mixed]": (-0.978759, 0.517272),
}
"""The package's coefficients and standard errors, on its own scale."""


def test_war1800_is_fitted_as_by_games(war):
    """The classic of the field, with categorical covariates and rows that miss one."""
    assert war.problem.weights.sum() == 282
    assert len(war.plays.dropped) == 313 - 282
    assert war.bases == {"regime1": "autoc", "regime2": "autoc"}
    assert war.found.converged
    assert war.found.log_likelihood == pytest.approx(-286.182794, abs=1e-5)
    for name, (value, error) in WAR.items():
        i = war.found.names.index(name)
        assert war.found.values[i] == pytest.approx(value / np.sqrt(2), abs=1e-4), name
        assert war.found.errors()[i] == pytest.approx(error / np.sqrt(2), abs=1e-4), name
    assert len(war.found.names) == len(WAR)


@pytest.mark.parametrize(
    ("name", "log_likelihood", "tolerance"),
    [
        pytest.param("egame122", -1239.398994, 5e-5, marks=pytest.mark.slow),
        ("egame123", -558.942887, 1e-5),
    ],
)
def test_synthetic_games_are_fitted_as_by_games(name, log_likelihood, tolerance):
    """Four outcomes of two players, and three players in turn."""
    plays = table(f"{name}_synthetic.csv")
    if name == "egame122":
        plays["a1"] = plays["y"].str[0]
        plays["a2"] = plays["y"].str[1].str.lower()
    else:
        plays["a2"] = plays["a2"].where(plays["a1"] == 1)
        plays["a3"] = plays["a3"].where(plays["a2"] == 1)
    found = fit(lowered(name), plays, FitOptions()).found
    assert found.converged
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=tolerance)


def test_the_centipede_has_the_known_precision():
    """One λ for both players, rows weighted by how often they were played."""
    row = table("centipede_mckelvey_palfrey_1992.csv").set_index("game").loc["cent4_lo"]
    rows = []
    for k in range(1, 6):
        play = {f"n{j}": "take" if j == k else "pass" for j in range(1, min(k, 4) + 1)}
        share = float(row[f"node{k}"]) if k < 5 else float(row["passall"])
        rows.append({**play, "times": share * float(row["N"])})
    options = FitOptions(weights="times", same=(("one.precision", "two.precision"),))
    found = fit(lowered("centipede4"), pd.DataFrame(rows), options).found
    assert found.names == ("one.precision",)
    assert found.values[0] == pytest.approx(1.718, abs=5e-4)
    assert found.log_likelihood == pytest.approx(-423.782, abs=5e-4)
