"""Expressions: the small language of worths, probabilities, quantities and tests.

Python's parser parses the text. The result is checked against a whitelist and converted to a tree of
our own; it is never compiled and never passed to `eval`. Evaluation broadcasts over the axes of the
nodes that the expression names, and over the draws.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from backchannel.language.errors import ExpressionError
from backchannel.language.names import NOT_APPLICABLE, did_you_mean
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
"""Functions of the language, with the smallest and the largest number of arguments."""
TRADE_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "flow": ("good", "route"),
    "delivered": ("good", "demander"),
    "price": ("good", "demander"),
    "rerouted": ("good",),
}
"""Functions of a case's `trade`, with the names in quotes that they take."""

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
            return _comparison(node, below, fail, column)
        case ast.Call():
            return _call(node, below, fail, column)
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


def _comparison(
    node: ast.Compare,
    below: Callable[..., tuple[Tree, ...]],
    fail: Callable[[str], ExpressionError],
    column: int,
) -> Tree:
    links: list[Tree] = []
    # Each side is built once; two comparisons of one side share its tree.
    (left,) = below(node.left)
    for sign, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(sign, ast.In | ast.NotIn):
            if not isinstance(right, ast.List | ast.Tuple | ast.Set):
                raise fail("'in' needs a list of values, such as x in ['some', 'all'].")
            is_inside = isinstance(sign, ast.In)
            op = "==" if is_inside else "!="
            items = below(*right.elts)
            for item in items:
                _check_sides(left, op, item, fail)
            each = tuple(Tree(op, (left, item), None, column) for item in items)
            if not each:
                raise fail("'in' needs a list with at least one value.")
            links.append(Tree("or" if is_inside else "and", each, None, column))
            if right is not node.comparators[-1]:
                raise fail("A comparison cannot continue after the list of 'in'; write 'and'.")
        elif type(sign) in _COMPARE:
            (other,) = below(right)
            _check_sides(left, _COMPARE[type(sign)], other, fail)
            links.append(Tree(_COMPARE[type(sign)], (left, other), None, column))
            left = other
        else:
            raise fail("'is' is not allowed in an expression; write == or !=.")
    return links[0] if len(links) == 1 else Tree("and", tuple(links), None, column)


def _check_sides(left: Tree, op: str, right: Tree, fail: Callable[[str], ExpressionError]) -> None:
    """Refuse a comparison whose result is always the same."""
    words = [side.value for side in (left, right) if side.op == "text"]
    if NOT_APPLICABLE in words:
        raise fail(
            "A comparison with 'n/a' is always false; write the node's `when:` condition instead."
        )
    if len(words) == 2:
        raise fail(
            f"'{words[0]}' and '{words[1]}' are both words in quotes, so the comparison is always the "
            f"same. Write the name of a node without quotes, for example {words[0]} {op} '{words[1]}'."
        )


def _call(
    node: ast.Call,
    below: Callable[..., tuple[Tree, ...]],
    fail: Callable[[str], ExpressionError],
    column: int,
) -> Tree:
    if not isinstance(node.func, ast.Name):
        raise fail("Only these functions can be called: " + ", ".join(FUNCTIONS))
    name = node.func.id
    if name in TRADE_FUNCTIONS:
        return _trade_call(node, name, fail, column)
    if name not in FUNCTIONS:
        hint = did_you_mean(name, [*FUNCTIONS, *TRADE_FUNCTIONS])
        raise fail(
            f"There is no function '{name}'.{hint} The functions are: " + ", ".join(FUNCTIONS) + "."
        )
    if node.keywords:
        raise fail(f"{name} takes its arguments by position, without names.")
    least, most = FUNCTIONS[name]
    if not least <= len(node.args) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise fail(f"{name} takes {wanted} arguments, not {len(node.args)}.")
    return Tree("call", below(*node.args), name, column)


def _trade_call(
    node: ast.Call, name: str, fail: Callable[[str], ExpressionError], column: int
) -> Tree:
    wanted = TRADE_FUNCTIONS[name]
    given = [part.value for part in node.args if isinstance(part, ast.Constant)]
    named = [part for part in given if isinstance(part, str)]
    if node.keywords or len(named) != len(node.args) or len(named) != len(wanted):
        shown = ", ".join(f"'{part}'" for part in wanted)
        raise fail(f"{name} takes names from `trade` in quotes: {name}({shown}).")
    return Tree("trade", (), (name, *named, "")[:3], column)
