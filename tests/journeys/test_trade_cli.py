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


@pytest.mark.slow
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


@pytest.fixture
def sanctioned(tmp_path):
    """A year of flat trade, then sanctions: direct trade falls to a third, and the neighbours' grows by a fifth."""
    rng = np.random.default_rng(1)
    rows = []
    for month in pd.date_range("2021-03-01", periods=16, freq="MS"):
        is_on = month >= pd.Timestamp("2022-03-01")
        for partner, level in PARTNERS.items():
            usual = level * np.exp(0.02 * rng.standard_normal())
            after = usual / 3 if partner.startswith("Russian") else usual * 1.2
            rows.append((str(month.date()), partner, after if is_on else usual))
    file = tmp_path / "sanctioned.csv"
    pd.DataFrame(rows, columns=["month", "partner", "eur"]).to_csv(file, index=False)
    return file


def share(ends: dict[str, float]) -> tuple[str, str]:
    """A share as the sentences have it."""
    low, middle, high = (f"{ends[end]:.0%}".replace("-", "−") for end in ("low", "middle", "high"))
    return middle, f"({low} to {high})"


@pytest.mark.slow
@pytest.mark.parametrize("option", ["--windows", "--nested"])
def test_the_document_of_a_fit_has_the_reappearing_share_of_each_window(
    sanctioned, tmp_path, option
):
    """What the sentences say: forecast with its range, and what came; nothing where no flow was lost."""
    file = tmp_path / "fit.json"
    called = ["trade", "fit", str(CASE), str(sanctioned), option, "--json", str(file)]
    result = CliRunner().invoke(main, called)
    assert result.exit_code == 0, result.output
    windows = json.loads(file.read_text())["windows"]
    # A window with twelve months knows that sanctions begin with the next one.
    assert [window["seen"] for window in windows] == [12, 13, 14, 15]
    for window in windows:
        ends = window["reappearing"]
        assert ends["low"] <= ends["middle"] <= ends["high"]
        middle, range_ = share(ends)
        told = (
            f"After {window['seen']} months, {middle} of the lost flow was to reappear {range_}; "
            f"{window['reappeared']:.0%} did."
        )
        assert told in result.output
    chosen = [f"{window['half_life']:g}" for window in windows if window["half_life"]]
    assert len(chosen) == (4 if option == "--nested" else 0)
    assert not chosen or f"chosen on earlier windows: {', '.join(chosen)}." in result.output


@pytest.mark.slow
def test_the_document_of_a_forecast_has_the_table_and_the_reappearing_share(sanctioned, tmp_path):
    """The rows of `--out`, and the sentence below them as numbers."""
    file, out = tmp_path / "ahead.json", tmp_path / "ahead.csv"
    called = ["trade", "forecast", str(CASE), str(sanctioned), "--months", "2"]
    result = CliRunner().invoke(main, [*called, "--json", str(file), "--out", str(out)])
    assert result.exit_code == 0, result.output
    told = json.loads(file.read_text())
    assert list(told) == ["months", "partners", "forecasts", "reappearing"]
    assert told["months"] == ["2022-07-01", "2022-08-01"]
    assert told["partners"] == list(PARTNERS)
    pd.testing.assert_frame_equal(pd.DataFrame(told["forecasts"]), pd.read_csv(out))
    middle, range_ = share(told["reappearing"])
    assert f"{middle} reappears through the other partners {range_}." in " ".join(
        result.output.split()
    )
    # A file that Backchannel wrote is replaced without asking.
    assert CliRunner().invoke(main, [*called, "--json", str(file)]).exit_code == 0


@pytest.mark.slow
def test_where_no_flow_is_lost_the_documents_say_nothing_of_it(flows, tmp_path):
    """`null` in both: before the sanctions, there is no share."""
    fitted, ahead = tmp_path / "fit.json", tmp_path / "ahead.json"
    called = ["trade", "fit", str(CASE), str(flows), "--windows", "--json", str(fitted)]
    assert CliRunner().invoke(main, called).exit_code == 0
    for window in json.loads(fitted.read_text())["windows"]:
        assert (window["reappearing"], window["reappeared"]) == (None, None)
    called = ["trade", "forecast", str(CASE), str(flows), "--months", "1", "--json", str(ahead)]
    assert CliRunner().invoke(main, called).exit_code == 0
    assert json.loads(ahead.read_text())["reappearing"] is None


@pytest.mark.parametrize("option", ["--windows", "--nested"])
def test_a_year_of_months_has_no_window(flows, tmp_path, option):
    """And the fit says so."""
    table = pd.read_csv(flows)
    short = tmp_path / "short.csv"
    table[table["month"] < "2021-01-01"].to_csv(short, index=False)
    result = CliRunner().invoke(main, ["trade", "fit", str(CASE), str(short), option])
    assert result.exit_code == 0, result.output
    assert "No window: each forecasts from at least 12 months" in " ".join(result.output.split())


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
