"""Trees: the structure of expressions, and how they are rewritten.

A part that is used in several places is one object. Every function here visits each part once, with
loops instead of recursion, so time and memory grow with the number of distinct parts and not with
the number of operations after expansion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import Any

from backchannel.language.names import Value


@dataclass(frozen=True, eq=False)
class Tree:
    """One operation and its operands; two trees are equal if they mean the same.

    `op` is `number`, `text`, `name`, `negate`, `not`, `and`, `or`, `if`, `call`, `table`, `trade`
    (a call that names a good), `market` (what settles its numbers), `outcome` (one result of a market), or
    the sign of an arithmetic operation or comparison.
    """

    op: str
    parts: tuple[Tree, ...] = ()
    value: Any = None
    """The number, the text, the name, the function, or (in a table) its nodes and keys."""
    column: int = 1
    size: int = field(init=False, repr=False)
    """Number of operations after every shared part is expanded."""
    depth: int = field(init=False, repr=False)
    """Depth of nesting, this operation included."""

    def __post_init__(self) -> None:
        size = depth = 0
        for part in self.parts:
            size += part.size
            depth = max(depth, part.depth)
        object.__setattr__(self, "size", size + 1)
        object.__setattr__(self, "depth", depth + 1)

    def walk(self) -> Iterator[Tree]:
        """Yield this operation and all its descendants, each once, from left to right."""
        seen: set[int] = set()
        waiting: list[Tree] = [self]
        while waiting:
            tree = waiting.pop()
            if id(tree) not in seen:
                seen.add(id(tree))
                yield tree
                waiting += reversed(tree.parts)

    def upward(self) -> Iterator[Tree]:
        """Yield all descendants and then this operation, each once and after its operands."""
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
        """Rebuild the tree from its leaves, each part once; unchanged parts stay the same objects.
        Args:
            change: Returns the new form of an operation whose operands are rebuilt already.
        """
        rebuilt_parts: dict[int, Tree] = {}
        for tree in self.upward():
            parts = tuple(rebuilt_parts[id(part)] for part in tree.parts)
            is_same = all(new is old for new, old in zip(parts, tree.parts, strict=True))
            rebuilt_parts[id(tree)] = change(
                tree if is_same else Tree(tree.op, parts, tree.value, tree.column)
            )
        return rebuilt_parts[id(self)]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tree):
            return NotImplemented
        return self is other or self._mark == other._mark

    def __hash__(self) -> int:
        return hash(self._mark)

    @property
    def _mark(self) -> bytes:
        """Hash of the operation, its value and the hashes of its operands."""
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
    """Spell equal values alike: 1 and 1.0 are the same number."""
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return float(value) if isinstance(value, int | float) and abs(value) < 2**53 else value


@dataclass(frozen=True)
class Expression:
    """A checked expression; two expressions are equal if they mean the same."""

    tree: Tree
    text: str = field(default="", compare=False)

    @cached_property
    def operations(self) -> tuple[Tree, ...]:
        """Every distinct part, each after its operands; the whole comes last."""
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
    """Make an expression of one number or one word."""
    op = "text" if isinstance(value, str) else "number"
    return Expression(Tree(op, value=value), str(value))


def sum_of(parts: Sequence[Tree]) -> Tree:
    """Add up some trees, at least one."""
    total, *rest = parts
    for part in rest:
        total = Tree("+", (total, part))
    return total


def table(
    names: tuple[str, ...],
    cells: Mapping[tuple[Value, ...], Expression],
    *,
    otherwise: Expression | None = None,
) -> Expression:
    """Make an expression that looks up one cell by the values of the nodes `names`.

    Args:
        names: The nodes.
        cells: An expression for combinations of their values.
        otherwise: The expression for every combination without a cell.
    """
    keys = tuple(cells)
    parts = tuple(cells[key].tree for key in keys)
    if otherwise is not None:
        parts = (*parts, otherwise.tree)
    return Expression(Tree("table", parts, (names, keys)), "table")


def substitute(expression: Expression, meanings: Mapping[str, Expression]) -> Expression:
    """Replace some names, such as quantities, with their meanings."""

    def meaning(tree: Tree) -> Tree:
        return meanings[tree.value].tree if tree.op == "name" and tree.value in meanings else tree

    return Expression(expression.tree.rebuilt(meaning), expression.text)


def rename(expression: Expression, names: Mapping[str, str]) -> Expression:
    """Replace some names with others, such as a true parameter with a believed one."""

    def renamed(tree: Tree) -> Tree:
        value = tree.value
        if tree.op == "name":
            value = names.get(value, value)
        elif tree.op == "table":
            value = (tuple(names.get(name, name) for name in value[0]), value[1])
        return tree if value == tree.value else Tree(tree.op, tree.parts, value, tree.column)

    return Expression(expression.tree.rebuilt(renamed), expression.text)
