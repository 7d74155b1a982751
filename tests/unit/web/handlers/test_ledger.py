"""The ledger in the workbench: what is logged, its outcomes and scores, as from the command line."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from backchannel.answers.ledger_entries import compose_log
from backchannel.ledger.ledger import Ledger
from backchannel.ledger.scores import score
from backchannel.study import Study
from tests.helpers import CANAL
from tests.unit.web.handlers.canal_bench import DRAWS, book, opened, solver_in_threads, talks
from tests.unit.web.page import Page

__all__ = ["book", "solver_in_threads", "talks"]


def rows(book: Path, table: str) -> list[tuple]:
    with sqlite3.connect(book) as base:
        return base.execute(f"SELECT * FROM {table}").fetchall()


def test_what_is_logged_is_what_the_command_logs_and_was_shown_before(talks, book, tmp_path):
    """The same chances to the last digit; nothing is written until it was seen."""
    other = tmp_path / "other.ledger"
    study = Study.load(talks, draws=DRAWS, seed=0)
    study.log(other, by="desk")

    async def scenario(bench, page):
        shown = await page.ask("ledger_log", by="desk")
        assert not book.exists()
        assert [row["title"] for row in shown["rows"]] == ["parley"]
        entered = await page.ask("ledger_enter", ticket=shown["ticket"])
        assert entered["note"] == "Logged 1 forecast of talks: run 1."
        again = await page.ask("ledger_enter", ticket=shown["ticket"])
        assert "shown too long ago, or is entered" in again["message"]

    opened(talks, book, scenario)
    for table in ("forecasts", "chances", "derivations", "views"):
        assert rows(book, table) == rows(other, table)
    ours, theirs = rows(book, "runs")[0], rows(other, "runs")[0]
    assert ours[2:] == theirs[2:]


def test_an_outcome_is_entered_once_and_every_window_hears_of_it(talks, book):
    """By its test; a correction needs a reason."""
    Study.load(talks, draws=DRAWS).log(book)

    async def scenario(bench, page):
        other = Page(bench)
        given = {"values": {"parley": "talk"}, "on": "2031-05-02", "source": "Gazette"}
        shown = await page.ask("ledger_resolve", **given)
        assert shown["rows"][0]["test"] == "talk: envoys meet before 1 June, by the Gazette"
        assert any("in the future" in sentence for sentence in shown["sentences"])
        assert Ledger(book).outcomes() == []
        await page.ask("ledger_enter", ticket=shown["ticket"])
        assert (await other.until("ledger_entered"))["note"] == "Entered: parley = talk."
        refused = await page.ask("ledger_resolve", **given)
        assert "resolved before" in refused["message"]
        fixed = {**given, "values": {"parley": "wait"}, "correct": True, "why": "a rumour"}
        shown = await page.ask("ledger_resolve", **fixed)
        await page.ask("ledger_enter", ticket=shown["ticket"])
        ledger = (await page.ask("ledger", hindcasts=True))["ledger"]
        assert ledger["tracks"][0]["outcome"]["why"] == "a rumour"

    opened(talks, book, scenario)
    assert [outcome.value for outcome in Ledger(book).outcomes()] == ["wait"]


def test_the_page_has_the_scores_and_the_course_of_each_forecast(talks, book):
    """Two runs, one of which knew less; the scores are those of `score`."""
    ledger = Ledger(book)
    study = Study.load(talks, draws=DRAWS)
    run_entry, forecasts = compose_log(
        study, study.ensemble, {"parley": study.forecast("parley")}, by=""
    )
    ledger.log(run_entry, forecasts, logged_at="2031-04-03T00:00:00+00:00")
    later = Study.load(
        CANAL.read_text().replace("reliability: 0.95", "reliability: 0.6"), draws=DRAWS
    )
    later.name = "talks"
    run_entry, forecasts = compose_log(
        later, later.ensemble, {"parley": later.forecast("parley")}, by=""
    )
    ledger.log(run_entry, forecasts, logged_at="2031-04-04T00:00:00+00:00")
    Study.load(talks, draws=DRAWS).log(ledger)
    ledger.withdraw(3, why="a slip")
    ledger.resolve(
        "talks", {"parley": "talk"}, on=run_entry.as_of.replace(month=5), source="Gazette"
    )
    expected = score(ledger, case_name="talks")

    async def scenario(bench, page):
        view = (await page.ask("ledger"))["ledger"]
        (track,) = view["tracks"]
        assert [point["run"] for point in track["points"]] == [1, 2]
        assert track["points"][1]["probabilities"] == pytest.approx(
            list(later.forecast("parley").mean)
        )
        assert view["runs"][0]["withdrawn"] == "a slip"
        assert view["scores"][0]["brier"] == pytest.approx(expected.total.brier)
        assert view["scores"][0]["log"] == pytest.approx(expected.total.log)
        assert [row["came_about"] for row in view["calibration"]] == [
            row.came_about for row in expected.calibration
        ]
        assert any("1 withdrawn" in text for text in view["not_counted"])

    opened(talks, book, scenario)


def test_only_the_case_as_it_is_on_disk_is_logged(talks, book):
    """Neither moved sliders nor unsaved text."""

    async def scenario(bench, page):
        await page.ask("shift", changes={"war_cost": 1.0})
        assert "Reset the sliders" in (await page.ask("ledger_log"))["message"]
        await page.ask("reset", what="shifts")
        await page.ask("edit", text=f"# mine\n{CANAL.read_text()}")
        assert "Save the case text first" in (await page.ask("ledger_log"))["message"]

    opened(talks, book, scenario)
    assert not book.exists()


@pytest.mark.parametrize("content", [b"no ledger", b"SQLite format 3\x00" + b"\x00" * 100])
def test_a_file_that_is_no_ledger_is_said_to_be_none_and_stays_as_it_is(talks, book, content):
    """And the workbench goes on."""
    book.write_bytes(content)

    async def scenario(bench, page):
        for request in ({"type": "ledger"}, {"type": "ledger_log"}):
            assert (await page.ask(**request))["type"] == "error"
        assert (await page.ask("shift", changes={}))["type"] == "shared"

    opened(talks, book, scenario)
    assert book.read_bytes() == content


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ({"type": "ledger_resolve", "values": {"parly": "talk"}}, "Did you mean 'parley'?"),
        ({"type": "ledger_resolve", "values": {"parley": "tlak"}}, "Did you mean 'talk'?"),
        ({"type": "ledger_resolve", "values": {"parley": "talk"}, "on": "soon"}, "no day"),
        ({"type": "ledger_resolve", "values": {"parley": "talk"}, "source": " "}, "source is missing"),
        ({"type": "ledger_withdraw", "run": 7, "why": "x"}, "has no run 7"),
        ({"type": "ledger_withdraw", "run": 1, "why": " "}, "why the run is withdrawn"),
        ({"type": "ledger_enter", "ticket": "made up"}, "Look at the entry again"),
        ({"type": "ledger_resolve", "values": {}}, "no request"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_refused_in_words(talks, book, request_, told):
    Study.load(talks, draws=DRAWS).log(book)

    async def scenario(bench, page):
        given = dict(request_)
        if given["type"] == "ledger_resolve":
            given = {"on": "2031-05-02", "source": "Gazette", **given}
        assert told in (await page.ask(**given))["message"]

    opened(talks, book, scenario)
    assert rows(book, "outcomes") == []
