"""Text typed in the workbench: checked at once, the same in every window, solved when it is right."""

from __future__ import annotations

import pytest

from tests.unit.web.page import CASE, Page, opened, run, solver_in_threads, talks

__all__ = ["solver_in_threads", "talks"]


def test_the_text_is_checked_as_it_is_typed_and_solved_when_it_is_right(talks):
    """Every problem at its line; the last answers stand until there are new ones."""

    async def scenario():
        async with opened(talks) as bench:
            page, other = Page(bench), Page(bench)
            await page.until("answers")
            broken = CASE.replace("sees: [threat]", "sees: [thraet]").replace(
                "unit: probability", "units: x"
            )
            typed = await page.ask("edit", text=broken)
            assert typed["unsaved"]
            assert (await other.until("text"))["text"]["text"] == broken
            checked = (await page.until("checked"))["checked"]
            assert [p["line"] for p in checked["problems"]] == [18, 18, 28]
            assert all(p["column"] for p in checked["problems"])
            assert bench.facts.title == "A threat of sanctions"
            await page.quiet()
            assert [m["type"] for m in page.told].count("answers") == 1
            await page.ask("edit", text=CASE.replace("[0.3, 0.7]", "[0.8, 0.9]"))
            answers = await page.until("answers")
            assert answers["text_revision"] == 2
            firm = answers["answers"]["forecasts"][0]["values"][0]
            assert firm["probability"] == pytest.approx(0.85, abs=0.03)
            await page.ask("edit", text=CASE.replace("[0.3, 0.7]", "[0.8, 0.9]") + "# a comment\n")
            last = await page.quiet()
            assert last["answers"]["text_revision"] == 2, "a comment changes no answer"

    run(scenario())


@pytest.mark.slow
def test_what_was_typed_can_be_given_up(talks):
    """The text is the file's again, in every window, and sliders of numbers that are gone are gone."""

    async def scenario():
        async with opened(talks) as bench:
            page, other = Page(bench), Page(bench)
            await page.until("answers")
            await page.ask("shift", changes={"pain": 1.0, "need": 1.0})
            await page.ask("edit", text=CASE.replace("{uniform: [0.4, 1.4]}", "0.9"))
            await page.until(
                lambda m: m["type"] == "shared" and m["shared"]["shifts"] == {"need": 1.0}
            )
            await page.until("answers")
            await page.ask("reset", what="text")
            last = await other.quiet()
            assert last["text"]["text"] == {"revision": 2, "text": CASE, "unsaved": False}
            assert last["checked"]["checked"]["revision"] == 2
            assert last["shared"]["shared"]["shifts"] == {"need": 1.0}

    run(scenario())


@pytest.mark.slow
def test_of_two_windows_that_type_the_last_one_wins_in_both(talks):
    """And both know which text it was."""

    async def scenario():
        async with opened(talks) as bench:
            one, other = Page(bench), Page(bench)
            await one.until("answers")
            one.send("edit", text=CASE + "# one\n")
            other.send("edit", text=CASE + "# other\n")
            last = await one.quiet()
            assert last["text"]["text"]["text"] == CASE + "# other\n"
            assert last["text"]["text"]["revision"] > last["typed"]["revision"]
            last = await other.quiet()
            assert last["checked"]["checked"]["revision"] == bench.shared.text_revision

    run(scenario())


@pytest.mark.slow
def test_answers_to_an_earlier_text_never_pass_as_those_to_this_one(talks):
    """Whenever a text is said to be fine, the case is known already; comments change no case."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            hello = await page.until("hello")
            await page.until("answers")
            await page.ask("edit", text=CASE.replace("A threat of sanctions", "Another threat"))
            await page.until("checked")
            shared = [m["shared"] for m in page.told if m["type"] == "shared"][-1]
            assert shared["case_digest"] != hello["shared"]["case_digest"]
            last = await page.quiet()
            assert last["answers"]["case_digest"] == shared["case_digest"]
            await page.ask("edit", text=CASE + "# a remark\n")
            last = await page.quiet()
            assert last["shared"]["shared"]["case_digest"] == hello["shared"]["case_digest"]

    run(scenario())


def test_a_case_that_cannot_be_solved_leaves_the_last_answers_standing(talks):
    """And says why."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("answers")
            impossible = CASE + (
                "record: [{node: resolve, value: firm, date: 2030-01-01, source: textbook}, "
                "{node: resolve, value: soft, date: 2030-01-01, source: textbook, reliability: 0.9}]\n"
            )
            await page.ask(
                "edit", text=impossible.replace("{firm: p_firm, soft: rest}", "{firm: 0, soft: 1}")
            )
            await page.until("checked")
            last = await page.quiet()
            assert last["answers"]["text_revision"] == 0
            assert last["status"]["status"]["state"] == "failed"
            assert "cannot happen" in last["status"]["status"]["note"]

    run(scenario())
