"""Evaluate expressions by broadcasting: each node has an axis, and so have the draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import reduce
from types import ModuleType
from typing import Any

import numpy as np

from backchannel.language.coded_words import CodedWords, equals, recode, values_on_axis
from backchannel.language.errors import ExpressionError
from backchannel.language.expressions import Expression, Tree
from backchannel.language.table_cells import Array, cell_positions, pick_cells


def evaluate(
    expression: Expression, values: Mapping[str, CodedWords | Array], xp: ModuleType = np
) -> Array:
    """Evaluate an expression to numbers; a true condition is 1, a false one 0.

    Args:
        expression: The expression to evaluate.
        values: For each name an array, or `CodedWords` for a node whose values are words.
        xp: `numpy`, or `jax.numpy` inside compiled code.

    Returns:
        An array of numbers that broadcasts against the shapes in `values`.

    Raises:
        ExpressionError: A name is missing, or words are used as numbers.
    """
    result = _Evaluator(values, xp).whole(expression)
    if isinstance(result, CodedWords):
        raise ExpressionError(
            "This is a word, but a number is needed here.", expression.tree.column
        )
    return _real(result)


def evaluate_words(
    expression: Expression, values: Mapping[str, CodedWords | Array], xp: ModuleType = np
) -> CodedWords | Array:
    """Evaluate an expression that may also give words, such as a derived node's value."""
    return _Evaluator(values, xp).whole(expression)


class _Evaluator:
    """Evaluates a tree from its leaves: each part once, and each result dropped after its last use."""

    def __init__(self, values: Mapping[str, CodedWords | Array], xp: ModuleType) -> None:
        self.values = values
        self.xp = xp

    def whole(self, expression: Expression) -> CodedWords | Array:
        uses = Counter(id(part) for tree in expression.operations for part in tree.parts)
        results: dict[int, Any] = {}
        for tree in expression.operations:
            result = self._one(tree, [results[id(part)] for part in tree.parts])
            for part in tree.parts:
                uses[id(part)] -= 1
                if not uses[id(part)]:
                    results.pop(id(part))
            results[id(tree)] = result
        return results[id(expression.tree)]

    def _one(self, tree: Tree, parts: list[Any]) -> Any:
        match tree.op:
            case "number":
                return np.asarray(tree.value)
            case "text":
                return CodedWords(np.asarray(0), (tree.value,))
            case "name":
                return self._look_up(tree)
            case "negate":
                return -_number(parts[0], tree.parts[0])
            case "not":
                return ~_truth(parts[0], tree.parts[0])
            case "and":
                return reduce(lambda a, b: a & b, map(_truth, parts, tree.parts))
            case "or":
                return reduce(lambda a, b: a | b, map(_truth, parts, tree.parts))
            case "if":
                return self._choose(tree, parts)
            case "call":
                return self._call(tree.value, list(map(_number, parts, tree.parts)))
            case "table":
                return self._table(tree, parts)
            case "market":
                # Numbers of a market are settled together; operations "outcome" pick from what comes out.
                return tree.value.settle(list(map(_number, parts, tree.parts)), self.xp)
            case "outcome":
                return parts[0][tree.value]
            case "==" | "!=" | "<" | "<=" | ">" | ">=":
                return self._compare(tree, parts)
            case _:
                return _arithmetic(tree.op, *map(_number, parts, tree.parts))

    def _look_up(self, tree: Tree) -> CodedWords | Array:
        if tree.value not in self.values:
            raise ExpressionError(f"There is no '{tree.value}'.", tree.column)
        return self.values[tree.value]

    def _choose(self, tree: Tree, parts: list[CodedWords | Array]) -> CodedWords | Array:
        condition = _truth(parts[0], tree.parts[0])
        yes, no = parts[1:]
        if isinstance(yes, CodedWords) and isinstance(no, CodedWords):
            labels = tuple(dict.fromkeys([*yes.labels, *no.labels]))
            return CodedWords(np.where(condition, recode(yes, labels), recode(no, labels)), labels)
        if isinstance(yes, CodedWords) or isinstance(no, CodedWords):
            raise ExpressionError(
                "Both sides of if/else must be numbers, or both words.", tree.column
            )
        return self.xp.where(condition, _real(yes), _real(no))

    def _compare(self, tree: Tree, parts: list[CodedWords | Array]) -> Array:
        left, right = parts
        xp = self.xp
        if isinstance(left, CodedWords) != isinstance(right, CodedWords):
            raise ExpressionError("A word cannot be compared with a number.", tree.column)
        if tree.op == "==":
            return equals(left, right, xp)
        if isinstance(left, CodedWords) and isinstance(right, CodedWords):
            if tree.op != "!=":
                raise ExpressionError(
                    "Words can only be compared with == and !=, as in reply == 'pay', which is 1 or 0.",
                    tree.column,
                )
            return ~equals(left, right, xp) & (left.codes >= 0) & (right.codes >= 0)
        left, right = map(_number, parts, tree.parts)
        match tree.op:
            case "!=":
                return (left != right) & ~xp.isnan(left) & ~xp.isnan(right)
            case "<":
                return left < right
            case "<=":
                return left <= right
            case ">":
                return left > right
            case _:
                return left >= right

    def _call(self, name: str, arguments: list[Array]) -> Array:
        xp = self.xp
        with np.errstate(all="ignore"):
            match name:
                case "min":
                    return reduce(xp.minimum, arguments)
                case "max":
                    return reduce(xp.maximum, arguments)
                case "clip":
                    return xp.minimum(xp.maximum(arguments[0], arguments[1]), arguments[2])
                case "logistic":
                    return 1.0 / (1.0 + xp.exp(-arguments[0]))
                case _:
                    return getattr(xp, name)(arguments[0])

    def _table(self, tree: Tree, parts: list[CodedWords | Array]) -> Array:
        names, keys = tree.value
        cells: list[Array] = []
        for cell in parts:
            if isinstance(cell, CodedWords):
                raise ExpressionError("The cells of a table must be numbers.", tree.column)
            cells.append(_real(cell))
        if len(cells) == len(keys):
            cells.append(np.asarray(np.nan))
        where = cell_positions([values_on_axis(self.values[name]) for name in names], keys)
        return pick_cells(cells, where, self.xp)


def _number(result: CodedWords | Array, tree: Tree) -> Array:
    if isinstance(result, CodedWords):
        raise ExpressionError(
            "Words can only be compared with == and !=, as in reply == 'pay', which is 1 or 0.",
            tree.column,
        )
    return _real(result) if result.dtype == bool else result


def _real(result: Array) -> Array:
    # True times 1.0 would be an implicit promotion, which JAX may be told to refuse.
    is_truth = hasattr(result, "dtype") and result.dtype == bool
    return result.astype(float) if is_truth else result * 1.0


def _truth(result: CodedWords | Array, tree: Tree) -> Array:
    if isinstance(result, CodedWords):
        raise ExpressionError(
            "A word is neither true nor false; compare it with a value.", tree.column
        )
    return result if result.dtype == bool else result != 0


def _arithmetic(sign: str, left: Array, right: Array) -> Array:
    with np.errstate(all="ignore"):
        match sign:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return left / right
            case _:
                return left**right
