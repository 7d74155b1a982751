"""Tests of claims: comparisons of probabilities, expected worths and best actions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from backchannel.language.errors import ExpressionError
from backchannel.language.expressions import Expression, tree_from_syntax
from backchannel.language.names import NodeName, RecordView, Value
from backchannel.language.slips import with_slips
from backchannel.language.syntax import read_syntax

KINDS = ("P", "E", "best")


@dataclass(frozen=True)
class Quantity:
    """One number or action that a test computes from the solved case."""

    kind: Literal["P", "E", "best"]
    """A probability, an expected worth, or the action with the highest expected worth."""
    event: Expression | None = None
    """The event of `P`."""
    subject: str = ""
    """The interest or player of `E`; the decision of `best`."""
    do: Mapping[NodeName, Value] = field(default_factory=dict)
    """Nodes set by hand."""
    interventions: tuple[str, ...] = ()
    """Interventions, by name (`do='name'`, `undo='cause'`)."""
    given: Expression | None = None
    """An event that is known in addition to the record."""
    column: int = 1


@dataclass(frozen=True)
class Test:
    """A claim as a comparison that is true or false in every draw."""

    __test__ = False  # not a test case of pytest

    expression: Expression
    """The comparison, in which `@0`, `@1`, ... replace the quantities."""
    quantities: tuple[Quantity, ...]
    text: str = ""


@dataclass(frozen=True)
class Claim:
    """A statement from a source, with its test."""

    name: str
    says: str
    test: Test
    source: str = ""
    at: str = ""
    margin: float = 0.05
    """Largest difference at which two sides still count as equal."""
    view: RecordView = "record"
    """Whether all quantities use the whole record, or what was recorded before the first change."""


def parse_test(text: str) -> Test:
    """Read a claim's test.

    Raises:
        ExpressionError: The text is not a test; the error has a column.

    >>> parse_test("P(reply == 'pay', do={'demand': 10}) > 0.5").quantities[0].do
    {'demand': 10}
    """
    try:
        return _read_test(text)
    except ExpressionError as error:
        raise with_slips(error, text) from None


def _read_test(text: str) -> Test:
    syntax, lead = read_syntax(text)
    extractor = _QuantityExtractor(lead)
    tree = tree_from_syntax(extractor.visit(syntax), lead)
    if not extractor.quantities:
        raise ExpressionError("A test needs at least one of P(...), E(...) and best(...).")
    if tree.op not in {"==", "!=", "<", "<=", ">", ">=", "and", "or", "not"}:
        raise ExpressionError(
            "A test must be a comparison, such as P(x == 'yes') > 0.5.", tree.column
        )
    return Test(Expression(tree, text), tuple(extractor.quantities), text)


class _QuantityExtractor(ast.NodeTransformer):
    """Replaces the calls of P, E and best in a test with numbered names."""

    def __init__(self, lead: int) -> None:
        self.lead = lead
        self.quantities: list[Quantity] = []

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not (isinstance(node.func, ast.Name) and node.func.id in KINDS):
            return self.generic_visit(node)
        self.quantities.append(self._quantity(node, node.func.id))
        name = ast.Name(id=f"@{len(self.quantities) - 1}")
        return ast.copy_location(name, node)

    def _quantity(self, node: ast.Call, kind: str) -> Quantity:
        column = node.col_offset + 1 + self.lead

        def fail(message: str) -> ExpressionError:
            return ExpressionError(message, column)

        if len(node.args) != 1:
            wanted = {
                "P": "an event, such as P(reply == 'pay')",
                "E": "an interest or a player, such as E(aria)",
                "best": "a decision, such as best(reply)",
            }[kind]
            raise fail(f"{kind}(...) needs one part without a name: {wanted}.")
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
            word = subject.value if isinstance(subject, ast.Constant) else None
            hint = (
                f" Write {word} without quotes."
                if isinstance(word, str) and word.isidentifier()
                else ""
            )
            raise fail(f"{kind}(...) needs a plain name first.{hint}")
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

    def _do(
        self, node: ast.expr | None, fail: Callable[[str], ExpressionError]
    ) -> tuple[dict[str, Value], tuple[str, ...]]:
        if node is None:
            return {}, ()
        if not isinstance(node, ast.Dict):
            return {}, self._names(node, "do", fail)
        names = [_plain(key) for key in node.keys]
        values = [_plain(value) for value in node.values]
        if None in values or not all(isinstance(name, str) for name in names):
            raise fail(
                "do={...} needs the name of a node in quotes and its value: a word in quotes, or a number. Write "
                "do={'reply': 'pay'} or do={'demand': 10}."
            )
        return dict(zip(names, values, strict=True)), ()  # pyright: ignore[reportReturnType]

    def _names(
        self, node: ast.expr, key: str, fail: Callable[[str], ExpressionError]
    ) -> tuple[str, ...]:
        items = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
        if not all(
            isinstance(item, ast.Constant) and isinstance(item.value, str) for item in items
        ):
            raise fail(f"{key}= needs the name of a cause or intervention in quotes.")
        return tuple(str(item.value) for item in items if isinstance(item, ast.Constant))


def _plain(node: ast.expr | None) -> Value | None:
    """Return a word or a number; None for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _plain(node.operand)
        return -number if isinstance(number, int | float) else None
    if isinstance(node, ast.Constant) and not isinstance(node.value, bool):
        return node.value if isinstance(node.value, str | int | float) else None
    return None
