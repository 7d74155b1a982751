"""The case file on disk while the workbench is open: changed, deleted, or on a disk that does not answer."""

from __future__ import annotations

import threading
import time

from backchannel.web import disk_thread
from backchannel.web.case_file import CaseFile, OnDisk
from tests.unit.web.page import CASE, PATIENCE, Page, opened, run, solver_in_threads, talks

__all__ = ["solver_in_threads", "talks"]


def test_a_changed_file_is_read_again_unless_something_was_typed(talks):
    """Sliders stay where they are: they stand on the prior, whatever it is."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("answers")
            await page.ask("shift", changes={"pain": 1.0})
            talks.write_text(CASE.replace("A threat of sanctions", "Another threat"))
            await bench.draft.check_file()
            assert "has been read again" in (await page.until("file"))["file"]["note"]
            answers = await page.until("answers")
            assert answers["answers"]["case"]["title"] == "Another threat"
            assert answers["shifts"] == {"pain": 1.0}
            await page.ask("edit", text=CASE)
            talks.write_text(CASE.replace("A threat of sanctions", "A third threat"))
            await bench.draft.check_file()
            assert (await page.until("file"))["file"]["state"] == "changed"
            assert bench.shared.text == CASE
            await page.ask("reload")
            answers = await page.until("answers")
            assert answers["answers"]["case"]["title"] == "A third threat"

    run(scenario())


def test_a_deleted_file_is_told_kept_and_noticed_when_it_is_back(talks):
    """And saving writes it again."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("answers")
            talks.unlink()
            await bench.draft.check_file()
            state = (await page.until("file"))["file"]
            assert state["state"] == "gone"
            assert "kept" in state["note"]
            assert (await page.ask("reload"))["type"] == "error"
            talks.write_text(CASE)
            await bench.draft.check_file()
            state = (await page.until("file"))["file"]
            assert state["state"] == "same"
            assert "is back" in state["note"]
            talks.unlink()
            await bench.draft.check_file()
            await page.ask("edit", text=CASE + "# mine\n")
            changes = await page.ask("changes", what="text")
            assert "written again" in changes["note"]
            await page.ask("save", ticket=changes["ticket"])
            assert talks.read_text() == CASE + "# mine\n"

    run(scenario())


def test_a_disk_that_does_not_answer_holds_up_nobody(talks, monkeypatch):
    """Nor the end: a thread that waits for it is left behind. It is asked once, not every second."""
    monkeypatch.setattr(disk_thread, "PATIENCE", 0.2)
    asked, answers = [], threading.Event()

    def read(self: CaseFile) -> OnDisk:
        asked.append(self)
        answers.wait(PATIENCE)
        return OnDisk(CASE)

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("hello")
            with monkeypatch.context() as patch:
                patch.setattr(CaseFile, "read", read)
                for _ in range(3):
                    await bench.draft.check_file()
                state = (await page.until("file"))["file"]
                assert "disk has not answered" in state["note"]
                assert "kept" in state["note"]
                assert len(asked) == 1
                assert (await page.ask("shift", changes={"pain": 1.0}))["type"] == "shared"
                assert "disk has not answered" in (await page.ask("reload"))["message"]

    began = time.perf_counter()
    run(scenario())
    assert time.perf_counter() - began < PATIENCE / 2
    answers.set()
