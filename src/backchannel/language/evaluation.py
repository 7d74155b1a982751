"""Evaluate expressions by broadcasting: node values lie along axes, parameters along the draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np

from backchannel.language.errors import ExpressionError
from backchannel.language.expressions import Expression, Tree
from backchannel.language.names import NOT_APPLICABLE, NodeName, Value
from backchannel.language.table_cells import cell_positions, picked

Array: TypeAlias = Any
"""An array of `numpy` or of `jax.numpy`, whichever module does the arithmetic."""


@dataclass(frozen=True)
class Words:
    """Text laid out along axes: `codes` index `labels`, -1 stands for n/a."""

    codes: Array
    labels: tuple[str, ...]


def along_axis(domain: Sequence[Value], *, axis: int, axes: int) -> Words | Array:
    """Lay the values of a node along one of `axes` axes; one last axis is left for the draws.

    Numbers become an array with nan for n/a, words become `Words`.
    """
    shape = [1] * (axes + 1)
    shape[axis] = len(domain)
    if any(isinstance(value, str) and value != NOT_APPLICABLE for value in domain):
        labels = tuple(str(value) for value in domain)
        codes = [-1 if label == NOT_APPLICABLE else i for i, label in enumerate(labels)]
        return Words(np.array(codes).reshape(shape), labels)
    numbers = [np.nan if value == NOT_APPLICABLE else float(value) for value in domain]
    return np.array(numbers).reshape(shape)


def evaluate(
    expression: Expression, values: Mapping[str, Words | Array], xp: ModuleType = np
) -> Array:
    """Evaluate a number or a truth (1 or 0) by broadcasting.

    Args:
        expression: What to work out.
        values: For each name an array, or `Words` for a node whose values are words.
        xp: `numpy`, or `jax.numpy` inside compiled code.

    Returns:
        An array of numbers that broadcasts against the shapes in `values`.

    Raises:
        ExpressionError: A name is missing, or words are used as numbers.
    """
    result = _Evaluator(values, xp).whole(expression)
    if isinstance(result, Words):
        raise ExpressionError("This is a word where a number is needed.", expression.tree.column)
    return _real(result)


def evaluate_words(
    expression: Expression, values: Mapping[str, Words | Array], xp: ModuleType = np
) -> Words | Array:
    """Evaluate an expression that may also give words (a derived node's value)."""
    return _Evaluator(values, xp).whole(expression)


def equals(left: Words | Array, right: Words | Array, xp: ModuleType = np) -> Array:
    """Say where two values are the same; n/a is never the same as anything."""
    if isinstance(left, Words) and isinstance(right, Words):
        translate = {label: i for i, label in enumerate(left.labels)}
        # One row more than labels, so that code -1 (n/a) finds -1.
        into_left = np.array([translate.get(label, -2) for label in right.labels] + [-1])
        return (left.codes == into_left[right.codes]) & (left.codes >= 0)
    if isinstance(left, Words) or isinstance(right, Words):
        return xp.zeros((), dtype=bool)
    return left == right


class _Evaluator:
    """Works a tree out from below: each part once, and none kept longer than it is needed."""

    def __init__(self, values: Mapping[str, Words | Array], xp: ModuleType) -> None:
        self.values = values
        self.xp = xp

    def whole(self, expression: Expression) -> Words | Array:
        uses = Counter(id(part) for tree in expression.operations for part in tree.parts)
        found: dict[int, Words | Array] = {}
        for tree in expression.operations:
            result = self._one(tree, [found[id(part)] for part in tree.parts])
            for part in tree.parts:
                uses[id(part)] -= 1
                if not uses[id(part)]:
                    found.pop(id(part))
            found[id(tree)] = result
        return found[id(expression.tree)]

    def _one(self, tree: Tree, parts: list[Words | Array]) -> Words | Array:
        match tree.op:
            case "number":
                return np.asarray(tree.value)
            case "text":
                return Words(np.asarray(0), (tree.value,))
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
            case "==" | "!=" | "<" | "<=" | ">" | ">=":
                return self._compare(tree, parts)
            case _:
                return _arithmetic(tree.op, *map(_number, parts, tree.parts))

    def _look_up(self, tree: Tree) -> Words | Array:
        if tree.value not in self.values:
            raise ExpressionError(f"There is no '{tree.value}'.", tree.column)
        return self.values[tree.value]

    def _choose(self, tree: Tree, parts: list[Words | Array]) -> Words | Array:
        condition = _truth(parts[0], tree.parts[0])
        yes, no = parts[1:]
        if isinstance(yes, Words) and isinstance(no, Words):
            labels = tuple(dict.fromkeys([*yes.labels, *no.labels]))
            return Words(np.where(condition, _recode(yes, labels), _recode(no, labels)), labels)
        if isinstance(yes, Words) or isinstance(no, Words):
            raise ExpressionError(
                "Both sides of if/else must be numbers, or both words.", tree.column
            )
        return self.xp.where(condition, _real(yes), _real(no))

    def _compare(self, tree: Tree, parts: list[Words | Array]) -> Array:
        left, right = parts
        xp = self.xp
        if isinstance(left, Words) != isinstance(right, Words):
            raise ExpressionError("A word and a number are never equal.", tree.column)
        if tree.op == "==":
            return equals(left, right, xp)
        if isinstance(left, Words) and isinstance(right, Words):
            if tree.op != "!=":
                raise ExpressionError("Words can only be compared with == and !=.", tree.column)
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

    def _table(self, tree: Tree, parts: list[Words | Array]) -> Array:
        names, keys = tree.value
        cells: list[Array] = []
        for cell in parts:
            if isinstance(cell, Words):
                raise ExpressionError("The cells of a table are numbers.", tree.column)
            cells.append(_real(cell))
        if len(cells) == len(keys):
            cells.append(np.asarray(np.nan))
        where = cell_positions([_laid_out(self.values[name]) for name in names], keys)
        return picked(cells, where, self.xp)


def _number(result: Words | Array, tree: Tree) -> Array:
    if isinstance(result, Words):
        raise ExpressionError("Words can only be compared with == and !=.", tree.column)
    return _real(result) if result.dtype == bool else result


def _real(result: Array) -> Array:
    # True times 1.0 would be an implicit promotion, which JAX may be told to refuse.
    is_truth = hasattr(result, "dtype") and result.dtype == bool
    return result.astype(float) if is_truth else result * 1.0


def _truth(result: Words | Array, tree: Tree) -> Array:
    if isinstance(result, Words):
        raise ExpressionError("A word is neither true nor false; compare it.", tree.column)
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


def _laid_out(axis: Words | Array) -> tuple[list[Value], tuple[int, ...]]:
    """The values along an axis; unlike a comparison, a table may name n/a."""
    if isinstance(axis, Words):
        labels = [*axis.labels, NOT_APPLICABLE]  # code -1 (n/a) finds the last
        return [labels[code] for code in axis.codes.ravel().tolist()], axis.codes.shape
    numbers = np.asarray(axis).ravel().tolist()
    return [NOT_APPLICABLE if x != x else x for x in numbers], np.shape(axis)


def _recode(words: Words, labels: tuple[str, ...]) -> Array:
    into = np.array([labels.index(label) for label in words.labels] + [-1])
    return into[words.codes]


def value_indicator(
    result: Words | Array, domain: Sequence[Value], *, tolerance: float = 1e-9
) -> list[Array]:
    """For each value of a domain, say where a derived node's result is that value.

    Numbers are matched within `tolerance`, relative to the size of the value (at least 1).
    """
    found = []
    for value in domain:
        if isinstance(result, Words):
            found.append(equals(result, Words(np.asarray(0), (str(value),))))
        elif isinstance(value, str):
            found.append(np.zeros(np.shape(result), dtype=bool))
        else:
            found.append(abs(result - value) <= tolerance * max(1.0, abs(value)))
    return found


NodeAxes: TypeAlias = Mapping[NodeName, Sequence[Value]]


def node_axes(domains: NodeAxes, scope: Sequence[NodeName]) -> dict[str, Words | Array]:
    """Lay several nodes along the axes of one table, in the order of `scope`, draws last."""
    return {
        name: along_axis(domains[name], axis=i, axes=len(scope)) for i, name in enumerate(scope)
    }
