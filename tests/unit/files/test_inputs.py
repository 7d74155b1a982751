"""Whatever is named as a file and is none is refused at once, with words; sizes are bounded."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from backchannel import Study
from backchannel.case.catalog import find_case
from backchannel.case.edit.journal import journal_of, read_case_file, rewrite, undo
from backchannel.case.lower.posterior import read_posterior
from backchannel.case.read.document import read_document
from backchannel.estimation.plays import read_table
from backchannel.files.inputs import FileTooLarge, MissingFile, read_bytes, read_text
from backchannel.interop.efg_read import read_efg_file
from backchannel.language.errors import BackchannelError, CaseError, CommandError
from backchannel.ledger.ledger import Ledger
from backchannel.web.case_file import CaseFile
from backchannel.web.security import keys_for
from tests.helpers import CANAL

GIGABYTES_3 = 3 * 1024**3

READERS = {
    "case": read_document,
    "case by name": find_case,
    "case for a study": Study.load,
    "case to edit": read_case_file,
    "table": read_table,
    "fit": read_posterior,
    "tree": read_efg_file,
    "ledger": Ledger,
    "case in the workbench": lambda path: CaseFile(Path(path), str(path)).read(),
}


@pytest.fixture
def things(tmp_path):
    """What is no file, by what messages call it."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link to a device").symlink_to("/dev/zero")
    (tmp_path / "link to a pipe").symlink_to(tmp_path / "pipe")
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "s"))
    yield {
        tmp_path / "pipe": "a pipe",
        tmp_path / "folder": "a folder",
        Path("/dev/zero"): "a device",
        tmp_path / "link to a device": "a device",
        tmp_path / "link to a pipe": "a pipe",
        tmp_path / "s": "a socket",
    }
    listening.close()


@pytest.mark.parametrize("reader", READERS)
def test_what_is_no_file_is_refused_by_every_reader(things, reader):
    """A pipe would be waited for, and a device read for ever."""
    for path, what in things.items():
        with pytest.raises(CommandError, match=f"is {what}"):
            READERS[reader](path)


def test_a_fit_that_a_case_names_is_looked_at_as_well(tmp_path):
    """A case can name what it likes; the problem is told at its place."""
    os.mkfifo(tmp_path / "fit.nc")
    text = CANAL.read_text() + "\npriors: {from: fit.nc}\n"
    (tmp_path / "canal.yaml").write_text(text)
    with pytest.raises(CaseError, match=r"priors\.from: .*fit\.nc is a pipe, not a file"):
        Study.load(tmp_path / "canal.yaml")


def test_a_name_that_no_file_can_have_is_told_and_not_stumbled_over(tmp_path):
    """Zero bytes, and names too long for the file system."""
    with pytest.raises(CommandError, match="is not a valid file name"):
        read_bytes("a\0b", limit=10, what="it")
    with pytest.raises(CommandError, match="cannot be read"):
        find_case("x" * 5000)
    with pytest.raises(CommandError, match="folder that has no case"):
        find_case(tmp_path)


def test_a_file_may_have_as_many_bytes_as_the_limit_and_no_more(tmp_path):
    """Counted as they are read, since a file can grow."""
    (tmp_path / "ten").write_bytes(b"x" * 10)
    assert read_bytes(tmp_path / "ten", limit=10, what="it") == b"x" * 10
    with pytest.raises(FileTooLarge, match="has 10 bytes; a note may have at most 9") as caught:
        read_bytes(tmp_path / "ten", limit=9, what="a note")
    assert caught.value.size == 10
    with pytest.raises(MissingFile):
        read_bytes(tmp_path / "none", limit=9, what="it")
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    with pytest.raises(CommandError, match="not UTF-8 text \\(byte 3\\)"):
        read_text(tmp_path / "latin", limit=9, what="it")


@pytest.mark.skipif(not os.path.exists("/proc/cpuinfo"), reason="needs /proc")
def test_a_file_that_says_it_is_empty_and_is_not_is_bounded_as_well():
    """The system's own files have no size beforehand."""
    with pytest.raises(FileTooLarge):
        read_bytes("/proc/cpuinfo", limit=20, what="it")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of memory")
@pytest.mark.parametrize("reader", ["case", "table", "fit", "tree"])
def test_three_gigabytes_are_refused_before_they_are_read(tmp_path, reader):
    """In a process that has two; the file is a hole, and takes no room on the disk."""
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(GIGABYTES_3)
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n"
        "import sys; sys.path.insert(0, '.')\n"
        "from tests.unit.files.test_inputs import READERS\n"
        "from backchannel.language.errors import BackchannelError\n"
        f"try: READERS[{reader!r}](__import__('pathlib').Path(sys.argv[1]))\n"
        "except BackchannelError as error: print(error)\n"
    )
    limits = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "XLA_FLAGS": ""}
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)],
        capture_output=True, text=True, timeout=60, env={**os.environ, **limits},
    )  # fmt: skip
    assert f"has {GIGABYTES_3:,} bytes" in done.stdout, done.stderr


@pytest.mark.parametrize("reader", ["table", "fit", "case by name", "case"])
@pytest.mark.parametrize(
    "address", ["http://example.org/plays.csv", "s3://bucket/a.nc", "ftp://a/b"]
)
def test_an_address_is_refused_and_nothing_is_fetched(monkeypatch, reader, address):
    """The libraries underneath would fetch it; a case or a command must not reach the network."""

    def refuse(*_, **__):
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with pytest.raises(CommandError, match=f"{address} is a web address. Backchannel"):
        READERS[reader](address if reader in ("table", "case by name") else _Name(address))


class _Name(type(Path())):
    """A path that keeps both slashes of an address."""

    def __new__(cls, text):
        made = super().__new__(cls, text)
        made.text = text
        return made

    def __str__(self):
        return self.text

    def __fspath__(self):
        return self.text


def test_a_journal_that_is_none_is_told(tmp_path):
    """It stands beside the case, where anybody may have put something."""
    path = tmp_path / "x.yaml"
    path.write_text("case: x\n")
    os.mkfifo(journal_of(path))
    with pytest.raises(CommandError, match="is a pipe"):
        rewrite(path, lambda text: text + "a: 1\n", "first")
    assert path.read_text() == "case: x\n"
    journal_of(path).unlink()
    for nonsense in (
        "[" * 100_000,
        '[{"what": 1, "when": 2, "before": 3, "before_hash": 4, "after_hash": 5}]',
    ):
        journal_of(path).write_text(nonsense)
        with pytest.raises(CommandError, match="undo is damaged"):
            undo(path)


def test_the_keys_of_the_workbench_are_made_anew_where_a_pipe_stands(tmp_path):
    """And nobody waits for it."""
    first = keys_for("case", 1, folder=tmp_path)
    assert keys_for("case", 1, folder=tmp_path).key == first.key
    (kept,) = tmp_path.glob("*.json")
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.unlink()
    os.mkfifo(kept)
    assert keys_for("case", 1, folder=tmp_path).key != first.key
    kept.unlink()
    kept.write_text("[" * 9_999)
    kept.chmod(0o600)
    assert keys_for("case", 1, folder=tmp_path).key


def test_a_ledger_is_a_file_and_reading_makes_none(tmp_path, monkeypatch):
    """Nor do the names that mean something else to SQLite."""
    book = Ledger(tmp_path / "team.ledger")
    (tmp_path / "team.ledger").unlink()
    with pytest.raises(CommandError):
        book.runs()
    assert not (tmp_path / "team.ledger").exists()
    monkeypatch.chdir(tmp_path)
    Ledger(":memory:")
    assert (tmp_path / ":memory:").is_file()
    Ledger(tmp_path / "a?mode=memory#x").runs()
    assert (tmp_path / "a?mode=memory#x").is_file()
    os.mkfifo(tmp_path / "other.ledger-journal")
    with pytest.raises(CommandError, match="ledger-journal is a pipe"):
        Ledger(tmp_path / "other.ledger")


def test_everything_that_is_refused_is_an_error_of_ours():
    """So that it is shown as text, with an exit code."""
    assert issubclass(MissingFile, BackchannelError)
    assert issubclass(FileTooLarge, BackchannelError)
