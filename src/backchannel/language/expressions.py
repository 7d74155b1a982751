"""Expressions: the small language of worths, probabilities, quantities and tests.

Python's parser parses the text. The result is checked against a whitelist and converted to a tree of
our own; it is never compiled and never passed to `eval`. Evaluation broadcasts over the axes of the
nodes that the expression names, and over the draws.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from backchannel.language.calls import FUNCTIONS, call
from backchannel.language.comparisons import comparison
from backchannel.language.errors import ExpressionError
from backchannel.language.numbers_as_text import is_no_finite_number
from backchannel.language.shapes import not_this
from backchannel.language.slips import with_slips
from backchannel.language.syntax import TOO_DEEP, operators_in_a_row, read_syntax
from backchannel.language.trees import Expression as Expression
from backchannel.language.trees import Tree as Tree
from backchannel.language.trees import constant as constant
from backchannel.language.trees import rename as rename
from backchannel.language.trees import substitute as substitute
from backchannel.language.trees import sum_of as sum_of
from backchannel.language.trees import table as table

MAX_DEPTH = 60
"""Deepest nesting of brackets and functions; `a + b + c` is one level."""
MAX_POWER = 16
LARGEST = 1e300
"""Largest number that an expression may contain."""
MAX_WRITTEN_OUT = 100_000
"""Most operations of an expression after every quantity, comparison and list is expanded."""
MAX_WRITTEN_DEPTH = 500
"""Deepest nesting after every quantity is expanded."""

_BINARY: dict[type, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}


def parse(text: str | int | float) -> Expression:
    """Read an expression.

    Args:
        text: The expression as an analyst writes it, or a plain number.

    Raises:
        ExpressionError: The text is not in the language; the error carries a column.

    >>> sorted(parse("demand / 100 * (reply == 'pay')").names)
    ['demand', 'reply']
    """
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise ExpressionError(f"An expression is text or a number{not_this(text)}")
    if not isinstance(text, str):
        if not abs(text) <= LARGEST:
            raise ExpressionError("The number is too large.")
        return Expression(Tree("number", value=float(text)), str(text))
    if text.strip().startswith((".", "-.", "+.")) and is_no_finite_number(text):
        raise ExpressionError(
            f"'{text.strip()}' is no finite number. Write a number or an expression."
        )
    try:
        syntax, lead = read_syntax(text)
        return Expression(tree_from_syntax(syntax, lead), text)
    except ExpressionError as error:
        raise with_slips(error, text) from None


def tree_from_syntax(syntax: ast.expr, lead: int = 0) -> Tree:
    """Check Python's syntax against the whitelist and convert it to a tree."""
    tree = _build(syntax, 0, lead)
    check_written_size(tree)
    return tree


def check_written_size(tree: Tree) -> None:
    """Check that an expression stays small after everything that it names is expanded.

    Raises:
        ExpressionError: It would have too many operations, or too deep a nesting.
    """
    if tree.size > MAX_WRITTEN_OUT:
        raise ExpressionError(
            f"The expression expands to more than {MAX_WRITTEN_OUT:,} operations: nested quantities, "
            "comparisons and lists multiply. Replace a part of it with a derived node.",
            tree.column,
        )
    if tree.depth > MAX_WRITTEN_DEPTH:
        raise ExpressionError(
            f"The expression expands to more than {MAX_WRITTEN_DEPTH} nested operations: its "
            "quantities depend on too many other quantities. Replace a part of it with a derived "
            "node.",
            tree.column,
        )


def _build(node: ast.expr, depth: int, lead: int) -> Tree:
    column = node.col_offset + 1 + lead

    def fail(message: str) -> ExpressionError:
        return ExpressionError(message, column)

    def below(*children: ast.expr) -> tuple[Tree, ...]:
        return tuple(_build(child, depth + 1, lead) for child in children)

    if depth > MAX_DEPTH:
        raise fail(TOO_DEEP)
    match node:
        case ast.Constant(value=bool() | None):
            raise fail(f"{node.value} is not allowed in an expression; write 1 or 0.")
        case ast.Constant(value=int() | float() as number):
            if abs(number) > LARGEST:
                raise fail("The number is too large.")
            return Tree("number", (), float(number), column)
        case ast.Constant(value=str()):
            return Tree("text", (), node.value, column)
        case ast.Name():
            return Tree("name", (), node.id, column)
        case ast.UnaryOp(op=ast.USub()):
            return Tree("negate", below(node.operand), None, column)
        case ast.UnaryOp(op=ast.UAdd()):
            return below(node.operand)[0]
        case ast.UnaryOp(op=ast.Not()):
            return Tree("not", below(node.operand), None, column)
        case ast.BinOp():
            return _arithmetic(node, depth, lead)
        case ast.BoolOp():
            op = "and" if isinstance(node.op, ast.And) else "or"
            return Tree(op, below(*node.values), None, column)
        case ast.IfExp():
            return Tree("if", below(node.test, node.body, node.orelse), None, column)
        case ast.Compare():
            return comparison(node, below, fail, column)
        case ast.Call():
            return call(node, below, fail, column)
        case ast.Attribute():
            raise fail(f"'.{node.attr}' is not allowed: a value has no attributes.")
        case _:
            raise fail(f"{_CONSTRUCTS.get(type(node).__name__, 'This')} {_NOT_ALLOWED}")


def _arithmetic(node: ast.BinOp, depth: int, lead: int) -> Tree:
    """Build arithmetic in a row with a loop: its length is not depth."""
    first, operators = operators_in_a_row(node)
    for operator in operators[::-1]:
        _check_operator(operator, lead)
    tree = _build(first, depth + 1, lead)
    for operator in operators:
        right = _build(operator.right, depth + 1, lead)
        column = operator.col_offset + 1 + lead
        tree = Tree(_BINARY[type(operator.op)], (tree, right), None, column)
    return tree


def _check_operator(node: ast.BinOp, lead: int) -> None:
    def fail(message: str) -> ExpressionError:
        return ExpressionError(message, node.col_offset + 1 + lead)

    if isinstance(node.op, ast.MatMult):
        raise fail(
            "'@' can only stand between a node and a round: release@3, or release@prev inside "
            "`rounds`."
        )
    if type(node.op) not in _BINARY:
        raise fail(f"This operator {_NOT_ALLOWED}")
    if isinstance(node.op, ast.Pow):
        _check_power(node.right, fail)


_NOT_ALLOWED = (
    "is not allowed in an expression: use arithmetic, comparisons, and/or/not, if/else, and "
    + ", ".join(FUNCTIONS)
    + "."
)
_CONSTRUCTS = {
    "Lambda": "A lambda",
    "ListComp": "A comprehension",
    "SetComp": "A comprehension",
    "DictComp": "A comprehension",
    "GeneratorExp": "A comprehension",
    "JoinedStr": "An f-string",
    "Subscript": "An index in brackets",
    "NamedExpr": "An assignment",
    "Starred": "A starred value",
    "List": "A list (outside of 'in')",
    "Tuple": "A comma (outside of a function or a list)",
    "Dict": "A part in braces",
}


def _check_power(exponent: ast.expr, fail: Callable[[str], ExpressionError]) -> None:
    try:
        size = abs(float(ast.literal_eval(exponent)))
    except (ValueError, TypeError, SyntaxError, OverflowError, RecursionError, MemoryError):
        raise fail(
            "The exponent of a power must be a plain number; otherwise use exp and log."
        ) from None
    if not size <= MAX_POWER:
        raise fail(f"The exponent is too large: at most {MAX_POWER}.")
