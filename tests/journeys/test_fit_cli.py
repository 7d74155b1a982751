"""From a case to simulated plays and back, as a user does it."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from backchannel import Study
from backchannel.cli import main
from backchannel.estimation.document import FitView
from tests.helpers import CANAL

pytestmark = pytest.mark.usefixtures("mixed_dtypes")

EGAME = str(CANAL.parent / "fit" / "egame12.yaml")


def command(*words: object) -> Result:
    """What the command line does."""
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with covariates and the plays simulated with them."""
    folder = tmp_path_factory.mktemp("fit")
    chance = np.random.default_rng(1)
    n = 200
    pd.DataFrame(
        {
            "s_wt_re1": chance.normal(size=n),
            "revis1": chance.integers(0, 2, size=n),
            "balanc": chance.uniform(size=n),
            "regime1": np.resize(["autoc", "dem"], n),
            "regime2": np.resize(["dem", "autoc", "autoc"], n),
            "pair": np.arange(n) // 8,
        }
    ).to_csv(folder / "covariates.csv", index=False)
    done = command(
        "simulate", EGAME, "-n", 400, "--seed", 3, "--out", folder / "plays.csv",
        "--covariates", folder / "covariates.csv", "--set", "quiet[s_wt_re1]=0.8",
        "--set", "war_2[regime2=dem]=-1,war_2[1]=0.5",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "Wrote 400 plays" in done.output
    assert "war_2[regime2=dem] = -1" in done.output
    return folder


@pytest.mark.slow
def test_plays_are_simulated_and_fitted(folder):
    """The table on the screen, and the same numbers in three files."""
    files = [folder / name for name in ("fit.json", "fit.tex", "fit.csv")]
    done = command(
        "fit", EGAME, folder / "plays.csv", "--effects", "war", "--test", "quiet[s_wt_re1]=0",
        "--json", files[0], "--latex", files[1], "--csv", files[2],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    for text in ("quiet", "intercept", "regime2=dem", "Log likelihood", "AIC", "400 plays"):
        assert text in done.output
    assert "Base levels: regime1 against autoc, regime2 against autoc." in done.output
    assert "Against quiet[s_wt_re1]=0: likelihood ratio" in done.output
    view = FitView.model_validate_json(files[0].read_text())
    assert view.converged
    found = {row.name: row for row in view.coefficients}
    row = found["quiet[s_wt_re1]"]
    assert row.error is not None
    assert abs(row.estimate - 0.8) < 4 * row.error
    rows = list(csv.DictReader(io.StringIO(files[2].read_text())))
    assert {r["coefficient"]: float(r["estimate"]) for r in rows} == {
        name: one.estimate for name, one in found.items()
    }
    latex = files[1].read_text()
    assert r"s\_wt\_re1" in latex
    assert latex.count(r"\begin{tabular}") == latex.count(r"\end{tabular}") == 1
    covariates = {one.covariate for one in view.averages}
    assert {"", "balanc", "regime1=dem", "regime2=dem", "revis1", "s_wt_re1"} == covariates
    chances = [one.value for one in view.averages if not one.covariate]
    assert sum(chances) == pytest.approx(1, abs=1e-9)


def test_clusters_and_python_agree(folder):
    """The option and the library give one table."""
    table = pd.read_csv(folder / "plays.csv")
    table["pair"] = np.resize(np.arange(200) // 8, 400)
    table.to_csv(folder / "pairs.csv", index=False)
    file = folder / "pairs.json"
    done = command("fit", EGAME, folder / "pairs.csv", "--cluster", "pair", "--json", file)
    assert done.exit_code == 0, done.output
    assert "Standard errors clustered by 25 clusters." in done.output
    fitted = Study.load(EGAME).fit(table, clusters="pair")
    written = FitView.model_validate_json(file.read_text())
    errors = [row.error for row in written.coefficients]
    np.testing.assert_allclose(errors, fitted.found.errors("clustered"), rtol=1e-6)
    np.testing.assert_allclose(errors, fitted.to_frame()["error"], rtol=1e-6)
    document = fitted.document()
    assert (document.errors, document.clusters) == (written.errors, written.clusters)
    assert document.title == written.title
    assert [row.label for row in document.coefficients] == [
        row.label for row in written.coefficients
    ]
    np.testing.assert_allclose([row.error for row in document.coefficients], errors, rtol=1e-6)
    from_file = Study.load(EGAME).fit(folder / "pairs.csv", clusters="pair").document()
    assert (document.data, from_file.data) == ("", written.data)


def test_the_library_simulates_as_the_command_does(folder):
    """The same seed, the same plays."""
    covariates = pd.read_csv(folder / "covariates.csv")
    numbers = {"quiet[s_wt_re1]": 0.8, "war_2[regime2=dem]": -1.0, "war_2[1]": 0.5}
    plays = Study.load(EGAME).simulate(400, seed=3, numbers=numbers, covariates=covariates)
    written = pd.read_csv(folder / "plays.csv")
    assert plays["esc"].astype(int).tolist() == written["esc"].tolist()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--errors", "clustered"], "--cluster COLUMN"),
        (["--cluster", "par"], "no column 'par'"),
        (["--fix", "quiet"], "write NAME=VALUE"),
        (["--fix", "quit=1"], "Did you mean 'quiet'"),
        (["--test", "quiet[revis]=0"], "Did you mean 'quiet[revis1]'"),
        (["--effects", "wor"], "Did you mean 'war'"),
        (["--compare"], "precision is fixed"),
        (["--latex", "none/table.tex"], "cannot be written"),
    ],
)
def test_wrong_questions_are_met_in_words_and_write_nothing(folder, words, told):
    """No traceback, exit code 2, no file."""
    file = folder / "never.json"
    done = command("fit", EGAME, folder / "plays.csv", "--json", file, *words)
    assert done.exit_code == 2
    assert told in done.output
    assert "Traceback" not in done.output
    assert not file.exists()


def test_a_simulation_asks_for_its_covariates(tmp_path):
    """And for a name that ends in .csv."""
    done = command("simulate", EGAME, "--out", tmp_path / "plays.csv")
    assert done.exit_code == 2
    assert "--covariates FILE" in done.output
    assert not (tmp_path / "plays.csv").exists()
    done = command("simulate", EGAME, "--out", tmp_path / "plays.xlsx")
    assert "ends in .csv" in done.output


@pytest.mark.slow
def test_a_case_whose_players_err_is_simulated_fitted_and_sampled(tmp_path):
    """The same commands, with only some numbers sought."""
    plays = tmp_path / "plays.csv"
    done = command("simulate", CANAL, "-n", 500, "--seed", 2, "--out", plays)
    assert done.exit_code == 0, done.output
    done = command(
        "fit", CANAL, plays, "--only", "aria.precision,borland.precision", "--compare",
        "--json", tmp_path / "fit.json", "--posterior", tmp_path / "fit.nc",
        "--chains", 2, "--samples", 100,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    found = json.loads((tmp_path / "fit.json").read_text())
    names = [one["name"] for one in found["coefficients"]]
    assert names == ["aria.precision", "borland.precision"]
    assert (tmp_path / "fit.nc").exists()
    done = command("fit", CANAL, plays, "--only", "aria.precison")
    assert done.exit_code == 2
    assert "Did you mean 'aria.precision'" in done.output


@pytest.mark.slow
def test_sampled_coefficients_keep_their_names(folder):
    """Brackets are no markup; and coefficients of covariates cannot be priors of a case."""
    done = command(
        "fit", EGAME, folder / "plays.csv", "--posterior", folder / "fit.nc",
        "--chains", 2, "--samples", 100,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "quiet[s_wt_re1]" in done.output.partition("Posterior")[2]
    assert "priors: {from:" not in done.output
