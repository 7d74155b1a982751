"""Expressions: the small language of worths, probabilities, quantities and tests.

Text is parsed by Python's own parser, checked against a whitelist, and kept as a tree of our own;
it is never compiled by Python and never passed to `eval`. Evaluation broadcasts over the axes of
the nodes it names and over the draws.
"""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from collections.abc import Callable

from backchannel.language.errors import ExpressionError
from backchannel.language.names import NOT_APPLICABLE, ROUND_SIGN
from backchannel.language.trees import Expression as Expression
from backchannel.language.trees import Tree as Tree
from backchannel.language.trees import constant as constant
from backchannel.language.trees import rename as rename
from backchannel.language.trees import substitute as substitute
from backchannel.language.trees import summands as summands
from backchannel.language.trees import table as table

MAX_LENGTH = 4_000
MAX_DEPTH = 60
MAX_SYNTAX_DEPTH = 100
"""Levels of Python's syntax, in which a claim's test takes some more than its expressions."""
MAX_POWER = 16
LARGEST = 1e300
"""Largest number that can be written."""
MAX_WRITTEN_OUT = 100_000
"""Operations of an expression with every quantity, comparison and list in it written out."""
MAX_WRITTEN_DEPTH = 500
"""Operations inside each other, with every quantity written out."""
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

_BREAKS = {ord(c): " " for c in "\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029"}
"""Ends of lines; an expression is one line, whatever it is written on."""

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
        raise ExpressionError(f"An expression is text or a number, not {text!r}.")
    if not isinstance(text, str):
        if not abs(text) <= LARGEST:
            raise ExpressionError("The number is too large.")
        return Expression(Tree("number", value=float(text)), str(text))
    syntax, lead = read_syntax(text)
    return Expression(tree_from_syntax(syntax, lead), text)


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
    flat = text.translate(_BREAKS).strip()
    joined = _ROUND_NAME.sub(lambda found: found[1] or found[2] + _AT, flat)
    try:
        with warnings.catch_warnings():
            # Python warns of `1 is 1` and of odd backslashes; what is wrong here is said below.
            warnings.simplefilter("ignore")
            syntax = ast.parse(joined, mode="eval").body
    except SyntaxError as error:
        column = max(1, (error.offset or 1)) + lead
        message = f"'{_shortened(flat)}' is no expression: {error.msg}."
        raise ExpressionError(message, column) from None
    except (RecursionError, MemoryError):
        raise ExpressionError("The expression is nested too deeply.") from None
    except ValueError:
        raise ExpressionError("The expression contains half a character. Type it again.") from None
    _check_depth(syntax)
    for node in ast.walk(syntax):
        if isinstance(node, ast.expr):
            # Python counts in bytes, people in characters.
            node.col_offset = len(joined.encode()[: node.col_offset].decode(errors="ignore"))
        if isinstance(node, ast.Name):
            _check_spelling(joined, node, lead)
            node.id = node.id.replace(_AT, ROUND_SIGN)
    return syntax, lead


def _check_depth(syntax: ast.expr) -> None:
    """What comes after goes down by recursion; this goes by a loop, a level at a time."""
    level: list[ast.AST] = [syntax]
    for _ in range(MAX_SYNTAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise ExpressionError("The expression is nested too deeply.")


def _check_spelling(text: str, name: ast.Name, lead: int) -> None:
    """Python takes full-width letters and ligatures for plain ones; here that could name two things."""
    end = name.col_offset + len(name.id)
    if text[name.col_offset : end] != name.id and unicodedata.normalize("NFKC", text) != text:
        raise ExpressionError(
            f"A name is written with unusual letters, which Python reads as '{name.id}'. Write it "
            "with plain letters.",
            name.col_offset + 1 + lead,
        )


def _shortened(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}…"


def tree_from_syntax(syntax: ast.expr, lead: int = 0) -> Tree:
    """Check Python's syntax against the whitelist and keep it as a tree of our own."""
    tree = _build(syntax, 0, lead)
    check_written_size(tree)
    return tree


def check_written_size(tree: Tree) -> None:
    """See to it that an expression stays small when everything that it names is written out.

    Raises:
        ExpressionError: It would have too many operations, or too many inside each other.
    """
    if tree.size > MAX_WRITTEN_OUT:
        raise ExpressionError(
            f"Written out, the expression has more than {MAX_WRITTEN_OUT:,} operations: quantities, "
            "comparisons and lists that stand inside each other multiply. Replace a part "
            "of it by a derived node.",
            tree.column,
        )
    if tree.depth > MAX_WRITTEN_DEPTH:
        raise ExpressionError(
            f"Written out, the expression has more than {MAX_WRITTEN_DEPTH} operations inside each "
            "other: its quantities build on too many others. Replace a part of it by a "
            "derived node.",
            tree.column,
        )


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
    # Each side is built once; where it stands in two comparisons, both hold the same tree.
    (left,) = below(node.left)
    for sign, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(sign, ast.In | ast.NotIn):
            if not isinstance(right, ast.List | ast.Tuple | ast.Set):
                raise fail("'in' needs a list of values, such as x in ['some', 'all'].")
            is_inside = isinstance(sign, ast.In)
            op = "==" if is_inside else "!="
            each = tuple(Tree(op, (left, item), None, column) for item in below(*right.elts))
            if not each:
                raise fail("'in' needs a list with at least one value.")
            links.append(Tree("or" if is_inside else "and", each, None, column))
            if right is not node.comparators[-1]:
                raise fail("A comparison cannot go on after the list of an 'in'; write 'and'.")
        elif type(sign) in _COMPARE:
            (other,) = below(right)
            links.append(Tree(_COMPARE[type(sign)], (left, other), None, column))
            left = other
        else:
            raise fail("'is' is not in the language; write == or !=.")
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
