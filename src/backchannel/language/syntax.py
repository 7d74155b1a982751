"""Python's parser, used to read expressions; nothing that it returns is trusted or compiled."""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings

from backchannel.language.errors import ExpressionError
from backchannel.language.names import ROUND_SIGN

MAX_LENGTH = 4_000
MAX_CHAIN = 200
"""Most arithmetic operators in a row, as in a long sum."""
MAX_SYNTAX_DEPTH = 100
"""Deepest nesting of Python's syntax; a claim's test needs a few levels more than its expressions."""
TOO_DEEP = "The expression is nested too deeply. Split it with quantities."

_AT = "\u0298"
"""Replaces `@` in names while Python's parser reads them; a letter that nobody uses."""
_ROUND_NAME = re.compile(r"('[^']*'|\"[^\"]*\")|\b([A-Za-z]\w*)@(?=(?:prev|after|[0-9]+)\b)")

_BREAKS = {ord(c): " " for c in "\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029"}
"""Line ends, which count as spaces: an expression may run over several lines."""


def read_syntax(text: str) -> tuple[ast.expr, int]:
    """Parse text with Python's parser; the result is not checked against the whitelist yet.

    Returns:
        The syntax, and the number of white-space characters before it.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"The expression has {len(text)} characters; at most {MAX_LENGTH} are allowed. "
            "Split it with quantities."
        )
    lead = len(text) - len(text.lstrip())
    flat = text.translate(_BREAKS).strip()
    joined = _ROUND_NAME.sub(lambda match: match[1] or match[2] + _AT, flat)
    try:
        with warnings.catch_warnings():
            # Python warns about `1 is 1` and odd backslashes; this module reports them as errors.
            warnings.simplefilter("ignore")
            syntax = ast.parse(joined, mode="eval").body
    except SyntaxError as error:
        column = max(1, (error.offset or 1)) + lead
        message = f"'{_shortened(flat)}' is not a valid expression. {_in_words(flat, error)}"
        raise ExpressionError(message, column) from None
    except (RecursionError, MemoryError):
        raise ExpressionError(
            "The expression is nested too deeply, or has too many operators in a row. Split it with "
            "quantities."
        ) from None
    except ValueError:
        raise ExpressionError(
            "The expression contains half a character (a lone surrogate). Type it again."
        ) from None
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
    """Check the depth with a loop, because everything that follows recurses."""
    level: list[ast.AST] = [syntax]
    for _ in range(MAX_SYNTAX_DEPTH):
        level = [child for node in level for child in _operands(node)]
        if not level:
            return
    raise ExpressionError(TOO_DEEP)


def _operands(node: ast.AST) -> list[ast.AST]:
    """List the children of a node; of arithmetic in a row (`a + b - c`), all operands."""
    if not isinstance(node, ast.BinOp):
        return list(ast.iter_child_nodes(node))
    first, operators = operators_in_a_row(node)
    if len(operators) > MAX_CHAIN:
        raise ExpressionError(
            f"The expression has {len(operators)} operators in a row; at most {MAX_CHAIN} are "
            "allowed. Split it with quantities."
        )
    return [first, *(operator.right for operator in operators)]


def _check_spelling(text: str, name: ast.Name, lead: int) -> None:
    """Refuse letters that Python normalises, such as full-width ones: one name could then be another."""
    end = name.col_offset + len(name.id)
    if text[name.col_offset : end] != name.id and unicodedata.normalize("NFKC", text) != text:
        raise ExpressionError(
            f"This name contains unusual letters, which Python reads as '{name.id}'. Use plain "
            "letters.",
            name.col_offset + 1 + lead,
        )


def _in_words(text: str, error: SyntaxError) -> str:
    """Say what is wrong without the terms of Python."""
    said = error.msg or ""
    if not text:
        return "It is empty."
    if match := re.match(r"'(.)' was never closed", said):
        return f"The bracket {match[1]} is not closed."
    if match := re.match(r"unmatched '(.)'", said):
        return f"The bracket {match[1]} closes nothing."
    if "does not match opening" in said:
        return "A bracket is closed by one of another kind."
    if "unterminated" in said:
        return "A quotation mark is not closed."
    if "expected 'else'" in said:
        return "After `if`, write what holds otherwise: 1 if reply == 'pay' else 0."
    if re.match(r"\s*if\b", text):
        return "Write the value first: 1 if reply == 'pay' else 0."
    if re.search(r"([-+*/=<>,]|\b(and|or|not|if|else|in))\s*$", text):
        return "Something is missing at its end."
    near = text[max(0, (error.offset or 1) - 1) :][:20].strip()
    where = f" Something is wrong near '{near}'." if near else " Something is missing at its end."
    return f"{where.strip()} Between two parts stands one sign, such as + - * / == and or."


def _shortened(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}…"


def operators_in_a_row(node: ast.BinOp) -> tuple[ast.expr, list[ast.BinOp]]:
    """Split arithmetic in a row, which Python nests on the left, into its first operand and its operators."""
    operators: list[ast.BinOp] = []
    first: ast.expr = node
    while isinstance(first, ast.BinOp):
        operators.append(first)
        first = first.left
    return first, operators[::-1]
