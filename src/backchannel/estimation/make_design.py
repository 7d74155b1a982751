"""Make the design of a fit: which coefficients are sought, which are fixed, and which are kept equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from backchannel.case.lowered import Lowered
from backchannel.estimation.coefficient_names import coefficient_hint
from backchannel.estimation.design import (
    RIDGE,
    DesignNumber,
    DesignPart,
    NumberKind,
    PenaltyBlock,
    RegressionDesign,
)
from backchannel.estimation.design_columns import NumberColumns, columns_of_formula, shared_column
from backchannel.estimation.given_numbers import range_of
from backchannel.language.errors import CommandError
from backchannel.language.formulas import level_columns
from backchannel.language.names import ParameterName, is_precision
from backchannel.language.number_ranges import DISCOUNT_RANGE, PROBABILITY_RANGE


def design_of(
    lowered: Lowered,
    table: Any,
    *,
    fixed: Mapping[str, float],
    same: Sequence[Sequence[str]] = (),
    is_penalised: bool = False,
) -> RegressionDesign:
    """Make the design of a fit.

    Args:
        lowered: The case.
        table: The rows, as a DataFrame.
        fixed: Numbers and coefficients that are not sought, with their values.
        same: Groups of numbers, or of coefficients, that are kept equal to the first of the group.
        is_penalised: All coefficients of covariates will be shrunk towards 0.

    Raises:
        CommandError: A name is unknown, or a formula cannot be worked out on the rows.
    """
    leaders = {name: group[0] for group in same for name in group[1:]}
    fixed = dict(fixed)
    sought = [name for name in lowered.priors if name not in leaders and name not in fixed]
    levels_of = level_columns(lowered.linear.values())
    columns, problems = {}, []
    for name in sought:
        try:
            if name in lowered.linear:
                own = columns_of_formula(lowered.linear[name], table, name, levels_of, is_penalised)
                columns[name] = own
                fixed |= {column: 1.0 for column in own.names if "[offset(" in column}
            elif not lowered.priors[name].is_fixed:
                columns[name] = shared_column(name, len(table))
        except CommandError as error:
            problems.append(str(error))
    if problems:
        raise CommandError("\n".join(problems))
    _check_given(lowered, columns, fixed, same)
    followers = {
        name: [other for other, first in leaders.items() if first == name] for name in columns
    }
    parts = [
        _part(lowered, [columns[name] for name in names], followers, fixed, leaders)
        for names in _joined(columns, fixed, leaders)
    ]
    if not any(part.names for part in parts):
        raise CommandError(
            "Every number of the case is fixed, so there is nothing to fit. Give a number a "
            "distribution as its prior, or a formula (`linear`)."
        )
    names = [name for part in parts for name in part.names]
    intercepts = [i for i, name in enumerate(names) if is_penalised and name.endswith("[1]")]
    return RegressionDesign(
        tuple(parts),
        _blocks(parts, columns, is_penalised),
        {name: own.laid for name, own in columns.items() if own.laid is not None},
        tuple(intercepts),
    )


def _blocks(
    parts: Sequence[DesignPart], columns: Mapping[str, NumberColumns], is_penalised: bool
) -> tuple[PenaltyBlock, ...]:
    """The coefficients that are shrunk towards 0: of each group effect, and of all covariates."""
    names = [name for part in parts for name in part.names]
    place = {name: i for i, name in enumerate(names)}
    blocks, covariates = [], {}
    for own in columns.values():
        grouped = {name for _, of_group in own.groups for name in of_group}
        for label, of_group in own.groups:
            free = [place[name] for name in of_group if name in place]
            if free:
                blocks.append(PenaltyBlock(label, np.array(free), np.ones(len(free))))
        if own.laid is not None:
            for name, column in zip(own.names, own.matrix.T, strict=True):
                is_free = name in place and name not in grouped and not name.endswith("[1]")
                if is_free and place[name] not in covariates:
                    covariates[place[name]] = column.std() or 1.0
    if is_penalised and covariates:
        size = np.array(list(covariates.values()))
        blocks.append(PenaltyBlock(RIDGE, np.array(list(covariates)), size))
    return tuple(blocks)


def _check_given(
    lowered: Lowered,
    columns: Mapping[str, NumberColumns],
    fixed: Mapping[str, float],
    same: Sequence[Sequence[str]],
) -> None:
    """Check the names that a user fixes or keeps equal.

    Raises:
        CommandError: A name is unknown, or a group mixes numbers and coefficients.
    """
    coefficients = [
        name for own in columns.values() if own.number in lowered.linear for name in own.names
    ]
    known = [*lowered.priors, *coefficients]
    problems = [
        f"There is no number '{name}' to fix.{coefficient_hint(name, known)}"
        for name in fixed
        if name not in known
    ]
    for group in same:
        unknown = [name for name in group if name not in known]
        problems += [
            f"There is no number '{name}'.{coefficient_hint(name, known)}" for name in unknown
        ]
        if not unknown and len({name in coefficients for name in group}) > 1:
            problems.append(
                f"{' and '.join(group)} cannot be kept equal: numbers of the case can be equal to "
                "numbers, and coefficients of formulas to coefficients."
            )
        problems += [
            f"{name} is fixed, so it cannot be kept equal to {group[0]}. Fix all of the group, or none."
            for name in group
            if name in fixed and name in coefficients
        ]
    if problems:
        raise CommandError("\n".join(dict.fromkeys(problems)))


def _joined(
    columns: Mapping[str, NumberColumns], fixed: Mapping[str, float], leaders: Mapping[str, str]
) -> list[list[ParameterName]]:
    """Group the numbers that have coefficients in common, in the order of the case."""
    groups: list[tuple[list[ParameterName], set[str]]] = []
    for name, own in columns.items():
        free = {leaders.get(c, c) for c in own.names if c not in fixed}
        touching = [group for group in groups if group[1] & free]
        numbers = [number for group in touching for number in group[0]] + [name]
        groups = [group for group in groups if group not in touching]
        groups.append((numbers, free.union(*(group[1] for group in touching))))
    rank = {name: i for i, name in enumerate(columns)}
    grouped = [sorted(numbers, key=rank.__getitem__) for numbers, _ in groups]
    return sorted(grouped, key=lambda numbers: rank[numbers[0]])


def _part(
    lowered: Lowered,
    columns: Sequence[NumberColumns],
    followers: Mapping[str, Sequence[str]],
    fixed: Mapping[str, float],
    leaders: Mapping[str, str],
) -> DesignPart:
    free = [name for own in columns for name in own.names if name not in fixed]
    names = tuple(dict.fromkeys(leaders.get(name, name) for name in free))
    made: list[DesignNumber] = []
    base: dict[str, str] = {}
    for own in columns:
        number = _number(own, names, fixed, leaders)
        base |= own.base
        others = followers[own.number]
        made += [
            DesignNumber(name, number.matrix, number.offset, number.on)
            for name in (own.number, *others)
        ]
    first = columns[0].number
    if first in lowered.linear:
        return DesignPart(names, tuple(made), base)
    return DesignPart(names, tuple(made), base, _kind(lowered, first), lowered.priors[first])


def _number(
    own: NumberColumns, names: Sequence[str], fixed: Mapping[str, float], leaders: Mapping[str, str]
) -> DesignNumber:
    place = np.zeros((len(own.names), len(names)))
    given = np.zeros(len(own.names))
    for i, name in enumerate(own.names):
        if name in fixed:
            given[i] = fixed[name]
        else:
            place[i, names.index(leaders.get(name, name))] = 1.0

    def on(table: Any) -> tuple[np.ndarray, np.ndarray]:
        matrix = own.on(table)
        return matrix @ place, matrix @ given

    return DesignNumber(own.number, own.matrix @ place, own.matrix @ given, on)


def _kind(lowered: Lowered, name: ParameterName) -> NumberKind:
    if is_precision(name) or name.endswith(".hierarchy"):
        return "positive"
    return "share" if range_of(lowered, name) in (PROBABILITY_RANGE, DISCOUNT_RANGE) else "any"
