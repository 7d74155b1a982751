"""A process that is killed while it writes leaves a temporary file; a later one deletes it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from backchannel.files import leftovers
from backchannel.files.durable import write_new, write_whole

WRITER = """
import os, signal, sys, time
from pathlib import Path
from backchannel.files.durable import write_whole

def stop():
    print("begun", flush=True)
    if sys.argv[2] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)

write_whole(Path(sys.argv[1]), "new", last_check=stop)
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are killed as by POSIX")


@pytest.fixture(autouse=True)
def unsearched(monkeypatch):
    """As in a process that has written nothing yet."""
    monkeypatch.setattr(leftovers, "_searched", set())


def left_by(path, end):
    """The temporary file of a process that writes and is killed, or waits."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), end], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    if end == "killed":
        process.wait()
    (part,) = path.parent.glob(".*.part")
    return process, part


@pytest.fixture
def later(monkeypatch):
    """As if it were much later."""
    monkeypatch.setattr(leftovers, "OLD", -1.0)


@pytest.mark.parametrize("write", [write_whole, write_new])
def test_what_a_killed_process_left_is_deleted_by_the_next_that_writes_there(
    tmp_path, later, write
):
    """Whichever file that one writes."""
    left_by(tmp_path / "answers.json", "killed")
    write(tmp_path / "other.json", "other")
    assert [path.name for path in tmp_path.iterdir()] == ["other.json"]


def test_the_file_of_a_process_that_still_writes_stays(tmp_path, later):
    """However long it takes."""
    process, part = left_by(tmp_path / "answers.json", "waits")
    try:
        write_whole(tmp_path / "other.json", "other")
        assert part.exists()
    finally:
        process.kill()
        process.communicate()


def test_a_young_file_stays(tmp_path):
    """Its process may be about to lock it."""
    _, part = left_by(tmp_path / "answers.json", "killed")
    write_whole(tmp_path / "other.json", "other")
    assert part.exists()


def test_a_file_that_was_just_replaced_stays(tmp_path):
    """For a moment it has the name of a temporary file, and may be put back."""
    (tmp_path / "x.yaml").write_text("old")
    os.utime(tmp_path / "x.yaml", (0, 0))
    part = tmp_path / ".x.yaml.1.00112233.part"
    (tmp_path / "x.yaml").rename(part)
    write_whole(tmp_path / "other.json", "other")
    assert part.exists()


def test_files_of_others_stay(tmp_path, later):
    """Browsers and other programs call their files .part, too; and a link is none of ours."""
    names = [
        "film.part",
        ".film.part",
        ".film.12.part",
        ".film.12.0011AAFF.part",
        "film.1.00112233.part",
    ]
    for name in names:
        (tmp_path / name).write_text("theirs")
    link = tmp_path / ".x.1.00112233.part"
    link.symlink_to(tmp_path / "film.part")
    write_whole(tmp_path / "other.json", "other")
    assert {path.name for path in tmp_path.iterdir()} == {*names, link.name, "other.json"}
