"""Pages show text as text: templates escape everything, and no view makes HTML of a text."""

from __future__ import annotations

import re

import pytest

from tests.house.test_house import ROOT, SOURCE

PAGES = ROOT / "interface" / "src"
TEMPLATES = sorted(SOURCE.rglob("*.html"))
UNESCAPED = re.compile(r"\|\s*safe\b|autoescape|Markup|\bhref=\"?\{\{|\bsrc=\"?\{\{|\son\w+=")


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_templates_escape_everything(file):
    """No filter that says text is HTML; no address, picture or handler made of text."""
    found = [m[0] for m in UNESCAPED.finditer(file.read_text("utf-8"))]
    assert [f for f in found if "#" not in f] == []


def test_an_unescaped_template_would_be_found():
    """The test bites, and it has templates to look at."""
    assert TEMPLATES
    for sample in (
        "{{ name | safe }}",
        "{{ name|safe }}",
        "{% autoescape false %}",
        '<a href="{{ url }}">',
        "<img src={{ url }}>",
    ):
        assert UNESCAPED.search(sample)


RAW = re.compile(
    r"\{@html|\.(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|new Function\b|\beval\("
    r"|createContextualFragment|set(Timeout|Interval)\(\s*[\"'`]|javascript:"
)


def test_pages_put_text_in_as_text():
    """No view of the interface makes HTML or a program of a text."""
    files = sorted([*PAGES.rglob("*.ts"), *PAGES.rglob("*.svelte")])
    assert files
    for file in files:
        if file.name.endswith(".test.ts"):
            continue
        found = RAW.search(file.read_text("utf-8"))
        assert found is None, f"{file.relative_to(PAGES)}: {found and found[0]}"
