"""Changes of a case file can be taken back, and a process killed at any moment loses nothing."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
import time

import pytest

from backchannel.case.edit import journal
from backchannel.case.edit.journal import rewrite, undo
from backchannel.case.read.document import parse_document
from backchannel.files import durable, exchange
from backchannel.files.durable import write_whole
from backchannel.files.exchange import replace_checked
from backchannel.language.errors import CommandError
from tests.commands import run

TEXT = "case: x\nas_of: 2030-01-01\nrecord:\n  - {n: 0, date: 2030-01-01}\n# the end\n"

WRITER = """
import sys
from pathlib import Path
from backchannel.case.edit.journal import rewrite
def add(text, i):
    return text.replace("# the end", "  - {n: %d, date: 2030-01-01}\\n# the end" % i)
for i in range(int(sys.argv[2]), int(sys.argv[3])):
    rewrite(Path(sys.argv[1]), lambda t: add(t, i), f"add {i}")
    print(i, flush=True)
"""


def start(path, first, last, out=None):
    command = [sys.executable, "-c", WRITER, str(path), str(first), str(last)]
    return subprocess.Popen(command, stdout=out or subprocess.DEVNULL)


def test_changes_are_taken_back_one_by_one(tmp_path):
    """The file is then as it was, to the last character."""
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    rewrite(path, lambda text: text + "a: 1\n", "first")
    rewrite(path, lambda text: text + "b: 1\n", "second")
    assert undo(path).what == "second"
    assert path.read_text() == TEXT + "a: 1\n"
    assert undo(path).what == "first"
    assert path.read_text() == TEXT
    with pytest.raises(CommandError, match="nothing to undo"):
        undo(path)


def test_what_was_edited_by_hand_since_is_not_lost(tmp_path):
    """Taking an older change back would undo the author's own work."""
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    rewrite(path, lambda text: text + "a: 1\n", "first")
    path.write_text(path.read_text() + "mine: 1\n")
    with pytest.raises(CommandError, match="was changed after"):
        undo(path)
    assert path.read_text().endswith("mine: 1\n")


def test_a_change_that_fails_leaves_the_file_alone(tmp_path):
    """Nothing is half-written."""
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)

    def fail(text):
        raise CommandError("no")

    with pytest.raises(CommandError):
        rewrite(path, fail, "fails")
    assert path.read_text() == TEXT


def test_killed_at_any_moment_the_file_is_as_before_or_as_after(tmp_path):
    """kill −9 in a loop: what was said to be written is there, and the text is always whole."""
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    chance = random.Random(1)
    done = 0
    for _ in range(8):
        told = tmp_path / "told"
        with told.open("w") as out:
            process = start(path, done + 1, 10_000, out)
        # A busy machine takes long to start it; what is killed is at work.
        while not told.read_text() and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.2 * chance.random())
        process.kill()
        process.wait()
        # The last line may have been cut off.
        said = [int(line) for line in told.read_text().split("\n")[:-1]]
        numbers = [entry["n"] for entry in parse_document(path.read_text()).data["record"]]
        assert numbers == list(range(len(numbers)))
        assert said[-1] <= numbers[-1] <= said[-1] + 1
        done = numbers[-1]
    assert done > 8
    assert path.read_text().endswith("# the end\n")
    assert undo(path).what == f"add {done}"


def test_two_who_write_at_once_lose_nothing(tmp_path):
    """The second waits for the first, and adds to what the first wrote."""
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    both = [start(path, 1, 16), start(path, 101, 116)]
    assert [process.wait(60) for process in both] == [0, 0]
    numbers = {entry["n"] for entry in parse_document(path.read_text()).data["record"]}
    assert numbers == {0, *range(1, 16), *range(101, 116)}


def test_a_link_stays_a_link_and_shares_the_journal_of_its_file(tmp_path):
    """A case in a repository may be reached by a link from a desk's folder."""
    path, link = tmp_path / "case.yaml", tmp_path / "desk.yaml"
    path.write_text("one\n")
    link.symlink_to(path)
    rewrite(link, lambda text: text + "two\n", "add two")
    assert link.is_symlink()
    assert path.read_text() == "one\ntwo\n"
    assert undo(path).what == "add two"
    assert link.read_text() == "one\n"


@pytest.mark.skipif(os.name != "posix", reason="readers are told apart as by POSIX")
@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_the_journal_has_the_readers_of_the_case(tmp_path, mode):
    """It holds the whole text; one that is there already is closed, too."""
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    rewrite(path, lambda text: text + "a: 1\n", "first")
    path.chmod(mode)
    for what in ("b", "c"):
        rewrite(path, lambda text, what=what: text + f"{what}: 1\n", what)
        assert stat.S_IMODE(journal.journal_of(path).stat().st_mode) == mode
        assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(os.name != "posix", reason="readers are told apart as by POSIX")
def test_a_private_case_is_private_while_it_is_written(tmp_path):
    """A process that is killed leaves the file that it was writing."""
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    path.chmod(0o600)
    seen = []

    def look():
        seen.extend(stat.S_IMODE(part.stat().st_mode) for part in tmp_path.glob(".*.part"))

    write_whole(path, "new", last_check=look)
    assert seen == [0o600]


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="needs a second group")
def test_a_file_stays_with_its_group(tmp_path):
    """Another group would read what only this one may."""
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    os.chown(path, -1, 12345)
    path.chmod(0o640)
    rewrite(path, lambda text: text + "a: 1\n", "first")
    for file in (path, journal.journal_of(path)):
        assert (file.stat().st_gid, stat.S_IMODE(file.stat().st_mode)) == (12345, 0o640)


@pytest.mark.skipif(os.name != "posix", reason="readers are told apart as by POSIX")
def test_a_copy_of_a_private_case_is_private(tmp_path):
    """`new --from` copies its text."""
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    path.chmod(0o600)
    run("new", tmp_path / "copy", "--from", path)
    assert stat.S_IMODE((tmp_path / "copy.yaml").stat().st_mode) == 0o600


@pytest.mark.parametrize("moment", ["while it is edited", "right before it is replaced"])
def test_an_edit_of_another_program_at_the_last_moment_is_kept(tmp_path, monkeypatch, moment):
    """An editor knows no lock; the change before this one can still be undone once it is taken back."""
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    rewrite(path, lambda text: text + "a: 1\n", "first")
    after_first = path.read_text()

    def edit(text):
        if moment.startswith("while"):
            path.write_text(text + "theirs: 1\n")
        return text + "b: 1\n"

    def save_and_replace(part, target, check):
        path.write_text(after_first + "theirs: 1\n")
        replace_checked(part, target, check)

    if moment.startswith("right"):
        if exchange._rename_function() is None:
            pytest.skip("this system cannot exchange names")
        monkeypatch.setattr(durable, "replace_checked", save_and_replace)
    with pytest.raises(CommandError, match="changed by another program"):
        rewrite(path, edit, "second")
    assert path.read_text() == after_first + "theirs: 1\n"
    monkeypatch.undo()
    path.write_text(after_first)
    assert undo(path).what == "first"


def test_undo_keeps_an_edit_of_another_program_at_the_last_moment(tmp_path, monkeypatch):
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    rewrite(path, lambda text: text + "a: 1\n", "first")

    def save_and_write(target, text, **options):
        if target == path:
            path.write_text("theirs: 1\n")
        write_whole(target, text, **options)

    monkeypatch.setattr(journal, "write_whole", save_and_write)
    with pytest.raises(CommandError, match="changed by another program"):
        undo(path)
    assert path.read_text() == "theirs: 1\n"


def interrupt(path, what, monkeypatch):
    """Change a file, and fail between writing the journal and writing the file."""
    with monkeypatch.context() as patch:
        patch.setattr(journal, "write_whole", fails_on(path))
        with pytest.raises(OSError, match="no space"):
            rewrite(path, lambda text: text + f"{what}: 1\n", what)


def fails_on(path):
    def write(target, text, **options):
        if target == path:
            raise OSError("no space")
        write_whole(target, text, **options)

    return write


@pytest.mark.parametrize("times", [1, 2, 3])
def test_interrupted_changes_do_not_stop_undo(tmp_path, monkeypatch, times):
    """Each leaves an entry in the journal for a change that was never made."""
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    rewrite(path, lambda text: text + "a: 1\n", "first")
    for i in range(times):
        interrupt(path, f"lost{i}", monkeypatch)
    assert undo(path).what == "first"
    assert path.read_text() == TEXT
    with pytest.raises(CommandError, match="nothing to undo"):
        undo(path)


def test_a_change_after_interrupted_ones_is_undone_and_so_is_the_one_before(tmp_path, monkeypatch):
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    rewrite(path, lambda text: text + "a: 1\n", "first")
    interrupt(path, "lost", monkeypatch)
    interrupt(path, "lost", monkeypatch)
    rewrite(path, lambda text: text + "b: 1\n", "second")
    assert [undo(path).what, undo(path).what] == ["second", "first"]
    assert path.read_text() == TEXT
