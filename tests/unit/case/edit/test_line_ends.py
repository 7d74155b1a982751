"""A case file from another system keeps its line ends when it is edited."""

from __future__ import annotations

import pytest

from tests.helpers import add_entries

ENTRY = {"node": "n", "value": "a", "date": "2030-01-02"}
HEAD = "case: x\nas_of: 2030-01-01\n"


@pytest.mark.parametrize(
    "record",
    [
        "",
        "record: []\n",
        "record:\n",
        "record:\n  - {node: n, value: a, date: 2030-01-01}\n",
        "record:\n  - node: n\n    value: a\n    date: 2030-01-01\n",
        "record: [{node: n, value: a, date: 2030-01-01}]\n",
        "record:\n  - {node: n, value: a, date: 2030-01-01}",
    ],
)
@pytest.mark.parametrize(
    "sources", ["", "sources:\n  b: {title: B}\n", "sources: {b: {title: B}}\n"]
)
def test_every_line_ends_as_all_lines_do(record, sources):
    """The text is the same but for its line ends."""
    text = HEAD + sources + record
    added = {"c": {"title": "C"}}
    expected = add_entries(text, [ENTRY, ENTRY], sources=added)
    windows = add_entries(text.replace("\n", "\r\n"), [ENTRY, ENTRY], sources=added)
    assert windows == expected.replace("\n", "\r\n")


def test_a_file_of_mixed_line_ends_keeps_those_that_it_has():
    """No line that was not edited changes."""
    text = "case: x\r\nas_of: 2030-01-01\nrecord:\r\n  - {node: n, value: a, date: 2030-01-01}\n"
    assert add_entries(text, [{**ENTRY, "date": "2030-01-01"}]).startswith(text)
