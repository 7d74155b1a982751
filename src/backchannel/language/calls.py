"""The functions of expressions, and their calls, from Python's syntax."""

from __future__ import annotations

import ast
from collections.abc import Callable

from backchannel.language.errors import ExpressionError
from backchannel.language.names import did_you_mean
from backchannel.language.trees import Tree

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


def call(
    node: ast.Call,
    below: Callable[..., tuple[Tree, ...]],
    fail: Callable[[str], ExpressionError],
    column: int,
) -> Tree:
    """Build the call of a function."""
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
