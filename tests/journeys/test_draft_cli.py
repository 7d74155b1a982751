"""From a text to the draft of a case, at the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backchannel.case.starter import starter
from backchannel.cli import main
from tests.unit.case.draft.test_draft import ARTICLE


@pytest.fixture
def text(tmp_path) -> Path:
    path = tmp_path / "straits.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def _run(*arguments: object, typed: str = "") -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)], input=typed, catch_exceptions=False)


def test_a_text_becomes_a_worksheet_and_a_case_that_passes_the_check(text):
    done = _run("draft", text)
    assert done.exit_code == 0, done.output
    assert "3 candidates for players, of which 3 are kept." in done.output
    checked = _run("check", text.with_suffix(".yaml"))
    assert "fine. 3 players, 7 nodes (7 decisions)" in checked.output


def test_a_worksheet_that_was_edited_is_kept_and_makes_the_case_again(text):
    _run("draft", text)
    sheet = text.with_name("straits.worksheet.yaml")
    written = sheet.read_text("utf-8")
    edited = written.replace("keep: true, name: Denmark", "keep: false, name: Denmark")
    assert edited != written
    sheet.write_text(edited, "utf-8")
    assert _run("draft", sheet).exit_code == 0
    assert sheet.read_text("utf-8") == edited
    assert "denmark" not in text.with_suffix(".yaml").read_text("utf-8").lower().partition("# ¶")[0]
    again = _run("draft", text)
    assert again.exit_code == 2
    assert "straits.worksheet.yaml exists already" in again.output
    assert sheet.read_text("utf-8") == edited


def test_a_case_that_was_edited_is_not_replaced_without_asking(text):
    _run("draft", text)
    case = text.with_suffix(".yaml")
    case.write_text(case.read_text("utf-8") + "# mine\n", "utf-8")
    done = _run("draft", text.with_name("straits.worksheet.yaml"))
    assert done.exit_code == 2
    assert "straits.yaml exists already" in done.output
    assert case.read_text("utf-8").endswith("# mine\n")


def test_candidates_can_be_decided_one_by_one(text):
    # Norway and Iceland stay and Denmark goes; every decision of theirs stays, and no claim.
    done = _run("draft", text, "--ask", typed="y\ny\nn\n" + "y\n" * 6 + "n\n" * 3)
    assert done.exit_code == 0, done.output
    assert "of which 2 are kept." in done.output
    assert "3 candidates for claims, of which 0 are kept." in done.output


def test_a_prompt_is_written_and_an_answer_is_read(text, tmp_path):
    prompt, answer = tmp_path / "prompt.txt", tmp_path / "answer.txt"
    assert _run("draft", text, "--prompt", prompt).exit_code == 0
    assert not text.with_suffix(".yaml").exists()
    assert "Norwegian Prime Minister" in prompt.read_text("utf-8")
    answer.write_text(f"```\n{starter()}```\n", "utf-8")
    done = _run("draft", text, "--answer", answer)
    assert done.exit_code == 0, done.output
    assert "fine." in _run("check", text.with_suffix(".yaml")).output


def test_an_answer_with_problems_writes_nothing(text, tmp_path):
    answer = tmp_path / "answer.txt"
    answer.write_text("I would rather not.", "utf-8")
    done = _run("draft", text, "--answer", answer)
    assert done.exit_code == 1
    assert "answer.txt:" in done.output
    assert not text.with_suffix(".yaml").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--prompt", "p.txt", "--answer", "a.txt"], "Use one of them"),
        (["--out", "/tmp/elsewhere.yaml"], "the draft stands beside its text"),
    ],
)
def test_options_that_do_not_fit_are_refused(text, options, told):
    done = _run("draft", text, *options)
    assert done.exit_code == 2
    assert told in done.output


def test_a_text_that_is_none_is_refused(tmp_path):
    path = tmp_path / "noise.txt"
    path.write_bytes(bytes(range(256)))
    done = _run("draft", path)
    assert done.exit_code == 2
    assert "is binary" in done.output
    assert [file.name for file in tmp_path.iterdir()] == ["noise.txt"]
