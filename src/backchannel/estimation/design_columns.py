"""The columns of a number of the case: the terms of its sum, before anything is fixed or kept equal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.language.formulas import DesignMatrix, design_matrix
from backchannel.language.names import ParameterName


@dataclass(frozen=True)
class NumberColumns:
    """The terms whose sum is a number of the case, before anything is fixed or kept equal."""

    number: ParameterName
    names: tuple[str, ...]
    """The coefficient of each column."""
    matrix: Float[np.ndarray, "row column"]
    base: Mapping[str, str]
    on: Callable[[Any], Float[np.ndarray, "row column"]]
    laid: DesignMatrix | None = None
    """Its formula, if it has one."""
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The label of each group effect, and its coefficients."""


def columns_of_formula(
    formula: str,
    table: Any,
    number: ParameterName,
    levels_of: Collection[str],
    is_penalised: bool,
) -> NumberColumns:
    """The columns of a number that is a formula of covariates.

    Args:
        formula: What the case says of the number.
        table: The rows, as a DataFrame.
        number: Its name.
        levels_of: Covariates that are words.
        is_penalised: All coefficients of covariates will be shrunk towards 0.

    Raises:
        CommandError: The formula cannot be worked out on the rows.
    """
    laid = design_matrix(
        formula, table, number=number, levels_of=levels_of, is_penalised=is_penalised
    )

    def called(name: str) -> str:
        return f"{number}[{name}]"

    return NumberColumns(
        number,
        tuple(map(called, laid.names)),
        laid.matrix,
        laid.base,
        laid.on,
        laid=laid,
        groups=tuple((called(g.label), tuple(map(called, g.names))) for g in laid.groups),
    )


def shared_column(number: ParameterName, n_rows: int) -> NumberColumns:
    """The one column of a number that all plays share."""
    ones = np.ones((n_rows, 1))
    return NumberColumns(number, (number,), ones, {}, lambda table: np.ones((len(table), 1)))
