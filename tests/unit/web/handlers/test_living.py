"""News and scenarios in the workbench: each as from the command line."""

from __future__ import annotations

import pytest

from backchannel.case.edit.news import add_news
from backchannel.language.errors import CommandError
from backchannel.study import Study
from tests.helpers import CANAL
from tests.unit.web.handlers.canal_bench import DRAWS, book, opened, solver_in_threads, talks

__all__ = ["book", "solver_in_threads", "talks"]

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


@pytest.mark.slow
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
