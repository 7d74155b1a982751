"""A ledger that others made or damaged ends every command in words: no traceback, no hang."""

from __future__ import annotations

import sqlite3
import time
from datetime import date

import pytest
from click.testing import CliRunner

from backchannel.cli import main
from backchannel.language.errors import CommandError
from backchannel.ledger.entries import Logged, RunEntry
from backchannel.ledger.ledger import Ledger
from backchannel.ledger.scores import score
from backchannel.ledger.tables import APPLICATION, SCRIPTS

RUN = RunEntry("talks", "Talks", "hash", date(2030, 1, 1), 64, 60.0, 0, "0.1", "desk")
REPLY = Logged("reply", "Reply", date(2030, 5, 1), "by the Gazette", ("pay", "fight"),
               (0.3, 0.7), (0.1, 0.5), (0.5, 0.9))  # fmt: skip
ENDLESS = (
    "CREATE VIEW runs AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) "
    "SELECT id, '' AS case_name FROM n"
)


@pytest.fixture
def path(tmp_path):
    book = Ledger(tmp_path / "team.ledger")
    book.log(RUN, [REPLY])
    book.resolve("talks", {"reply": "pay"}, on=date(2035, 4, 1), source="Gazette")
    book.withdraw(book.log(RUN, [REPLY]), why="test")
    return book.path


def harm(path, *statements):
    """Change what is never changed, and leave the file's tables as they were."""
    base = sqlite3.connect(path)
    kept = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in kept:
        base.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        base.execute(statement)
    for _, text in kept:
        base.execute(text)
    base.commit()
    base.close()


def commands(path, tmp_path):
    book = ("--ledger", str(path))
    yield from (("ledger", *book), ("score", *book), ("resolve", "talks", *book))
    for ending in (".csv", ".jsonl", ".parquet"):
        yield ("ledger", *book, "--export", str(tmp_path / f"out{ending}"))


def test_a_view_without_end_in_the_place_of_a_table_is_refused(path):
    """Its first row count would never be done."""
    base = sqlite3.connect(path)
    for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        base.execute(f"DROP TRIGGER {name}")
    base.execute("ALTER TABLE runs RENAME TO old")
    base.execute(ENDLESS)
    base.commit()
    base.close()
    with pytest.raises(
        CommandError, match="not a ledger of Backchannel: it holds a view named 'runs'"
    ):
        Ledger(path)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("CREATE TABLE more (x)", "it holds a table named 'more'"),
        ("CREATE INDEX more ON runs(by)", "it holds an index named 'more'"),
        ("CREATE TRIGGER more AFTER INSERT ON runs BEGIN SELECT 1; END",
         "it holds a trigger named 'more'"),
        ("DROP TRIGGER runs_update", "its trigger 'runs_update' is missing"),
        ("PRAGMA user_version = -1", "its version is -1"),
    ],
)  # fmt: skip
def test_what_is_not_the_ledgers_own_is_refused_when_it_is_opened(path, statement, told):
    """And so is a ledger that lacks what keeps its entries."""
    base = sqlite3.connect(path)
    base.execute(statement)
    base.commit()
    base.close()
    content = path.read_bytes()
    with pytest.raises(CommandError, match=told):
        Ledger(path)
    assert path.read_bytes() == content


def test_a_table_that_reads_alike_and_means_another_is_refused(path):
    """A line break less makes the next column a comment."""
    base = sqlite3.connect(path)
    base.execute("PRAGMA writable_schema = ON")
    base.execute(
        "UPDATE sqlite_master SET sql = replace(sql, 'UTC' || char(10), 'UTC ') WHERE name = 'runs'"
    )
    base.commit()
    base.close()
    with pytest.raises(CommandError, match="its table 'runs' was changed"):
        Ledger(path)


def test_an_older_ledger_is_looked_at_before_it_is_made_newer(tmp_path):
    """What is refused is left in its version."""
    path = tmp_path / "old.ledger"
    base = sqlite3.connect(path)
    base.executescript(SCRIPTS[0])
    base.execute("PRAGMA user_version = 1")
    base.execute(f"PRAGMA application_id = {APPLICATION}")
    base.execute("CREATE VIEW withdrawals AS SELECT 1")
    base.commit()
    base.close()
    content = path.read_bytes()
    with pytest.raises(CommandError, match="it holds a view named 'withdrawals'"):
        Ledger(path)
    assert path.read_bytes() == content


WRONG = {
    "UPDATE forecasts SET due = 'soon' WHERE id = 1": "run 1, forecast 1, due: 'soon' is not a day",
    "UPDATE forecasts SET due = '2030-02-30'": "due: '2030-02-30' is not a day",
    "UPDATE forecasts SET due = '0000-01-01'": "due: '0000-01-01' is not a day",
    "UPDATE forecasts SET title = x'ff'": "title: a row of bytes is not a text",
    "UPDATE runs SET draws = 'many'": "run 1, draws: 'many' is not a number of draws",
    "UPDATE runs SET draws = -1": "run 1, draws: -1 is not a number of draws",
    "UPDATE runs SET effective_draws = 9e999": "effective_draws: inf is not a number of draws",
    "UPDATE runs SET as_of = 'soon'": "run 1, as_of: 'soon' is not a day",
    "UPDATE runs SET logged_at = '2030-01-01'": "logged_at: '2030-01-01' is not a moment",
    "UPDATE chances SET probability = x'00'": "probability: a row of bytes is not a probability",
    "UPDATE chances SET probability = 7": "run 1, forecast 1, probability: 7.0 is not a probability",
    "UPDATE chances SET low = 'x'": "low: 'x' is not a probability",
    "UPDATE chances SET value = '[1]'": "run 1, forecast 1, value: '[1]' is not a value of a node",
    "UPDATE chances SET value = 'null'": "value: 'null' is not a value",
    "UPDATE chances SET value = 'NaN'": "value: 'NaN' is not a value",
    "UPDATE chances SET value = '\"\\ud800\"'": r"is not a value of a node",
    "UPDATE chances SET value = replace(hex(zeroblob(100000)), '0', '[')": "is not a value of a node",
    "UPDATE outcomes SET value = '{}'": "outcome 1, value: '{}' is not a value of a node",
    "UPDATE outcomes SET date = 'soon'": "outcome 1, date: 'soon' is not a day",
    "UPDATE outcomes SET entered_at = 5": "outcome 1, entered_at: '5' is not a moment",
    "UPDATE outcomes SET source = x'00'": "source: a row of bytes is not a text",
    "UPDATE withdrawals SET why = x'00'": "withdrawal of run 2, why: a row of bytes is not a text",
    "UPDATE runs SET by = CAST(x'ff' AS TEXT)": "it contains bytes that are not text",
}


@pytest.mark.parametrize(("statement", "told"), WRONG.items())
def test_a_value_of_the_wrong_form_ends_every_command_in_words(path, tmp_path, statement, told):
    """Where it is, and what is wrong with it; nothing is written."""
    harm(path, statement)
    before = sorted(tmp_path.iterdir())
    ended = [CliRunner().invoke(main, command) for command in commands(path, tmp_path)]
    for result in ended:
        if "bytes that are not text" not in told or result.exit_code:
            assert (result.exit_code, "Traceback" in result.output) == (2, False), result.exception
            assert told in result.output.replace("\n", " ")
    assert ended[0].exit_code == 2
    if "bytes that are not text" not in told:
        assert sorted(tmp_path.iterdir()) == before


def test_every_column_has_a_form(path):
    """A column that is added gets one, or this fails."""
    from backchannel.ledger.checked import FORMS

    base = sqlite3.connect(path)
    tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    found = {name: [row[1] for row in base.execute(f"PRAGMA table_info({name})")]
             for (name,) in tables}  # fmt: skip
    assert found == {table: list(forms) for table, forms in FORMS.items()}


def test_a_long_text_that_every_chance_repeats_is_refused(path):
    """900 kB of title, beside ten thousand chances, are 9 GB."""
    harm(
        path,
        "UPDATE runs SET case_title = hex(zeroblob(450000)) WHERE id = 1",
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) "
        "INSERT INTO chances SELECT 1, i, '\"x\"', 0, 0, 0 FROM n",
    )
    with pytest.raises(CommandError, match="take 9 GB; at most 4 GB"):
        Ledger(path)


def test_outcomes_of_many_cases_and_nodes_of_many_values_take_no_square_of_time(path):
    """Each case was looked up in all outcomes, and each value in all of its node's."""
    harm(
        path,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
        "INSERT INTO outcomes (entered_at, case_name, node, value, date, source) "
        "SELECT '2030-01-01T00:00:00+00:00', 'c' || i, 'n', '1', '2030-01-01', 's' FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
        "INSERT INTO chances SELECT 1, i, i, 0, 0, 0 FROM n",
    )
    began = time.process_time()
    book = Ledger(path)
    assert len(book.outcomes()) == 20001
    assert score(book, hindcasts=True).total.forecasts == 1
    assert time.process_time() - began < 10


def test_days_outside_the_range_of_pandas_are_scored(tmp_path):
    """The nanoseconds of pandas 2 end in 1677 and 2262."""
    book = Ledger(tmp_path / "x.ledger")
    book.log(RunEntry("c", "c", "h", date(1555, 9, 1), 8, 8.0, 0, "0"), [REPLY])
    book.resolve("c", {"reply": "pay"}, on=date(1555, 9, 25), source="s")
    report = score(book, hindcasts=True)
    assert report.by_horizon[0].group == "up to 30 days"


def test_bytes_that_are_no_text_are_not_entered(path):
    """A shell hands them over as halves of signs."""
    with pytest.raises(CommandError, match=r"bytes that are not text\. Nothing was written"):
        Ledger(path).resolve("talks", {"reply": "pay"}, on=date(2035, 4, 1), source="\udcff",
                             correct=True, why="test")  # fmt: skip
    assert len(Ledger(path).outcomes()) == 1


def test_a_ledger_with_statistics_of_its_own_tables_is_read(path):
    """SQLite keeps them in the file when it is asked to plan better."""
    base = sqlite3.connect(path)
    base.execute("ANALYZE")
    base.commit()
    base.close()
    assert len(Ledger(path).runs()) == 2
