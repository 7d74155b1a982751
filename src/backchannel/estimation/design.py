"""The design: how the numbers of every row are made of a few coefficients.

A number of the case is a linear function of covariates (`linear`), one number shared by all plays,
or fixed. The row's numbers are θ = design(β), and derivatives by θ become derivatives by β.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from jaxtyping import Float

from backchannel.language.names import ParameterName
from backchannel.language.priors import Prior

NumberKind = Literal["any", "positive", "share"]


@dataclass(frozen=True)
class DesignPart:
    """One number of the case, and the coefficients that make it."""

    number: ParameterName
    columns: tuple[str, ...]
    """What each coefficient multiplies: a covariate, `1`, or nothing for a shared number."""
    matrix: Float[np.ndarray, "row column"]
    base: Mapping[str, str]
    """For each categorical covariate the level that the others are compared with."""
    kind: NumberKind = "any"
    """What the number can be: anything, above 0 (a precision), or between 0 and 1."""
    same: tuple[ParameterName, ...] = ()
    """Other numbers that are kept equal to this one."""
    prior: Prior | None = None
    """Of a shared number; it enters where the mode of the posterior is asked for."""
    on: Callable[[Any], Float[np.ndarray, "row column"]] | None = None
    """Makes the same columns of other rows, where there are covariates."""

    @property
    def names(self) -> tuple[str, ...]:
        """What the coefficients are called."""
        if self.columns == ("",):
            return (self.number,)
        return tuple(f"{self.number}[{column}]" for column in self.columns)


@dataclass(frozen=True)
class RegressionDesign:
    """All numbers that are not fixed."""

    parts: tuple[DesignPart, ...]

    @property
    def coefficients(self) -> tuple[str, ...]:
        """Names of the coefficients, in order."""
        return tuple(name for part in self.parts for name in part.names)

    @property
    def numbers(self) -> tuple[ParameterName, ...]:
        """Names of the numbers that they make, in order."""
        return tuple(n for part in self.parts for n in (part.number, *part.same))

    def on(self, table: Any) -> RegressionDesign:
        """The same coefficients for other rows."""
        return RegressionDesign(
            tuple(
                replace(part, matrix=part.on(table) if part.on else np.ones((len(table), 1)))
                for part in self.parts
            )
        )

    def rows(self, beta: Float[np.ndarray, " coefficient"]) -> Float[np.ndarray, "row number"]:
        """Every row's numbers."""
        made = []
        for part, own in zip(self.parts, self._split(beta), strict=True):
            made += [part.matrix @ own] * (1 + len(part.same))
        return np.stack(made, axis=1)

    def scores(
        self, slope: Float[np.ndarray, "row number"]
    ) -> Float[np.ndarray, "row coefficient"]:
        """Derivatives by the coefficients of each row."""
        blocks, k = [], 0
        for part in self.parts:
            by_number = slope[:, k : k + 1 + len(part.same)].sum(axis=1)
            blocks.append(part.matrix * by_number[:, None])
            k += 1 + len(part.same)
        return np.concatenate(blocks, axis=1)

    @property
    def kinds(self) -> np.ndarray:
        """What each coefficient can be."""
        return np.array([part.kind for part in self.parts for _ in part.names])

    @property
    def priors(self) -> tuple[Prior | None, ...]:
        """The prior of each coefficient; a covariate's has none."""
        return tuple(
            part.prior if part.columns == ("",) else None for part in self.parts for _ in part.names
        )

    def start(self) -> Float[np.ndarray, " coefficient"]:
        """Where a search begins: 0, and for shared numbers the middle of their prior."""
        values = []
        for part in self.parts:
            middle = part.prior.at(0.5) if part.prior else 0.0
            if part.kind != "any":
                middle = {"positive": 1.0, "share": 0.5}[part.kind] if middle <= 0 else middle
            values += [middle] * len(part.columns)
        return np.array(values)

    def scale(self) -> Float[np.ndarray, " coefficient"]:
        """How large a coefficient is whose effect moves a number by about 1."""
        scales = []
        for part in self.parts:
            size = np.sqrt((part.matrix**2).mean(axis=0))
            scales += list(1.0 / np.where(size > 0, size, 1.0))
        return np.array(scales)

    def _split(self, beta: np.ndarray) -> Sequence[np.ndarray]:
        ends = np.cumsum([len(part.names) for part in self.parts])
        return np.split(beta, ends[:-1])
