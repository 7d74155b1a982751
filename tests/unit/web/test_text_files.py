"""A text comes into the folder of a case: used where it lies, copied from elsewhere, never over another file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from backchannel.language.errors import CommandError
from backchannel.web.source_task import read_text_file
from backchannel.web.text_files import BroughtText, bring_text


class _Reader:
    """Reads in this process what the workbench reads in another."""

    async def run(self, head: dict[str, Any], *_texts: str) -> Any:
        return read_text_file(head)


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "case"
    (folder / "texts").mkdir(parents=True)
    (folder / "texts" / "inside.txt").write_text("Words.", "utf-8")
    (tmp_path / "outside.md").write_text("Other words.", "utf-8")
    return folder


def _bring(typed: str, folder: Path, *, from_elsewhere: bool = True) -> BroughtText:
    brought = bring_text(typed, folder, _Reader(), from_elsewhere=from_elsewhere)  # type: ignore[arg-type]
    return asyncio.run(brought)


@pytest.mark.parametrize("from_elsewhere", [True, False])
def test_a_text_in_the_folder_is_named_from_there_and_not_copied(folder, from_elsewhere):
    for typed in ("texts/inside.txt", str(folder / "texts" / "inside.txt")):
        assert _bring(typed, folder, from_elsewhere=from_elsewhere) == BroughtText(
            "texts/inside.txt", None
        )


def test_a_text_elsewhere_is_copied_once(folder):
    outside = str(folder.parent / "outside.md")
    brought = _bring(outside, folder)
    assert brought == BroughtText("outside.md", folder / "outside.md")
    assert (folder / "outside.md").read_text("utf-8") == "Other words."
    assert _bring(outside, folder) == BroughtText("outside.md", None)
    brought.take_back()
    assert not (folder / "outside.md").exists()


def test_where_other_machines_can_connect_no_file_outside_the_folder_is_read(folder):
    """Not through a link either."""
    (folder / "link.md").symlink_to(folder.parent / "outside.md")
    for typed in (str(folder.parent / "outside.md"), "../outside.md", "link.md"):
        with pytest.raises(CommandError, match="lies outside the folder of the case"):
            _bring(typed, folder, from_elsewhere=False)
    assert not (folder / "outside.md").exists()


def test_another_text_of_that_name_stays(folder):
    (folder / "outside.md").write_text("Mine.", "utf-8")
    with pytest.raises(CommandError, match="exists already"):
        _bring(str(folder.parent / "outside.md"), folder)
    assert (folder / "outside.md").read_text("utf-8") == "Mine."
