"""The design: how the numbers of every row are computed from a few coefficients.

A number of the case is a linear function of covariates (`linear`), one number shared by all plays,
or fixed. The row's numbers are θ = design(β), and derivatives by θ become derivatives by β.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.language.formulas import DesignMatrix, new_rows
from backchannel.language.names import ParameterName
from backchannel.language.priors import Prior

NumberKind = Literal["any", "positive", "share"]


@dataclass(frozen=True)
class DesignNumber:
    """How one number of the case follows from a part's coefficients: matrix @ coefficients + offset."""

    name: ParameterName
    matrix: Float[np.ndarray, "row coefficient"]
    offset: Float[np.ndarray, " row"]
    """What coefficients that are fixed contribute."""
    on: Callable[[Any], tuple[np.ndarray, np.ndarray]]
    """Makes the matrix and the offset of other rows."""

    def __getstate__(self) -> dict[str, Any]:
        # How it is made of other rows stays in the process that read them.
        return {**self.__dict__, "on": _left_behind}

    def for_rows(self, table: Any) -> DesignNumber:
        """The same number for other rows."""
        matrix, offset = self.on(table)
        return replace(self, matrix=matrix, offset=offset)


def _left_behind(table: Any) -> tuple[np.ndarray, np.ndarray]:
    raise RuntimeError("A design that came from another process has its own rows only.")


@dataclass(frozen=True)
class DesignPart:
    """Some coefficients, and the numbers of the case that depend on these coefficients and on no others."""

    names: tuple[str, ...]
    """What the coefficients are called: `gain[x]` multiplies x in `gain`; a shared number is its own."""
    made: tuple[DesignNumber, ...]
    base: Mapping[str, str]
    """For each categorical covariate the level that the others are compared with."""
    kind: NumberKind = "any"
    """What the number can be: anything, above 0 (a precision), or between 0 and 1."""
    prior: Prior | None = None
    """Of a shared number; it enters where the mode of the posterior is asked for."""


RIDGE = "ridge"
"""The name of the block of all coefficients of covariates."""
INTERCEPT_WIDTH = 2.5
"""Deviation of an intercept where covariates are shrunk towards 0. Without it the intercepts of several
worths are not identified once no covariate has an effect."""


@dataclass(frozen=True)
class NewValues:
    """Rows with values of a column that the rows of a fit do not have."""

    column: str
    rows: Bool[np.ndarray, " row"]
    is_category: bool
    """A category of a covariate; otherwise a group."""


@dataclass(frozen=True)
class PenaltyBlock:
    """Coefficients that are taken to be normal around 0 with one deviation."""

    name: str
    """`ridge`, or the number and its group effect, `quiet[1 | dyad]`."""
    place: Int[np.ndarray, " own"]
    """Where they stand among the coefficients."""
    size: Float[np.ndarray, " own"]
    """What each is multiplied with before it is compared: the deviation of its covariate; 1 of a group."""


@dataclass(frozen=True)
class RegressionDesign:
    """All numbers that are not fixed."""

    parts: tuple[DesignPart, ...]
    blocks: tuple[PenaltyBlock, ...] = ()
    """Coefficients that are shrunk towards 0, with a deviation that is chosen."""
    formula_of: Mapping[ParameterName, DesignMatrix] = field(default_factory=dict)
    """The formulas that make numbers, laid out over the rows of the fit."""
    intercepts: tuple[int, ...] = ()
    """With ridge, where the intercepts stand, which are shrunk towards 0 with a wide deviation."""

    @property
    def coefficients(self) -> tuple[str, ...]:
        """Names of the coefficients, in order."""
        return tuple(name for part in self.parts for name in part.names)

    @property
    def numbers(self) -> tuple[ParameterName, ...]:
        """Names of the numbers that they make, in order."""
        return tuple(number.name for part in self.parts for number in part.made)

    def on(self, table: Any) -> RegressionDesign:
        """The same coefficients for other rows."""
        return replace(
            self,
            parts=tuple(
                replace(part, made=tuple(number.for_rows(table) for number in part.made))
                for part in self.parts
            ),
        )

    def news(self, table: Any) -> list[NewValues]:
        """The categories and groups of some rows that the rows of the fit do not have."""
        new_values = []
        for laid in self.formula_of.values():
            for column, rows in new_rows(table, laid.levels).items():
                new_values.append(NewValues(column, rows, is_category=True))
            for group in laid.groups:
                rows = group.place(table) < 0
                if rows.any():
                    new_values.append(NewValues(group.by[-1], rows, is_category=False))
        return new_values

    def rows(self, beta: Float[np.ndarray, " coefficient"]) -> Float[np.ndarray, "row number"]:
        """Every row's numbers."""
        columns = [
            number.matrix @ own + number.offset
            for part, own in zip(self.parts, self._split(beta), strict=True)
            for number in part.made
        ]
        return np.stack(columns, axis=1)

    def scores(
        self, slope: Float[np.ndarray, "row number"]
    ) -> Float[np.ndarray, "row coefficient"]:
        """Derivatives by the coefficients of each row."""
        blocks, k = [], 0
        for part in self.parts:
            block = np.zeros((len(slope), len(part.names)))
            for number in part.made:
                block += number.matrix * slope[:, k, None]
                k += 1
            blocks.append(block)
        return np.concatenate(blocks, axis=1)

    @property
    def column_blocks(self) -> list[tuple[Float[np.ndarray, "row own"], slice]]:
        """For each number what its coefficients are multiplied with, and where they stand among them all."""
        begin, blocks = 0, []
        for part in self.parts:
            place = slice(begin, begin + len(part.names))
            blocks += [(number.matrix, place) for number in part.made]
            begin += len(part.names)
        return blocks

    def movement(self, moves: Float[np.ndarray, " coefficient"]) -> Float[np.ndarray, " number"]:
        """The largest change of each number when one of its coefficients changes by the given amount."""
        return np.array(
            [
                max(np.sqrt(((number.matrix * own) ** 2).mean(axis=0)).max(initial=0.0), 1e-300)
                for part, own in zip(self.parts, self._split(moves), strict=True)
                for number in part.made
            ]
        )

    @property
    def kinds(self) -> np.ndarray:
        """The kind of each coefficient, which says which values it can have."""
        return np.array([part.kind for part in self.parts for _ in part.names])

    @property
    def priors(self) -> tuple[Prior | None, ...]:
        """The prior of each coefficient; a covariate's has none."""
        return tuple(part.prior for part in self.parts for _ in part.names)

    def start(self) -> Float[np.ndarray, " coefficient"]:
        """Where a search begins: 0, and for shared numbers the middle of their prior."""
        values = []
        for part in self.parts:
            middle = part.prior.at(0.5) if part.prior else 0.0
            if part.kind != "any":
                middle = {"positive": 1.0, "share": 0.5}[part.kind] if middle <= 0 else middle
            values += [middle] * len(part.names)
        return np.array(values)

    def scale(self) -> Float[np.ndarray, " coefficient"]:
        """How large a coefficient is whose effect moves a number by about 1."""
        scales = []
        for part in self.parts:
            sizes = [np.sqrt((number.matrix**2).mean(axis=0)) for number in part.made]
            size = np.max(sizes, axis=0)
            scales += list(1.0 / np.where(size > 0, size, 1.0))
        return np.array(scales)

    def _split(self, beta: np.ndarray) -> Sequence[np.ndarray]:
        ends = np.cumsum([len(part.names) for part in self.parts])
        return np.split(beta, ends[:-1])
