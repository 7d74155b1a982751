"""Saving in the workbench: the difference is shown first, and nothing that others wrote is lost."""

from __future__ import annotations

import os

import pytest

from tests.unit.web.page import CASE, Page, opened, run, solver_in_threads, talks

__all__ = ["solver_in_threads", "talks"]


def test_saving_shows_the_difference_first_and_keeps_comments(talks):
    """Then the sliders are in the file, back in their middle, and the case is solved with it."""

    async def scenario():
        async with opened(talks) as bench:
            page, other = Page(bench), Page(bench)
            await page.until("answers")
            refused = await page.ask("changes", what="shifts")
            assert "No slider has been moved" in refused["message"]
            await page.ask("shift", changes={"pain": 1.0, "sender.precision": -1.0})
            without = await page.ask("changes", what="shifts")
            assert "say why you think so" in without["note"]
            assert not without["ticket"], "a new number needs the analyst's own reason"
            reasons = {"pain": "new trade figures", "sender.precision": "seen in spring"}
            changes = await page.ask("changes", what="shifts", reasons=reasons)
            assert talks.read_text() == CASE
            assert changes["diff"].count("\n+ ") == 2
            saved = await page.ask("save", ticket=changes["ticket"])
            assert saved["type"] == "saved"
            text = talks.read_text()
            assert text.startswith("# A first tutorial")
            assert text.count("\n") == CASE.count("\n")
            assert "pain: {prior: {quantiles:" in text
            assert "new trade figures; set with a slider" in text
            last = await other.quiet()
            assert last["shared"]["shared"]["shifts"] == {}
            assert not last["text"]["text"]["unsaved"]
            assert last["answers"]["text_revision"] > 0
            assert last["file"]["file"]["state"] == "same"
            assert (await page.ask("save", ticket=changes["ticket"]))["type"] == "error"

    run(scenario())


def test_a_file_that_changed_since_is_not_written_over(talks):
    """What was typed is kept, and nothing is half-written."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("answers")
            await page.ask("edit", text=CASE + "# mine\n")
            changes = await page.ask("changes", what="text")
            talks.write_text(CASE + "# theirs\n")
            refused = await page.ask("save", ticket=changes["ticket"])
            assert refused["type"] == "error"
            assert "has changed on disk" in refused["message"]
            assert talks.read_text() == CASE + "# theirs\n"
            assert bench.shared.text == CASE + "# mine\n"
            await bench.draft.check_file()
            state = (await page.until("file"))["file"]
            assert state["state"] == "changed"
            assert state["choices"] == ["reload", "keep"]
            await page.ask("keep")
            changes = await page.ask("changes", what="text")
            assert "-# theirs" in changes["diff"]
            assert "+# mine" in changes["diff"]
            await page.ask("save", ticket=changes["ticket"])
            assert talks.read_text() == CASE + "# mine\n"
            assert [p.name for p in talks.parent.iterdir() if p.suffix == ".part"] == []

    run(scenario())


@pytest.mark.slow
def test_an_edit_elsewhere_while_the_file_is_written_is_not_lost(talks, monkeypatch):
    """The file is compared once more when its new content is on the disk, right before it is replaced."""
    sync = os.fsync

    def edited_meanwhile(handle: int) -> None:
        sync(handle)
        talks.write_text(CASE + "# theirs\n")

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("answers")
            await page.ask("edit", text=CASE + "# mine\n")
            shown = await page.ask("changes", what="text")
            with monkeypatch.context() as patch:
                patch.setattr(os, "fsync", edited_meanwhile)
                refused = await page.ask("save", ticket=shown["ticket"])
            assert "has changed on disk" in refused["message"]
            assert talks.read_text() == CASE + "# theirs\n"
            assert bench.shared.text == CASE + "# mine\n"

    run(scenario())


@pytest.mark.slow
def test_an_edit_elsewhere_between_the_last_look_and_the_rename_is_put_back(talks, monkeypatch):
    """The moment is too short to be met by chance; what was replaced is looked at, too."""
    from backchannel.files import durable

    exchange = durable.replace_checked

    def edited_first(part, path, check):
        other = path.with_name("theirs")
        other.write_text(CASE + "# theirs\n")
        other.replace(path)
        exchange(part, path, check)

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("answers")
            await page.ask("edit", text=CASE + "# mine\n")
            shown = await page.ask("changes", what="text")
            with monkeypatch.context() as patch:
                patch.setattr(durable, "replace_checked", edited_first)
                refused = await page.ask("save", ticket=shown["ticket"])
            assert "has changed on disk" in refused["message"]
            assert talks.read_text() == CASE + "# theirs\n"
            assert [one for one in talks.parent.iterdir() if one.suffix == ".part"] == []

    run(scenario())


@pytest.mark.slow
def test_saving_sliders_never_pairs_them_with_another_case(talks):
    """The case and its sliders change in one message, and then the numbers are those of before."""

    async def scenario():
        async with opened(talks, draws=64) as bench:
            page = Page(bench)
            before = await page.until("answers")
            await page.ask("shift", changes={"pain": 1.5}, solve=True)
            solved = await page.until(lambda m: m["type"] == "quick" and m["complete"])
            shown = await page.ask("changes", what="shifts", reasons={"pain": "a new study"})
            count = len(page.told)
            await page.ask("save", ticket=shown["ticket"])
            last = await page.quiet()
            pairs = [
                (m["shared"]["case_digest"] == before["case_digest"], m["shared"]["shifts"])
                for m in page.told[count:]
                if m["type"] == "shared"
            ]
            assert all(is_old == bool(shifts) for is_old, shifts in pairs)
            assert last["answers"]["case_digest"] == last["shared"]["shared"]["case_digest"]
            assert last["answers"]["case_digest"] != before["case_digest"]
            told = [m for m in page.told[count:] if m["type"] in ("quick", "answers")]
            assert told
            for message in told:
                found = message.get("forecasts") or message["answers"]["forecasts"]
                for ours, theirs in zip(found, solved["forecasts"], strict=True):
                    for one, other in zip(ours["values"], theirs["values"], strict=True):
                        assert one["probability"] == pytest.approx(other["probability"], abs=5e-3)

    run(scenario())


@pytest.mark.slow
def test_sliders_that_moved_since_the_difference_was_shown_are_not_saved(talks):
    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("answers")
            await page.ask("shift", changes={"pain": 1.0})
            shown = await page.ask("changes", what="shifts", reasons={"pain": "a new study"})
            await page.ask("shift", changes={"pain": 2.0})
            refused = await page.ask("save", ticket=shown["ticket"])
            assert "have moved since" in refused["message"]
            assert talks.read_text() == CASE
            assert bench.shared.shifts == {"pain": 2.0}

    run(scenario())


@pytest.mark.slow
def test_line_ends_of_other_systems_stay(talks):
    """A page knows one kind of line end; the file keeps its own."""
    talks.write_bytes(CASE.replace("\n", "\r\n").encode())

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            assert (await page.until("hello"))["text"]["text"] == CASE
            await page.until("answers")
            await page.ask("edit", text=CASE + "# mine\n")
            changes = await page.ask("changes", what="text")
            await page.ask("save", ticket=changes["ticket"])
            assert talks.read_bytes() == (CASE + "# mine\n").replace("\n", "\r\n").encode()

    run(scenario())
