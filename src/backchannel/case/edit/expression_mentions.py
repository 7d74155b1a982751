"""The names that an expression or a claim's test mentions, each with its place in the text."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

from backchannel.case.edit.mentions import CaseNames, Mention, NameKind
from backchannel.language.calls import TRADE_FUNCTIONS
from backchannel.language.errors import ExpressionError
from backchannel.language.names import split_round
from backchannel.language.syntax import read_syntax

MOST_KEPT = 300
"""Characters of the longest expression whose syntax is kept."""
_TRADE_KINDS: dict[str, NameKind] = {"route": "route", "demander": "demander"}


def expression_mentions(text: Any, names: CaseNames, *, result_of: str = "") -> Iterator[Mention]:
    """Yield the mentions in an expression or a test, with an empty path; none where it cannot be read.

    Args:
        text: The expression.
        names: The names of the case.
        result_of: The node whose value the expression gives, if it does.
    """
    if not isinstance(text, str):
        return
    try:
        syntax, lead = _kept_syntax(text) if len(text) <= MOST_KEPT else read_syntax(text)
    except ExpressionError:
        return
    yield from _Finder(text, lead, names, result_of).within(syntax)


@lru_cache(maxsize=512)
def _kept_syntax(text: str) -> tuple[ast.expr, int]:
    """The syntax of an expression, which nobody may change: an edit leaves most expressions as they are."""
    return read_syntax(text)


class _Finder:
    def __init__(self, text: str, lead: int, names: CaseNames, result_of: str) -> None:
        self.text, self.lead, self.names, self.result_of = text, lead, names, result_of

    def within(self, node: ast.AST) -> Iterator[Mention]:
        match node:
            case ast.Name():
                yield from self._name(node)
            case ast.Compare():
                yield from self._comparison(node)
            case ast.Call(func=ast.Name(id=called)):
                yield from self._call(node, called)
            case ast.Constant(value=str()):
                yield from self._word(node, "value", self.result_of)
            case _:
                for child in ast.iter_child_nodes(node):
                    yield from self.within(child)

    def _name(self, node: ast.Name, *kinds: NameKind) -> Iterator[Mention]:
        base = split_round(node.id)[0]
        first: NameKind | None = None
        for kind in reversed(kinds):
            first = kind if base in self.names.of[kind] else first
        meant = first or self.names.kind_in_expression(base)
        if meant is not None:
            yield Mention(meant, base, (), start=node.col_offset + self.lead)

    def _comparison(self, node: ast.Compare) -> Iterator[Mention]:
        sides = [node.left, *node.comparators]
        for side in sides:
            if not isinstance(side, ast.Constant | ast.List | ast.Tuple | ast.Set):
                yield from self.within(side)
        for left, right in pairwise(sides):
            yield from self._values(left, right)
            yield from self._values(right, left)

    def _values(self, side: ast.expr, other: ast.expr) -> Iterator[Mention]:
        """The values that one side of a comparison is compared with."""
        if (
            isinstance(side, ast.Call)
            and isinstance(side.func, ast.Name)
            and side.func.id == "best"
        ):
            side = side.args[0] if side.args else side
        if not isinstance(side, ast.Name):
            return
        owner = split_round(side.id)[0]
        words = other.elts if isinstance(other, ast.List | ast.Tuple | ast.Set) else [other]
        for word in words:
            yield from self._word(word, "value", owner)

    def _call(self, node: ast.Call, called: str) -> Iterator[Mention]:
        if called in TRADE_FUNCTIONS:
            yield from self._trade(node, called)
            return
        for argument in node.args:
            if called in ("E", "best") and isinstance(argument, ast.Name):
                yield from self._name(argument, *(("player", "interest") if called == "E" else ()))
            else:
                yield from self.within(argument)
        for keyword in node.keywords:
            if keyword.arg in ("do", "undo"):
                yield from self._changes(keyword.value)
            else:
                yield from self.within(keyword.value)

    def _changes(self, node: ast.expr) -> Iterator[Mention]:
        """The causes of `undo='cause'`, or the settings of `do={'node': 'value'}`."""
        if not isinstance(node, ast.Dict):
            for item in node.elts if isinstance(node, ast.List | ast.Tuple) else [node]:
                name = item.value if isinstance(item, ast.Constant) else None
                kinds: tuple[NameKind, ...] = ("cause", "question")
                for kind in kinds:
                    if name in self.names.of[kind]:
                        yield from self._word(item, kind)
            return
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield from self._word(key, "node")
                yield from self._word(value, "value", split_round(key.value)[0])

    def _trade(self, node: ast.Call, called: str) -> Iterator[Mention]:
        words = [a.value for a in node.args if isinstance(a, ast.Constant)]
        good = str(words[0]) if words else ""
        for argument, role in zip(node.args, TRADE_FUNCTIONS[called], strict=False):
            if role == "good":
                yield from self._word(argument, "good")
            else:
                yield from self._word(argument, _TRADE_KINDS[role], good)

    def _word(self, node: ast.AST, kind: NameKind, inside: str = "") -> Iterator[Mention]:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            return
        start = node.col_offset + self.lead + 1
        name = split_round(node.value)[0] if kind == "node" else node.value
        # A word with escapes stands in the text in another way; it is left alone.
        if self.text[start : start + len(name)] == name and (kind != "value" or inside):
            yield Mention(kind, name, (), start=start, inside=inside)
