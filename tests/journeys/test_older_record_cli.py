"""An older record from the command line: imported once, scored, and learnt from."""

from __future__ import annotations

import json

import pytest

from tests.commands import run

HEAD = "case,node,value,probability,as_of,inside,outside,outcome,outcome_date,source\n"
ROWS = """old,n{i},yes,0.75,2020-01-01,0.9,0.5,yes,2020-03-01,wire
old,n{i},no,0.25,2020-01-01,0.1,0.5,,,
"""
"""One node: the pool of the odds 9 and 1 with even weights has the odds 3."""


@pytest.fixture
def record(tmp_path):
    path = tmp_path / "old.csv"
    path.write_text(HEAD + "".join(ROWS.format(i=i) for i in range(20)))
    return path


def test_an_older_record_is_imported_once_or_refused_in_words(record, tmp_path):
    """A file that is refused creates no ledger; one that is imported again adds nothing."""
    book = tmp_path / "team.ledger"
    right = record.read_text()
    record.write_text(right.replace("n3,yes,0.75", "n3,yes,0.85"))
    refused = run("ledger", "--import", record, "--ledger", book, check=2)
    assert "line 8: the probabilities of n3 sum to 1.1 instead of 1." in refused.stderr
    assert "Nothing was written." in refused.stderr
    assert not book.exists()
    record.write_text(right)
    done = run("ledger", "--import", record, "--ledger", book)
    assert done.stdout == f"Entered 20 forecasts of 1 run and 20 outcomes in {book}.\n"
    again = run("ledger", "--import", record, "--ledger", book)
    assert "holds the 20 forecasts and 20 outcomes already" in " ".join(again.stdout.split())
    assert json.loads(_scores(book, tmp_path).read_text())["total"]["nodes"] == 20


def test_the_learnt_weight_is_printed_and_written_with_the_scores(record, tmp_path):
    """The case gave what came about the better chance, on every node: (20 · 1 + 20 · ½) / 40 = 0.75."""
    book = tmp_path / "team.ledger"
    run("ledger", "--import", record, "--ledger", book)
    target = _scores(book, tmp_path)
    assert json.loads(target.read_text())["learnt_weight"] is None
    said = run("score", "--ledger", book, "--learn-weight", "--json", target).stdout
    assert "Weight of the case against base rates: 0.75." in " ".join(said.split())
    written = json.loads(target.read_text())["learnt_weight"]
    assert written == {"nodes": 20, "best": 1.0, "weight": 0.75}


def _scores(book, folder):
    run("score", "--ledger", book, "--json", folder / "scores.json")
    return folder / "scores.json"
