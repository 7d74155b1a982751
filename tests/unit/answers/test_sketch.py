"""The sketch draws what the check will draw, and draws a case that has problems, too."""

from __future__ import annotations

import pytest

from backchannel.answers.outline import compose_outline
from backchannel.answers.sketch import compose_sketch
from backchannel.case.read.document import parse_document
from backchannel.language.errors import BackchannelError
from backchannel.web.checking import runnable
from tests.house.test_house import ROOT

CASES = sorted(
    [*ROOT.glob("src/backchannel/catalog/*/case.yaml"), *ROOT.glob("tests/cases/*.yaml")]
)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_sketch_of_a_case_without_problems_is_its_diagram(path):
    """Worked out from names in the text, without reading it as a case: the same boxes, arrows and places."""
    text = path.read_text("utf-8")
    content = parse_document(text).data
    sketch = compose_sketch(content)
    if sketch is None:
        assert "rounds" in content or "trade" in content
        return
    try:
        outline = compose_outline(runnable(text, file=path.name), name=path.stem)
    except BackchannelError:
        pytest.skip("it cannot be run")
    assert sketch.layout == outline.layout
    assert [(n.name, n.title, n.kind, n.player, n.date, n.parents) for n in sketch.nodes] == [
        (n.name, n.title, n.kind, n.player, n.date, n.parents) for n in outline.nodes
    ]


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {"nodes": None},
        {"nodes": {"a": None}},
        {"nodes": {"a": {"player": 3, "sees": "b", "at": "soon", "domain": "x"}, "b": 5}},
        {"nodes": {"a": {"derived": "b == 1"}, "b": {"derived": "a == 1"}, "c": {"derived": "c"}}},
        {"nodes": {"a": {"player": "x", "sees": ["a", "nowhere", 7, {}]}}, "interests": {"w": 1}},
        {"nodes": {"a": {"derived": "q"}}, "quantities": {"q": "r", "r": "q + a"}},
        {
            "information": "public",
            "nodes": {"a": {"player": "x", "at": "soon", "hidden_from": 3}, "b": {"derived": "a"}},
        },
        {
            "information": "public",
            "nodes": {
                "a": {"derived": "b"},
                "b": {"derived": "a"},
                "c": {"player": "x", "at": "2030-01-01", "when": "d"},
            },
        },
        {"nodes": {5: {"title": ["x"]}}, "interests": {None: {"worth": {"table": 3}}}},
    ],
)
def test_any_content_has_a_sketch_or_none(content):
    """Circles, names of nothing, and values of the wrong kind are for the check to report."""
    sketch = compose_sketch(content)
    if sketch is not None:
        names = {node.name for node in sketch.nodes}
        assert all(set(node.parents) <= names for node in sketch.nodes)
        assert len(sketch.layout.nodes) == len(sketch.nodes) + len(sketch.interests)


def test_a_case_with_a_problem_is_drawn_with_what_it_says():
    """So that a case can be built step by step, each of which is not yet a case."""
    sketch = compose_sketch(
        {
            "nodes": {
                "demand": {"player": "north", "at": "2030-01-01"},
                "reply": {"player": "south", "sees": ["demand"], "at": "2030-02"},
            },
            "interests": {"peace": {"player": "north", "worth": "(reply == 'pay') * gone"}},
        }
    )
    assert sketch is not None
    assert [(node.name, node.parents) for node in sketch.nodes] == [
        ("demand", []),
        ("reply", ["demand"]),
    ]
    assert str(sketch.nodes[1].date) == "2030-02", "a month stays a month"
    assert sketch.interests[0].parents == ["reply"]


def test_where_information_is_public_a_case_with_a_problem_shows_what_decisions_can_use():
    """What nobody can use is not drawn, and neither is what is hidden from a player."""
    sketch = compose_sketch(
        {
            "information": "public",
            "nodes": {
                "talks": {"player": "north", "at": "2030-01-01"},
                "mood": {"chance": True, "at": "2030-01-02", "hidden_from": "south"},
                "weather": {"chance": True, "at": "2030-01-03"},
                "reply": {"player": "south", "at": "2030-02-01"},
            },
            "interests": {
                "peace": {
                    "player": "south",
                    "worth": "(talks == 'x') * (reply == 'pay') * mood * gone",
                },
                "broken": {"player": "south", "worth": "((("},
            },
        }
    )
    assert sketch is not None
    assert {node.name: node.parents for node in sketch.nodes}["reply"] == ["talks"]
