"""What was entered stays: no program replaces it or adds to it, and nothing is added to a damaged file."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest

from backchannel.language.errors import CommandError
from backchannel.ledger.entries import Logged, RunEntry
from backchannel.ledger.ledger import Ledger
from backchannel.ledger.tables import APPLICATION, SCRIPTS

RUN = RunEntry("talks", "Talks", "hash", date(2030, 1, 1), 64, 60.0, 0, "0.1", "desk")
REPLY = Logged("reply", "Reply", date(2030, 5, 1), "by the Gazette", ("pay", "fight"),
               (0.3, 0.7), (0.1, 0.5), (0.5, 0.9))  # fmt: skip
TABLES = ["runs", "forecasts", "chances", "derivations", "complete", "outcomes", "withdrawals"]
CORRECTION = {"on": date(2030, 4, 2), "source": "Gazette", "correct": True, "why": "misread"}


@pytest.fixture
def path(tmp_path):
    book = Ledger(tmp_path / "team.ledger")
    book.log(RUN, [REPLY, derived_from_reply()])
    book.resolve("talks", {"reply": "pay"}, on=date(2030, 4, 1), source="Gazette")
    book.resolve("talks", {"reply": "fight"}, **CORRECTION)
    book.withdraw(book.log(RUN, [REPLY]), why="test")
    return book.path


def derived_from_reply():
    from backchannel.ledger.derivation_text import Derivation

    derivation = Derivation(("reply",), ((0,), (1,)))
    return Logged("open", "Open", None, "", ("yes", "no"), (0.3, 0.7), (0, 0), (1, 1), derivation)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"])
def test_no_program_replaces_what_was_entered(path, table, verb):
    """SQLite deletes a replaced row without asking the triggers on deletion."""
    base = sqlite3.connect(path)
    before = base.execute(f"SELECT * FROM {table}").fetchall()
    assert before
    with pytest.raises(sqlite3.DatabaseError, match="never changed"):
        base.execute(f"{verb} INTO {table} SELECT * FROM {table}")
    assert base.execute(f"SELECT * FROM {table}").fetchall() == before


def test_no_program_replaces_a_correction(path):
    """Which entry an outcome corrects is unique, so another of the same could replace it."""
    base = sqlite3.connect(path)
    with pytest.raises(sqlite3.DatabaseError, match="never changed"):
        base.execute(
            "INSERT OR REPLACE INTO outcomes (entered_at, case_name, node, value, date, source, corrects) "
            "SELECT entered_at, case_name, node, '\"pay\"', date, source, corrects FROM outcomes "
            "WHERE corrects IS NOT NULL"
        )
    assert base.execute("SELECT value FROM outcomes").fetchall() == [('"pay"',), ('"fight"',)]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO chances VALUES (1, 2, '\"talk\"', 0.0, 0.0, 0.0)",
        "INSERT INTO forecasts VALUES (9, 1, 'parley', 'Parley', NULL, '')",
        "INSERT INTO derivations VALUES (1, '[]', '[[0]]')",
    ],
)
def test_no_program_adds_to_a_run(path, statement):
    """Another value changes what was said of all values, and another node what was forecast."""
    base = sqlite3.connect(path)
    with pytest.raises(sqlite3.DatabaseError, match="never changed"):
        base.execute(statement)


@pytest.mark.parametrize("version", [1, 2])
def test_the_runs_of_an_older_ledger_are_kept_as_well(tmp_path, version):
    path = tmp_path / "old.ledger"
    base = sqlite3.connect(path)
    for script in SCRIPTS[:version]:
        base.executescript(script)
    base.execute(f"PRAGMA user_version = {version}")
    base.execute(f"PRAGMA application_id = {APPLICATION}")
    base.execute("INSERT INTO runs VALUES (1, '2030-01-01T00:00:00+00:00', 'talks', 'Talks', 'h', "
                 "'2030-01-01', 8, 8, 0, '0', '')")  # fmt: skip
    base.execute("INSERT INTO forecasts VALUES (1, 1, 'reply', 'Reply', NULL, '')")
    base.execute(
        "INSERT INTO chances VALUES (1, 0, '\"pay\"', 0.4, 0, 1), (1, 1, '\"fight\"', 0.6, 0, 1)"
    )
    base.commit()
    base.close()
    assert Ledger(path).runs()[0]["forecasts"] == 1
    base = sqlite3.connect(path)
    for statement in (
        "INSERT OR REPLACE INTO chances VALUES (1, 0, '\"pay\"', 1.0, 1, 1)",
        "INSERT INTO chances VALUES (1, 2, '\"talk\"', 0.0, 0, 0)",
    ):
        with pytest.raises(sqlite3.DatabaseError, match="never changed"):
            base.execute(statement)


def damage(path, name):
    """Overwrite the page where a table or an index begins, as a failing disk does."""
    base = sqlite3.connect(path)
    (size,) = base.execute("PRAGMA page_size").fetchone()
    (page,) = base.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    base.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)


@pytest.mark.parametrize("name", [*TABLES, "forecasts_by_run", "outcomes_by_node"])
def test_nothing_is_entered_in_a_damaged_ledger(path, name):
    """Not in one that was damaged before it was opened, and not in one damaged since."""
    opened = Ledger(path)
    damage(path, name)
    content = path.read_bytes()
    with pytest.raises(CommandError, match="damaged"):
        Ledger(path)
    for write in (
        lambda: opened.log(RUN, [REPLY]),
        lambda: opened.resolve("talks", {"reply": "pay"}, **CORRECTION),
        lambda: opened.withdraw(1, why="test"),
    ):
        with pytest.raises(CommandError, match="damaged"):
            write()
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE chances SET probability = 0.1 WHERE place = 0 AND forecast = 1",
         "run 1, forecast 1: the probabilities sum to 0.8 instead of 1"),
        ("DELETE FROM chances WHERE forecast = 3", "forecast 3: the probabilities sum to 0 "),
        ("UPDATE forecasts SET run = 77 WHERE id = 1", "refers to an entry of runs that is missing"),
        ("UPDATE derivations SET allowed = '[[0],[-1]]'", "the values are not positions"),
        ("UPDATE derivations SET parts = '{}'", "the parts are not names"),
        ("UPDATE derivations SET parts = replace(hex(zeroblob(50000)), '0', '[')",
         "derivation of forecast 2"),
    ],
)  # fmt: skip
def test_entries_that_do_not_belong_together_are_damage(path, statement, told):
    from tests.unit.ledger.test_hostile_ledgers import harm

    harm(path, statement)
    with pytest.raises(CommandError, match=told):
        Ledger(path)
