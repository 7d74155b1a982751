"""Operations, undo and redo in the workbench: every window and the file stay consistent."""

from __future__ import annotations

import asyncio

import pytest

from backchannel.web import history
from tests.unit.web.page import CASE, Page, opened, run, solver_in_threads, talks

__all__ = ["solver_in_threads", "talks"]
RENAME = {"kind": "rename", "of": "node", "name": "comply", "new_name": "yield_"}
NEW = {"kind": "set", "path": ["parameters", "pain", "about"], "value": "cost of sanctions"}


def test_a_change_goes_to_every_window_and_can_be_undone_by_any(talks):
    """The text is the same everywhere, and the file is not touched."""

    async def scenario():
        async with opened(talks) as bench:
            page, other = Page(bench), Page(bench)
            hello = await page.until("hello")
            assert hello["history"]["undo"] is None
            changed = await page.ask("change", operations=[NEW], what="Describe the pain")
            assert changed["type"] == "changed"
            assert "+" in changed["difference"]
            assert "cost of sanctions" in changed["difference"]
            text = await other.until("text")
            assert "cost of sanctions" in text["text"]["text"]
            past = await other.until("history")
            assert past["history"]["undo"] == "Describe the pain"
            assert past["history"]["difference"] == changed["difference"]
            assert talks.read_text() == CASE
            await other.ask("undo")
            back = await page.until(lambda m: m["type"] == "text" and m["text"]["text"] == CASE)
            assert not back["text"]["unsaved"]
            await page.ask("redo")
            assert bench.shared.text == text["text"]["text"]

    run(scenario())


def test_the_outline_follows_a_change_at_once_and_says_what_the_text_says(talks):
    """Also with a problem in the text, where there is no diagram to draw."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            first = await page.until("outline")
            assert first["content"]["case"] == "A threat of sanctions"
            assert first["answers"]["run"]["solved"] == "nothing"
            assert {n["name"] for n in first["answers"]["nodes"]} >= {"comply", "resolve"}
            await page.ask("change", operations=[RENAME], what="Rename comply")
            second = await page.until(lambda m: m["type"] == "outline" and m["revision"] > 0)
            drawn = {n["name"] for n in second["answers"]["layout"]["nodes"]}
            assert "yield_" in drawn
            assert "comply" not in drawn
            assert second["case_digest"] == bench.facts.case
            remove = {"kind": "remove", "path": ["players"]}
            await page.ask("change", operations=[remove], what="Remove all players")
            third = await page.until(
                lambda m: m["type"] == "outline" and m["revision"] > second["revision"]
            )
            assert third["answers"] is None
            assert "players" not in third["content"]

    run(scenario())


def test_a_preview_changes_nothing_and_says_what_else_would_go(talks):
    """What a check would say comes with it."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            delete = {"kind": "delete", "of": "node", "name": "comply"}
            shown = await page.ask("preview", operations=[delete])
            assert shown["type"] == "previewed"
            assert shown["consequences"]
            assert shown["problems"]
            assert "-  comply:" in shown["difference"]
            assert bench.shared.text == CASE
            assert bench.history.view.n_undo == 0
            wrong = await page.ask("preview", operations=[{**delete, "name": "compli"}])
            assert "Did you mean 'comply'?" in wrong["message"]

    run(scenario())


def test_sliders_what_ifs_and_text_have_one_history(talks, monkeypatch):
    """Undone in the order in which they were done, whoever did them."""
    monkeypatch.setattr(history, "PAUSE", 0.0)

    async def scenario():
        async with opened(talks) as bench:
            page, other = Page(bench), Page(bench)
            await page.ask("shift", changes={"pain": 1.0})
            await other.ask("edit", text=CASE + "# typed\n")
            await page.ask("shift", changes={"pain": 2.0, "p_firm": -1.0})
            labels = [step.label for step in bench.history.done]
            assert labels == ["Move the slider of pain", "Edit the text", "Move 2 sliders"]
            await other.ask("undo")
            assert bench.shared.shifts == {"pain": 1.0}
            await page.ask("undo")
            assert bench.shared.text == CASE
            await page.ask("undo")
            assert bench.shared.shifts == {}
            refused = await page.ask("undo")
            assert refused["message"] == "There is nothing to undo."
            for _ in range(3):
                await page.ask("redo")
            assert bench.shared.shifts == {"pain": 2.0, "p_firm": -1.0}
            assert bench.shared.text.endswith("# typed\n")

    run(scenario())


@pytest.mark.slow
def test_undoing_a_save_makes_the_text_unsaved_and_leaves_the_file(talks):
    """What is on disk is written by hand only."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("answers")
            await page.ask("shift", changes={"pain": 1.0})
            changes = await page.ask("changes", what="shifts", reasons={"pain": "new figures"})
            await page.ask("save", ticket=changes["ticket"])
            saved = talks.read_text()
            assert "new figures" in saved
            assert not bench.shared.is_unsaved
            await page.ask("undo")
            assert bench.shared.text == CASE
            assert bench.shared.shifts == {"pain": 1.0}
            assert bench.shared.is_unsaved
            assert talks.read_text() == saved
            await page.ask("redo")
            assert not bench.shared.is_unsaved
            assert bench.shared.shifts == {}

    run(scenario())


def test_an_editor_outside_is_a_step_and_an_undo_brings_the_earlier_text_back_unsaved(talks):
    """The other program's text stays in the file."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("outline")
            talks.write_text(CASE + "# from outside\n")
            await bench.draft.check_file()
            assert bench.shared.text.endswith("# from outside\n")
            assert bench.history.view.undo == "Read the file again"
            await page.ask("undo")
            assert bench.shared.text == CASE
            assert bench.shared.is_unsaved
            assert talks.read_text().endswith("# from outside\n")

    run(scenario())


def test_two_windows_that_change_the_case_at_once_lose_nothing(talks):
    """The second change is made in the text of the first."""

    async def scenario():
        async with opened(talks) as bench:
            page, other = Page(bench), Page(bench)
            second = {"kind": "set", "path": ["about"], "value": "of both"}
            answers = await asyncio.gather(
                page.ask("change", operations=[NEW], what="one"),
                other.ask("change", operations=[second], what="two"),
            )
            assert [message["type"] for message in answers] == ["changed", "changed"]
            assert "cost of sanctions" in bench.shared.text
            assert "of both" in bench.shared.text
            assert bench.history.view.n_undo == 2

    run(scenario())


def test_a_change_without_a_meaning_is_refused_and_the_connection_stays(talks):
    """In the words of the operations."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            for operations, why in (
                ([{"kind": "remove", "path": ["nodes", "gone"]}], "There is no nodes.gone"),
                ([], "This is no request"),
                ([{"kind": "set", "path": ["a"] * 50, "value": 1}], "This is no request"),
                ([{"kind": "set", "path": ["about"], "value": "x"}] * 300, "This is no request"),
            ):
                refused = await page.ask("change", operations=operations, what="x")
                assert refused["type"] == "error"
                assert why in refused["message"]
            assert bench.shared.text == CASE

    run(scenario())


@pytest.mark.slow
def test_an_operation_is_drawn_before_it_is_checked_and_a_case_with_problems_too(talks):
    """The sketch goes to every window with the text."""

    async def scenario():
        async with opened(talks) as bench:
            page, other = Page(bench), Page(bench)
            await other.until("outline")
            new = {"player": "target", "domain": ["a"], "at": "2031-01-01"}
            operation = {"kind": "set", "path": ["nodes", "later"], "value": new}
            await page.ask("change", operations=[operation], what="Add the decision later")
            sketch = await other.until("sketch")
            assert sketch["revision"] == bench.shared.text_revision
            assert "later" in {node["name"] for node in sketch["layout"]["nodes"]}
            late = Page(bench)
            await other.until("checked")
            assert bench.checks.checked.problems
            assert "later" in {n["name"] for n in (await late.until("sketch"))["nodes"]}
            await other.quiet()
            assert [m["type"] for m in other.told].count("sketch") == 1, "it is not drawn again"
            latest = Page(bench)
            assert "later" in {n["name"] for n in (await latest.until("sketch"))["nodes"]}

    run(scenario())
