"""Texts that break the rules of YAML: each fault in plain words at its place, and the rest is read."""

from __future__ import annotations

import pytest

from backchannel.case.read.document import parse_document, parse_tolerantly
from backchannel.case.read.yaml_nodes import first_fault
from backchannel.language.errors import CaseError

FAULTS = {
    "a tab at the start": (
        "a:\n  b: 1\n\tc: 2\n",
        {"a": {"b": 1, "c": 2}},
        ["3:1: A tab stands at the start"],
    ),
    "tabs at the start of several lines": (
        "a:\n\tb:\n\t\tc: 1\nd:\n\te: 2\n",
        {"a": {"b": {"c": 1}}, "d": {"e": 2}},
        [
            "2:1: A tab stands at the start of this line. Use spaces there: a case has no tabs. Lines 3, 5 begin"
        ],
    ),
    "a tab after a dash": (
        "a:\n  -\tb: 1\n    c: 2\n",
        {"a": [{"b": 1, "c": 2}]},
        ["2:4: A tab stands in this line"],
    ),
    "a line too far to the right": (
        "a:\n  b: x\n   c: y\n  d: z\n",
        {"a": {"b": "x", "c": "y", "d": "z"}},
        ["3:4: This line begins with 3 spaces, but the lines of its level begin with 2 spaces"],
    ),
    "a line too far to the left": (
        "a:\n    b: {x: 1}\n   c: y\n    d: z\n",
        {"a": {"b": {"x": 1}, "c": "y", "d": "z"}},
        ["3:4: This line begins with 3 spaces, but the lines of its level begin with 4 spaces"],
    ),
    "a colon in a text": (
        "q: Host: will\nr: 1\n",
        {"q": "Host: will", "r": 1},
        ["1:4: This text holds a colon"],
    ),
    "a colon in a text of a list": (
        "q:\n  - Host: it: will\n",
        {"q": [{"Host": "it: will"}]},
        ["holds a colon"],
    ),
    "a colon in a text in braces": (
        "a: {q: Host: will, b: 1}\n",
        {"a": {"q": "Host: will", "b": 1}},
        ["1:8: This text holds a colon"],
    ),
    "an expression without quotes": (
        "test: P(reply == 'x', do={a: yes}) > 1\n",
        {"test": "P(reply == 'x', do={a: yes}) > 1"},
        ["Put the text in quotes"],
    ),
    "a list in braces without dashes": (
        "r:\n  {a: 1}\n  {b: 2}\n",
        {"r": [{"a": 1}, {"b": 2}]},
        ["2:3: Each entry of a list begins with a dash"],
    ),
    "the second dash is missing": (
        "r:\n  - {a: 1}\n  {b: 2}\n",
        {"r": [{"a": 1}, {"b": 2}]},
        ["3:3: Each entry of a list begins with a dash"],
    ),
    "a space after the dash is missing": (
        "r:\n  - a\n  -b\n",
        {"r": ["a", "b"]},
        ["3:3: A space is missing after the dash"],
    ),
    "a non-breaking space": (
        "a:\n  p:\xa0x\n  q: y\n",
        {"a": {"p": "x", "q": "y"}},
        ["2:5: This line holds a non-breaking space"],
    ),
    "a non-breaking space at the start": (
        "a:\n\xa0 p: x\n  q: y\n",
        {"a": {"p": "x", "q": "y"}},
        ["2:1: This line holds a non-breaking space"],
    ),
    "a wide colon": (
        "a:\n  p：x\n  q: y\n",
        {"a": {"p": "x", "q": "y"}},
        ["the wide character '：'"],
    ),
    "no space after the colon": (
        "a:\n  p:x\n  q: y\n",
        {"a": {"p": "x", "q": "y"}},
        ["2:5: A space is missing after the colon"],
    ),
    "no colon": (
        "a:\n  q: y\n  p x\n  r: z\n",
        {"a": {"q": "y", "p": "x", "r": "z"}},
        ["3:3: This line has no colon"],
    ),
    "an equals sign": (
        "a:\n  q: y\n  p = x\n",
        {"a": {"q": "y", "p": "x"}},
        ["A colon and a space stand between"],
    ),
    "no colon after a key": (
        "b: 1\na\n",
        {"b": 1, "a": None},
        ["A colon is missing at the end of this line"],
    ),
    "a quotation mark": (
        'a:\n  q: "y\n  p: x\n',
        {"a": {"q": "y", "p": "x"}},
        ['2:6: The quotation mark " is not closed'],
    ),
    "a quotation mark in braces": (
        'a:\n  q: {z: "y, b: 1}\n  p: "x"\n',
        {"a": {"q": {"z": "y", "b": 1}, "p": "x"}},
        ['The quotation mark " is not closed'],
    ),
    "an apostrophe in single quotes": (
        "a: 'the side's view'\nb: 1\n",
        {"a": "the side's view", "b": 1},
        ["ends it too early"],
    ),
    "quotes in quotes": (
        'a: "a "swap" of both"\n',
        {"a": 'a "swap" of both'},
        ["ends it too early"],
    ),
    "text after the quotes": (
        "a: 'x' == y\n",
        {"a": "'x' == y"},
        ["After the closing quotation mark"],
    ),
    "a bracket": (
        "a:\n  q: [y, z\n  p: x\n",
        {"a": {"q": ["y", "z"], "p": "x"}},
        ["2:6: The bracket [ is not closed"],
    ),
    "a bracket in braces": (
        "a:\n  q: {b: [y, z}\n  p: x\n",
        {"a": {"q": {"b": ["y", "z"]}, "p": "x"}},
        ["2:10: The bracket [ is not closed"],
    ),
    "a brace": (
        "a:\n  q: {b: 1\n  p: x\n",
        {"a": {"q": {"b": 1}, "p": "x"}},
        ["2:6: The bracket { is not closed"],
    ),
    "a brace too many": (
        "a:\n  q: {b: 1}}\n  p: x\n",
        {"a": {"q": {"b": 1}, "p": "x"}},
        ["The bracket } closes nothing"],
    ),
    "a hash in braces": (
        "a:\n  q: {b: #1 x, c: 2}\n  p: x\n",
        {"a": {"q": {"b": "#1 x", "c": 2}, "p": "x"}},
        ["Everything after # is a comment"],
    ),
    "a sign at the start": (
        "a: @x\nb: %y\n",
        {"a": "@x", "b": "%y"},
        ["cannot begin with @", "cannot begin with %"],
    ),
    "a star at the start": ("a: *x*\nb: 1\n", {"a": "*x*", "b": 1}, ["cannot begin with *"]),
    "one key too far to the left": (
        "a:\n  b:\n    c: 1\n  d: 2\n    e: 3\n    f: 4\n",
        {"a": {"b": {"c": 1, "d": 2, "e": 3, "f": 4}}},
        ["4:3: This line begins with 2 spaces, but the lines of its level begin with 4"],
    ),
    "quotes in quotes, in braces": (
        'a: {w: "(r == "x") - 1", b: 1}\n',
        {"a": {"w": "(r == 'x') - 1", "b": 1}},
        ["Use the other kind inside"],
    ),
    "a key of an entry too far to the left": (
        "r:\n  - a: 1\n    b: 2\n  c: 3\n    d: 4\n",
        {"r": [{"a": 1, "b": 2, "c": 3, "d": 4}]},
        ["4:3: This line begins with 2 spaces"],
    ),
    "an entry without its dash": (
        "r:\n  - a: 1\n    b: 2\n  a: 3\n    b: 4\n",
        {"r": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]},
        ["4:3: Each entry of a list begins with a dash"],
    ),
    "a list in braces": ("a: {x, y}\n", {"a": {}}, ["A list stands in square brackets: [x, y]"]),
    "numbers of a prior without brackets": (
        "a: {between: 4, 16}\n",
        {"a": {"between": [4, 16]}},
        ["Write the numbers in brackets: [4, 16]"],
    ),
    "a backslash": ('a: "c:\\dir"\n', {"a": "c:\\dir"}, ["In double quotes a backslash"]),
    "a missing comma": (
        "a: {title: Wire date: 1}\n",
        {"a": {"title": "Wire", "date": 1}},
        ["A comma is missing before date"],
    ),
    "a missing comma after quotes": (
        "a: {t: 'W' d: 1}\n",
        {"a": {"t": "W", "d": 1}},
        ["1:11: A comma is missing here"],
    ),
    "a comma in a text": (
        "a: {t: W, on x, d: 1}\n",
        {"a": {"t": "W, on x", "d": 1}},
        ['Put the text in quotes: "W, on x"'],
    ),
    "a decimal comma": (
        "a: {p: 2,5, u: x}\n",
        {"a": {"p": 2.5, "u": "x"}},
        ["Write the number with a point: 2.5"],
    ),
    "no space in braces": (
        "a: {n:Q, b: 1}\n",
        {"a": {"n": "Q", "b": 1}},
        ["A space is missing after the colon. Write n: Q"],
    ),
    "all dashes without a space": (
        "r:\n  -{a: 1}\n  -{b: 2}\n",
        {"r": {}},
        ["missing after the dash", "missing after the dash"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_and_the_rest_is_read(fault):
    """One problem for each fault, with line and column, and the values that were meant."""
    text, data, told = fault
    document = parse_tolerantly(text)
    found = [str(problem) for problem in document.problems]
    assert len(found) == len(told), found
    for problem, message in zip(found, told, strict=True):
        assert message in problem
    assert document.data == data


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_text_with_a_fault_is_never_taken(fault):
    """The mends are for the list of problems only."""
    with pytest.raises(CaseError):
        parse_document(fault[0])


def test_faults_of_several_kinds_are_all_told():
    text = "a: x: y\nb:\n  p:\xa0x\n\tq: 1\nc: [1, 2\nd: {t: W, on x}\ne: 'f\n"
    document = parse_tolerantly(text)
    assert sorted(p.place.line for p in document.problems) == [1, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "text",
    [
        "a: {url: https://x.y/z, t: 12:30}\n",
        "a:\tb\n",
        "a: {asks: Will it?, next: b}\n",
        "a: [NO, it's, x:y]\n",
        "a: |\n  b: c: d\n  - e\n",
        "a: text\n  that goes on\nb: '#1'\n",
        "a: {b: 'x, y', 'c, d': 1}\n",
    ],
)
def test_a_sound_text_has_no_faults(text):
    """Web addresses, times, apostrophes, blocks of text."""
    assert parse_tolerantly(text).problems == ()
    assert first_fault(text) is None


def test_what_nothing_mends_is_told_in_plain_words():
    """And the case is not judged by what is left of it."""
    document = parse_tolerantly("a: 1\n? : : - [ }\nb: 2\n")
    assert document.problems
    assert all("YAML" not in str(p) and "mapping" not in str(p) for p in document.problems)
