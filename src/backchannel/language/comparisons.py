"""Comparisons of expressions, from Python's syntax."""

from __future__ import annotations

import ast
from collections.abc import Callable

from backchannel.language.errors import ExpressionError
from backchannel.language.names import NOT_APPLICABLE
from backchannel.language.trees import Tree

_COMPARE: dict[type, str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def comparison(
    node: ast.Compare,
    below: Callable[..., tuple[Tree, ...]],
    fail: Callable[[str], ExpressionError],
    column: int,
) -> Tree:
    """Build one comparison, or several in a row."""
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
