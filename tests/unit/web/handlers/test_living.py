"""What is followed in the workbench: the ledger, news and scenarios, each as from the command line."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from backchannel.answers.ledger_entries import compose_log
from backchannel.case.edit.news import add_news
from backchannel.language.errors import CommandError
from backchannel.ledger.ledger import Ledger
from backchannel.ledger.scores import score
from backchannel.study import Study
from backchannel.web import schedule, worker
from backchannel.web.case_file import CaseFile
from backchannel.web.workbench import Workbench
from tests import stand_in
from tests.helpers import CANAL
from tests.unit.web.page import Page, run

DRAWS = 32


@pytest.fixture(autouse=True)
def solver_in_threads(monkeypatch) -> None:
    """So that what is compiled serves all tests of this module."""
    monkeypatch.setattr(worker, "start_process", stand_in.start_process)
    monkeypatch.setattr(schedule, "PAUSE", 0.05)


@pytest.fixture
def talks(tmp_path) -> Path:
    path = tmp_path / "talks.yaml"
    path.write_text(CANAL.read_text())
    return path


@pytest.fixture
def book(tmp_path) -> Path:
    return tmp_path / "team.ledger"


def opened(talks: Path, book: Path, scenario) -> None:
    """Run a scenario with a workbench and a page that has the answers."""

    async def play() -> None:
        bench = Workbench(CaseFile.find(str(talks)), draws=DRAWS, seed=0, ledger=book)
        bench.start()
        try:
            page = Page(bench)
            await page.until("answers")
            await scenario(bench, page)
        finally:
            assert bench.close()

    run(play())


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


NEWS = {"node": "parley", "value": "talk", "day": "2031-04-20", "source": "gazette"}


def test_news_is_told_as_the_command_tells_it_and_nothing_is_written(talks, book):
    """The report, and the same text."""
    entry = {"node": "parley", "value": "talk", "date": "2031-04-20", "source": "gazette"}
    expected = Study.load(talks, draws=DRAWS).update(entry).document()

    async def scenario(bench, page):
        before = bench.shared.text
        news = await page.ask("news", **NEWS)
        assert bench.shared.text == before == talks.read_text()
        report = expected.model_dump(mode="json")
        for key in ("headline", "assumptions", "claims", "surprises"):
            assert news["report"][key] == report[key]
        for ours, theirs in zip(news["report"]["forecasts"], report["forecasts"], strict=True):
            assert ours["distance"] == pytest.approx(theirs["distance"], abs=1e-9)
        assert "It happened earlier" in news["remarks"][0]
        changed = await page.ask("change", operations=news["operations"], what=news["what"])
        assert changed["difference"] == news["difference"]
        lowered = Study.load(talks).lowered
        from datetime import date

        assert bench.shared.text == add_news(
            before, lowered, [{**entry, "date": date(2031, 4, 20)}]
        )

    opened(talks, book, scenario)
    assert talks.read_text() == CANAL.read_text()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"node": "parly"}, "Did you mean 'parley'?"),
        ({"value": "tlak"}, "Did you mean 'talk'?"),
        ({"day": "tomorrow"}, "on which day"),
        ({"source": "gazete"}, "Did you mean 'gazette'?"),
        ({"new_source": "The Gazette"}, "has a source 'gazette' already"),
        ({"node": "demand", "value": 50, "day": "2031-03-10"}, "cannot also be '50'"),
        ({"reliability": 1.5}, "no request"),
        ({"source": "a\u001bb: {", "new_source": "x"}, "source"),
    ],
)
def test_wrong_news_is_refused_in_words(talks, book, changed, told):
    async def scenario(bench, page):
        assert told in (await page.ask("news", **{**NEWS, **changed}))["message"]
        assert bench.shared.text == CANAL.read_text()

    opened(talks, book, scenario)


def test_sliders_and_what_ifs_are_put_into_the_case_as_a_scenario(talks, book):
    """The slider stands where it stood."""

    async def scenario(bench, page):
        await page.ask("shift", changes={"war_cost": 1.25})
        asked = {"key": "a", "do": {"parley": "talk"}, "announced": "start", "outcomes": ["reply"]}
        await page.ask("what_if", asked=asked)
        named = await page.ask("name_scenario", name="hard", title="a hard winter", what_ifs=["a"])
        await page.ask("change", operations=named["operations"], what=named["what"])
        lowered = Study.load(bench.shared.text).lowered
        assert lowered.scenarios["hard"].sliders["war_cost"] == pytest.approx(1.25, abs=1e-4)
        assert lowered.scenarios["hard"].intervention.do == {"parley": "talk"}
        again = await page.ask("name_scenario", name="hard", what_ifs=["a"])
        assert "a scenario 'hard' already" in again["message"]
        with pytest.raises(CommandError, match="changes more than sliders"):
            Study.load(bench.shared.text).under("hard")

    opened(talks, book, scenario)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": "empty", "what_ifs": []}, "changes nothing"),
        ({"name": "2 bad", "what_ifs": ["a"]}, "not a valid name"),
        ({"name": "x", "what_ifs": ["a", "b"]}, "not made known alike"),
        ({"name": "x", "what_ifs": ["gone"]}, "dropped meanwhile"),
    ],
)
def test_a_scenario_without_meaning_is_refused_in_words(talks, book, given, told):
    async def scenario(bench, page):
        for key, announced in (("a", "start"), ("b", True)):
            asked = {"key": key, "do": {"parley": "talk"}, "announced": announced}
            await page.ask("what_if", asked={**asked, "outcomes": ["reply"]})
        assert told in (await page.ask("name_scenario", **given))["message"]
        assert bench.shared.text == CANAL.read_text()

    opened(talks, book, scenario)


def test_answers_that_were_solved_with_a_scenarios_sliders_say_so(talks, book):
    """So does everything that is made of them."""
    scenario_text = "\nscenarios:\n  war: {title: a cheap war, sliders: {war_cost: 0.08}}\n"
    talks.write_text(CANAL.read_text() + scenario_text)
    score_of_slider = Study.load(talks).lowered.scenarios["war"].sliders["war_cost"]

    async def scenario(bench, page):
        await page.ask("shift", changes={"war_cost": round(score_of_slider, 10)})
        await page.ask("refresh")
        answers = await page.until(lambda m: m["type"] == "answers" and m["shifts"])
        assert answers["answers"]["run"]["scenario"] == "a cheap war"
        assert answers["answers"]["run"]["moved"].startswith("Scenario “a cheap war”: solved with")

    opened(talks, book, scenario)
