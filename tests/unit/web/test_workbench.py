"""The workbench: one desk for every window, answers that are newest, and a file that nothing happens to."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from backchannel.language.errors import CaseError, CommandError
from backchannel.web import disk_thread, schedule, worker
from backchannel.web.case_file import CaseFile, OnDisk
from backchannel.web.windows import Window
from backchannel.web.workbench import Workbench
from tests import stand_in
from tests.house.test_house import ROOT

CASE = (ROOT / "src/backchannel/catalog/sanctions-threat/case.yaml").read_text()
PATIENCE = 60.0


class Page:
    """A window, and all that it was told."""

    def __init__(self, bench: Workbench) -> None:
        self.bench, self.window, self.told, self.last = bench, Window(), [], 0
        assert bench.greet(self.window)

    async def ask(self, type: str, **parts: Any) -> dict[str, Any]:
        """Send a request and wait for the message that answers it."""
        id = self.send(type, **parts)
        await self.sent[id]
        return await self.until(lambda message: message.get("id") == id)

    def send(self, type: str, **parts: Any) -> int:
        self.last += 1
        text = json.dumps({"type": type, "id": self.last, **parts})
        self.sent = getattr(self, "sent", {})
        self.sent[self.last] = asyncio.ensure_future(self.bench.receive(self.window, text))
        return self.last

    async def until(self, fits: Any) -> dict[str, Any]:
        """Wait for a message, by its type or by what fits."""
        if isinstance(fits, str):
            kind = fits
            return await self.until(lambda message: message["type"] == kind)
        while True:
            text = await asyncio.wait_for(self.window.outbox.get(), PATIENCE)
            assert text is not None
            self.told.append(json.loads(text))
            if fits(self.told[-1]):
                return self.told[-1]

    async def quiet(self) -> dict[str, dict[str, Any]]:
        """Wait until nothing is being solved; the last message of each kind."""
        idle = 0
        while idle < 6:  # Longer than the pause after which a text is solved.
            await asyncio.sleep(0.02)
            bench, is_told = self.bench, self.window.outbox.empty()
            while not self.window.outbox.empty():
                await self.until(lambda message: True)
            is_idle = (
                bench.answering.status.current.state != "solving" and not bench.checks.is_checking
            )
            idle = idle + 1 if is_idle and is_told else 0
        return {message["type"]: message for message in self.told}


@pytest.fixture(autouse=True)
def solver_in_threads(monkeypatch) -> None:
    """So that what is compiled serves all tests of this module."""
    monkeypatch.setattr(worker, "start_process", stand_in.start_process)


@pytest.fixture
def talks(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(schedule, "PAUSE", 0.05)
    path = tmp_path / "talks.yaml"
    path.write_text(CASE)
    return path


@asynccontextmanager
async def opened(path: Path | str, draws: int = 16):
    bench = Workbench(CaseFile.find(str(path)), draws=draws, seed=0)
    bench.start()
    try:
        yield bench
    finally:
        assert bench.close()


def run(scenario: Any) -> None:
    asyncio.run(asyncio.wait_for(scenario, 2 * PATIENCE))


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


def test_moving_a_slider_solves_the_case_with_that_prior(talks):
    """The same forecast as a case file with the prior written out, and ranks in the prior as it was."""
    from backchannel.study import Study

    async def scenario():
        async with opened(talks, draws=64) as bench:
            page = Page(bench)
            await page.until("answers")
            await page.ask("shift", changes={"p_firm": 1.0}, solve=True)
            first = await page.until("quick")
            assert not first["complete"]
            assert first["what_ifs"] == []
            quick = await page.until("quick")
            assert quick["complete"]
            assert [w["name"] for w in quick["what_ifs"]] == ["threatened"]
            assert [a["name"] for a in quick["answers"]] == ["next", "threatened"]
            changes = await page.ask("changes", what="shifts")
            lines = changes["diff"].splitlines()
            written = next(x for x in lines if x.startswith("+  p_firm"))
            text = CASE.replace(
                "{between: [0.3, 0.7]}", written.split("prior: ")[1].split(", unit")[0]
            )
            expected = [
                Study.load(text, draws=64).forecast(node).document()
                for node in ("resolve", "comply")
            ]
            for node in expected:
                ours = next(f for f in quick["forecasts"] if f["node"] == node.node)
                for one, other in zip(ours["values"], node.values, strict=True):
                    assert one["probability"] == pytest.approx(other.probability, abs=2e-4)
            import base64

            import numpy as np

            drawn = {a["parameter"]: a for a in quick["draws"]["assumptions"]}
            ranks = np.frombuffer(base64.b64decode(drawn["p_firm"]["scores"]), "<u2") / 65535
            assert np.median(ranks) == pytest.approx(0.8413, abs=0.02)

    run(scenario())


def test_a_burst_of_a_hundred_ends_on_the_last_in_every_window(talks):
    """Also where another window moves the same slider before."""

    async def scenario():
        async with opened(talks) as bench:
            one, other = Page(bench), Page(bench)
            await one.until("answers")
            await other.ask("shift", changes={"pain": -2.0}, solve=True)
            for i in range(1, 101):
                one.send("shift", changes={"pain": i / 100}, solve=True)
            for page in (one, other):
                last = await page.quiet()
                assert last["shared"]["shared"]["shifts"] == {"pain": 1.0}
                assert last["quick"]["shifts"] == {"pain": 1.0}
                assert last["quick"]["complete"]
            solved = [m["shifts"]["pain"] for m in other.told if m["type"] == "quick"]
            assert len(solved) < 100, "requests that came too late to matter were not solved"
            revisions = [m["shared"]["revision"] for m in other.told if m["type"] == "shared"]
            assert revisions == sorted(revisions)
            acknowledged = {m["id"] for m in one.told if m["type"] == "shared" and "id" in m}
            assert acknowledged == set(range(1, 101))

    run(scenario())


def test_sliders_that_come_back_bring_the_whole_answers_back(talks):
    """Nothing is solved for what exists already."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("answers")
            await page.ask("shift", changes={"pain": 1.0}, solve=True)
            await page.quiet()
            before = len(page.told)
            await page.ask("reset", what="shifts")
            await page.quiet()
            after = [m["type"] for m in page.told[before:]]
            assert "answers" in after
            assert "quick" not in after

    run(scenario())


def test_what_ifs_by_hand_are_answered_and_kept_up_to_date(talks):
    """Any node, a cause of the case; and anew for draws that were solved since."""

    async def scenario():
        async with opened(talks) as bench:
            page, other = Page(bench), Page(bench)
            await page.until("answers")
            custom_what_ifs = {"key": "a", "do": {"threat": "threatens"}, "outcomes": ["comply"]}
            found = await page.ask("what_if", asked=custom_what_ifs)
            assert found["what_if"]["outcomes"][0]["node"] == "comply"
            assert found["columns"]["name"] == "a"
            assert found["shifts"] == {}
            assert "id" not in await other.until("what_if")
            cause = {"key": "b", "cause": "quiet", "outcomes": ["comply", "impose"]}
            assert (await page.ask("what_if", asked=cause))["what_if"][
                "title"
            ] == "the sender stays quiet"
            silent = {**custom_what_ifs, "key": "c", "announced": False}
            assert (
                "nobody is told"
                in (await page.ask("what_if", asked=silent))["what_if"]["who_knows"]
            )
            await page.ask("shift", changes={"pain": 1.0}, solve=True)
            again = await page.until(lambda m: m["type"] == "what_if" and m["shifts"])
            assert again["shifts"] == {"pain": 1.0}
            desk = (await page.ask("drop", key="a"))["shared"]
            assert [w["key"] for w in desk["what_ifs"]] == ["b", "c"]

    run(scenario())


def test_a_what_if_that_is_asked_before_there_are_answers_is_answered_with_them(talks):
    """A page that comes back to a workbench that was started again asks at once."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            custom_what_ifs = {"key": "a", "do": {"threat": "threatens"}, "outcomes": ["comply"]}
            assert bench.answering.full is None
            assert (await page.ask("what_if", asked=custom_what_ifs))["type"] == "what_if"
            assert "answers" in [m["type"] for m in page.told]

    run(scenario())


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"do": {"thraet": "threatens"}, "outcomes": ["comply"]}, "Did you mean 'threat'"),
        ({"do": {"threat": "shouts"}, "outcomes": ["comply"]}, "shouts"),
        ({"cause": "loud", "outcomes": ["comply"]}, "No cause or question is called 'loud'"),
        ({"cause": "quiet", "announced": False, "outcomes": ["comply"]}, "says itself who"),
        ({"outcomes": ["comply"]}, "Say what is changed"),
        ({"do": {"threat": "threatens"}, "outcomes": ["nothing"]}, "No node is called 'nothing'"),
    ],
)
def test_a_what_if_without_meaning_is_refused_to_who_asked(talks, asked, why):
    """In the words of the command line."""

    async def scenario():
        async with opened(talks) as bench:
            page, other = Page(bench), Page(bench)
            await page.until("answers")
            found = await page.ask("what_if", asked={"key": "a", **asked})
            assert found["type"] == "error"
            assert why in found["message"]
            assert "a" not in bench.shared.what_ifs
            assert "error" not in (await other.quiet())

    run(scenario())


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


def test_a_case_of_the_catalog_is_saved_as_a_new_file_and_goes_on_there(tmp_path, monkeypatch):
    """The package's own file is never written."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(schedule, "PAUSE", 0.05)

    async def scenario():
        async with opened("sanctions-threat") as bench:
            page = Page(bench)
            hello = await page.until("hello")
            assert not hello["case"]["editable"]
            assert hello["case"]["save_as"] == "sanctions-threat.yaml"
            await page.until("answers")
            await page.ask("shift", changes={"pain": 1.0})
            for place, why in (
                ("talks.txt", "ends in .yaml"),
                (str(tmp_path / "nowhere" / "talks.yaml"), "beside this one"),
            ):
                assert why in (await page.ask("changes", what="shifts", path=place))["message"]
            (tmp_path / "taken.yaml").write_text("mine")
            taken = await page.ask("changes", what="shifts", path="taken.yaml")
            assert "exists already" in taken["message"]
            changes = await page.ask(
                "changes", what="shifts", path="talks.yaml", reasons={"pain": "a new study"}
            )
            saved = await page.ask("save", ticket=changes["ticket"])
            assert saved["case"]["editable"]
            assert "quantiles" in (tmp_path / "talks.yaml").read_text()
            assert (ROOT / "src/backchannel/catalog/sanctions-threat/case.yaml").read_text() == CASE

    run(scenario())


def test_a_new_file_is_a_case_beside_the_case(talks):
    """No other folder takes one, by whatever way it is named, and no other text."""

    async def scenario():
        elsewhere = talks.parent / "hooks"
        elsewhere.mkdir()
        (talks.parent / "way").symlink_to(elsewhere)
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("answers")
            await page.ask("edit", text=CASE + "# mine\n")
            for place in (
                str(elsewhere / "new.yaml"),
                str(talks.parent / "way" / "new.yaml"),
                str(talks.parent / "hooks" / ".." / "way" / "new.yaml"),
                "../new.yaml",
                "~/new.yaml",
                "/new.yaml",
            ):
                refused = await page.ask("changes", what="text", path=place)
                assert refused["type"] == "error", place
                assert "beside this one" in refused["message"]
            for text in ("on: push\njobs: {}\n", "- a\n- b\n", CASE + "questio: 1\n", "just words"):
                await page.ask("edit", text=text)
                refused = await page.ask("changes", what="text", path="new.yaml")
                assert "that can be read" in refused["message"]
                assert (await page.ask("changes", what="text"))["ticket"], (
                    "its own file can be saved"
                )
            await page.ask("edit", text=CASE + "# mine\n")
            shown = await page.ask("changes", what="text", path="new.yaml")
            saved = await page.ask("save", ticket=shown["ticket"])
            assert Path(saved["path"]) == talks.with_name("new.yaml")
            assert talks.with_name("new.yaml").read_text() == CASE + "# mine\n"
        assert list(elsewhere.iterdir()) == []

    run(scenario())


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


def test_all_answers_say_with_which_sliders_they_were_solved_and_the_cases_own_come_back(talks):
    """In the message, in the document and in the report; putting the slider back solves the case as written."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            own = await page.until("answers")
            assert own["answers"]["run"]["sliders"] == []
            await page.ask("shift", changes={"pain": 3.0})
            await page.ask("refresh")
            moved = await page.until("answers")
            assert moved["shifts"] == {"pain": 3.0}
            said = moved["answers"]["run"]
            assert [one["parameter"] for one in said["sliders"]] == ["pain"]
            assert "1 slider moved" in said["moved"]
            prior = {a["parameter"]: a["median"] for a in own["answers"]["assumptions"]}
            given = {a["parameter"]: a["median"] for a in moved["answers"]["assumptions"]}
            assert given == prior, "the prior is that of the file"
            assert said["sliders"][0]["median_as_written"] == pytest.approx(prior["pain"])
            full = bench.answering.full
            assert full is not None
            (report,) = await bench.answering.tasks.run("report", {}, full.document)
            assert "1 slider moved" in report
            for back in ("reset", "shift"):
                changes = {"what": "shifts"} if back == "reset" else {"changes": {"pain": None}}
                await page.ask(back, **changes)
                last = await page.quiet()
                assert last["answers"]["shifts"] == {}
                assert last["answers"]["answers"]["run"]["moved"] == ""
                assert last["answers"]["answers"]["whys"] == own["answers"]["whys"]
                await page.ask("shift", changes={"pain": 3.0})
                await page.ask("refresh")
                await page.until(lambda m: m["type"] == "answers" and m["shifts"])

    run(scenario())


def test_sliders_put_back_while_everything_is_solved_with_them_leave_no_other_answers(talks):
    """What is being solved is not wanted any more, or is followed by what is."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("answers")
            await page.ask("shift", changes={"pain": 3.0})
            await page.ask("refresh")
            await page.ask("reset", what="shifts")
            last = await page.quiet()
            assert last["answers"]["shifts"] == {}
            assert bench.answering.full is not None
            assert not bench.answering.full.request.shifts

    run(scenario())


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
