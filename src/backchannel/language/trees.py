"""Trees: what expressions are made of, and how they are rewritten.

A part that stands in several places is one object. Everything here visits each part once and goes
by loops, so that cost and memory follow the number of different parts and never the number of
operations that they would be if they were written out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import Any

from backchannel.language.names import Value

MOST_TERMS = 1_000
"""Terms into which a sum is split; a longer one stays whole."""


@dataclass(frozen=True, eq=False)
class Tree:
    """One operation and what it is applied to; equal to another when it says the same thing.

    `op` is `number`, `text`, `name`, `negate`, `not`, `and`, `or`, `if`, `call`, `table`, or the
    sign of an arithmetic operation or comparison.
    """

    op: str
    parts: tuple[Tree, ...] = ()
    value: Any = None
    """The number, the text, the name, the function, or (in a table) its nodes and keys."""
    column: int = 1
    size: int = field(init=False, repr=False)
    """Operations if every part were written out wherever it stands."""
    depth: int = field(init=False, repr=False)
    """Operations inside each other, this one counted."""

    def __post_init__(self) -> None:
        size = depth = 0
        for part in self.parts:
            size += part.size
            depth = max(depth, part.depth)
        object.__setattr__(self, "size", size + 1)
        object.__setattr__(self, "depth", depth + 1)

    def walk(self) -> Iterator[Tree]:
        """Yield this operation and everything below it, each part once, from left to right."""
        seen: set[int] = set()
        waiting: list[Tree] = [self]
        while waiting:
            tree = waiting.pop()
            if id(tree) not in seen:
                seen.add(id(tree))
                yield tree
                waiting += reversed(tree.parts)

    def upward(self) -> Iterator[Tree]:
        """Yield everything below this operation and then itself, each part once, after its parts."""
        seen: set[int] = set()
        waiting: list[tuple[Tree, bool]] = [(self, False)]
        while waiting:
            tree, parts_done = waiting.pop()
            if parts_done:
                yield tree
            elif id(tree) not in seen:
                seen.add(id(tree))
                waiting.append((tree, True))
                waiting += [(part, False) for part in reversed(tree.parts)]

    def rebuilt(self, change: Callable[[Tree], Tree]) -> Tree:
        """Make the tree anew from below, each part once; what stays as it is stays the same object.

        Args:
            change: Gives the new form of an operation whose parts are new already.
        """
        made: dict[int, Tree] = {}
        for tree in self.upward():
            parts = tuple(made[id(part)] for part in tree.parts)
            is_same = all(new is old for new, old in zip(parts, tree.parts, strict=True))
            made[id(tree)] = change(
                tree if is_same else Tree(tree.op, parts, tree.value, tree.column)
            )
        return made[id(self)]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tree):
            return NotImplemented
        return self is other or self._mark == other._mark

    def __hash__(self) -> int:
        return hash(self._mark)

    @property
    def _mark(self) -> bytes:
        """Stands for all that the tree says: its operation, its value and its parts' marks."""
        if "mark" not in self.__dict__:
            for tree in self.upward():
                if "mark" not in tree.__dict__:
                    said = blake2b(digest_size=16)
                    said.update(repr((tree.op, len(tree.parts), _plain(tree.value))).encode())
                    for part in tree.parts:
                        said.update(part.__dict__["mark"])
                    object.__setattr__(tree, "mark", said.digest())
        return self.__dict__["mark"]


def _plain(value: Any) -> Any:
    """A value in the one spelling that equal values share: 1 and 1.0 are the same number."""
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return float(value) if isinstance(value, int | float) and abs(value) < 2**53 else value


@dataclass(frozen=True)
class Expression:
    """A checked expression; equal when it says the same thing."""

    tree: Tree
    text: str = field(default="", compare=False)

    @cached_property
    def operations(self) -> tuple[Tree, ...]:
        """Every different part, each after its own parts; the whole comes last."""
        return tuple(self.tree.upward())

    @cached_property
    def names(self) -> frozenset[str]:
        """Every node, quantity and parameter that the expression mentions."""
        named: set[str] = set()
        for tree in self.operations:
            if tree.op == "name":
                named.add(tree.value)
            elif tree.op == "table":
                named.update(tree.value[0])
        return frozenset(named)

    def __str__(self) -> str:
        return self.text


def constant(value: Value) -> Expression:
    """Make an expression that is one number or one word."""
    op = "text" if isinstance(value, str) else "number"
    return Expression(Tree(op, value=value), str(value))


def table(
    names: tuple[str, ...],
    cells: Mapping[tuple[Value, ...], Expression],
    *,
    otherwise: Expression | None = None,
) -> Expression:
    """Make an expression that looks one cell up by the values of the nodes `names`.

    Args:
        names: The nodes.
        cells: An expression for combinations of their values.
        otherwise: What stands for every combination that has no cell.
    """
    keys = tuple(cells)
    parts = tuple(cells[key].tree for key in keys)
    if otherwise is not None:
        parts = (*parts, otherwise.tree)
    return Expression(Tree("table", parts, (names, keys)), "table")


def substitute(expression: Expression, meanings: Mapping[str, Expression]) -> Expression:
    """Write the meaning of some names (quantities, say) in their place."""

    def meaning(tree: Tree) -> Tree:
        return meanings[tree.value].tree if tree.op == "name" and tree.value in meanings else tree

    return Expression(expression.tree.rebuilt(meaning), expression.text)


def rename(expression: Expression, names: Mapping[str, str]) -> Expression:
    """Give some names another spelling (a believed parameter in place of the true one)."""

    def renamed(tree: Tree) -> Tree:
        value = tree.value
        if tree.op == "name":
            value = names.get(value, value)
        elif tree.op == "table":
            value = (tuple(names.get(name, name) for name in value[0]), value[1])
        return tree if value == tree.value else Tree(tree.op, tree.parts, value, tree.column)

    return Expression(expression.tree.rebuilt(renamed), expression.text)


def summands(expression: Expression, *, nodes: frozenset[str]) -> list[Expression]:
    """Split a sum into its terms, multiplying out factors that name no node.

    Each term of an interest then spans only the nodes it needs, so tables stay small. A sum of more
    than `MOST_TERMS` terms is one term.

    >>> from backchannel.language.expressions import parse
    >>> [sorted(term.names) for term in summands(parse("p * (a - b) + c"), nodes=frozenset("abc"))]
    [['a', 'p'], ['b', 'p'], ['c']]
    """
    plain: dict[int, bool] = {}
    for tree in expression.operations:
        if tree.op == "name":
            plain[id(tree)] = tree.value not in nodes
        else:
            is_plain = tree.op != "table" or nodes.isdisjoint(tree.value[0])
            plain[id(tree)] = is_plain and all(plain[id(part)] for part in tree.parts)
    split = _split(expression.tree, plain)
    terms: dict[int, list[Tree]] = {}
    for tree in expression.operations:
        if id(tree) not in split:
            continue
        terms[id(tree)] = _terms(tree, split[id(tree)], terms)
        if len(terms[id(tree)]) > MOST_TERMS:
            return [expression]
    return [Expression(term, expression.text) for term in terms[id(expression.tree)]]


def _split(root: Tree, plain: Mapping[int, bool]) -> dict[int, tuple[Tree, ...]]:
    """For each part that is a sum, or a term of one, the parts of it that are split further."""
    found: dict[int, tuple[Tree, ...]] = {}
    waiting = [root]
    while waiting:
        tree = waiting.pop()
        if id(tree) in found:
            continue
        inner: tuple[Tree, ...] = ()
        if tree.op in ("+", "-", "negate"):
            inner = tree.parts
        elif tree.op == "*" and plain[id(tree.parts[0])]:
            inner = tree.parts[1:]
        elif tree.op in ("*", "/") and plain[id(tree.parts[1])]:
            inner = tree.parts[:1]
        found[id(tree)] = inner
        waiting += inner
    return found


def _terms(tree: Tree, split: tuple[Tree, ...], terms: Mapping[int, list[Tree]]) -> list[Tree]:
    """The terms of a sum, given those of its parts."""
    inner = [terms[id(part)] for part in split]
    match tree.op, inner:
        case "+", [left, right]:
            return left + right
        case "-", [left, right]:
            return left + [Tree("negate", (term,)) for term in right]
        case "negate", [whole]:
            return [Tree("negate", (term,)) for term in whole]
        case _, [whole] if split[0] is tree.parts[0]:
            return [Tree(tree.op, (term, tree.parts[1])) for term in whole]
        case _, [whole]:
            return [Tree(tree.op, (tree.parts[0], term)) for term in whole]
        case _:
            return [tree]
