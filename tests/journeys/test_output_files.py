"""Every output option of every command: it keeps what is not its own, and says so before it solves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pandas as pd
import pytest
from click.testing import CliRunner

from backchannel import Study
from backchannel.cli import main
from backchannel.console import writing
from tests.commands import QUICK, run, run_alone
from tests.helpers import CANAL

UPDATE = ("--add", "parley=talk", "--on", "2031-05-01", "--source", "gazette", "--yes")

OPTIONS = {
    "run --json": ("run", "CASE", "--json", "FILE.json"),
    "run --report": ("run", "CASE", "--report", "FILE.html"),
    "deals --json": ("deals", "CASE", "--json", "FILE.json"),
    "surprise --json": ("surprise", "CASE", "--json", "FILE.json"),
    "sensitivity --json": ("sensitivity", "CASE", "--json", "FILE.json"),
    "sensitivity --inverse --json": (
        "sensitivity", "CASE", "--inverse", "parley=talk", "--json", "FILE.json",
    ),
    "update --json": ("update", "CASE", *UPDATE, "--json", "FILE.json"),
    "watch --json": ("watch", "CASE", "--json", "FILE.json"),
    "diff --json": ("diff", "CASE", "CASE", "--json", "FILE.json"),
    "brief --out .docx": ("brief", "CASE", "--out", "FILE.docx"),
    "brief --out .md": ("brief", "CASE", "--out", "FILE.md"),
    "sources --csv": ("sources", "CASE", "--csv", "FILE.csv"),
    "branch --csv": ("branch", "CASE", "--csv", "FILE.csv"),
    "branch --json": ("branch", "CASE", "--json", "FILE.json"),
    "equilibria --csv": ("equilibria", "CASE", "--csv", "FILE.csv"),
    "equilibria --json": ("equilibria", "CASE", "--json", "FILE.json"),
    "rivals --json": ("rivals", "CASE", "--most", "2", "--json", "FILE.json"),
    "export --gambit": ("export", "CASE", "--gambit", "FILE.efg"),
    "fit --json": ("fit", "CASE", "TABLE", "--json", "FILE.json"),
    "fit --latex": ("fit", "CASE", "TABLE", "--latex", "FILE.tex"),
    "fit --csv": ("fit", "CASE", "TABLE", "--csv", "FILE.csv"),
    "fit --posterior": ("fit", "CASE", "TABLE", "--posterior", "FILE.nc"),
    "evaluate --json": ("evaluate", "CASE", "TABLE", "--by", "row", "--json", "FILE.json"),
    "evaluate --csv": ("evaluate", "CASE", "TABLE", "--by", "row", "--csv", "FILE.csv"),
    "evaluate --losses": ("evaluate", "CASE", "TABLE", "--by", "row", "--losses", "FILE.csv"),
    "evaluate --page": ("evaluate", "CASE", "TABLE", "--by", "row", "--page", "FILE.html"),
    "fit --predictions": (
        "fit", "CASE", "TABLE", "--predict", "TABLE", "--predictions", "FILE.csv",
    ),
    "review --json": ("review", "CASE", "--ledger", "LEDGER", "--json", "FILE.json"),
    "simulate --out": ("simulate", "CASE", "--out", "FILE.csv"),
    "score --json": ("score", "--ledger", "LEDGER", "--json", "FILE.json"),
    "ledger --export .csv": ("ledger", "--ledger", "LEDGER", "--export", "FILE.csv"),
    "ledger --export .jsonl": ("ledger", "--ledger", "LEDGER", "--export", "FILE.jsonl"),
    "ledger --export .parquet": ("ledger", "--ledger", "LEDGER", "--export", "FILE.parquet"),
}  # fmt: skip

COMMANDS = {
    name: main.get_command(click.Context(main), name)
    for name in main.list_commands(click.Context(main))
}


ELSEWHERE = {
    ("draft", "--out"), ("merge", "--json"), ("merge", "--out"), ("scenarios", "--json"),
    ("draft", "--prompt"), ("run", "--draws-out"), ("score", "--csv"), ("score", "--page"),
    ("shards", "--csv"), ("shards", "--json"), ("shards", "--out"),
}  # fmt: skip
"""Options that the tests of their own commands write with."""
WITHOUT_FORCE = {"shards"}


def test_every_option_that_names_a_file_to_write_is_in_the_table():
    """A new one belongs here too."""
    writers = {
        "--json",
        "--report",
        "--csv",
        "--latex",
        "--gambit",
        "--out",
        "--export",
        "--posterior",
        "--losses",
        "--page",
        "--predictions",
        "--draws-out",
        "--prompt",
    }
    there = {
        (name, option)
        for name, command in COMMANDS.items()
        for parameter in command.params
        for option in parameter.opts
        if option in writers
    }
    missing = there - {(words[0], words[-2]) for words in OPTIONS.values()}
    assert missing == {("import", "--out"), ("data", "--out"), *ELSEWHERE}
    forced = {name for name, command in COMMANDS.items() if _has(command, "--force")}
    assert forced | WITHOUT_FORCE >= {name for name, _ in there}
    named = {
        (name, option)
        for name, command in COMMANDS.items()
        for parameter in command.params
        for option in parameter.opts
        if isinstance(parameter.type, click.Path) and isinstance(parameter, click.Option)
    }
    assert {option for _, option in named} - writers == {
        "--ledger", "--covariates", "--predict", "--pool", "--import", "--answer"}  # fmt: skip


def _has(command: click.Command, option: str) -> bool:
    return any(option in parameter.opts for parameter in command.params)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A case, a table and a ledger."""
    (tmp_path / "case.yaml").write_text(CANAL.read_text())
    (tmp_path / "table.csv").write_text("parley\ntalk\n")
    return tmp_path


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("book") / "book"
    run("log", CANAL, *QUICK, "--ledger", path)
    return path.read_bytes()


def words(option: str, folder: Path, target: Path, book: bytes = b"") -> list[str]:
    """The command, on the files of a folder."""
    if not (folder / "book").exists():
        (folder / "book").write_bytes(book)
    places = {
        "CASE": folder / "case.yaml", "TABLE": folder / "table.csv", "LEDGER": folder / "book",
    }  # fmt: skip
    given = [str(places.get(word, word)) for word in OPTIONS[option]]
    return [str(target) if word.startswith("FILE") else word for word in given]


def ending(option: str) -> str:
    return OPTIONS[option][-1].removeprefix("FILE")


def solved(*_, **__):
    raise AssertionError("something was solved")


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("force", [True, False])
def test_the_files_that_a_command_reads_are_never_replaced(
    folder, book, monkeypatch, option, force
):
    """Under another name, and by force: the case, the table, the ledger."""
    monkeypatch.setattr(Study, "ensemble", property(solved))
    asked = OPTIONS[option]
    read = "case.yaml" if "CASE" in asked else "book"
    for name in {read, "table.csv" if "TABLE" in asked else read}:
        target = folder / f"{name}-link{ending(option)}"
        target.symlink_to(folder / name)
        given = words(option, folder, target, book)
        before = (folder / name).read_bytes()
        done = CliRunner().invoke(main, [*given, *(["--force"] if force else [])])
        assert done.exit_code == 2, done.output
        assert "which this command reads and never replaces" in done.output
        assert (folder / name).read_bytes() == before
        assert target.is_symlink()


@pytest.mark.parametrize("option", OPTIONS)
def test_a_file_of_others_is_kept_and_told_of_before_anything_is_solved(
    folder, book, monkeypatch, option
):
    """Somebody's notes, with the very ending that the output would have."""
    monkeypatch.setattr(Study, "ensemble", property(solved))
    target = folder / f"notes{ending(option)}"
    target.write_text('{"notes": "mine"}\n')
    case = (folder / "case.yaml").read_bytes()
    done = CliRunner().invoke(main, words(option, folder, target, book))
    assert done.exit_code == 2, done.output
    assert "notes" in done.output
    assert "or give --force to replace it" in done.output
    assert target.read_text() == '{"notes": "mine"}\n'
    assert (folder / "case.yaml").read_bytes() == case


SIMPLE = [
    "run --json", "run --report", "surprise --json", "sensitivity --json", "watch --json",
    "diff --json", "brief --out .docx", "brief --out .md", "sources --csv", "branch --csv",
    "branch --json", "equilibria --csv", "equilibria --json", "score --json",
    "ledger --export .csv", "ledger --export .jsonl", "ledger --export .parquet",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("option", SIMPLE)
def test_a_command_replaces_what_it_wrote_itself(folder, book, option):
    """Run every night, it needs no word from anybody; and with --force it takes a strange file."""
    target = folder / f"made{ending(option)}"
    target.write_text("mine")
    given = words(option, folder, target, book)
    given += [] if given[0] in ("sources", "score", "ledger") else QUICK
    assert CliRunner().invoke(main, given).exit_code == 2
    assert target.read_text() == "mine"
    for more in (["--force"], [], []):
        done = CliRunner().invoke(main, given + more, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        assert target.read_bytes() != b"mine"


def test_a_brief_looks_after_its_picture_as_well(folder):
    """The second file of the pair has the same name, with another ending."""
    (folder / "page.png").write_bytes(b"my holidays")
    done = CliRunner().invoke(
        main, ["brief", str(folder / "case.yaml"), "--out", str(folder / "page.md")]
    )
    assert done.exit_code == 2
    assert "page.png exists already" in done.output
    assert (folder / "page.png").read_bytes() == b"my holidays"
    assert not (folder / "page.md").exists()


def test_a_brief_that_was_edited_is_the_readers(folder):
    """What somebody wrote into it would be lost."""
    page = folder / "page.md"
    run("brief", folder / "case.yaml", *QUICK, "--out", page)
    page.write_text(page.read_text() + "\n(edited)\n")
    done = run("brief", folder / "case.yaml", *QUICK, "--out", page, check=2)
    assert "or somebody changed it since" in done.stderr
    assert "(edited)" in page.read_text()


def test_all_that_is_wrong_with_the_files_is_told_at_once(folder):
    """And nothing of the good one is written."""
    (folder / "a.json").write_text("mine")
    done = run(
        "run",
        folder / "case.yaml",
        "--json",
        folder / "a.json",
        "--report",
        "no/such/r.html",
        check=2,
    )
    assert "no/such/r.html cannot be written" in done.stderr
    (folder / "r.html").write_text("mine")
    done = run(
        "run",
        folder / "case.yaml",
        "--json",
        folder / "a.json",
        "--report",
        folder / "r.html",
        check=2,
    )
    assert "a.json exists already" in done.stderr
    assert "r.html exists already" in done.stderr


@pytest.mark.slow
def test_an_output_can_be_a_device_or_a_pipe(folder):
    """`--json /dev/stdout | jq`, and `/dev/null` stays what it is."""
    case = folder / "case.yaml"
    done = run_alone("watch", case, *QUICK, "--json", "/dev/stdout")
    assert done.stdout.startswith('{\n "document": "backchannel-watch"')
    run("sources", case, "--csv", "/dev/null")
    assert Path("/dev/null").is_char_device()
    with (folder / "all.txt").open("wb") as out:
        command = [
            sys.executable,
            "-m",
            "backchannel",
            "sources",
            str(case),
            "--csv",
            "/dev/stdout",
        ]
        subprocess.run(command, stdout=out, check=True, timeout=60)
    text = (folder / "all.txt").read_text()
    assert text.startswith('"number","label","weakness"')
    assert text.count("\n") > 10


def test_a_user_at_a_terminal_is_asked(folder, monkeypatch):
    """And what is answered counts; Ctrl-D is a no."""
    monkeypatch.setattr(writing, "_may_ask", lambda: True)
    target = folder / "s.csv"
    target.write_text("mine")
    given = ["sources", str(folder / "case.yaml"), "--csv", str(target)]
    for answer in ("n\n", ""):
        done = CliRunner().invoke(main, given, input=answer)
        assert done.exit_code == 2
        assert "Replace it?" in done.output
        assert target.read_text() == "mine"
    assert CliRunner().invoke(main, given, input="y\n").exit_code == 0
    assert target.read_text().startswith('"number","label"')


def test_simulated_plays_never_replace_a_table_unasked(folder):
    """They look like plays that were observed, down to the header."""
    case = folder / "case.yaml"
    done = run("simulate", case, "-n", 5, "--out", folder / "plays.csv")
    assert "Wrote 5 plays" in done.stdout
    before = (folder / "plays.csv").read_bytes()
    run("simulate", case, "-n", 6, "--out", folder / "plays.csv", check=2)
    assert (folder / "plays.csv").read_bytes() == before
    run("simulate", case, "-n", 6, "--out", folder / "plays.csv", "--force")
    assert len(pd.read_csv(folder / "plays.csv")) == 6


def test_new_and_import_make_files_and_replace_none(folder):
    """A link that leads nowhere yet is a name that is taken, too."""
    (folder / "x.yaml").symlink_to(folder / "nowhere")
    done = run("new", folder / "x", check=2)
    assert "exists already" in done.stderr
    assert not (folder / "nowhere").exists()
    run("export", folder / "case.yaml", "--gambit", folder / "g.efg")
    run("import", folder / "g.efg", "--out", folder / "g.yaml")
    first = (folder / "g.yaml").read_text()
    done = run("import", folder / "g.efg", "--out", folder / "g.yaml", check=2)
    assert "exists already" in done.stderr
    assert (folder / "g.yaml").read_text() == first
    done = run("import", folder / "g.efg", "--out", folder / "g.efg", "--force", check=2)
    assert "is the tree, which this command reads" in done.stderr
    os.mkfifo(folder / "p.efg")
    assert "p.efg is a pipe, not a file" in run("import", folder / "p.efg", check=2).stderr
    assert "is a pipe, not a file" in run("check", folder / "p.efg", check=2).stderr
    os.mkfifo(folder / "p.yaml")
    for words_ in (
        ("check", folder / "p.yaml"),
        ("new", folder / "y", "--from", folder / "p.yaml"),
    ):
        assert "p.yaml is a pipe, not a file" in run(*words_, check=2).stderr


def test_a_report_from_python_replaces_its_own_only(folder):
    """A cell of a notebook is run again and again."""
    study = Study.load(folder / "case.yaml", draws=64)
    study.report(folder / "r.html")
    study.report(folder / "r.html")
    (folder / "mine.html").write_text("mine")
    with pytest.raises(Exception, match="pass force=True"):
        study.report(folder / "mine.html")
    assert (folder / "mine.html").read_text() == "mine"
    study.report(folder / "mine.html", force=True)
    assert (folder / "mine.html").read_text("utf-8").startswith("<!doctype html>")
    with pytest.raises(Exception, match="is the case, which this command reads"):
        study.report(folder / "case.yaml", force=True)
    study.export_gambit(folder / "g.efg")
    study.export_gambit(folder / "g.efg", draw=1)
