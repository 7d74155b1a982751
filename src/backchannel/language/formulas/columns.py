"""Lay a formula out over the rows of a table: names, numbers, and what can be said of neither."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.language.errors import CommandError
from backchannel.language.formulas.groups import GroupColumns, group_columns
from backchannel.language.formulas.new_levels import over_new_levels, seen_levels
from backchannel.language.formulas.read import parse_for_fit
from backchannel.language.formulas.recipe import Recipe
from backchannel.language.formulas.tree import (
    Call,
    ColumnRef,
    Formula,
    factor_label,
)

CONSTANT = 1e-12
"""Spread below which a covariate is constant."""

_LEVEL = re.compile(r"\[T\.(.*?)\](?=:|$)")


@dataclass(frozen=True)
class DesignMatrix:
    """A formula laid out over rows."""

    names: tuple[str, ...]
    """Of the columns; `1` is the intercept, and those of group effects stand last."""
    matrix: Float[np.ndarray, "row column"]
    base: dict[str, str]
    """For each categorical covariate the level that the others are compared with."""
    recipe: Recipe = field(repr=False)
    """How the same columns are made of other rows."""
    groups: tuple[GroupColumns, ...] = ()
    """Its group effects."""
    levels: Mapping[str, Mapping[Any, float]] = field(default_factory=dict)
    """For each column of words its levels in these rows, with their shares."""

    def on(self, table: Any) -> Float[np.ndarray, "row column"]:
        """The same columns for other rows: their scales, knots and levels are those of the first.

        A level that the first rows do not have counts as the mean of their levels. A group that
        they do not have has no effect of its own.

        Raises:
            CommandError: They cannot be worked out on these rows.
        """
        laid = over_new_levels(
            lambda rows: np.asarray(_worked_out(self.recipe, rows, "a formula"), float),
            table,
            self.levels,
        )
        return np.column_stack([laid, *(group.on(table) for group in self.groups)])


def design_matrix(
    formula: str,
    table: Any,
    *,
    number: str,
    levels_of: Collection[str] = (),
    is_penalised: bool = False,
) -> DesignMatrix:
    """Lay a formula out over the rows.

    Args:
        formula: As in R: `1 + x + C(z)`; categorical covariates become dummies, and the first level is the
            base that the others are compared with. Levels are in the order of the alphabet, or of size
            where all of them are numbers.
        table: The rows, none of whose covariates is missing.
        number: The number of the case, for messages.
        levels_of: The columns whose cells are words because some formula has them in `C()`.
        is_penalised: The coefficients will be shrunk towards 0, so that they may be collinear.

    Raises:
        CommandError: A covariate is constant, the columns are collinear, or they are too many.
    """
    parsed = parse_for_fit(formula)
    recipe = Recipe(parsed, frozenset(levels_of))
    made = _worked_out(recipe, table, f"{number}: the formula '{formula}'")
    laid = np.asarray(made, float)
    names = tuple("1" if n == "Intercept" else _plain(n) for n in map(str, made.columns))
    if not is_penalised:
        _check_distinct(number, names, laid, list(_without_column(recipe, made, table)))
    groups = tuple(group_columns(effect, table, number) for effect in parsed.groups)
    return DesignMatrix(
        (*names, *(name for group in groups for name in group.names)),
        np.column_stack([laid, *(group.on(table) for group in groups)]),
        _bases(table, parsed, names),
        recipe,
        groups,
        seen_levels(parsed, table),
    )


def _check_distinct(
    number: str, names: tuple[str, ...], laid: np.ndarray, empty: list[str]
) -> None:
    """Check that the rows tell the columns apart.

    Raises:
        CommandError: A covariate is constant, or the columns are collinear.
    """
    problems = [f"{number}: {problem}" for problem in empty]
    problems += [
        f"{number}: the covariate {name} is the same in every row, so its coefficient cannot be "
        "told from the intercept's. Drop it."
        for name, column in zip(names, laid.T, strict=True)
        if name != "1" and np.ptp(column) < CONSTANT and "1" in names
    ]
    problems += [
        f"{number}: the covariate {name} is 0 in every row, so its coefficient cannot be estimated. Drop it."
        for name, column in zip(names, laid.T, strict=True)
        if "1" not in names and len(column) and not column.any()
    ]
    if not problems and np.linalg.matrix_rank(laid) < laid.shape[1]:
        # Of the triangle alone, which is as wide as the columns are many, and no taller.
        _, _, vectors = np.linalg.svd(np.linalg.qr(laid, mode="r"))
        weights = vectors[-1]
        named = [n for n, w in zip(names, weights, strict=True) if abs(w) > 1e-8]
        problems.append(
            f"{number}: the covariates {', '.join(named)} are collinear: one follows from the "
            "others. Drop one."
        )
    if problems:
        raise CommandError("\n".join(problems))


def _without_column(recipe: Recipe, made: Any, table: Any) -> Iterator[str]:
    """Describe the terms that make no column, because a covariate in them has one level only."""
    empty = {
        factor.expr
        for part in made.model_spec.structure
        if not part.columns
        for factor in part.term.factors
    }
    for factor in recipe.formula.factors:
        column = factor.argument if isinstance(factor, Call) else factor
        if factor_label(factor) not in empty or not isinstance(column, ColumnRef):
            continue
        levels = {str(value) for value in table[column.name]}
        if len(levels) == 1:
            yield (
                f"{factor} has one level only, '{levels.pop()}' in every row that is used, so there is nothing to "
                f"compare it with. Take it out of the formula, or add rows with another {column}."
            )


def _worked_out(recipe: Recipe, table: Any, what: str) -> Any:
    """Lay a recipe out; what goes wrong is said of `what`."""
    try:
        return recipe.on(table)
    except CommandError as error:
        raise CommandError(f"{what} cannot be worked out: {error}.") from None
    except Exception as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CommandError(f"{what} cannot be worked out on these rows: {told}") from None


def describe_bases(bases: Mapping[str, str]) -> str:
    """Say which levels others are compared with.

    >>> describe_bases({"regime": "autoc"})
    'regime against autoc'
    """
    return ", ".join(f"{name} against {level}" for name, level in bases.items())


def _plain(name: str) -> str:
    """`regime[T.dem]` is called `regime=dem`."""
    return _LEVEL.sub(r"=\1", name)


def _bases(table: Any, formula: Formula, names: tuple[str, ...]) -> dict[str, str]:
    bases = {}
    for factor in formula.factors:
        column = factor.argument if isinstance(factor, Call) else factor
        if not isinstance(column, ColumnRef):
            continue
        begin = f"{factor_label(factor)}="
        levels = {name.removeprefix(begin) for name in names if name.startswith(begin)}
        if levels:
            known = sorted({str(value) for value in table[column.name]})
            rest = [level for level in known if level not in levels]
            if len(rest) == 1:
                bases[column.name] = rest[0]
    return dict(sorted(bases.items()))
