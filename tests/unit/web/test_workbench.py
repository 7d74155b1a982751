"""The workbench: one desk for every window, answers that are newest, and a file that nothing happens to."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from backchannel.language.errors import CaseError, CommandError
from backchannel.web import schedule
from backchannel.web.case_file import CaseFile
from backchannel.web.workbench import Workbench
from tests.unit.web.page import CASE, Page, opened, run, solver_in_threads, talks

__all__ = ["solver_in_threads", "talks"]


def test_a_window_is_greeted_with_everything(talks):
    """And so is one that comes later, without anything being solved again."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            hello = await page.until("hello")
            assert hello["case"]["title"] == "A threat of sanctions"
            assert hello["case"]["editable"]
            assert hello["text"] == {"revision": 0, "text": CASE, "unsaved": False}
            answers = await page.until("answers")
            assert answers["answers"]["document"] == "backchannel-answers"
            assert answers["shifts"] == {}
            await page.ask("shift", changes={"pain": 1.0}, solve=True)
            await page.until(lambda m: m["type"] == "quick" and m["complete"])
            later = Page(bench)
            assert (await later.until("hello"))["shared"]["shifts"] == {"pain": 1.0}
            await later.until("answers")
            assert (await later.until("quick"))["shifts"] == {"pain": 1.0}

    run(scenario())


def test_a_mistake_of_ours_is_told_and_ends_nothing(talks, monkeypatch, capsys):
    """Or the page would come back and ask the same again, for ever."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            monkeypatch.setattr(bench.shared, "drop", lambda key: 1 / 0)
            found = await page.ask("drop", key="a")
            assert found["type"] == "error"
            assert "ZeroDivisionError" in found["message"]
            assert (await page.ask("shift", changes={"pain": 1.0}))["type"] == "shared"

    run(scenario())
    assert "Traceback" not in capsys.readouterr().err


def test_hostile_text_of_a_case_is_data(talks):
    """It is passed on as it is, inside JSON, and opens nothing."""
    hostile = "</script><script>alert(1)</script>"
    talks.write_text(CASE.replace("about: the policy}", f"about: '{hostile}'}}"))

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            answers = await page.until("answers")
            assert hostile in [i["about"] for i in answers["answers"]["interests"]]
            expression = CASE.replace(
                'worth: "1 if', "worth: \"__import__('os').system('touch x') if"
            )
            await page.ask("edit", text=expression)
            checked = await page.until("checked")
            assert checked["checked"]["problems"]
            assert not os.path.exists("x")

    run(scenario())


@pytest.mark.slow
def test_a_flood_from_one_window_hangs_up_on_no_other_that_reads_slowly(talks, monkeypatch):
    """It is told what is newest, and still gets the answer to what it asked itself."""
    monkeypatch.setattr(schedule, "PAUSE", 600.0)
    asked = {"outcomes": ["resolve"], "do": {"nothing": "here"}}

    async def scenario():
        async with opened(talks) as bench:
            slow, hasty = Page(bench), Page(bench)
            await slow.quiet()
            for i in range(1_500):
                request: dict[str, Any] = {"type": "what_if", "asked": {"key": f"k{i}", **asked}}
                if i % 5 == 0:
                    request = {"type": "edit", "text": f"{CASE}# {i}\n"}
                await bench.receive(hasty.window, json.dumps({"id": i, **request}))
                while not hasty.window.outbox.empty():
                    hasty.window.outbox.get_nowait()
                if i % 100 == 0:
                    await bench.receive(slow.window, '{"type": "solve", "id": 7}')
                    await slow.until(lambda message: message["type"] == "text")
            assert not slow.window.is_stuck
            last = await slow.quiet()
            assert last["text"]["text"]["text"] == bench.shared.text
            assert last["shared"]["shared"] == bench.shared.view.model_dump()
            assert len([m for m in slow.told if m.get("id") == 7]) == 15

    run(scenario())


def test_a_case_that_is_wrong_or_missing_or_a_tree_is_refused_at_the_start(tmp_path):
    """As by `run`, with every problem."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(CASE.replace("sees: [threat]", "sees: [thraet]"))
    with pytest.raises(CaseError, match="Did you mean 'threat'"):
        Workbench(CaseFile.find(str(wrong)), draws=16, seed=0)
    with pytest.raises(CommandError):
        CaseFile.find("no-such-case")
    with pytest.raises(CommandError, match="backchannel import"):
        CaseFile.find("tree.efg")
