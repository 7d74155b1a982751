"""Case files are edited as text: comments and layout stay, and what reads back is what was meant."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backchannel.case.edit.yaml_value import flow
from backchannel.case.read.document import parse_document
from backchannel.language.errors import CommandError
from tests.helpers import add_entries

HEAD = "case: x  # title\nas_of: {day}\nsources:\n  s: {{title: S}}   # the source\n"
TAIL = "# the end\nclaims: []\n"
ENTRY = {"node": "z", "value": "no", "date": date(2031, 5, 1), "source": "s", "reliability": 0.9}
PLAIN = {**ENTRY, "date": "2031-05-01"}

LAYOUTS = {
    "lines in braces": "record:\n  - {node: a, value: b, date: 2030-01-01, source: s} # c\n  # more\n",
    "lines of keys": "record:\n- node: a\n  value: b # k\n  at: >\n    long\n    text\n  source: s\n\n",
    "empty brackets": "record: []  # none yet\n",
    "brackets": "record: [{node: a, value: b, date: 2030-01-01, source: s}]\n",
    "nothing after the key": "record:\n",
    "no such key": "",
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_an_entry_is_added_in_every_layout_and_no_comment_is_lost(layout):
    """Every line that was there is still there, but for the one whose value changed."""
    text = HEAD.format(day="2030-06-01") + layout + TAIL
    made = add_entries(text, [ENTRY])
    assert parse_document(made).data["record"][-1] == PLAIN
    assert parse_document(made).data["as_of"] == "2031-05-01"
    for comment in ("# title", "# the source", "# the end", "# c", "# more", "# k", "# none yet"):
        assert (comment in made) == (comment in text)
    left = iter(made.splitlines())
    kept = [line for line in text.splitlines() if "as_of" not in line and "record: [" not in line]
    assert all(line in left for line in kept), "a line is gone, or stands elsewhere"


def test_an_earlier_entry_leaves_the_day_of_the_case_alone():
    """What is learnt late about an early day does not make the case know more of later days."""
    text = HEAD.format(day='"2033-01-01"') + "record: []\n"
    assert 'as_of: "2033-01-01"' in add_entries(text, [ENTRY])


def test_a_new_source_stands_with_the_others():
    """And is written so that it reads back."""
    text = HEAD.format(day="2030-06-01") + "record: []\n"
    made = add_entries(text, [ENTRY], sources={"m": {"title": "A: b", "date": date(2031, 5, 1)}})
    assert parse_document(made).data["sources"]["m"] == {"title": "A: b", "date": "2031-05-01"}
    assert made.index("the source") < made.index("\n  m:") < made.index("record")


def test_lines_that_end_as_on_windows_go_on_so():
    """A file keeps its own kind of line."""
    text = (HEAD.format(day="2030-06-01") + LAYOUTS["lines in braces"]).replace("\n", "\r\n")
    made = add_entries(text, [ENTRY])
    assert made.count("\n") == made.count("\r\n")


def test_what_cannot_be_edited_safely_is_left_to_its_author():
    """The message says what to do instead."""
    with pytest.raises(CommandError, match="by hand"):
        add_entries("case: x\nas_of: 2030-01-01\nother: &a [1]\nrecord: *a\n", [ENTRY])


def test_a_file_that_is_one_mapping_in_braces_is_edited_too():
    """As other programs write it."""
    made = add_entries('{"case": "x", "as_of": "2030-01-01", "record": []}', [ENTRY])
    assert parse_document(made).data["record"] == [PLAIN]


@given(st.one_of(st.text(max_size=20), st.integers(-9, 9), st.floats(-9, 9, width=32)))
def test_every_value_written_on_a_line_reads_back(value):
    """Words that look like something else are put in quotes."""
    text = f"case: {flow({'value': value})}\n"
    assert parse_document(text).data["case"]["value"] == value
