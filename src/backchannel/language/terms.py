"""Terms: a worth is split into terms that add up, each over as few nodes as possible.

The table of a term has an axis for each node that the term names. Several narrow tables take far less
memory and time than a wide one, so sums are taken apart, and products are multiplied out.
"""

from __future__ import annotations

from typing import TypeAlias

from backchannel.language.trees import Expression, Tree

MOST_TERMS = 1_000
"""Most terms into which an operation is split; one with more stays whole."""

Summands: TypeAlias = dict[frozenset[str], Tree]
"""What adds up to an operation: for each set of nodes, the part of the sum that names just these nodes."""


def summands(expression: Expression, *, nodes: frozenset[str]) -> list[Expression]:
    """Split a worth into terms that add up, each over as few nodes as possible.

    A product is multiplied out if each resulting term names fewer nodes than the product. Terms that name
    the same nodes are one term.

    >>> from backchannel.language.expressions import parse
    >>> [sorted(term.names) for term in summands(parse("p * (a - b) + c"), nodes=frozenset("abc"))]
    [['a', 'p'], ['b', 'p'], ['c']]
    >>> [sorted(term.names) for term in summands(parse("a * (b + c)"), nodes=frozenset("abc"))]
    [['a', 'b'], ['a', 'c']]
    """
    scopes: dict[int, frozenset[str]] = {}
    terms: dict[int, Summands] = {}
    for tree in expression.operations:
        named = {tree.value} if tree.op == "name" else tree.value[0] if tree.op == "table" else ()
        scope = nodes.intersection(named).union(*(scopes[id(part)] for part in tree.parts))
        scopes[id(tree)] = scope
        split = _split(tree, scope, [terms[id(part)] for part in tree.parts])
        terms[id(tree)] = split if 1 < len(split) <= MOST_TERMS else {scope: tree}
    return [Expression(term, expression.text) for term in terms[id(expression.tree)].values()]


def _split(tree: Tree, scope: frozenset[str], operands: list[Summands]) -> Summands:
    """Split an operation, given the terms of its operands; nothing if it cannot be split."""
    match tree.op, operands:
        case "+", [left, right]:
            return _added(left, right)
        case "-", [left, right]:
            return _added(left, _negated(right))
        case "negate", [terms]:
            return _negated(terms)
        case "*", [left, right]:
            return _multiplied_out(tree, scope, left, right)
        case "/", [left, right]:
            # A divisor is not a sum of divisors.
            divisor = frozenset[str]().union(*right)
            return _multiplied_out(tree, scope, left, {divisor: tree.parts[1]})
        case "**", [base, _] if tree.parts[1].op == "number" and tree.parts[1].value == 2:
            return _multiplied_out(Tree("*"), scope, base, base)
        case _:
            return {}


def _added(left: Summands, right: Summands) -> Summands:
    terms = dict(left)
    for scope, term in right.items():
        terms[scope] = Tree("+", (terms[scope], term)) if scope in terms else term
    return terms


def _negated(terms: Summands) -> Summands:
    return {scope: Tree("negate", (term,)) for scope, term in terms.items()}


def _multiplied_out(tree: Tree, scope: frozenset[str], left: Summands, right: Summands) -> Summands:
    """Multiply each term by each, unless a product would name as many nodes as the whole does."""
    if len(left) * len(right) > MOST_TERMS or any(a | b == scope for a in left for b in right):
        return {}
    products: Summands = {}
    for a, first in left.items():
        for b, second in right.items():
            products = _added(products, {a | b: Tree(tree.op, (first, second))})
    return products
