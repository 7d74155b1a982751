"""Expressions: what the language is, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backchannel.diagram.claim_tests import parse_test
from backchannel.language.coded_words import along_axis
from backchannel.language.errors import ExpressionError
from backchannel.language.evaluation import evaluate
from backchannel.language.expressions import Expression, Tree, constant, parse, substitute, table

HOSTILE = {
    "__import__('os').system('true')": "Only these functions",
    "().__class__.__bases__": "a value has no attributes",
    "x.__globals__": "a value has no attributes",
    "open('/etc/passwd')": "no function 'open'",
    "(lambda: 1)()": "Only these functions",
    "lambda x: x": "A lambda is not allowed",
    "[x for x in y]": "A comprehension is not allowed",
    "{x: 1 for x in y}": "A comprehension is not allowed",
    "f'{x}'": "An f-string is not allowed",
    "9 ** 9 ** 9": "must be a plain number|exponent is too large",
    "9 ** 99999": "exponent is too large",
    "x[0]": "An index in brackets is not allowed",
    "(y := 3)": "An assignment is not allowed",
    "x @ y": "can only stand between a node and a round",
    "x << 3": "is not allowed in an expression",
    "x is 1": "write == or !=",
    "exp(x=1)": "by position, without names",
    "exp(*[1])": "is not allowed in an expression",
    "True": "write 1 or 0",
    "None": "write 1 or 0",
    "1e999": "too large",
    "min(1)": "takes 2 to 8 arguments",
    "import os": "is not a valid expression",
    "x == 'n/a'": "always false",
    "": "is not a valid expression",
    "1j": "is not allowed in an expression",
    "b'x'": "is not allowed in an expression",
    "...": "is not allowed in an expression",
    "x in []": "at least one value",
    "ｘ + 1": "unusual letters, which Python reads as 'x'",
    "0x" + "F" * 3000: "too large",
    "\ud800": "contains half a character",
    "(" * 300 + "x" + ")" * 300: "is not a valid expression|nested too deeply",
    "not " * 900 + "x": "nested too deeply",
    "-" * 3900 + "x": "nested too deeply",
    "(1<" * 59 + "x" + ")<1" * 59: "more than 100,000 operations",
}


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_not_in_the_language_is_a_clear_error(text):
    """With a column, and without ever running anything."""
    with pytest.raises(ExpressionError, match=HOSTILE[text]) as caught:
        parse(text)
    assert caught.value.column >= 1


def test_depth_and_length_are_bounded():
    """Neither a deep nor a long text costs more than its error."""
    with pytest.raises(ExpressionError, match="nested too deeply"):
        parse("abs(" * 70 + "x" + ")" * 70)
    with pytest.raises(ExpressionError, match="nested too deeply"):
        parse("-" * 80 + "x")
    with pytest.raises(ExpressionError, match="characters"):
        parse("x + " * 2000 + "x")


def test_a_long_sum_is_long_and_not_deep():
    """Operators in a row have no depth; too many of them are called what they are."""
    terms = 150
    total = evaluate(parse(" + ".join(["x"] * terms)), {"x": np.array([2.0])})
    assert total.tolist() == [2.0 * terms]
    assert evaluate(parse("10 - 2 - 3 * 2 / 3"), {}) == 6
    with pytest.raises(ExpressionError, match="300 operators in a row; at most 200"):
        parse(" + ".join(["x"] * 301))
    with pytest.raises(ExpressionError, match="operators in a row; at most 200"):
        parse_test(f"P(a == 1) > {' + '.join(['0.001'] * 202)}")
    sum_of_claims = f"P(a == 1) > {' + '.join(['0.001'] * 150)}"
    assert len(parse_test(sum_of_claims).quantities) == 1


@pytest.mark.parametrize(
    "text",
    [
        "('reply' == 'frees') - 1",
        "'reply' != 'frees'",
        "'frees' == 'reply'",
        "'reply' in ['frees', 'keeps']",
        "'reply' not in ['frees']",
        "1 if 'reply' == 'frees' else 0",
        "x == 'a' == 'b'",
    ],
)
def test_a_node_in_quotes_is_not_compared_as_a_word(text):
    """The comparison of two words is always the same, so the name of a node was meant."""
    with pytest.raises(ExpressionError, match=r"both words in quotes.*without quotes"):
        parse(text)


@pytest.mark.parametrize("text", ["x == 'n/a'", "x in ['n/a']", "x not in ['pay', 'n/a']"])
def test_nothing_equals_what_is_not_applicable(text):
    """Also in a list."""
    with pytest.raises(ExpressionError, match="always false"):
        parse(text)


@given(st.text(max_size=60))
def test_any_text_is_parsed_or_refused_and_nothing_else(text):
    """No input makes the parser fail in any other way."""
    try:
        parse(text)
    except ExpressionError as error:
        assert error.message


def _on(text: str, **values) -> np.ndarray:
    return evaluate(parse(text), values)


def test_arithmetic_agrees_with_python():
    """Term by term."""
    x = np.array([0.3, 2.0])
    cases = {
        "2 * x - 1 / 4": 2 * x - 0.25,
        "x ** 2": x**2,
        "-x + +x": 0 * x,
        "min(x, 1)": np.minimum(x, 1),
        "max(x, 1, 1.5)": np.maximum(x, 1.5),
        "abs(-x)": x,
        "exp(log(x)) + sqrt(x * x)": 2 * x,
        "clip(x, 0, 1)": np.clip(x, 0, 1),
        "logistic(x)": 1 / (1 + np.exp(-x)),
        "1 if x > 1 else 0": (x > 1) * 1.0,
        "x > 0.1 and not x > 1 or x == 2": np.ones(2),
        "0 < x <= 0.3": (x <= 0.3) * 1.0,
    }
    for text, expected in cases.items():
        np.testing.assert_allclose(_on(text, x=x), expected, err_msg=text)


def test_every_comparison_with_a_missing_value_is_false():
    """n/a equals nothing, differs from nothing, and is above and below nothing."""
    words = along_axis(("pay", "fight", "n/a"), axis=0, axes=1)
    np.testing.assert_array_equal(_on("r == 'pay'", r=words)[:, 0], [1, 0, 0])
    np.testing.assert_array_equal(_on("r != 'pay'", r=words)[:, 0], [0, 1, 0])
    numbers = along_axis((10, 30, "n/a"), axis=0, axes=1)
    for text in ("d == 10", "d != 10", "d < 40", "d >= 0"):
        assert _on(text, d=numbers)[2, 0] == 0


def test_it_broadcasts_over_nodes_and_draws():
    """Nodes lie along axes of their own, parameters along the last."""
    a = along_axis((1, 2, 3), axis=0, axes=2)
    b = along_axis(("x", "y"), axis=1, axes=2)
    found = _on("a * p * (b == 'x')", a=a, b=b, p=np.array([1.0, 10.0, 100.0, 1000.0]))
    assert found.shape == (3, 2, 4)
    assert found[2, 0, 1] == 30
    assert (found[:, 1] == 0).all()


def test_words_and_numbers_do_not_mix():
    """A comparison that can never be true is a mistake."""
    words = along_axis(("pay", "fight"), axis=0, axes=1)
    for text in ("r + 1", "r < 'pay'", "r == 1", "r and 1"):
        with pytest.raises(ExpressionError):
            _on(text, r=words)


def _doubled(times: int) -> Tree:
    tree = parse("x").tree
    for _ in range(times):
        tree = Tree("+", (tree, tree))
    return tree


def test_what_stands_in_many_places_is_worked_out_once():
    """x doubled 50 times is 2^50 x; written out it would have 2^50 operations."""
    whole = Expression(_doubled(50))
    assert whole.tree.size == 2**51 - 1
    assert whole.names == {"x"}
    assert len(whole.operations) == 51
    assert float(evaluate(whole, {"x": np.asarray(1.0)})) == 2.0**50
    assert whole == Expression(_doubled(50))
    assert hash(whole) == hash(Expression(_doubled(50)))
    assert whole != Expression(_doubled(49))
    other = substitute(whole, {"x": parse("y / 2")})
    assert other.names == {"y"}
    assert float(evaluate(other, {"y": np.asarray(1.0)})) == 2.0**49


def test_a_deep_tree_is_worked_out_without_recursion():
    """1 - x - x ... as `rest` makes of a node with many values."""
    tree = Tree("number", value=1.0)
    for _ in range(20_000):
        tree = Tree("-", (tree, Tree("name", value="x")))
    assert float(evaluate(Expression(tree), {"x": np.asarray(0.25)})) == 1 - 20_000 * 0.25
    assert hash(tree) == hash(tree)


def test_both_sides_of_a_chain_hold_the_same_tree():
    """0 < (x + 1) < 2 names what stands in the middle once."""
    tree = parse("0 < x + 1 < 2").tree
    assert tree.parts[0].parts[1] is tree.parts[1].parts[0]
    tree = parse("(x + 1) in [1, 2, 3]").tree
    assert len({id(part.parts[0]) for part in tree.parts}) == 1


def test_python_warns_nobody_of_what_an_expression_holds(recwarn):
    """Odd backslashes are the analyst's, and are told in our words or not at all."""
    parse(r"x == '\d'")
    assert not recwarn.list


@pytest.mark.parametrize("n_words", [0, 1])
def test_a_table_with_else_picks_as_one_with_every_cell(n_words):
    """Cells may be numbers, draws, or vary with other nodes; n/a is a key like any other."""
    rng = np.random.default_rng(3)
    words = ("p", "q", "n/a")
    domains = {"a": (1, 2, 3), "b": words if n_words else (7, 8, "n/a"), "c": (0, 1)}
    values = {name: along_axis(domains[name], axis=i, axes=3) for i, name in enumerate("abc")}
    values["z"] = rng.random(5)
    keys = [(a, b) for a in domains["a"] for b in domains["b"]]
    cells = {k: parse(t) for k, t in zip(keys, ["1", "z", "c + z", "2 * c", "a"] * 2, strict=False)}
    last = parse("z / 2")
    some = dict(list(cells.items())[:5])
    short = evaluate(table(("a", "b"), some, otherwise=last), values)
    whole = evaluate(table(("a", "b"), {k: some.get(k, last) for k in keys}), values)
    assert np.array_equal(
        np.broadcast_to(short, (3, 3, 2, 5)), np.broadcast_to(whole, (3, 3, 2, 5))
    )
    for i, (a, b) in enumerate(keys):
        expected = evaluate(some.get((a, b), last), {**values, "a": np.asarray(float(a))})
        here = np.broadcast_to(short, (3, 3, 2, 5))[i // 3, i % 3]
        assert np.allclose(here, np.broadcast_to(expected, (1, 1, 2, 5))[0, 0], rtol=0, atol=0)
    missing = evaluate(table(("a",), {(1,): constant(4)}), values)
    assert np.array_equal(np.ravel(missing), [4.0, np.nan, np.nan], equal_nan=True)
