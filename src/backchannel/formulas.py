"""Formulas: a number of the case as a linear function of covariates, spelt as in R."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.errors import CommandError

CONSTANT = 1e-12
"""Spread below which a covariate is constant."""


def variables(formula: str) -> set[str]:
    """The covariates that a formula names.

    >>> sorted(variables("1 + balance + log(distance) + C(regime)"))
    ['balance', 'distance', 'regime']

    Raises:
        CommandError: It is no formula.
    """
    import formulaic

    parse: Any = formulaic.Formula

    try:
        return {str(name) for name in parse(formula).required_variables}
    except Exception as error:
        raise CommandError(f"'{formula}' is no formula: {str(error).splitlines()[0]}") from None


@dataclass(frozen=True)
class Laid:
    """A formula laid out over rows."""

    names: tuple[str, ...]
    """Of the columns; `1` is the intercept."""
    matrix: Float[np.ndarray, "row column"]
    base: dict[str, str]
    """For each categorical covariate the level that the others are compared with."""
    spec: Any
    """How the same columns are made of other rows."""

    def on(self, table: Any) -> Float[np.ndarray, "row column"]:
        """The same columns for other rows."""
        return np.asarray(self.spec.get_model_matrix(table), float)


def matrix(formula: str, table: Any, *, number: str) -> Laid:
    """Lay a formula out over the rows.

    Args:
        formula: As in R: `1 + x + C(z)`; categorical covariates become dummies, the first level in
            order of the alphabet is the base that the others are compared with.
        table: The rows, none of whose covariates is missing.
        number: The number of the case, for messages.

    Raises:
        CommandError: A covariate is constant, or the columns are collinear.
    """
    from formulaic import model_matrix

    try:
        made = model_matrix(formula, table, na_action="raise")
    except Exception as error:
        raise CommandError(
            f"{number}: the formula '{formula}' cannot be worked out on these rows: "
            f"{str(error).splitlines()[0]}"
        ) from None
    laid = np.asarray(made, float)
    names = tuple("1" if n == "Intercept" else _plain(n) for n in map(str, made.columns))
    problems = [
        f"{number}: the covariate {name} is the same in every row, so its coefficient cannot be "
        "told from the intercept's. Drop it."
        for name, column in zip(names, laid.T, strict=True)
        if name != "1" and np.ptp(column) < CONSTANT and "1" in names
    ]
    if not problems and np.linalg.matrix_rank(laid) < laid.shape[1]:
        _, _, vectors = np.linalg.svd(laid)
        weights = vectors[-1]
        named = [n for n, w in zip(names, weights, strict=True) if abs(w) > 1e-8]
        problems.append(
            f"{number}: the covariates {', '.join(named)} are collinear: one follows from the "
            "others. Drop one."
        )
    if problems:
        raise CommandError("\n".join(problems))
    return Laid(names, laid, _bases(table, formula, names), made.model_spec)


def _plain(name: str) -> str:
    """`regime[T.dem]` is called `regime=dem`."""
    return name.replace("[T.", "=").replace("]", "") if "[T." in name else name


def _bases(table: Any, formula: str, names: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for name in sorted(variables(formula)):
        levels = {n.partition("=")[2] for n in names if n.partition("=")[0] in (name, f"C({name})")}
        levels.discard("")
        if levels:
            known = sorted({str(value) for value in table[name]})
            rest = [level for level in known if level not in levels]
            if len(rest) == 1:
                found[name] = rest[0]
    return found


def as_shown(bases: Mapping[str, str]) -> str:
    """Say which levels others are compared with.

    >>> as_shown({"regime": "autoc"})
    'regime against autoc'
    """
    return ", ".join(f"{name} against {level}" for name, level in bases.items())
