"""Expressions: the small language of worths, probabilities, quantities and tests.

Text is parsed by Python's own parser, checked against a whitelist, and kept as a tree of our own;
it is never compiled by Python and never passed to `eval`. Evaluation broadcasts over the axes of
the nodes it names and over the draws.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from backchannel.errors import ExpressionError
from backchannel.names import NOT_APPLICABLE, ROUND_SIGN, Value

MAX_LENGTH = 4_000
MAX_DEPTH = 60
MAX_POWER = 16
FUNCTIONS: dict[str, tuple[int, int]] = {
    "min": (2, 8),
    "max": (2, 8),
    "abs": (1, 1),
    "exp": (1, 1),
    "log": (1, 1),
    "sqrt": (1, 1),
    "clip": (3, 3),
    "logistic": (1, 1),
}
"""Functions of the language, with the least and the greatest number of arguments."""

_AT = "\u0298"
"""Stands for `@` in names while Python's parser reads them; a letter that nobody writes."""
_ROUND_NAME = re.compile(r"('[^']*'|\"[^\"]*\")|\b([A-Za-z]\w*)@(?=(?:prev|after|[0-9]+)\b)")

_BINARY: dict[type, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}
_COMPARE: dict[type, str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


@dataclass(frozen=True)
class Tree:
    """One operation and what it is applied to.

    `op` is `number`, `text`, `name`, `negate`, `not`, `and`, `or`, `if`, `call`, `in`, `table`,
    or the sign of an arithmetic operation or comparison.
    """

    op: str
    parts: tuple[Tree, ...] = ()
    value: Any = None
    """The number, the text, the name, the function, or (in a table) the keys of the cells."""
    column: int = field(default=1, compare=False)

    def walk(self) -> Iterator[Tree]:
        """Yield this operation and everything below it."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True)
class Expression:
    """A checked expression; equal when it says the same thing."""

    tree: Tree
    text: str = field(default="", compare=False)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every node, quantity and parameter that the expression mentions."""
        named = {t.value for t in self.tree.walk() if t.op == "name"}
        tabled = {n for t in self.tree.walk() if t.op == "table" for n in t.value[0]}
        return frozenset(named | tabled)

    def __str__(self) -> str:
        return self.text


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
        raise ExpressionError(f"An expression is text or a number, not {text!r}.")
    if not isinstance(text, str):
        return Expression(Tree("number", value=float(text)), str(text))
    syntax, lead = read_syntax(text)
    return Expression(from_syntax(syntax, lead), text)


def read_syntax(text: str) -> tuple[ast.expr, int]:
    """Parse text with Python's parser; nothing in it is trusted yet.

    Returns:
        The syntax, and how many characters of white space stand before it.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"The expression has {len(text)} characters; at most {MAX_LENGTH} are allowed. "
            "Split it with quantities."
        )
    lead = len(text) - len(text.lstrip())
    flat = text.replace("\n", " ").strip()
    joined = _ROUND_NAME.sub(lambda found: found[1] or found[2] + _AT, flat)
    try:
        syntax = ast.parse(joined, mode="eval").body
    except SyntaxError as error:
        column = max(1, (error.offset or 1)) + lead
        raise ExpressionError(f"'{flat}' is no expression: {error.msg}.", column) from None
    except (RecursionError, MemoryError, ValueError):
        raise ExpressionError("The expression is nested too deeply.") from None
    for node in ast.walk(syntax):
        if isinstance(node, ast.expr):
            # Python counts in bytes, people in characters.
            node.col_offset = len(joined.encode()[: node.col_offset].decode())
        if isinstance(node, ast.Name):
            node.id = node.id.replace(_AT, ROUND_SIGN)
    return syntax, lead


def from_syntax(syntax: ast.expr, lead: int = 0) -> Tree:
    """Check Python's syntax against the whitelist and keep it as a tree of our own."""
    return _build(syntax, 0, lead)


def constant(value: Value) -> Expression:
    """Make an expression that is one number or one word."""
    op = "text" if isinstance(value, str) else "number"
    return Expression(Tree(op, value=value), str(value))


def table(
    names: tuple[str, ...], cells: Mapping[tuple[Value, ...], Expression], text: str = "table"
) -> Expression:
    """Make an expression that looks one cell up by the values of the nodes `names`."""
    keys = tuple(cells)
    parts = tuple(cells[key].tree for key in keys)
    return Expression(Tree("table", parts, (names, keys)), text)


def substitute(expression: Expression, meanings: Mapping[str, Expression]) -> Expression:
    """Write the meaning of some names (quantities, say) in their place."""

    def replace(tree: Tree) -> Tree:
        if tree.op == "name" and tree.value in meanings:
            return meanings[tree.value].tree
        return Tree(tree.op, tuple(replace(part) for part in tree.parts), tree.value, tree.column)

    return Expression(replace(expression.tree), expression.text)


def rename(expression: Expression, names: Mapping[str, str]) -> Expression:
    """Give some names another spelling (a believed parameter in place of the true one)."""

    def renamed(tree: Tree) -> Tree:
        value = tree.value
        if tree.op == "name":
            value = names.get(value, value)
        elif tree.op == "table":
            value = (tuple(names.get(name, name) for name in value[0]), value[1])
        return Tree(tree.op, tuple(renamed(part) for part in tree.parts), value, tree.column)

    return Expression(renamed(expression.tree), expression.text)


def summands(expression: Expression, *, nodes: frozenset[str]) -> list[Expression]:
    """Split a sum into its terms, multiplying out factors that name no node.

    Each term of an interest then spans only the nodes it needs, so tables stay small.

    >>> [sorted(term.names) for term in summands(parse("p * (a - b) + c"), nodes=frozenset("abc"))]
    [['a', 'p'], ['b', 'p'], ['c']]
    """

    def is_plain(tree: Tree) -> bool:
        return not (Expression(tree).names & nodes)

    def split(tree: Tree) -> Iterator[Tree]:
        if tree.op in "+-" and len(tree.parts) == 2:
            yield from split(tree.parts[0])
            for term in split(tree.parts[1]):
                yield term if tree.op == "+" else Tree("negate", (term,))
        elif tree.op == "negate":
            for term in split(tree.parts[0]):
                yield Tree("negate", (term,))
        elif tree.op == "*" and is_plain(tree.parts[0]):
            for term in split(tree.parts[1]):
                yield Tree("*", (tree.parts[0], term))
        elif tree.op in "*/" and is_plain(tree.parts[1]):
            for term in split(tree.parts[0]):
                yield Tree(tree.op, (term, tree.parts[1]))
        else:
            yield tree

    return [Expression(term, expression.text) for term in split(expression.tree)]


def _build(node: ast.expr, depth: int, lead: int) -> Tree:
    column = node.col_offset + 1 + lead

    def fail(message: str) -> ExpressionError:
        return ExpressionError(message, column)

    def below(*children: ast.expr) -> tuple[Tree, ...]:
        return tuple(_build(child, depth + 1, lead) for child in children)

    if depth > MAX_DEPTH:
        raise fail("The expression is nested too deeply.")
    match node:
        case ast.Constant(value=bool() | None):
            raise fail(f"{node.value} is not in the language; write 1 or 0.")
        case ast.Constant(value=int() | float() as number):
            if abs(number) > 1e300:
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
        case ast.BinOp(op=ast.MatMult()):
            raise fail(
                "'@' is not in the language but between a node and a round: release@3, or "
                "release@prev inside `rounds`."
            )
        case ast.BinOp() if type(node.op) in _BINARY:
            if isinstance(node.op, ast.Pow):
                _check_power(node.right, fail)
            return Tree(_BINARY[type(node.op)], below(node.left, node.right), None, column)
        case ast.BoolOp():
            op = "and" if isinstance(node.op, ast.And) else "or"
            return Tree(op, below(*node.values), None, column)
        case ast.IfExp():
            return Tree("if", below(node.test, node.body, node.orelse), None, column)
        case ast.Compare():
            return _comparison(node, below, fail, column)
        case ast.Call():
            return _call(node, below, fail, column)
        case ast.Attribute():
            raise fail(f"'.{node.attr}' is not allowed: an expression cannot reach into a value.")
        case _:
            raise fail(
                f"{_CONSTRUCTS.get(type(node).__name__, 'This')} is not in the language: use "
                "arithmetic, comparisons, and/or/not, if/else, and " + ", ".join(FUNCTIONS) + "."
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
    "BinOp": "This operator",
    "List": "A list (outside 'in')",
    "Tuple": "A tuple (outside 'in')",
    "Dict": "A dictionary",
}


def _check_power(exponent: ast.expr, fail: Callable[[str], ExpressionError]) -> None:
    try:
        size = abs(float(ast.literal_eval(exponent)))
    except (ValueError, TypeError, SyntaxError, OverflowError, RecursionError, MemoryError):
        raise fail("A power needs a plain number as exponent; else use exp and log.") from None
    if not size <= MAX_POWER:
        raise fail(f"The exponent is too large: at most {MAX_POWER}.")


def _comparison(
    node: ast.Compare,
    below: Callable[..., tuple[Tree, ...]],
    fail: Callable[[str], ExpressionError],
    column: int,
) -> Tree:
    links: list[Tree] = []
    left = node.left
    for sign, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(sign, ast.In | ast.NotIn):
            if not isinstance(right, ast.List | ast.Tuple | ast.Set):
                raise fail("'in' needs a list of values, such as x in ['some', 'all'].")
            equal = tuple(Tree("==", below(left, item), None, column) for item in right.elts)
            unequal = tuple(Tree("!=", below(left, item), None, column) for item in right.elts)
            inside = isinstance(sign, ast.In)
            links.append(
                Tree("or" if inside else "and", equal if inside else unequal, None, column)
            )
        elif type(sign) in _COMPARE:
            links.append(Tree(_COMPARE[type(sign)], below(left, right), None, column))
        else:
            raise fail("'is' is not in the language; write == or !=.")
        left = right
    for link in links:
        if any(part.op == "text" and part.value == NOT_APPLICABLE for part in link.parts):
            raise fail(
                "A comparison with 'n/a' is always false; ask for the node's `when:` condition."
            )
    return links[0] if len(links) == 1 else Tree("and", tuple(links), None, column)


def _call(
    node: ast.Call,
    below: Callable[..., tuple[Tree, ...]],
    fail: Callable[[str], ExpressionError],
    column: int,
) -> Tree:
    if not isinstance(node.func, ast.Name):
        raise fail("Only the functions of the language can be called: " + ", ".join(FUNCTIONS))
    name = node.func.id
    if name not in FUNCTIONS:
        raise fail(f"There is no function '{name}'; there are " + ", ".join(FUNCTIONS) + ".")
    if node.keywords:
        raise fail(f"{name} takes its arguments in order, without names.")
    least, most = FUNCTIONS[name]
    if not least <= len(node.args) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise fail(f"{name} takes {wanted} arguments, not {len(node.args)}.")
    return Tree("call", below(*node.args), name, column)
