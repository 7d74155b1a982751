"""Texts of a case that mean no good, through every command that shows or writes them.

Each name tries to become something else: a command to the terminal, markup, a spreadsheet's
formula, a link, a statement of SQL. Everywhere it has to stay text.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from backchannel.cli import main
from backchannel.estimation.plays import read_table
from tests.helpers import CANAL

STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

CASE = r"""
case: "Toll \e[2J\e]0;owned\a '); DROP TABLE runs; --"
question: "Who \x9b31m pays [red]now[/red] [link=http://a.invalid]here[/link]?"
utility_unit: "points\e[8m"
as_of: 2030-01-10
sources:
  memo: {title: "=HYPERLINK(\"http://a.invalid\",\"see\")", author: "@sum\e[1m", date: 2030-01-05, grade: B2}
  note: {title: "-2+3", author: "\u202etxt.exe", date: 2030-01-05, grade: B2}
players:
  port: {name: "Port\e[7m ![x](http://a.invalid/p.png)", precision: {between: [1, 4]}}
  crown: {name: "<img src=x onerror=alert(1)>\r", precision: 2}
parameters:
  cost: {prior: {between: [-0.8, 0.8]}, unit: points, about: "=1+1\e[4m [bold]c[/bold]",
         why: {source: memo, says: "@SUM(1)"}}
nodes:
  fee: {player: crown, domain: ["=1", "-5", "+x", "@z", "'=1"], at: 2030-02-05, sees: [],
        title: "=cmd|' /C calc'!A0 $\\frac{\e[K"}
  reply: {player: port, domain: ["pay\e[1A", "[red]refuse"], at: 2030-02-10, sees: [fee],
          title: "[click](javascript:alert(2)) reply"}
interests:
  gain: {player: crown, worth: "0.5 * (reply == '[red]refuse') - 0.3 * (fee == '=1')", why: {source: note}}
  loss: {player: port, worth: "-(cost + 0.5) * (reply == '[red]refuse')", why: {source: memo}}
questions:
  next: {asks: "Will it pay\e[5m? <script>alert(3)</script>", forecast: reply}
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Path:
    """The case, in a folder of its own."""
    path = tmp_path_factory.mktemp("hostile") / "toll.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def said(*words: object, code: int = 0) -> str:
    """What a command says on both streams."""
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == code, done.output
    return done.output


@pytest.mark.parametrize(
    "command",
    [
        "check", "run --draws 64", "sources", "sensitivity --draws 64",
        "what-if --draws 64 --do fee==1 --outcome reply",
        "watch --draws 64", "equilibria --draws 64", "deals --draws 64", "surprise --draws 64", "claims --draws 64",
        "update --add fee=-5 --on 2030-02-05 --source memo --dry-run --draws 64",
    ],
)  # fmt: skip
def test_no_command_lets_a_text_steer_the_terminal(case, command):
    """Escape sequences and text that runs backwards are shown as marks; markup is text."""
    name, *options = command.split()
    done = CliRunner().invoke(main, [name, str(case), *options])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code in (0, 1, 2)
    assert not STEERS.search(done.output), done.output


def test_marks_and_markup_are_seen_as_they_were_written(case):
    """Nothing is swallowed."""
    text = said("run", case, "--draws", 64, "--full")
    assert "Toll ␛[2J␛]0;owned" in text
    assert "[red]now[/red] [link=http://a.invalid]here[/link]?" in text
    assert "[red]refuse" in text


def test_errors_about_such_texts_are_safe_too(case, tmp_path):
    """A wrong command line and a wrong case, with steering signs in both."""
    assert "␛[31mred" in said("check", "no\x1b[31mred", code=2)
    assert not STEERS.search(said("wat\x1b[31m", code=2))
    assert not STEERS.search(said("run", case, "--draws", "4\x1b[31m", code=2))
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(CASE.replace("-(cost + 0.5)", r"-(co\e[31mst + 0.5)"), encoding="utf-8")
    assert not STEERS.search(said("check", wrong, code=1))


def cells(text: str) -> list[str]:
    """Every cell of a CSV file."""
    return [cell for row in csv.reader(io.StringIO(text)) for cell in row]


def assert_no_formula(text: str) -> None:
    """No cell that is no number begins as a formula does."""
    for cell in cells(text):
        if cell[:1] in tuple("=+-@\t\r"):
            float(cell)


def test_tables_hold_no_formulas(case, tmp_path):
    """Of sources, of equilibria, of the ledger."""
    files = [
        tmp_path / name for name in ("sources.csv", "equilibria.csv", "branch.csv", "ledger.csv")
    ]
    said("sources", case, "--csv", files[0])
    said("equilibria", case, "--draws", 64, "--all", "--csv", files[1])
    said("branch", case, "--draws", 64, "--csv", files[2])
    book = tmp_path / "team.ledger"
    said("log", case, "--ledger", book, "--draws", 64, "--by", "=cmd")
    said("ledger", "--ledger", book, "--export", files[3])
    for file in files:
        assert_no_formula(file.read_text("utf-8"))
    text = files[0].read_text("utf-8")
    assert "'=HYPERLINK" in text
    logged = cells(files[3].read_text("utf-8"))
    assert "'=cmd" in logged
    assert "'=cmd|' /C calc'!A0 $\\frac{\x1b[K" in logged


def test_simulated_plays_are_read_back_as_they_were(case, tmp_path):
    """Words that look like formulas are guarded in the file, and fit finds the values they are."""
    file = tmp_path / "plays.csv"
    said("simulate", case, "-n", 300, "--seed", 1, "--out", file)
    text = file.read_text("utf-8")
    assert_no_formula(text)
    assert {"'=1", "-5", "'+x", "'@z", "''=1"} <= set(cells(text))
    assert set(read_table(file)["fee"]) == {"=1", "-5", "+x", "@z", "'=1"}
    assert "300" in said("fit", case, file, "--only", "cost")


def test_covariates_with_such_names_survive_the_file(tmp_path):
    """Headings and words of covariates are guarded and read back alike."""
    from backchannel.files.spreadsheet import guarded_csv

    table = pd.DataFrame({"=x": [1.5, -2.0], "+w": ["@a", "-b"], "n": ["-1", "2"]})
    file = tmp_path / "covariates.csv"
    file.write_text(guarded_csv(table), encoding="utf-8")
    assert_no_formula(file.read_text("utf-8"))
    back = read_table(file)
    assert list(back.columns) == ["=x", "+w", "n"]
    assert back["+w"].tolist() == ["@a", "-b"]
    assert back["=x"].tolist() == [1.5, -2.0]


def test_a_brief_is_written_whatever_the_names_hold(case, tmp_path):
    """Word allows no control characters; Markdown makes neither link, picture nor HTML of a name."""
    pytest.importorskip("docx")
    page = tmp_path / "brief.md"
    said("brief", case, "--draws", 64, "--out", page)
    text = page.read_text("utf-8")
    assert not STEERS.search(text)
    assert "\\[click\\](javascript\\:alert(2)) reply" in text
    assert re.findall(r"(?<!\\)\]\(([^)]*)\)", text) == ["brief.png"]
    assert not re.search(r"(?<!\\)<(?!!-- Made by Backchannel)", text)
    word = tmp_path / "brief.docx"
    said("brief", case, "--draws", 64, "--out", word)
    with zipfile.ZipFile(word) as parts:
        told = parts.read("word/document.xml").decode("utf-8")
    assert "␛[2J" in told
    assert not STEERS.search(told)
    long = tmp_path / "long.yaml"
    long.write_text(CASE.replace("Toll", "Toll " * 100), encoding="utf-8")
    said("brief", long, "--draws", 64, "--out", tmp_path / "long.docx")


def test_the_ledger_takes_names_as_names(case, tmp_path):
    """A title that is a statement of SQL is only a title."""
    book = tmp_path / "team.ledger"
    for _ in range(2):
        said("log", case, "--ledger", book, "--draws", 64, "--by", "x'); DROP TABLE runs; --")
    listed = said("ledger", "--ledger", book)
    assert "x'); DROP TABLE runs; --" in listed
    assert not STEERS.search(listed)


def test_priors_come_from_files_of_this_machine_only(tmp_path):
    """An address or another machine's folder would tell that machine who reads the case."""
    for place in (
        "https://a.invalid/fit.nc",
        "//a.invalid/share/fit.nc",
        r"\\\\a.invalid\\share\\fit.nc",
    ):
        wrong = tmp_path / "remote.yaml"
        wrong.write_text(CASE + f'priors: {{from: "{place}"}}\n', encoding="utf-8")
        assert "must be a file on this machine" in said("check", wrong, code=1)


def test_a_formula_runs_nothing_on_the_way_to_a_fit(tmp_path):
    """The attack by its whole way: check, fit and simulate refuse it, and nothing was run."""
    mark = tmp_path / "mark"
    attack = f"1 + z + np.testing.runstring(\\\"open({str(mark)!r}, 'w')\\\", {{}})"
    case = tmp_path / "case.yaml"
    linear = f'cost: {{linear: "{attack}", prior: 0.5, unit: points'
    case.write_text(
        CASE.replace("cost: {prior: {between: [-0.8, 0.8]}, unit: points", linear), encoding="utf-8"
    )
    (tmp_path / "z.csv").write_text(
        "z,fee,reply\n1,=1,[red]refuse\n2,-5,[red]refuse\n", encoding="utf-8"
    )
    for words in (
        ("check", case),
        ("fit", case, tmp_path / "z.csv"),
        (
            "simulate",
            case,
            "-n",
            5,
            "--covariates",
            tmp_path / "z.csv",
            "--out",
            tmp_path / "o.csv",
        ),
    ):
        assert "a formula has no function 'np.testing.runstring'" in said(*words, code=1)
    assert not mark.exists()
    assert not (tmp_path / "o.csv").exists()


def test_a_case_whose_name_is_no_text_is_answered(tmp_path):
    """File systems take any bytes for a name."""
    odd = tmp_path / os.fsdecode(b"\xff.yaml")
    odd.write_text(CANAL.read_text())
    said("run", odd, "--draws", 16, "--json", tmp_path / "a.json", "--report", tmp_path / "a.html")
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["case"]["name"] == "\ufffd"
