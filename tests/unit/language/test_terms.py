"""Terms: a worth is split into terms that add up, each over as few nodes as possible."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backchannel.language.evaluation import evaluate
from backchannel.language.expressions import Expression, Tree, parse
from backchannel.language.terms import MOST_TERMS, summands

NODES = frozenset("abcd")
NUMBERS = st.floats(-3, 3)

SPLIT = {
    "a + b": ["a", "b"],
    "p * (a - b) + c": ["a", "b", "c"],
    # Products, on either side and nested.
    "a * (b + c)": ["ab", "ac"],
    "(b + c) * a * p": ["ab", "ac"],
    "(a + b) * (c + d)": ["ac", "ad", "bc", "bd"],
    "p * ((a == 1) * (b + c - d) - d)": ["ab", "ac", "ad", "d"],
    "(a + b + c) ** 2": ["a", "ab", "ac", "b", "bc", "c"],
    "(a + b) / (3 + d ** 2)": ["ad", "bd"],
    # Nothing is gained where one term needs every node anyway.
    "a * (b + a)": ["ab"],
    "(a + b) * (a + b)": ["ab"],
    "(a + b) ** 2": ["ab"],
    "(a + b) ** 3": ["ab"],
    "c / (a + b)": ["abc"],
    # What names the same nodes is one term.
    "a * b + 2 * b * a - 1 + 3": ["", "ab"],
    "a + a * a": ["a"],
}


@pytest.mark.parametrize(("text", "scopes"), SPLIT.items())
def test_a_worth_is_split_as_far_as_that_narrows_its_tables(text, scopes):
    """The nodes of each term are worked out by hand."""
    terms = summands(parse(text), nodes=NODES)
    assert sorted("".join(sorted(term.names & NODES)) for term in terms) == scopes


@pytest.mark.parametrize("text", SPLIT)
@given(a=NUMBERS, b=NUMBERS, c=NUMBERS, d=NUMBERS, p=NUMBERS)
def test_the_terms_add_up_to_the_worth(text, a, b, c, d, p):
    """Terms are what tables are made of."""
    whole = parse(text)
    values = {name: np.array(x) for name, x in zip("abcdp", (a, b, c, d, p), strict=True)}
    try:
        right = evaluate(whole, values)
    except ArithmeticError:
        return
    parts = [evaluate(term, values) for term in summands(whole, nodes=NODES)]
    np.testing.assert_allclose(sum(parts), right, atol=1e-9 * max(1.0, float(np.abs(right))))


def test_a_sum_of_too_many_terms_stays_whole():
    """Its value is the same, and its table spans all of its nodes."""
    names = [f"n{i}" for i in range(MOST_TERMS + 1)]
    tree = Tree("name", value=names[0])
    for name in names[1:]:
        tree = Tree("+", (tree, Tree("name", value=name)))
    assert len(summands(Expression(tree), nodes=frozenset(names))) == 1
    assert len(summands(Expression(tree.parts[0]), nodes=frozenset(names))) == MOST_TERMS


def test_a_sum_whose_parts_are_shared_is_one_term():
    """Doubled fifty times, it has more operations than could be written out."""
    tree = Tree("name", value="x")
    for _ in range(50):
        tree = Tree("+", (tree, tree))
    assert summands(Expression(tree), nodes=frozenset("x")) == [Expression(tree)]
