"""What every command prints keeps the rules of grammar, line by line, in a terminal that wraps nothing.

Commands of questions are listed by the registry, so a new one is covered as it is.
"""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from backchannel.cli import main
from backchannel.console import safe_console
from backchannel.questions.registry import questions
from backchannel.study import Study
from tests.grammar import faults, faults_printed, texts_of
from tests.journeys.test_trade_cli import CASE as MACHINES
from tests.journeys.test_trade_cli import PARTNERS
from tests.random_cases import random_case
from tests.unit.estimation.test_penalties import CHOICE, plays

WIDE = 5000
"""Characters to a line: each sentence stands on one."""
SOLVED = ["--draws", "128"]


def _commands(second_move: str, mood: str, end: str) -> dict[str, list[list[str]]]:
    """Each command with its arguments, where `a.yaml` is the case and `b.yaml` another version of it."""
    return {
        "forecast": [["a.yaml"], ["a.yaml", "result"]],
        "what-if": [["a.yaml", "--do", f"second_move={second_move}", "--outcome", "result"],
                    ["a.yaml", "--cause", "misread", "--outcome", "third_move", "--view", "before"]],
        "why": [["a.yaml"]],
        "deals": [["a.yaml"]],
        "claims": [["a.yaml"]],
        "rivals": [["a.yaml", "--most", "3"]],
        "scenarios": [["c.yaml"]],
        "surprise": [["a.yaml"]],
        "sensitivity": [["a.yaml"], ["a.yaml", "--inverse", f"result={end}", "--likely", "very likely"]],
        "watch": [["a.yaml"]],
        "branch": [["a.yaml"]],
        "equilibria": [["a.yaml"], ["a.yaml", "--all"]],
        "update": [["a.yaml", "--add", f"mood={mood}", "--on", "2030-01-05",
                    "--source", "paper", "--dry-run"]],
        "diff": [["b.yaml", "a.yaml"]],
        "merge": [["b.yaml", "a.yaml"]],
    }  # fmt: skip


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    """A terminal in which no sentence is wrapped."""
    monkeypatch.setattr(safe_console, "PLAIN_WIDTH", WIDE)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with a random case, another version of it, and one with a scenario."""
    folder = tmp_path_factory.mktemp("printed")
    case = random_case(3)
    (folder / "a.yaml").write_text(yaml.safe_dump(case, sort_keys=False, allow_unicode=True))
    other = random_case(3)
    other["parameters"]["hope"]["prior"] = {"uniform": [1, 3]}
    (folder / "b.yaml").write_text(yaml.safe_dump(other, sort_keys=False, allow_unicode=True))
    case["scenarios"] = {"brave": {"title": "a brave South", "sliders": {"fear_of_loss": 0.4}}}
    (folder / "c.yaml").write_text(yaml.safe_dump(case, sort_keys=False, allow_unicode=True))
    return folder


def _printed(place: Path, *words: str) -> str:
    with chdir(place):
        done = CliRunner().invoke(main, list(words))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    assert done.exit_code == 0, done.output
    return done.output


def _check(printed: str) -> None:
    wrong = faults_printed(printed)
    assert not wrong, "\n".join(wrong)


def test_the_commands_of_every_question_are_asked():
    """A command that a new question brings is asked for its sentences too."""
    named = {
        question.part(command).name for question in questions() for command in question.commands
    }
    assert named == set(_commands("", "", ""))


@pytest.mark.parametrize("name", sorted(_commands("", "", "")))
def test_what_a_command_prints_is_written_well(name, place):
    """On a small case with labels or without, a record, a deal, claims and causes."""
    case = yaml.safe_load((place / "a.yaml").read_text())
    second, mood = (case["nodes"][node]["domain"][-1] for node in ("second_move", "mood"))
    for arguments in _commands(second, mood, "good")[name]:
        _check(_printed(place, name, *arguments, *SOLVED))


ESTIMATION = {
    "fit": (["choice.yaml", "plays.csv", "--effects", "choice", "--test", "gain[x]=0",
             "--ridge", "1", "--predict", "new.csv"],),
    "evaluate": (["choice.yaml", "plays.csv", "--by", "group", "--folds", "3", "--ridge", "1"],),
    "simulate": (["choice.yaml", "-n", "5", "--covariates", "plays.csv", "--out", "simulated.csv"],),
    "trade": (["fit", str(MACHINES), "flows.csv", "--windows"],
              ["forecast", str(MACHINES), "flows.csv", "--months", "2"]),
    "check": (["a.yaml"], ["b.yaml"]),
    "sources": (["a.yaml"],),
    "log": (["a.yaml", *SOLVED],),
    "resolve": (["a.yaml"], ["a.yaml", "second_move=stays", "--on", "2030-03-02", "--source", "paper", "--yes"]),
    "score": ([],),
    "ledger": ([],),
    "review": (["a.yaml", *SOLVED],),
}  # fmt: skip
"""What other commands are asked; the last five in this order."""


@pytest.fixture(scope="module")
def tables(place) -> Path:
    """The same folder with tables of plays and of flows: a year before sanctions and four months with them."""
    (place / "choice.yaml").write_text(CHOICE.format("1 + x + word"))
    plays(n=150, groups=10).to_csv(place / "plays.csv", index=False)
    pd.DataFrame({"x": [0.0, 1.0], "word": ["a", "b"]}).to_csv(place / "new.csv", index=False)
    rng = np.random.default_rng(1)
    rows = []
    for month in pd.date_range("2021-03-01", periods=16, freq="MS"):
        for partner, level in PARTNERS.items():
            is_on, is_direct = month >= pd.Timestamp("2022-03-01"), partner.startswith("Russian")
            change = 1.0 if not is_on else 1 / 3 if is_direct else 1.2
            flow = level * change * np.exp(0.02 * rng.standard_normal())
            rows.append((str(month.date()), partner, flow))
    table = pd.DataFrame(rows, columns=["month", "partner", "eur"])
    table.to_csv(place / "flows.csv", index=False)
    return place


@pytest.mark.slow
@pytest.mark.parametrize("name", ESTIMATION)
def test_what_fits_scores_and_ledgers_print_is_written_well(name, tables):
    """Regression tables, evaluations, flows of a good, warnings, and forecasts with their outcomes."""
    for arguments in ESTIMATION[name]:
        _check(_printed(tables, name, *arguments))


@pytest.mark.slow
def test_the_documents_of_fits_and_evaluations_are_written_well():
    """What a page or a notebook shows of them."""
    study, table = Study.load(CHOICE.format("1 + x + word")), plays(n=150, groups=10)
    documents = [
        study.fit(table, ridge=1.0).document(),
        study.evaluate(table, by="group", folds=3).document(),
    ]
    wrong = [
        f"{where}: {', '.join(found)}: {text}"
        for document in documents
        for where, text, is_sentence in texts_of(document)
        if (found := faults(text, is_sentence=is_sentence))
    ]
    assert not wrong, "\n".join(wrong)
