"""The tests of claims: comparisons of probabilities, expected interests and best actions."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from backchannel.language.errors import ExpressionError
from backchannel.language.expressions import (
    Expression,
    tree_from_syntax,
)
from backchannel.language.names import NodeName, Value
from backchannel.language.syntax import read_syntax

KINDS = ("P", "E", "best")


@dataclass(frozen=True)
class Quantity:
    """One thing that a test asks the solved case for."""

    kind: Literal["P", "E", "best"]
    """A probability, an expected interest, or the action with the highest expected worth."""
    event: Expression | None = None
    """What `P` is the probability of."""
    subject: str = ""
    """The interest or player whose worth `E` expects; the decision that `best` looks at."""
    do: Mapping[NodeName, Value] = field(default_factory=dict)
    """Nodes set by hand."""
    interventions: tuple[str, ...] = ()
    """Named interventions made (`do='name'`, `undo='cause'`)."""
    given: Expression | None = None
    """What is known besides the record."""
    column: int = 1


@dataclass(frozen=True)
class Test:
    """A claim as a question with a yes or no in every draw."""

    __test__ = False  # not a test case of pytest

    expression: Expression
    """The comparison, with `@0`, `@1`, ... in the places of the quantities."""
    quantities: tuple[Quantity, ...]
    text: str = ""


@dataclass(frozen=True)
class Claim:
    """A statement found in a source, with the query that tests it."""

    name: str
    says: str
    test: Test
    source: str = ""
    at: str = ""
    margin: float = 0.05
    """Difference up to which two sides agree."""


def parse_test(text: str) -> Test:
    """Read a claim's test.

    Raises:
        ExpressionError: The text is no test; the error carries a column.

    >>> parse_test("P(reply == 'pay', do={'demand': 10}) > 0.5").quantities[0].do
    {'demand': 10}
    """
    syntax, lead = read_syntax(text)
    taker = _Taker(lead)
    tree = tree_from_syntax(taker.visit(syntax), lead)
    if not taker.found:
        raise ExpressionError("A test asks for at least one of P(...), E(...) or best(...).")
    if tree.op not in {"==", "!=", "<", "<=", ">", ">=", "and", "or", "not"}:
        raise ExpressionError("A test is a comparison, such as P(x == 'yes') > 0.5.", tree.column)
    return Test(Expression(tree, text), tuple(taker.found), text)


class _Taker(ast.NodeTransformer):
    """Takes the calls of P, E and best out of a test and leaves numbered names."""

    def __init__(self, lead: int) -> None:
        self.lead = lead
        self.found: list[Quantity] = []

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not (isinstance(node.func, ast.Name) and node.func.id in KINDS):
            return self.generic_visit(node)
        self.found.append(self._quantity(node, node.func.id))
        name = ast.Name(id=f"@{len(self.found) - 1}")
        return ast.copy_location(name, node)

    def _quantity(self, node: ast.Call, kind: str) -> Quantity:
        column = node.col_offset + 1 + self.lead

        def fail(message: str) -> ExpressionError:
            return ExpressionError(message, column)

        if len(node.args) != 1:
            wanted = {"P": "an event", "E": "an interest or player", "best": "a decision"}[kind]
            raise fail(f"{kind}(...) starts with {wanted}, and nothing else unnamed.")
        options = {keyword.arg: keyword.value for keyword in node.keywords}
        for name in options:
            if name not in {"do", "undo", "given"}:
                raise fail(f"{kind}(...) takes do=, undo= and given=, not {name}=.")
        do, named = self._do(options.get("do"), fail)
        if "undo" in options:
            named = (*named, *self._names(options["undo"], "undo", fail))
        given = options.get("given")
        subject = node.args[0]
        if kind != "P" and not isinstance(subject, ast.Name):
            raise fail(f"{kind}(...) takes a plain name first.")
        return Quantity(
            kind=kind,  # type: ignore[arg-type]
            event=self._expression(subject) if kind == "P" else None,
            subject=subject.id if isinstance(subject, ast.Name) and kind != "P" else "",
            do=do,
            interventions=named,
            given=self._expression(given) if given is not None else None,
            column=column,
        )

    def _expression(self, node: ast.expr) -> Expression:
        return Expression(tree_from_syntax(node, self.lead), ast.unparse(node))

    def _do(self, node: ast.expr | None, fail) -> tuple[dict[str, Value], tuple[str, ...]]:
        if node is None:
            return {}, ()
        if not isinstance(node, ast.Dict):
            return {}, self._names(node, "do", fail)
        names = [_plain(key) for key in node.keys]
        values = [_plain(value) for value in node.values]
        if None in values or not all(isinstance(name, str) for name in names):
            raise fail("do={...} sets nodes to plain values, as in do={'demand': 10}.")
        return dict(zip(names, values, strict=True)), ()  # pyright: ignore[reportReturnType]

    def _names(self, node: ast.expr, key: str, fail) -> tuple[str, ...]:
        items = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
        if not all(
            isinstance(item, ast.Constant) and isinstance(item.value, str) for item in items
        ):
            raise fail(f"{key}= takes the name of a cause or intervention in quotes.")
        return tuple(str(item.value) for item in items if isinstance(item, ast.Constant))


def _plain(node: ast.expr | None) -> Value | None:
    """A word or a number; nothing where it is neither."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _plain(node.operand)
        return -number if isinstance(number, int | float) else None
    if isinstance(node, ast.Constant) and not isinstance(node.value, bool):
        return node.value if isinstance(node.value, str | int | float) else None
    return None
