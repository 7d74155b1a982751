"""What is shown before a file is written: every changed line, however the texts were made."""

from __future__ import annotations

import random
import shutil
import subprocess
import time

import pytest

from backchannel.web.difference import MOST_LINES, difference

LINES = [f"line {i}" for i in range(40)]


def patched(before: str, diff: str, folder) -> str:
    """What `patch`, another program, makes of a text by a diff."""
    if shutil.which("patch") is None:
        pytest.skip("no `patch` on this machine")
    file = folder / "talks.yaml"
    file.write_text(before)
    done = subprocess.run(
        ["patch", "--quiet", str(file)], input=diff + "\n", text=True, capture_output=True
    )
    assert done.returncode == 0, done.stdout
    return file.read_text()


@pytest.mark.parametrize("changed", [[0], [20], [39], [3, 30], [0, 39], [19, 20, 21]])
def test_a_few_changed_lines_are_shown_where_they_are(tmp_path, changed):
    """With their numbers in the file, so that `patch` finds them."""
    before = "".join(f"{line}\n" for line in LINES)
    after = "".join(f"{'new ' * (i in changed)}{line}\n" for i, line in enumerate(LINES))
    diff = difference(before, after, "talks.yaml")
    assert diff.count("\n+new") == len(changed)
    assert diff.count("\n-line") == len(changed)
    assert patched(before, diff, tmp_path) == after


def test_of_too_many_changed_lines_all_are_shown_as_replaced(tmp_path):
    """In a time that grows with their number alone: some ten seconds if they were matched."""
    random.seed(0)
    few = [f"{i}" for i in range(200)]
    old, new = (random.choices(few, k=30_000) for _ in range(2))
    before, after = (
        "".join(f"{line}\n" for line in [*LINES, *lines, *LINES]) for lines in (old, new)
    )
    began = time.process_time()
    diff = difference(before, after, "talks.yaml")
    assert time.process_time() - began < 4.0
    assert diff.count("\n") > 50_000 > MOST_LINES
    assert patched(before, diff, tmp_path) == after


def test_equal_texts_have_no_difference():
    """Nor have texts that differ in their last line end alone."""
    assert difference("a\nb\n", "a\nb\n", "talks.yaml") == ""
    assert difference("", "", "talks.yaml") == ""
