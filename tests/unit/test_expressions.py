"""Expressions: what the language is, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backchannel.errors import ExpressionError
from backchannel.evaluation import along_axis, evaluate
from backchannel.expressions import parse, summands

HOSTILE = {
    "__import__('os').system('true')": "Only the functions of the language",
    "().__class__.__bases__": "cannot reach into a value",
    "x.__globals__": "cannot reach into a value",
    "open('/etc/passwd')": "no function 'open'",
    "(lambda: 1)()": "Only the functions of the language",
    "lambda x: x": "A lambda is not in the language",
    "[x for x in y]": "A comprehension is not in the language",
    "{x: 1 for x in y}": "A comprehension is not in the language",
    "f'{x}'": "An f-string is not in the language",
    "9 ** 9 ** 9": "plain number as exponent|exponent is too large",
    "9 ** 99999": "exponent is too large",
    "x[0]": "An index in brackets is not in the language",
    "(y := 3)": "An assignment is not in the language",
    "x @ y": "not in the language",
    "x << 3": "not in the language",
    "x is 1": "write == or !=",
    "exp(x=1)": "in order, without names",
    "exp(*[1])": "not in the language",
    "True": "write 1 or 0",
    "None": "write 1 or 0",
    "1e999": "too large",
    "min(1)": "takes 2 to 8 arguments",
    "import os": "is no expression",
    "x == 'n/a'": "always false",
    "": "is no expression",
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


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3))
def test_splitting_a_worth_into_terms_keeps_its_value(a, b, p):
    """Terms are what tables are made of."""
    whole = parse("p * (a - 2 * b) / 4 - (a * b - p * (b - a))")
    values = {"a": np.array(a), "b": np.array(b), "p": np.array(p)}
    parts = [evaluate(term, values) for term in summands(whole, nodes=frozenset("ab"))]
    np.testing.assert_allclose(sum(parts), evaluate(whole, values), atol=1e-9)
