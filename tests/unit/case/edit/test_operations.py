"""A program changes a case file in small steps: comments and layout stay, or nothing happens."""

from __future__ import annotations

import copy
import random
import time
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from backchannel.case.edit.change_data import changed_data, data_alike
from backchannel.case.edit.operation_models import Operation
from backchannel.case.edit.operations import apply_operations
from backchannel.case.read.document import parse_document
from backchannel.language.errors import CommandError
from tests.house.test_house import ROOT

OPERATIONS = TypeAdapter(list[Operation])
SMALL = """\
# A case with comments
case: Talks   # the title
as_of: 2030-01-01

players:
  # Those who decide
  us: {name: Us, precision: 2}     # the first
  them:
    name: Them   # the second
    precision: {between: [1, 4]}

nodes:
  reply: {player: them, domain: [pay, fight], at: 2030-02-01}
  # A reply to the reply
  answer:
    player: us
    domain:
      - talk   # first
      - wait
    sees: [reply]
    at: 2030-03-01

record: []
claims:
  - says: They pay
    test: >-
      P(reply == 'pay')
      > 0.5
  # the last
  - {says: They fight, test: "P(reply == 'fight') > 0.5"}
"""


def changed(text: str, *operations: dict[str, Any]) -> str:
    return apply_operations(text, OPERATIONS.validate_python(list(operations)))


def lines(before: str, after: str) -> list[str]:
    """The lines that go, with a minus, and those that come, with a plus."""
    from difflib import ndiff

    found = ndiff(before.splitlines(), after.splitlines())
    return [line for line in found if line[:1] in "+-"]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (
            {"kind": "set", "path": ["players", "us", "precision"], "value": {"between": [1, 3]}},
            [
                "-   us: {name: Us, precision: 2}     # the first",
                "+   us: {name: Us, precision: {between: [1, 3]}}     # the first",
            ],
        ),
        (
            {"kind": "set", "path": ["players", "them", "name"], "value": "The: others"},
            [
                "-     name: Them   # the second",
                '+     name: "The: others"   # the second',
            ],
        ),
        (
            {"kind": "set", "path": ["players", "them", "about"], "value": "a rival"},
            ["+     about: a rival"],
        ),
        (
            {"kind": "set", "path": ["parameters", "cost"], "value": {"prior": 0.5, "unit": "x"}},
            ["+ parameters:", "+   cost: {prior: 0.5, unit: x}", "+ "],
        ),
        (
            {"kind": "insert", "path": ["nodes", "answer", "domain"], "index": 0, "value": "shout"},
            ["+       - shout"],
        ),
        (
            {"kind": "insert", "path": ["nodes", "answer", "sees"], "value": "other"},
            ["-     sees: [reply]", "+     sees: [reply, other]"],
        ),
        (
            {"kind": "insert", "path": ["record"], "value": {"node": "reply", "value": "pay"}},
            ["- record: []", "+ record:", "+   - {node: reply, value: pay}"],
        ),
        (
            {"kind": "remove", "path": ["nodes", "answer", "domain", 0]},
            ["-       - talk   # first"],
        ),
        (
            {"kind": "remove", "path": ["players", "us", "name"]},
            [
                "-   us: {name: Us, precision: 2}     # the first",
                "+   us: {precision: 2}     # the first",
            ],
        ),
        (
            {"kind": "move", "path": ["nodes", "answer", "domain", 1], "to": 0},
            ["-       - wait", "+       - wait"],
        ),
        (
            {"kind": "move", "path": ["nodes", "reply", "domain", 0], "to": 1},
            [
                "-   reply: {player: them, domain: [pay, fight], at: 2030-02-01}",
                "+   reply: {player: them, domain: [fight, pay], at: 2030-02-01}",
            ],
        ),
        (
            {"kind": "rename_key", "path": ["nodes", "answer"], "name": "rejoinder"},
            ["-   answer:", "+   rejoinder:"],
        ),
        (
            {"kind": "set", "path": ["nodes", "reply", "values"], "value": {"10": "ten"}},
            [
                "-   reply: {player: them, domain: [pay, fight], at: 2030-02-01}",
                "+   reply: {player: them, domain: [pay, fight], at: 2030-02-01, values: {10: ten}}",
            ],
        ),
    ],
)
def test_a_change_touches_only_its_own_lines(operation, expected):
    """So that a colleague can read the difference; the expected lines are written by hand."""
    assert sorted(lines(SMALL, changed(SMALL, operation))) == sorted(expected)


def test_a_mapping_over_a_mapping_changes_only_what_differs():
    """A page that sends a whole node back loses no comment of it."""
    node = {"player": "us", "domain": ["talk", "wait"], "sees": ["reply"], "at": "2030-04-01"}
    after = changed(SMALL, {"kind": "set", "path": ["nodes", "answer"], "value": node})
    assert lines(SMALL, after) == ["-     at: 2030-03-01", "+     at: 2030-04-01"]


def test_an_item_takes_its_comments_with_it():
    """Those above it and those behind it; the claims of the file, last first."""
    after = changed(SMALL, {"kind": "move", "path": ["claims", 1], "to": 0})
    head, claims = SMALL.split("claims:\n")
    first, last = claims.split("  # the last\n")
    assert after == f"{head}claims:\n  # the last\n{last}{first}"
    assert changed(after, {"kind": "move", "path": ["claims", 0], "to": 1}) == SMALL


def test_every_line_ends_as_the_lines_of_the_file_do():
    """A file of another system stays one."""
    text = SMALL.replace("\n", "\r\n")
    operation = {"kind": "set", "path": ["parameters", "cost"], "value": {"prior": 1}}
    assert changed(text, operation) == changed(SMALL, operation).replace("\n", "\r\n")


def test_several_changes_are_made_one_after_the_other_or_none():
    """The second builds on the first, and a third that cannot be made undoes both."""
    first = {"kind": "set", "path": ["nodes", "new"], "value": {"chance": True, "domain": ["a"]}}
    second = {"kind": "insert", "path": ["nodes", "new", "domain"], "value": "b"}
    assert parse_document(changed(SMALL, first, second)).data["nodes"]["new"]["domain"] == [
        "a",
        "b",
    ]
    with pytest.raises(CommandError, match="There is no nodes\\.gone"):
        changed(SMALL, first, second, {"kind": "remove", "path": ["nodes", "gone"]})


def test_random_changes_of_all_catalog_cases_say_what_was_meant_and_keep_all_comments():
    """What a change means is worked out a second way, on plain values."""
    source = random.Random(4)
    for path in sorted(ROOT.glob("src/backchannel/catalog/*/case.yaml")):
        text = path.read_text("utf-8")
        if len(text) > 20_000:
            continue
        places = list(_paths(parse_document(text).data))
        for _ in range(8):
            operation = _random_operation(source, *source.choice(places))
            try:
                after = changed(text, operation)
            except CommandError:
                pytest.fail(f"{path}: {operation}")
            (read,) = OPERATIONS.validate_python([operation])
            assert data_alike(
                parse_document(after).data, changed_data(parse_document(text).data, read)
            )
            if operation["kind"] in ("insert", "rename_key"):
                assert [x for x in lines(text, after) if x.strip("- ").startswith("#")] == []
            if operation["kind"] == "move":
                assert sorted(after) == sorted(text), "every character is still there"


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Any:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, item in items:
        yield (*path, key), item
        yield from _paths(item, (*path, key))


def _random_operation(source: random.Random, path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    kinds = ["set", "remove", "part"]
    kinds += ["insert"] if isinstance(value, list) else []
    kinds += ["rename_key"] if isinstance(path[-1], str) else []
    kinds += ["move"] if isinstance(path[-1], int) else []
    kind, where = source.choice(kinds), list(path)
    if kind == "insert":
        index = source.choice([None, 0, len(value)])
        return {
            "kind": kind,
            "path": where,
            "index": index,
            "value": source.choice([1, {"a": "b: c"}]),
        }
    if kind == "move":
        return {"kind": kind, "path": where, "to": 0}
    if kind == "rename_key":
        return {"kind": kind, "path": where, "name": "another_name"}
    if kind == "part":
        changed_value = copy.deepcopy(value)
        if isinstance(changed_value, dict) and changed_value:
            changed_value.pop(next(iter(changed_value)))
            changed_value["extra"] = ["x", {"y": 1}]
        elif isinstance(changed_value, list):
            changed_value[1:1] = ["new", "newer"]
        else:
            changed_value = "#changed"
        return {"kind": "set", "path": where, "value": changed_value}
    if kind == "set":
        new = source.choice([1, None, "a: b #c", ["x", [2]], {"k": 1, "m": {"n": ["o"]}}, [], {}])
        return {"kind": kind, "path": where, "value": new}
    return {"kind": kind, "path": where}


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
