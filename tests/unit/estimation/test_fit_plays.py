"""Tables of plays: what is wrong with one is told with row, column and remedy, all at once."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered
from backchannel.case.open import open_case
from backchannel.case.read.case_file import read_case
from backchannel.estimation.fit import fit
from backchannel.estimation.fit_options import FitOptions
from backchannel.estimation.plays import read_plays, read_table
from backchannel.estimation.simulate import simulate
from backchannel.language.errors import CommandError
from tests.helpers import CANAL

FOLDER = CANAL.parent / "fit"
CHANCE = np.random.default_rng(7)


@pytest.fixture(scope="module")
def egame() -> Lowered:
    """Escalation and war, with covariates."""
    return lower(*read_case(FOLDER / "egame12.yaml"))


def covariates(n: int = 60) -> pd.DataFrame:
    """Covariates of that case, drawn."""
    return pd.DataFrame(
        {
            "s_wt_re1": CHANCE.normal(size=n),
            "revis1": CHANCE.integers(0, 2, size=n).astype(float),
            "balanc": CHANCE.uniform(size=n),
            "regime1": np.resize(["autoc", "dem", "mixed"], n),
            "regime2": np.resize(["dem", "autoc", "autoc", "mixed", "dem"], n),
        }
    )


@pytest.fixture
def plays(egame) -> pd.DataFrame:
    """Some plays of it."""
    return simulate(egame, 60, seed=2, covariates=covariates())[0].astype(
        {"esc": float, "war": float}
    )


def refused(egame: Lowered, table: pd.DataFrame, options: FitOptions | None = None) -> str:
    """What the user is told."""
    with pytest.raises(CommandError) as told:
        fit(egame, table, options or FitOptions())
    return str(told.value)


def test_values_outside_a_domain_are_named_with_row_and_column(egame, plays):
    """Several problems are told together."""
    plays = plays.astype({"esc": object, "war": object})
    plays.loc[3, "esc"] = 7
    plays.loc[5, "war"] = "yes"
    told = refused(egame, plays)
    assert "Column esc, row 4: '7' is not a value of esc." in told
    assert "Column war, row 6: 'yes' is not a value of war." in told
    assert "It can be: 0, 1" in told


def test_a_play_that_the_case_cannot_produce_is_named(egame, plays):
    """War is not reached where nobody escalates."""
    row = int(np.flatnonzero(plays["esc"] == 0)[0])
    plays.loc[row, "war"] = 1
    told = refused(egame, plays)
    assert f"Row {row + 1}: this play is impossible in the case (esc = 0, war = 1)" in told
    assert "empty" in told


def test_constant_and_collinear_covariates_are_named(egame, plays):
    """Both of them, of both numbers, in one message."""
    told = refused(egame, plays.assign(balanc=0.5, s_wt_re1=2 * plays["revis1"] + 1))
    assert "war_2: the covariate balanc is the same in every row" in told
    assert re.search(r"quiet: the covariates .*s_wt_re1.*collinear", told)


def test_missing_columns_are_told_with_the_nearest_name(egame, plays):
    """And so is the column of the weights."""
    told = refused(egame, plays.rename(columns={"balanc": "balance"}), FitOptions(weights="esk"))
    assert "There is no column 'balanc'. Did you mean 'balance'?" in told
    assert "There is no column 'esk'. Did you mean 'esc'?" in told


def test_empty_and_foreign_tables_are_refused(egame, plays):
    """No rows; no column that is called like a node."""
    assert "The table has no rows." in refused(egame, plays.iloc[:0])
    told = refused(egame, plays.drop(columns=["esc", "war"]))
    assert "No column is called like a node of the case: esc, war." in told


def test_files_that_are_no_tables_are_refused(tmp_path):
    """A folder, nothing, and a file of bytes."""
    (tmp_path / "bytes.csv").write_bytes(bytes(range(128, 256)) * 9)
    with pytest.raises(CommandError, match="There is no file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(CommandError, match="is not a table"):
        read_table(tmp_path / "bytes.csv")
    (tmp_path / "bad.parquet").write_text("no")
    with pytest.raises(CommandError, match="is not a table"):
        read_table(tmp_path / "bad.parquet")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(CommandError, match="is not a table"):
        read_table(tmp_path / "empty.csv")


def test_rows_that_miss_a_covariate_are_dropped_and_named(egame, plays, tmp_path):
    """Whether the gap is empty or R's NA."""
    file = tmp_path / "plays.csv"
    text = plays.assign(balanc=plays["balanc"].astype(object))
    text.loc[2, "balanc"] = "NA"
    text.loc[9, "revis1"] = np.nan
    text.to_csv(file, index=False)
    asked = ["balanc", "revis1", "s_wt_re1", "regime1", "regime2"]
    read = read_plays(read_table(file), egame.diagram, covariates=asked)
    assert read.dropped == (3, 10)
    assert read.table["balanc"].dtype == float
    assert len(read.weights) == 58


def test_bad_weights_are_named(egame, plays):
    """A weight is a number of at least 0."""
    weights = np.ones(len(plays))
    weights[1] = -2
    assert "Column w, row 2: a weight" in refused(
        egame, plays.assign(w=weights), FitOptions(weights="w")
    )


def test_plays_of_a_node_with_many_values_have_the_values_that_were_drawn():
    """Places beyond 127 do not fit into a byte with a sign."""
    raw = {
        "case": "A wheel",
        "utility_unit": "none",
        "as_of": "2030-01-01",
        "players": {"one": {"name": "One", "precision": 1}},
        "nodes": {
            "wheel": {
                "chance": True, "domain": list(range(200)),
                "odds": {199: 3, 0: 1, **dict.fromkeys(range(1, 199), 0)}, "at": "2029-01-01",
            }
        },
        "interests": {"gain": {"player": "one", "worth": "wheel"}},
    }  # fmt: skip
    plays, _ = simulate(lower(*open_case(raw)[:2]), 400, seed=1)
    shares = plays["wheel"].astype(int).value_counts(normalize=True)
    assert set(shares.index) == {0, 199}
    assert shares[199] == pytest.approx(0.75, abs=0.07)


CHOICE = """
case: A choice
utility_unit: points
as_of: 2030-01-01
players: {p: {name: P, precision: {between: [0.2, 5]}}}
nodes: {act: {player: p, domain: [DOMAIN], at: 2030-02-01, sees: []}}
interests: {w: {player: p, worth: "WORTH"}}
"""


def _choice(tmp_path, *, domain: str, worth: str) -> Lowered:
    """One player chooses; the precision is to be found."""
    path = tmp_path / "choice.yaml"
    path.write_text(CHOICE.replace("DOMAIN", domain).replace("WORTH", worth))
    return lower(*read_case(path))


@pytest.mark.parametrize(
    ("domain", "first", "second"),
    [
        ('"3.1", "3.10"', "3.1", "3.10"),
        ('"01", "1"', "1", "01"),
        ('"1e3", "1000"', "1e3", "1000"),
        ('"true", "false"', "true", "false"),
        ('"True", "true"', "true", "True"),
        ('"nan", "inf"', "nan", "inf"),
        ("10, 20", "20", "10.0"),
    ],
)
def test_words_are_met_as_they_are_written(tmp_path, domain, first, second):
    """With 30 of 40 plays of one of two actions, worth 1 and 0, the precision is log(30 / 10)."""
    worth = f"act == {first}" if domain == "10, 20" else f"act == '{first}'"
    case = _choice(tmp_path, domain=domain, worth=worth)
    file = tmp_path / "plays.csv"
    file.write_text("act\n" + f"{first}\n" * 30 + f"{second}\n" * 10)
    assert fit(case, str(file), FitOptions()).found.values[0] == pytest.approx(np.log(3))


def test_what_simulate_wrote_is_fitted(tmp_path):
    """A file and a table in memory hold the same values."""
    case = _choice(tmp_path, domain='"true", "false"', worth="act == 'true'")
    table = simulate(case, 200, seed=1, numbers={"p.precision": 1.0})[0]
    file = tmp_path / "plays.csv"
    table.to_csv(file, index=False)
    direct, written = (fit(case, data, FitOptions()) for data in (table, str(file)))
    np.testing.assert_allclose(written.found.values, direct.found.values)


def test_numbers_from_another_program_are_met_with_words_that_spell_them(tmp_path):
    """A data frame holds 1, the case the word "1"."""
    case = _choice(tmp_path, domain='"1", "2"', worth="act == '1'")
    table = pd.DataFrame({"act": [1] * 30 + [2] * 10})
    assert fit(case, table, FitOptions()).found.values[0] == pytest.approx(np.log(3))


def test_rows_without_a_cluster_are_left_out_and_counted(tmp_path):
    """In any order of the rows the errors are those of the rows that have one."""
    case = _choice(tmp_path, domain="yes, no", worth="act == 'yes'")
    rng = np.random.default_rng(3)
    table = pd.DataFrame(
        {
            "act": np.where(rng.random(80) < 0.7, "yes", "no"),
            "pair": np.repeat(["a", "b", "c", None], 20),
        }
    )
    options = FitOptions(clusters="pair")
    found = fit(case, table, options)
    alone = fit(case, table[table["pair"].notna()], options)
    # By hand: the score of a play is y - q, its information q (1 - q), at the estimate logit(q).
    kept = table[table["pair"].notna()]
    chose = (kept["act"] == "yes").to_numpy(float)
    q = chose.mean()
    sums = [(chose[kept["pair"] == pair] - q).sum() for pair in "abc"]
    by_hand = np.sqrt(3 / 2 * np.square(sums).sum()) / (60 * q * (1 - q))
    for order in (np.arange(80), rng.permutation(80)):
        shuffled = fit(case, table.iloc[order], options)
        errors = shuffled.to_frame("clustered")["error"].to_numpy()
        np.testing.assert_allclose(errors, by_hand, rtol=1e-6)
        assert len(shuffled.plays.dropped) == 20
    np.testing.assert_allclose(
        found.to_frame("clustered")["error"], alone.to_frame("clustered")["error"]
    )


def test_a_table_that_observes_nothing_is_told(tmp_path):
    """Its column is called like a node, and every cell is empty."""
    case = _choice(tmp_path, domain="yes, no", worth="act == 'yes'")
    told = refused(case, pd.DataFrame({"act": [None, "NA", ""]}))
    assert "No row observes any node: act is empty in every row." in told
