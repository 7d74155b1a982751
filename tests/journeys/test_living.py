"""Following a case from the command line, week by week, as an analyst would."""

from __future__ import annotations

import json

import pytest

from tests.commands import QUICK, run
from tests.helpers import CANAL

ADD = ("--add", "parley=talk", "--on", "2031-05-01", "--source", "gazette")


@pytest.fixture
def talks(tmp_path):
    path = tmp_path / "talks.yaml"
    path.write_text(CANAL.read_text())
    return path


def test_an_update_is_shown_written_explained_and_taken_back(talks, tmp_path):
    """The difference first, then what moved; and the file can be had back."""
    target = tmp_path / "moved.json"
    done = run("update", talks, *QUICK, *ADD, "--json", target)
    assert "+  - {node: parley, value: talk, date: 2031-05-01, source: gazette}" in done.stdout
    assert "Before it happened, the news had a probability of" in done.stdout
    assert "How likely the news was" in done.stdout
    assert "value: talk" in talks.read_text()
    document = json.loads(target.read_text())
    assert document["news"][0]["node"] == "parley"
    assert "Undone: update parley=talk" in run("update", talks, "--undo").stdout
    assert talks.read_text() == CANAL.read_text()


def test_a_dry_run_writes_nothing(talks):
    """Everything is shown."""
    done = run("update", talks, *QUICK, *ADD, "--dry-run")
    assert "What changed" in done.stdout
    assert talks.read_text() == CANAL.read_text()


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        (("--add", "parly=talk", *ADD[2:]), 2, "Did you mean 'parley'?"),
        (("--add", "parley=tlak", *ADD[2:]), 1, "Did you mean 'talk'?"),
        ((*ADD[:4], "--source", "gazete"), 1, "Did you mean 'gazette'?"),
        ((*ADD[:4], "--source", "herald"), 1, "--new-source TITLE adds it"),
        ((*ADD, "--new-source", "Gazette"), 2, "has a source 'gazette' already"),
        ((*ADD, "--grade", "B2"), 2, "name it with --new-source"),
        ((*ADD, "--add", "parley=wait"), 2, "parley is set twice"),
        (ADD[:2], 2, "--on, --source is missing"),
        (("--add", "demand=50", *ADD[2:]), 1, "cannot also be '50'"),
        (("--add", "demand=50", "--on", "2031-01-01", "--source", "gazette"), 1, "cannot also be"),
        (("--undo",), 2, "nothing to undo"),
    ],
)  # fmt: skip
def test_a_wrong_update_says_so_and_writes_nothing(talks, given, code, told):
    """Nearest names, values and entries, at their line; nothing is lost."""
    done = run("update", talks, *QUICK, *given, check=code)
    assert told in done.stderr
    assert talks.read_text() == CANAL.read_text()


def test_what_happened_earlier_than_planned_moves_the_planned_day(talks):
    """The day in the plan becomes the day on which it happened; the answers are those of that case."""
    early = ("--add", "parley=talk", "--on", "2031-04-20", "--source", "gazette")
    done = run("update", talks, *QUICK, *early)
    assert "parley was planned for 2031-05-01. It happened earlier" in done.stdout
    assert "at: 2031-04-20" in talks.read_text()
    by_hand = CANAL.read_text().replace("at: 2031-05-01", "at: 2031-04-20")
    by_hand = by_hand.replace("as_of: 2031-04-02", "as_of: 2031-04-20")
    entry = "  - {node: parley, value: talk, date: 2031-04-20, source: gazette}\n"
    by_hand = by_hand.replace("\ncauses:", f"{entry}\ncauses:")
    assert talks.read_text().split() == by_hand.split()
    assert "is as it was before" in run("update", talks, "--undo").stdout
    assert talks.read_text() == CANAL.read_text()


def test_an_entry_before_the_last_one_is_allowed_and_said(talks):
    """What is learnt late is still learnt."""
    old = talks.read_text()
    cut = old.replace("  - {node: demand, value: 30, date: 2031-03-10, source: gazette}\n", "")
    talks.write_text(cut)
    done = run("update", talks, *QUICK, "--add", "demand=30", "--on", "2031-03-10", "--source",
               "gazette")  # fmt: skip
    assert "is dated before the last entry (1 April 2031)" in done.stdout
    assert "value: 30" in talks.read_text()


def test_a_case_of_the_catalog_is_copied_not_changed(tmp_path):
    """The message says how."""
    done = run("update", "signalling", *ADD, check=2)
    assert "backchannel new talks --from signalling" in done.stderr
    run("new", tmp_path / "mine.yaml", "--from", "signalling")
    assert "fine" in run("check", tmp_path / "mine.yaml").stdout


def test_forecasts_are_logged_resolved_and_scored(talks, tmp_path):
    """From the first forecast to its score."""
    book = ("--ledger", tmp_path / "team.ledger")
    assert "There is no ledger" in run("score", *book, check=2).stderr
    run("log", "nosuch", *book, check=2)
    assert not (tmp_path / "team.ledger").exists()
    assert "run 1" in run("log", talks, *QUICK, *book, "--by", "desk").stdout
    assert "There is no resolved forecast yet" in run("score", *book).stdout
    outcome = ("parley=talk", "--on", "2031-05-01", "--source", "Gazette")
    assert "can be" in run("resolve", talks, *book).stdout
    assert (
        "--on, --source is missing" in run("resolve", talks, "parley=talk", *book, check=2).stderr
    )
    assert "parley is given twice" in run(
        "resolve", talks, "parley=wait", *outcome, *book, check=2
    ).stderr  # fmt: skip
    entered = run("resolve", talks, *outcome, *book).stdout
    assert "By its test: talk: envoys meet before 1 June, by the Gazette" in entered
    assert "1 May 2031 is in the future" in entered
    assert "resolved before" in run("resolve", "talks", *outcome, *book, check=2).stderr
    scored = run("score", *book, "--json", tmp_path / "s.json").stdout
    assert "up to 30 days" in scored
    assert json.loads((tmp_path / "s.json").read_text())["total"]["nodes"] == 1
    run("ledger", *book, "--export", tmp_path / "all.csv")
    assert (tmp_path / "all.csv").read_text().count("\n") == 4
    assert "withdrawn: a test" not in run("ledger", *book).stdout
    talks.write_text(CANAL.read_text().replace("case: Canal tolls", "case: Another"))
    assert "Another; Canal tolls" in run("log", talks, *QUICK, *book).stdout
    run("ledger", *book, "--withdraw", 1, "--why", "a test")
    assert "withdrawn: a test" in run("ledger", *book).stdout


def test_a_brief_is_one_page_with_the_figure(talks, tmp_path):
    """Word and Markdown say the same."""
    docx = pytest.importorskip("docx")
    run("brief", talks, *QUICK, "--out", tmp_path / "b.docx")
    page = docx.Document(tmp_path / "b.docx")
    text = "\n".join(paragraph.text for paragraph in page.paragraphs)
    assert len(page.inline_shapes) == 1
    run("brief", talks, *QUICK, "--out", tmp_path / "b.md")
    written = (tmp_path / "b.md").read_text()
    assert (tmp_path / "b.png").read_bytes().startswith(b"\x89PNG")
    for heading in ("What the answers hinge on", "What would change our mind"):
        assert heading in text
        assert f"## {heading}" in written
    first = next(
        line
        for line in text.splitlines()
        if "more likely than not" in line or "most likely value" in line
    )
    assert first in written
    assert "ends in .docx or .md" in run("brief", talks, "--out", "b.pdf", check=2).stderr


def test_sources_and_watch_and_diff_show_what_they_promise(talks, tmp_path):
    """A table each, in words."""
    shown = run("sources", talks, "--csv", tmp_path / "s.csv").stdout
    assert "judgement alone" in shown
    assert "B2" in shown
    assert "source" in (tmp_path / "s.csv").read_text()
    assert "parley: talk" in run("watch", talks, *QUICK, "--about", "resolve").stdout
    later = tmp_path / "later.yaml"
    later.write_text(talks.read_text().replace("{beta: [2, 8]}", "{beta: [4, 6]}"))
    assert "parameters.war_cost.prior" in run("diff", talks, later, *QUICK).stdout
    same = run("diff", talks, talks, *QUICK, "--json", tmp_path / "same.json")
    assert "The two cases have the same content" in same.stdout
    assert json.loads((tmp_path / "same.json").read_text())["differences"] == []
