"""From a table of plays to a page with plots, as a user does it; and a public table, and a pool."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from tests.commands import run
from tests.unit.estimation.pool.test_pool import table_of
from tests.unit.estimation.test_penalties import CHOICE, plays

pytestmark = pytest.mark.usefixtures("mixed_dtypes")


@pytest.fixture
def place(tmp_path):
    """A folder with a case and its plays."""
    (tmp_path / "case.yaml").write_text(CHOICE.format("1 + x + word"))
    plays(n=150, groups=10).to_csv(tmp_path / "plays.csv", index=False)
    return tmp_path


def test_an_evaluation_is_shown_and_written(place):
    """One set of numbers in the terminal, the document, the tables and the page."""
    done = run(
        "evaluate", "case.yaml", "plays.csv", "--by", "group", "--folds", 3, "--ridge", 1,
        "--no-baselines", "--json", "e.json", "--csv", "s.csv", "--losses", "l.csv",
        "--page", "e.html", cwd=place,
    )  # fmt: skip
    document = json.loads((place / "e.json").read_text())
    case, base = document["models"]
    assert (case["name"], base["name"], base["prl"]) == ("the case", "base rate", 0.0)
    assert f"{case['prl']:.3f}".replace("-", "−") in done.stdout
    rows = pd.read_csv(place / "l.csv")
    assert len(rows) == document["scored"] == 150
    assert rows["the case"].mean() == pytest.approx(-case["log_score"])
    assert 1 - rows["the case"].mean() / rows["base rate"].mean() == pytest.approx(case["prl"])
    assert pd.read_csv(place / "s.csv")["prl"].tolist() == pytest.approx([case["prl"], 0.0])
    page = (place / "e.html").read_text()
    assert len(re.findall("<svg", page)) == 3
    assert "<script" not in page
    assert f"{case['prl']:.3f}" in page
    # The files are recognised as our own and replaced.
    run("evaluate", "case.yaml", "plays.csv", "--by", "group", "--folds", 3, "--ridge", 1,
        "--no-baselines", "--json", "e.json", "--losses", "l.csv", "--page", "e.html", cwd=place)  # fmt: skip


def test_new_rows_are_predicted(place):
    """In the terminal and in a file."""
    pd.DataFrame({"x": [0.0, 1.0], "word": ["a", "new"]}).to_csv(place / "new.csv", index=False)
    done = run("fit", "case.yaml", "plays.csv", "--ridge", "marginal", "--predict", "new.csv",
               "--predictions", "p.csv", cwd=place)  # fmt: skip
    assert "Predictions of 2 new rows" in done.stdout
    assert "new counts as the mean" in done.stdout
    made = pd.read_csv(place / "p.csv")
    assert made.filter(like="P(").sum(axis=1).tolist() == pytest.approx([1.0, 1.0])


@pytest.mark.slow
def test_a_pool_is_fitted_and_written(tmp_path):
    """Every way to reason, in the terminal and in the document."""
    (tmp_path / "games").mkdir()
    table_of(9, plays=100).to_csv(tmp_path / "games" / "one-shot-3x3.csv", index=False)
    words = ("fit", "--pool", "games", "--by", "paper", "--weights", "count", "--json", "p.json")
    done = run(*words, cwd=tmp_path)
    document = json.loads((tmp_path / "p.json").read_text())
    for one in document["reasonings"]:
        assert f"{one['share']:.1%}" in done.stdout
    assert document["games"] == 9


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("evaluate", "case.yaml", "plays.csv"), "Say how rows are held out"),
        (("evaluate", "case.yaml", "plays.csv", "--by", "group", "--ridge", "much"), "ridge is"),
        (("fit", "--pool", "games", "case.yaml", "plays.csv"), "takes the place of CASE and DATA"),
        (("fit", "case.yaml"), "Give a case and a table of plays, or --pool FOLDER"),
        (("fit", "case.yaml", "plays.csv", "--by", "group"), "--by belongs to --pool"),
        (("fit", "case.yaml", "plays.csv", "--predictions", "p.csv"), "which is missing"),
        (("data", "war1800"), "Give the table as you downloaded it"),
    ],
)
def test_what_is_missing_is_told(place, words, says):
    """Before anything is fitted."""
    assert says in " ".join(run(*words, cwd=place, check=2).stderr.split())
