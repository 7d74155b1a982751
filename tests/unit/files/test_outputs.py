"""One writer for all outputs: what is there is replaced only if it is ours, or if the user says so."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest

from backchannel.files import marks
from backchannel.files.durable import FileExists, write_new, write_whole
from backchannel.files.outputs import Output, Outputs, single_output
from backchannel.language.errors import CommandError


def is_ours(data: bytes) -> bool:
    return data.startswith(b"ours")


def plan(*paths, **options) -> Outputs:
    return Outputs([Output(path, f"--{path.name}", is_ours) for path in paths], **options)


def test_a_new_file_is_made_and_ours_is_replaced(tmp_path):
    """The same command twice, and a name that was free."""
    path = tmp_path / "a"
    for text in ("ours 1", "ours 2"):
        plan(path).write(path, text)
        assert path.read_text() == text
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_of_others_is_kept_unless_the_user_says_so(tmp_path):
    """Told before anything is done, all of them at once."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("mine")
    two.write_text("mine too")
    with pytest.raises(CommandError) as caught:
        plan(one, two, remedy="give --force")
    assert str(caught.value).count("give --force to replace it") == 2
    asked = []
    plan(one, ask=lambda question: asked.append(question) or True).write(one, "new")
    assert asked == [f"{one} exists already, and Backchannel did not write it. Replace it?"]
    assert one.read_text() == "new"
    with pytest.raises(CommandError, match="was not changed"):
        plan(two, ask=lambda question: False)
    assert two.read_text() == "mine too"
    plan(two, force=True, ask=lambda question: pytest.fail("asked")).write(two, "forced")
    assert two.read_text() == "forced"


def test_an_empty_file_is_nobodys(tmp_path):
    """A shell makes one, or `mktemp`; nothing is lost."""
    path = tmp_path / "a"
    path.touch()
    plan(path).write(path, "ours")
    assert path.read_text() == "ours"


@pytest.mark.parametrize("way", ["itself", "link", "hard link", "relative", "folder link"])
@pytest.mark.parametrize("force", [True, False])
def test_what_is_read_is_never_replaced_by_whatever_name(tmp_path, monkeypatch, way, force):
    """Not even by force, and not even if it looks like ours."""
    case = tmp_path / "case.yaml"
    case.write_text("ours, or so it seems")
    (tmp_path / "sub").mkdir()
    (tmp_path / "there").symlink_to(tmp_path)
    (tmp_path / "link").symlink_to(case)
    os.link(case, tmp_path / "hard")
    monkeypatch.chdir(tmp_path / "sub")
    names = {
        "itself": case,
        "link": tmp_path / "link",
        "hard link": tmp_path / "hard",
        "relative": Path("../case.yaml"),
        "folder link": tmp_path / "there" / "case.yaml",
    }
    with pytest.raises(
        CommandError, match="is the case, which this command reads and never replaces"
    ):
        plan(names[way], reads={"the case": case}, force=force)
    later = plan(names[way], force=force)
    with pytest.raises(CommandError, match="is the case, which this command reads"):
        later.protect({"the case": case})
    with pytest.raises(CommandError, match="is the case, which this command reads"):
        later.write(names[way], "new")
    assert case.read_text() == "ours, or so it seems"


def test_two_outputs_are_two_files(tmp_path):
    """Also where none is there yet, and where names differ as many file systems do not see."""
    (tmp_path / "there").symlink_to(tmp_path)
    for other in (tmp_path / "a.csv", tmp_path / "there" / "a.csv", tmp_path / "A.csv"):
        with pytest.raises(CommandError, match="is named by both"):
            plan(tmp_path / "a.csv", other)
    (tmp_path / "a").write_text("ours")
    os.link(tmp_path / "a", tmp_path / "b")
    with pytest.raises(CommandError, match="is named by both"):
        plan(tmp_path / "a", tmp_path / "b")
    plan(Path("/dev/null"), tmp_path / "null")


def test_what_is_no_file_is_refused_and_devices_and_pipes_take_what_comes(tmp_path):
    """A device stays a device."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "s"))
    (tmp_path / "folder").mkdir()
    for name, what in (("s", "a socket"), ("folder", "a folder")):
        with pytest.raises(CommandError, match=f"is {what}, not a file to write"):
            plan(tmp_path / name, force=True)
    listening.close()
    null = tmp_path / "null"
    null.symlink_to("/dev/null")
    plan(null).write(null, "gone")
    assert null.is_symlink()
    assert Path("/dev/null").is_char_device()
    with pytest.raises(CommandError, match="No space left"):
        plan(Path("/dev/full")).write(Path("/dev/full"), "x")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    taken: list[bytes] = []
    reader = threading.Thread(target=lambda: taken.append(pipe.read_bytes()))
    reader.start()
    plan(pipe).write(pipe, "x" * 100_000)
    reader.join(10)
    assert taken == [b"x" * 100_000]
    assert pipe.is_fifo()


def test_a_low_writer_refuses_a_device_too(tmp_path):
    """Whoever calls it, nothing but a file is replaced."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CommandError, match="not a file"):
        write_whole(tmp_path / "pipe", "x")
    assert (tmp_path / "pipe").is_fifo()


def test_what_another_program_did_meanwhile_is_not_undone(tmp_path):
    """Between the look and the writing lie minutes."""
    new, asked, ours = tmp_path / "new", tmp_path / "asked", tmp_path / "ours"
    asked.write_text("mine")
    ours.write_text("ours")
    files = plan(new, asked, ours, ask=lambda question: True)
    new.write_text("theirs")
    asked.write_text("theirs now")
    ours.write_text("theirs as well")
    for path in (new, asked, ours):
        kept = path.read_text()
        with pytest.raises(CommandError, match="another program in the meantime"):
            files.write(path, "ours")
        assert path.read_text() == kept
    ours.write_text("ours, by another run")
    files.write(ours, "ours, the last")
    assert ours.read_text() == "ours, the last"
    ours.unlink()
    ours.mkdir()
    with pytest.raises(CommandError, match="a folder"):
        files.write(ours, "ours")


@pytest.mark.parametrize("before", [None, "ours"])
def test_the_last_check_is_when_all_is_ready(tmp_path, monkeypatch, before):
    """Bringing the content to the disk takes its time, too."""
    path = tmp_path / "a"
    if before:
        path.write_text(before)
    files = plan(path)
    bring = os.fsync

    def meanwhile(handle):
        path.write_text("theirs")
        bring(handle)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(CommandError, match="by another program in the meantime"):
        files.write(path, "ours")
    assert path.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_never_takes_anothers_place(tmp_path, monkeypatch):
    """By one act of the system; and where that has no links, by claiming the name first."""
    path = tmp_path / "a"
    write_new(path, "first")
    with pytest.raises(FileExists):
        write_new(path, "second")
    monkeypatch.setattr(os, "link", _no_links)
    with pytest.raises(FileExists):
        write_new(path, "second")
    assert path.read_text() == "first"
    write_new(tmp_path / "b", "third")
    assert (tmp_path / "b").read_text() == "third"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a", "b"]


def _no_links(*_):
    raise PermissionError(1, "Operation not permitted")


def test_a_link_stays_a_link_and_a_mode_stays_a_mode(tmp_path):
    """What it points to is written."""
    (tmp_path / "real").write_text("ours")
    (tmp_path / "real").chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to("real")
    plan(link).write(link, "ours 2")
    assert link.is_symlink()
    assert (tmp_path / "real").read_text() == "ours 2"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o640
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(CommandError, match="cannot be written"):
        plan(tmp_path / "round")


def test_one_file_from_python(tmp_path):
    """The remedy is the one of a notebook."""
    (tmp_path / "a").write_text("mine")
    with pytest.raises(CommandError, match="pass force=True"):
        single_output(tmp_path / "a", is_ours)


def test_texts_that_people_edit_are_theirs_once_they_did():
    """Line ends may change on the way through other systems."""
    text = marks.sign_text("# A page\n\nA line.\n", "<!--", "-->").encode()
    assert marks.is_signed(text, "<!--", "-->")
    assert marks.is_signed(text.replace(b"\n", b"\r\n"), "<!--", "-->")
    assert not marks.is_signed(text.replace(b"A line", b"My line"), "<!--", "-->")
    assert not marks.is_signed(text + b"More.\n", "<!--", "-->")
    assert not marks.is_signed(b"", "<!--", "-->")


def test_documents_and_tables_are_known_by_their_keys_and_columns():
    """An older document has fewer keys; another program's has others, or another layout."""
    keys = ["document", "version", "case", "news"]
    assert marks.is_document(
        b'{\n "document": 1,\n "version": 2,\n "case": {\n  "x": 1\n }\n}\n', keys
    )
    assert not marks.is_document(b'{\n "document": 1,\n "version": 2,\n "notes": 3\n}\n', keys)
    assert not marks.is_document(b'{"document": 1, "version": 2, "case": 3}', keys)
    assert not marks.is_document(b"{}", keys)
    assert marks.is_table(b'a,"b,c"\n1,2\n', ["a", "b,c"])
    assert not marks.is_table(b"a,b,c\n1,2,3\n", ["a", "b"])
    assert not marks.is_table(b"", ["a"])
