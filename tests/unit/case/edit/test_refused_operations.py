"""Operations without a meaning are refused in words, and values that are hard to write come back as they were."""

from __future__ import annotations

import time
from typing import Any

import pytest
from pydantic import ValidationError

from backchannel.case.read.document import parse_document
from backchannel.language.errors import CommandError
from tests.unit.case.edit.small_text import OPERATIONS, SMALL, changed


@pytest.mark.parametrize(
    "operation",
    [
        {"kind": "set", "path": [], "value": 1},
        {"kind": "set", "path": ["a"] * 41, "value": 1},
        {"kind": "set", "path": ["a" * 2_000], "value": 1},
        {"kind": "set", "path": [1.5], "value": 1},
        {"kind": "set", "path": [None], "value": 1},
        {"kind": "drop", "path": ["case"]},
        {"kind": "rename", "of": "planet", "name": "a", "new_name": "b"},
        {"kind": "delete", "of": "node", "name": ""},
        {"kind": "remove", "path": ["case"], "more": 1},
    ],
)
def test_what_is_no_operation_is_refused_before_anything_is_read(operation):
    """A page can send anything."""
    with pytest.raises(ValidationError):
        OPERATIONS.validate_python([operation])


@pytest.mark.parametrize(
    "operation",
    [
        {"kind": "set", "path": ["players", "us", "name", "deeper"], "value": 1},
        {"kind": "set", "path": ["claims", 7], "value": {}},
        {"kind": "set", "path": ["claims", "x"], "value": {}},
        {"kind": "set", "path": ["claims", -1], "value": {}},
        {"kind": "set", "path": ["case"], "value": float("inf")},
        {"kind": "insert", "path": ["case"], "value": 1},
        {"kind": "insert", "path": ["claims"], "index": 9, "value": {}},
        {"kind": "insert", "path": ["claims"], "index": -1, "value": {}},
        {"kind": "move", "path": ["claims", 0], "to": 2},
        {"kind": "move", "path": ["claims", 0], "to": -1},
        {"kind": "move", "path": ["players", "us"], "to": 0},
        {"kind": "remove", "path": ["nodes", "__class__"]},
        {"kind": "rename_key", "path": ["claims", 0], "name": "x"},
        {"kind": "rename_key", "path": ["nodes", "reply"], "name": "answer"},
        {"kind": "rename", "of": "node", "name": "reply", "new_name": "answer"},
        {"kind": "rename", "of": "node", "name": "reply", "new_name": "re ply"},
        {"kind": "rename", "of": "node", "name": "reply", "new_name": "re\u202eply"},
        {"kind": "rename", "of": "node", "name": "reply", "new_name": "min"},
        {"kind": "rename", "of": "value", "inside": "reply", "name": "pay", "new_name": "it's"},
        {"kind": "rename", "of": "value", "inside": "nowhere", "name": "pay", "new_name": "x"},
        {"kind": "delete", "of": "player", "name": "\x1b[31mnobody"},
    ],
)
def test_a_change_without_a_meaning_is_refused_in_words(operation):
    """One sentence, without control characters, and nothing is changed."""
    with pytest.raises(CommandError) as refused:
        changed(SMALL, operation)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize(
    "value",
    [
        "x" * 100_000,
        "line\nline\n\n  line",
        "\x00\x07\x1b[31m\u202e",
        "\ud7ff\ue000\U0001f600",
        "'\"\\ # : - ? | > & * ! % @ `",
        "- a",
        "yes",
        "0x10",
        "1e400",
        "2030-13-45",
        "~",
        "<<",
    ],
)
def test_any_text_comes_back_as_the_same_text(value):
    """Whatever a page sends as a value is a value, and the rest of the file stays."""
    after = changed(SMALL, {"kind": "set", "path": ["about"], "value": value})
    assert parse_document(after).data["about"] == value
    assert after.replace(after[after.index("about:") : after.index("as_of:")], "") == SMALL


@pytest.mark.parametrize("value", [["*anchor", "&anchor", "!tag"], {"a\tb": {"": [], "*x": "|"}}])
def test_any_collection_comes_back_as_the_same(value):
    """Marks of YAML in a value are text."""
    after = changed(SMALL, {"kind": "set", "path": ["about"], "value": value})
    assert parse_document(after).data == {**parse_document(SMALL).data, "about": value}


def test_a_key_that_yaml_would_merge_is_refused():
    """`<<` takes in other mappings in some programs; a case file has none of it."""
    with pytest.raises(CommandError):
        changed(SMALL, {"kind": "set", "path": ["about", "<<"], "value": {}})


def test_half_a_character_is_refused():
    """A lone surrogate cannot be written into a file."""
    with pytest.raises(CommandError):
        changed(SMALL, {"kind": "set", "path": ["about"], "value": "\ud800"})


@pytest.mark.parametrize(
    "text",
    [
        "case: &t Talks\nabout: *t\n",
        "{case: Talks, about: x}\n",
        "case: Talks\nabout:\n\t- x\n",
        "case: Talks\n? about\n: x\n",
        "case: Talks\nabout: !!str x\n",
        "case: Talks\n---\nabout: x\n",
        "case: Talks\nabout: [a,\n  b # c\n  ]\n",
        "- case\n",
        "",
        "case: [",
    ],
)
def test_an_unusual_file_is_changed_rightly_or_not_at_all(text):
    """Anchors, tabs, flow style, tags: the result says what was meant, or a sentence says that it cannot be done."""
    for value in ("new", ["new", {"a": 1}], {"k": "v"}):
        operation = {"kind": "set", "path": ["about"], "value": value}
        try:
            after = changed(text, operation)
        except CommandError:
            continue
        before = parse_document(text).data
        assert parse_document(after).data == {**before, "about": value}


def test_a_huge_value_or_a_deep_one_is_refused_at_once():
    """Neither takes longer than the file may."""
    began = time.process_time()
    with pytest.raises(CommandError, match="longer than"):
        changed(SMALL, {"kind": "set", "path": ["about"], "value": "x" * 3_000_000})
    deep: Any = 1
    for _ in range(200):
        deep = [deep]
    with pytest.raises(CommandError, match="nested too deeply"):
        changed(SMALL, {"kind": "set", "path": ["about"], "value": deep})
    assert time.process_time() - began < 5
