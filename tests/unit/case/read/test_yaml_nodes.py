"""Composing YAML by a loop: the same values, and a place for what is refused."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode

from backchannel.case.read.document import parse_document
from backchannel.case.read.yaml_nodes import MAX_DEPTH, MOST_EXACT, compose_nodes
from backchannel.language.errors import CaseError


def _problem(text: str) -> str:
    with pytest.raises(CaseError) as caught:
        parse_document(text)
    return str(caught.value.problems[0])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: " + "[" * 50_000, f"1:{3 + MAX_DEPTH}"),
        ("- " * 50_000, f"1:{2 * MAX_DEPTH + 1}"),
        ("".join(" " * i + "a:\n" for i in range(300)), f"{MAX_DEPTH + 1}:{MAX_DEPTH + 1}"),
    ],
)
def test_depth_is_refused_at_its_place(text, place):
    """Brackets, dashes and indented keys; the place is where one too many begins."""
    assert _problem(text).startswith(f"case.yaml:{place}: This is nested too deeply")


def test_what_is_as_deep_as_allowed_is_read():
    """One level fewer."""
    whole = "[" * (MAX_DEPTH - 1) + "x" + "]" * (MAX_DEPTH - 1)
    assert parse_document(f"a: {whole}").data["a"] == eval_brackets(whole)


def eval_brackets(text: str):
    """Nested lists around one word."""
    value: object = "x"
    for _ in range(text.count("[")):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\n---\nb: 2\n", "2:1: A second YAML document begins here"),
        ("a: *b\n", "1:4: A text cannot begin with *. Put the text in quotes"),
        ("a: &a [*a]\n", "1:8: This value contains itself"),
        ("a: !!python/object:os.system x\n", "1:4: The type mark tag:yaml.org,2002:python/object"),
        (
            "a: !!python/object:os.system {x: y}\n",
            "1:4: The type mark tag:yaml.org,2002:python/object",
        ),
        ('a: "\\ud800"\n', "1:4: This contains half a character"),
        ("a: \0\n", "The text holds a control character"),
        ("? [1, 2]\n: 3\n", "A key must be a word or a number"),
    ],
)
def test_what_a_case_cannot_hold_is_refused_in_words(text, said):
    """Each with its line and column, where the parser gives one."""
    assert said in _problem(text)


def test_a_question_mark_in_braces_is_read_by_the_fast_parser_too():
    """The stand-in for it never shows, nor moves a place; a text that holds it is read as it is."""
    filler = "".join(f"k{i}: {{q: who?, r: x}}\n" for i in range(MOST_EXACT // 18))
    text = filler + "z: {asks: Who? Why?, b: 'c?', d: 2}\n"
    assert len(text) > MOST_EXACT
    document = parse_document(text)
    assert document.data["z"] == {"asks": "Who? Why?", "b": "c?", "d": 2}
    assert document.values[("z", "d")].column == text.splitlines()[-1].index("2}") + 1
    assert parse_document("a: {q: who?, r: \ue03f}\n").data == {"a": {"q": "who?", "r": "\ue03f"}}
    assert parse_document("? a\n: b\n").data == {"a": "b"}


def test_nodes_are_those_of_the_usual_composer():
    """Values, styles and places, for every layout."""
    text = (
        "a: &x [1, 'two', \"three\"]\nb: *x\nc:\n  d: |\n    text\n    more\n  e: >-\n    folded\n    on\n"
        "f: {g: h, i: [], j: {}}\nk:\n- l: m\n  n: o\n- p\n"
    )
    ours = compose_nodes(text, exact=True)
    assert _shape(ours) == _shape(YAML(typ="safe", pure=True).compose(text))


def _shape(node):
    here = (node.start_mark.index, node.end_mark.index)
    if isinstance(node, ScalarNode):
        return (*here, node.value, node.style)
    if isinstance(node, MappingNode):
        return (*here, [(_shape(k), _shape(v)) for k, v in node.value], node.flow_style)
    return (*here, [_shape(item) for item in node.value], node.flow_style)
