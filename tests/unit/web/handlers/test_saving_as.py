"""Saving as a new file: the case goes on there, and nothing outside of its folder is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from backchannel.web import schedule
from tests.house.test_house import ROOT
from tests.unit.web.page import CASE, Page, opened, run, solver_in_threads, talks

__all__ = ["solver_in_threads", "talks"]


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


@pytest.mark.slow
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
