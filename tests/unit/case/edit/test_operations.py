"""A program changes a case file in small steps: comments and layout stay, or nothing happens."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from backchannel.case.edit.change_data import changed_data, data_alike
from backchannel.case.read.document import parse_document
from backchannel.language.errors import CommandError
from tests.house.test_house import ROOT
from tests.unit.case.edit.small_text import OPERATIONS, SMALL, changed, lines


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


@pytest.mark.slow
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
