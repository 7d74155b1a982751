"""`trade fit` and `trade forecast`, from a case and a table to tables and messages."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from backchannel.cli import main

CASE = Path(__file__).parents[1] / "cases" / "fit" / "machine_exports.yaml"
PARTNERS = {
    "Russian Federation (Russia)": 100.0,
    "Armenia": 2.0,
    "Belarus (Belorussia)": 20.0,
    "Georgia": 5.0,
    "Kazakhstan": 15.0,
    "Kyrgyzstan": 1.0,
    "Uzbekistan": 6.0,
}


@pytest.fixture
def flows(tmp_path):
    """Flat trade for two years, with a little noise."""
    rng = np.random.default_rng(0)
    rows = [
        (str(month.date()), partner, level * np.exp(0.02 * rng.standard_normal()))
        for month in pd.date_range("2020-01-01", periods=24, freq="MS")
        for partner, level in PARTNERS.items()
    ]
    file = tmp_path / "flows.csv"
    pd.DataFrame(rows, columns=["month", "partner", "eur"]).to_csv(file, index=False)
    return file


def test_flat_trade_is_forecast_to_stay_flat(flows, tmp_path):
    """The table has a row for each month and partner, and its middle is what was seen before."""
    out = tmp_path / "ahead.csv"
    called = ["trade", "forecast", str(CASE), str(flows), "--months", "2", "--out", str(out)]
    result = CliRunner().invoke(main, called)
    assert result.exit_code == 0, result.output
    assert "No direct flow is lost in these months." in result.output
    table = pd.read_csv(out)
    assert list(table.columns) == ["month", "partner", "eur", "low", "high"]
    assert set(table["month"]) == {"2022-01-01", "2022-02-01"}
    level = table["partner"].map(PARTNERS)
    assert (abs(np.log(table["eur"] / level)) < 0.5).all()
    assert ((table["low"] <= table["eur"]) & (table["eur"] <= table["high"])).all()


def test_a_fit_says_what_it_rests_on(flows, tmp_path):
    """Before the sanction, its numbers are their priors, and the fit says so."""
    file = tmp_path / "fit.json"
    called = ["trade", "fit", str(CASE), str(flows), "--json", str(file)]
    result = CliRunner().invoke(main, called)
    assert result.exit_code == 0, result.output
    assert "No sanctions yet in these months" in result.output
    estimates = json.loads(file.read_text())["estimates"]
    # ln θ has the prior's middle: the square root of 2 times 8.
    assert estimates["sensitivity"]["middle"] == pytest.approx(4.0, rel=1e-3)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--good", "exprots"], "Did you mean 'exports'?"),
        (["--months", "0"], "--months"),
    ],
)
def test_what_cannot_be_asked_is_told(flows, arguments, told):
    """A good that the case lacks, and no months."""
    result = CliRunner().invoke(main, ["trade", "forecast", str(CASE), str(flows), *arguments])
    assert result.exit_code != 0
    assert told in result.output
    assert "Traceback" not in result.output


@pytest.mark.slow
def test_the_case_on_machine_tools_answers_its_questions_in_sentences_and_shows_where_goods_go(
    tmp_path,
):
    """Secondary sanctions on one country, for all three, and the coalitions that must join: one sentence each."""
    file, report = tmp_path / "answers.json", tmp_path / "report.html"
    called = ["run", "machine-tools-2022", "--draws", "8", "--full"]
    result = CliRunner().invoke(main, [*called, "--json", str(file), "--report", str(report)])
    assert result.exit_code == 0, result.output
    answers = json.loads(file.read_text("utf-8"))
    lines = {line["name"]: line["sentence"] for line in answers["bottom_lines"]}
    for name, country in (
        ("hit_one", "The Emirates"),
        ("hit_one_turkey", "Turkey"),
        ("hit_one_kazakhstan", "Kazakhstan"),
    ):
        assert country in lines[name], lines[name]
    alone = ("turkey_joins", "kazakhstan_joins", "emirates_join")
    pairs = ("two_join", "turkey_and_emirates_join", "kazakhstan_and_emirates_join")
    others = ("none_joins", "all_join", "all_join_and_china_stalls", "hit_turkey", "hit_kazakhstan")
    for name in (*alone, *pairs, *others):
        assert "run short" in lines[name], lines[name]
    assert "Flows of machines" in result.output
    (good,) = answers["goods"]
    (now,) = good["times"]
    carried = sum(amount["expected"] for amount in now["routes"])
    assert carried == pytest.approx(now["delivered"][0]["expected"], rel=1e-6)
    assert "through Kazakhstan" in report.read_text("utf-8")
