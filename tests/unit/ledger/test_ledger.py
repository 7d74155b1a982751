"""The ledger only ever grows, whoever writes to it and however they end."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from backchannel.language.days import Month
from backchannel.language.errors import CommandError
from backchannel.ledger.entries import Logged, RunEntry
from backchannel.ledger.export import export_ledger
from backchannel.ledger.ledger import Ledger
from backchannel.ledger.tables import APPLICATION, SCRIPTS, VERSION

RUN = RunEntry("talks", "Talks", "hash", date(2030, 1, 1), 64, 60.0, 0, "0.1", "desk")
REPLY = Logged("reply", "Reply", date(2030, 5, 1), "by the Gazette", ("pay", "fight"),
               (0.3, 0.7), (0.1, 0.5), (0.5, 0.9))  # fmt: skip
STAGE = Logged("stage", "Stage", None, "", (1, 2), (0.5, 0.5), (0.4, 0.4), (0.6, 0.6))

WRITER = """
import sys
from datetime import date
from backchannel.ledger.entries import Logged, RunEntry
from backchannel.ledger.ledger import Ledger
book = Ledger(sys.argv[1])
for i in range(int(sys.argv[2])):
    run = RunEntry("talks", "Talks", "hash", date(2030, 1, 1), 64, 60.0, i, "0.1", sys.argv[3])
    nodes = [Logged(f"n{k}", "N", None, "", ("a", "b"), (0.5, 0.5), (0, 0), (1, 1)) for k in range(20)]
    print(book.log(run, nodes), flush=True)
"""


@pytest.fixture
def book(tmp_path):
    return Ledger(tmp_path / "team.ledger")


def start(path, count, who):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(count), who],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_a_node_that_is_due_in_a_month_is_due_on_its_last_day(book):
    """The ledger keeps days, and opens again."""
    book.log(RUN, [replace(REPLY, due=Month.of(2030, 5))])
    (reply,) = Ledger(book.path).forecasted("talks")
    assert str(reply.due) == "2030-05-31"


def test_what_is_logged_reads_back(book):
    """With its run, and values that keep their kind."""
    assert book.log(RUN, [REPLY, STAGE]) == 1
    (run,) = book.runs()
    assert (run["case_name"], run["forecasts"], run["by"]) == ("talks", 2, "desk")
    rows = book.rows("SELECT value, probability FROM chances ORDER BY forecast, place")
    assert [tuple(row.values()) for row in rows] == [
        ('"pay"', 0.3), ('"fight"', 0.7), ("1", 0.5), ("2", 0.5),
    ]  # fmt: skip


@pytest.mark.parametrize("table", ["runs", "forecasts", "chances", "outcomes", "withdrawals"])
def test_no_program_can_change_what_was_entered(book, table):
    """The file itself refuses, whoever opens it."""
    book.log(RUN, [REPLY])
    book.resolve("talks", {"reply": "pay"}, on=date(2030, 4, 1), source="Gazette")
    book.withdraw(1, why="test")
    base = sqlite3.connect(book.path)
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET rowid = rowid"):
        if table == "chances":
            statement = statement.replace("rowid", "place")
        with pytest.raises(sqlite3.DatabaseError, match="never changed"):
            base.execute(statement)


def test_a_correction_is_a_new_entry(book):
    """The old one stays, and the last one stands."""
    book.log(RUN, [REPLY])
    book.resolve("talks", {"reply": "pay"}, on=date(2030, 4, 1), source="Gazette")
    with pytest.raises(CommandError, match="resolved before: pay on 2030-04-01"):
        book.resolve("talks", {"reply": "fight"}, on=date(2030, 4, 2), source="Gazette")
    with pytest.raises(CommandError, match="why"):
        book.resolve("talks", {"reply": "fight"}, on=date(2030, 4, 2), source="G", correct=True)
    book.resolve(
        "talks", {"reply": "fight"}, on=date(2030, 4, 2), source="G", correct=True, why="misread"
    )
    (standing,) = book.outcomes()
    assert (standing.value, standing.corrects, standing.why) == ("fight", 1, "misread")
    assert len(book.rows("SELECT * FROM outcomes")) == 2


def test_every_wrong_outcome_is_told_and_nothing_is_written(book):
    """Nearest names and the values that there are; no half of a command is done."""
    book.log(RUN, [REPLY, STAGE])
    with pytest.raises(CommandError) as caught:
        book.resolve("talks", {"reply": "pya", "stag": 1, "stage": "2"}, on=date(2030, 4, 1),
                     source="G")  # fmt: skip
    assert "Did you mean 'pay'? It can be: pay, fight." in str(caught.value)
    assert "No forecast of 'stag' was logged for talks. Did you mean 'stage'?" in str(caught.value)
    assert book.outcomes() == []
    with pytest.raises(CommandError, match="Nothing was logged for a case called 'talk'"):
        book.resolve("talk", {"reply": "pay"}, on=date(2030, 4, 1), source="G")
    book.resolve("talks", {"stage": "2"}, on=date(2030, 4, 1), source="G")
    assert book.outcomes()[0].value == 2


def test_a_newer_ledger_is_left_as_it_is(book):
    """An older program must not guess what a newer one meant."""
    base = sqlite3.connect(book.path)
    base.execute(f"PRAGMA user_version = {VERSION + 1}")
    base.close()
    content = book.path.read_bytes()
    with pytest.raises(CommandError, match=f"version {VERSION + 1}"):
        Ledger(book.path)
    assert book.path.read_bytes() == content


def test_an_older_ledger_becomes_a_newer_one_with_all_it_held(tmp_path):
    """Version 1 had no withdrawals."""
    path = tmp_path / "old.ledger"
    base = sqlite3.connect(path)
    base.executescript(SCRIPTS[0])
    base.execute("PRAGMA user_version = 1")
    base.execute(f"PRAGMA application_id = {APPLICATION}")
    base.execute(
        "INSERT INTO runs VALUES (7, '2030-01-01T00:00:00+00:00', 'old', 'Old', 'h', '2030-01-01', "
        "8, 8, 0, '0', '')"
    )
    base.commit()
    base.close()
    book = Ledger(path)
    book.withdraw(7, why="a test")
    assert [(run["id"], run["withdrawn"]) for run in book.runs()] == [(7, "a test")]


def test_another_file_is_no_ledger(tmp_path):
    """Neither a text nor another program's database is touched."""
    text = tmp_path / "x.yaml"
    text.write_text("case: x\n" * 100)
    with pytest.raises(CommandError, match="not a ledger"):
        Ledger(text)
    foreign = tmp_path / "other.db"
    base = sqlite3.connect(foreign)
    base.execute("CREATE TABLE notes (text)")
    base.commit()
    base.close()
    with pytest.raises(CommandError, match="another program"):
        Ledger(foreign)
    with pytest.raises(CommandError, match="no folder"):
        Ledger(tmp_path / "nowhere" / "x.ledger")


def test_killed_at_any_moment_every_run_is_whole_or_not_there(tmp_path):
    """kill −9 in a loop; no lock stays behind."""
    path = tmp_path / "team.ledger"
    Ledger(path)
    chance = random.Random(2)
    said = 0
    for _ in range(8):
        process = start(path, 10_000, "one")
        time.sleep(0.3 + 0.2 * chance.random())
        process.send_signal(signal.SIGKILL)
        told, _ = process.communicate()
        said += len(told.split())
        runs = Ledger(path).runs()
        assert all(run["forecasts"] == 20 for run in runs)
        assert said <= len(runs) <= said + 1
        said = len(runs)
    assert said > 8


def test_two_who_write_at_once_lose_nothing(tmp_path):
    """The second waits for the first."""
    path = tmp_path / "team.ledger"
    both = [start(path, 25, "one"), start(path, 25, "two")]
    assert [process.wait(60) for process in both] == [0, 0]
    runs = Ledger(path).runs()
    assert [run["by"] for run in runs].count("one") == 25
    assert len(runs) == 50


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_an_export_holds_every_chance(book, tmp_path, ending):
    """With its run and with what came of it."""
    if ending == ".parquet":
        pytest.importorskip("pyarrow")
    book.log(RUN, [REPLY, STAGE])
    book.resolve("talks", {"reply": "pay"}, on=date(2030, 4, 1), source="Gazette")
    target = tmp_path / f"x{ending}"
    assert export_ledger(book, target) == 4
    read = {".csv": pd.read_csv, ".parquet": pd.read_parquet}.get(
        ending, lambda path: pd.read_json(path, lines=True)
    )
    table = read(target)
    assert table["probability"].tolist() == pytest.approx([0.3, 0.7, 0.5, 0.5])
    assert table["outcome"].tolist()[:2] == ["pay", "pay"]
    with pytest.raises(CommandError, match=r"\.csv, \.parquet, \.jsonl"):
        export_ledger(book, tmp_path / "x.xlsx")


def test_whoever_only_reads_needs_no_right_to_write_and_waits_for_nobody(book):
    """A team's archive is read-only to most, and somebody is always logging."""
    book.log(RUN, [REPLY])
    book.path.chmod(0o444)
    writer = sqlite3.connect(book.path, isolation_level=None)
    try:
        if os.geteuid() != 0:
            with pytest.raises(CommandError, match="readonly"):
                Ledger(book.path).log(RUN, [REPLY])
        book.path.chmod(0o644)
        writer.execute("BEGIN IMMEDIATE")
        began = time.perf_counter()
        assert len(Ledger(book.path).runs()) == 1
        assert time.perf_counter() - began < 30
    finally:
        writer.close()


def test_what_was_forecast_is_told_with_the_test_that_resolves_it(book):
    """As the last forecast has it, first due first; and with what came of it."""
    book.log(RUN, [STAGE, replace(REPLY, resolves="by rumour")])
    book.log(RUN, [REPLY])
    book.resolve("talks", {"stage": 2}, on=date(2030, 4, 1), source="G")
    reply, stage = book.forecasted("talks")
    assert (reply.node, reply.due, reply.resolves) == ("reply", date(2030, 5, 1), "by the Gazette")
    assert (reply.values, reply.outcome) == (("pay", "fight"), None)
    assert stage.outcome.value == 2
    with pytest.raises(CommandError, match="Did you mean 'talks'"):
        book.forecasted("talk")


def test_a_correction_without_a_reason_is_told_before_anything_is_asked(book):
    """`check` finds what `resolve` would, and writes nothing."""
    book.log(RUN, [REPLY])
    book.check("talks", {"reply": "pay"}, correct=False, why="")
    with pytest.raises(CommandError, match="was not resolved before"):
        book.check("talks", {"reply": "pay"}, correct=True, why="misread")
    assert book.outcomes() == []


def test_an_empty_ledger_exports_its_headings(book, tmp_path):
    """So that a script which reads the file finds its columns."""
    assert export_ledger(book, tmp_path / "none.csv") == 0
    table = pd.read_csv(tmp_path / "none.csv")
    assert {"run", "case_hash", "probability", "outcome"} <= set(table.columns)


@pytest.mark.parametrize("name", ["", ".", "/", "a\0b", "x" * 300, "a\ud800b"])
def test_a_name_that_no_file_can_have_is_told(name):
    """In words, as everywhere."""
    with pytest.raises(CommandError):
        Ledger(name)
