"""Decision records have one format and no unexplained gaps; the glossary defines each word once."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
RECORDS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
PARTS = ["Situation", "Choice", "Price", "Revisit"]
MOST_WORDS = 460
"""Words of a decision record: half a page, or a little more."""
ROW = re.compile(r"^\| (?P<number>\d+) \| (?P<record>.+?) \| (?P<status>.+?) \|$", re.MULTILINE)
LINK = re.compile(r"\[(?P<title>.+)\]\((?P<file>.+)\)")


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_a_decision_record_has_the_one_format(record):
    """Who looks for the price of a choice finds it at the same place in every record."""
    text = record.read_text()
    title = text.splitlines()[0]
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+", record.stem)
    assert title.startswith(f"# {int(record.stem[:4])}. ")
    assert re.findall(r"^\*\*(\w+)\b", text, re.MULTILINE) == PARTS
    assert len(text.split()) <= MOST_WORDS


def test_the_index_of_decisions_lists_every_number_once():
    """A record that is not listed is not found, and a gap needs a reason."""
    rows = list(ROW.finditer((DOCS / "decisions" / "README.md").read_text()))
    assert [int(row["number"]) for row in rows] == list(range(1, len(rows) + 1))
    listed = {}
    for row in rows:
        if link := LINK.fullmatch(row["record"]):
            listed[link["file"]] = f"# {row['number']}. {link['title']}"
        else:
            assert row["record"] == "—"
            assert "used" in row["status"], f"record {row['number']} is missing without a reason"
    assert listed == {record.name: record.read_text().splitlines()[0] for record in RECORDS}


def test_the_glossary_defines_each_word_once_in_one_sentence():
    """Two definitions of one word would drift apart."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (DOCS / "glossary.md").read_text().splitlines()
        if line.startswith("| ") and not line.startswith("| word |")
    ]
    words = Counter(row[0].removeprefix("to ").split(" (")[0].lower() for row in rows)
    assert not [word for word, n in words.items() if n > 1]
    for word, meaning, _ in rows:
        assert re.fullmatch(r"[^.]+(\.\d[^.]*)*\.", meaning), f"{word}: {meaning}"


def test_links_between_decision_records_lead_somewhere():
    """Records are renamed; links must follow."""
    for page in (DOCS / "decisions").glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_page_on_stability_names_what_it_promises():
    """A name that is exported, an exit code and a variable are promises; they stand on one page."""
    import backchannel
    from backchannel.language import errors

    page = (DOCS / "stability.md").read_text()
    assert not [name for name in backchannel.__all__ if f"`{name}`" not in page]
    rows = re.findall(r"^\| (\d) \| .+? \| (.*?)\|$", page, re.MULTILINE)
    promised = {name: int(code) for code, names in rows for name in re.findall(r"`(\w+)`", names)}
    own = {
        kind.__name__: kind.exit_code for kind in errors.BackchannelError.__subclasses__()
        if kind.__module__ == errors.__name__
    }  # fmt: skip
    assert promised == own
    sources = " ".join(file.read_text() for file in (ROOT / "src").rglob("*.py"))
    variables = set(re.findall(r"\b(?:BACKCHANNEL|XDG)_[A-Z_]+\b", sources))
    assert not [name for name in variables if f"`{name}`" not in page]


def test_the_page_on_architecture_shows_every_room_and_every_layer():
    """A room that is not on the map is not found."""
    source = ROOT / "src" / "backchannel"
    page = (DOCS / "architecture.md").read_text()
    rooms = {file.parent.name for file in source.glob("*/__init__.py")}
    assert not [room for room in rooms if f"\n  {room}/ " not in page]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = [
        layer.replace("backchannel.", "").replace(" | ", ", ")
        for layer in contracts["contracts"][0]["layers"]
    ]
    shown = page.split("## Layers")[1].split("```")[1].split("\n")
    assert [set(line.split(", ")) for line in shown if line] == [
        set(line.split(", ")) for line in layers
    ]


def test_files_that_the_page_on_architecture_names_exist():
    """The lists of files to touch are followed by people."""
    page = (DOCS / "architecture.md").read_text()
    named = set(re.findall(r"`([\w/.]+/[\w.]*|[\w/]+\.(?:py|yaml|md|json))`", page))
    homes = [ROOT, ROOT / "src" / "backchannel", ROOT / "interface"]
    lost = {path for path in named if not any((home / path).exists() for home in homes)}
    assert not {path for path in lost if "NAME" not in path}
