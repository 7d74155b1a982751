"""The tree of a formula: a sum of terms, each a product of factors.

Every part is frozen and holds names, numbers and words only. Written out as text it gives the
names of the columns; the text is never read back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

NAME = re.compile(r"[^\W\d][\w.]*")
"""A name that needs no backticks."""


@dataclass(frozen=True)
class ColumnRef:
    """A column of the table, by its name."""

    name: str

    def __str__(self) -> str:
        return self.name if NAME.fullmatch(self.name) else f"`{self.name}`"


@dataclass(frozen=True)
class Constant:
    """A number in the arithmetic of a function's argument."""

    value: int | float

    def __str__(self) -> str:
        return repr(self.value)


@dataclass(frozen=True)
class ArithmeticOperation:
    """Arithmetic in a function's argument: `+ - * / **`, or `-` with one part."""

    sign: str
    parts: tuple[Argument, ...]

    def __str__(self) -> str:
        if len(self.parts) == 1:
            return f"-{self._inside(self.parts[0], left=False)}"
        first, second = self.parts
        return f"{self._inside(first, left=True)} {self.sign} {self._inside(second, left=False)}"

    def _inside(self, part: Argument, *, left: bool) -> str:
        own, other = _strength(self), _strength(part)
        # A power binds to the right, everything else to the left.
        loose = other < own or (other == own and left == (self.sign == "**"))
        return f"({part})" if (loose and len(self.parts) == 2) or other < own else str(part)


@dataclass(frozen=True)
class BaseLevel:
    """The level that others are compared with: `Treatment('level')`."""

    level: str | int | float
    spelling: str = "Treatment"

    def __str__(self) -> str:
        return f"{self.spelling}({self.level!r})"


LiteralValue: TypeAlias = bool | int | float | str | BaseLevel | tuple[int | float | str, ...]


@dataclass(frozen=True)
class Call:
    """A function of one argument, with literal options by place (no name) or by name."""

    function: str
    argument: Argument
    options: tuple[tuple[str, LiteralValue], ...] = ()

    def __str__(self) -> str:
        shown = [
            f"{name}={_shown(value)}" if name else _shown(value) for name, value in self.options
        ]
        return f"{self.function}({', '.join([str(self.argument), *shown])})"

    @property
    def reads_gaps(self) -> bool:
        """Whether it gives a meaning to the gaps of its column."""
        return self.function in ("fill", "missing") or ("missing", True) in self.options


Argument: TypeAlias = ColumnRef | Constant | ArithmeticOperation | Call
Factor: TypeAlias = ColumnRef | Call
Product: TypeAlias = tuple[Factor, ...]
"""Factors that are multiplied; the empty product is the intercept."""


@dataclass(frozen=True)
class GroupEffect:
    """Terms whose coefficients differ from group to group: `(1 + x | group)`."""

    terms: tuple[Product, ...]
    group: tuple[ColumnRef, ...]
    """Columns whose values together say which group a row belongs to."""

    @property
    def label(self) -> str:
        """What its coefficients are called together: `1 | dyad`."""
        return f"1 | {':'.join(map(str, self.group))}"


@dataclass(frozen=True)
class Formula:
    """A formula that was read: terms in the order of their columns."""

    terms: tuple[Product, ...]
    groups: tuple[GroupEffect, ...] = ()

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Every factor once, in the order of the terms."""
        return tuple(dict.fromkeys(factor for term in self.terms for factor in term))

    @property
    def variables(self) -> frozenset[str]:
        """The columns of a table that the formula names."""
        terms = [*self.terms, *(term for group in self.groups for term in group.terms)]
        named = {name for term in terms for factor in term for name in columns_in(factor)}
        return frozenset(named | {by.name for group in self.groups for by in group.group})

    @property
    def needed(self) -> frozenset[str]:
        """The columns in which a gap has no meaning: those that some part reads as they are."""
        read = {name for factor in self.factors for name in columns_in(factor, gaps=False)}
        return frozenset(read | {by.name for group in self.groups for by in group.group})


def columns_in(part: Argument, *, gaps: bool = True) -> Iterator[str]:
    """The columns that a part of a formula names.

    Args:
        part: The part.
        gaps: Also those whose gaps the part gives a meaning to: `fill(x)`, `missing(x)`,
            `C(x, missing=true)`.
    """
    match part:
        case ColumnRef():
            yield part.name
        case Call():
            if gaps or not part.reads_gaps:
                yield from columns_in(part.argument, gaps=gaps)
        case ArithmeticOperation():
            for below in part.parts:
                yield from columns_in(below, gaps=gaps)


def factor_label(factor: Factor) -> str:
    """What the column of a factor is called; a column keeps its name as it is."""
    return factor.name if isinstance(factor, ColumnRef) else str(factor)


def _strength(part: Argument) -> int:
    if not isinstance(part, ArithmeticOperation):
        return 9
    if len(part.parts) == 1:
        return 3
    return {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4}[part.sign]


def _shown(value: LiteralValue) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(repr, value))}]"
    return str(value) if isinstance(value, BaseLevel) else repr(value)
