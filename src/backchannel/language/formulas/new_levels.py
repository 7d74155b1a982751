"""LevelShares of a covariate that the rows of a fit did not have: they count as the mean of the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from backchannel.language.formulas.recipe import GAP
from backchannel.language.formulas.tree import Call, ColumnRef, Formula

LevelShares = Mapping[str, Mapping[Any, float]]
"""For each column of words its levels, with the share of the rows that have each."""


def seen_levels(formula: Formula, table: Any) -> dict[str, dict[Any, float]]:
    """The levels of each column that a formula reads as words, with their shares of the rows."""
    import pandas as pd

    seen: dict[str, dict[Any, float]] = {}
    for factor in formula.factors:
        column = factor.argument if isinstance(factor, Call) and factor.function == "C" else factor
        if not isinstance(column, ColumnRef):
            continue
        values = table[column.name]
        if isinstance(factor, Call) or not pd.api.types.is_numeric_dtype(values):
            shares = values.value_counts(normalize=True, dropna=False)
            levels = {_key(level): float(share) for level, share in shares.items()}
            # LevelShares that a formula lists are known without being there.
            listed = dict(factor.options).get("levels", ()) if isinstance(factor, Call) else ()
            for level in listed if isinstance(listed, tuple) else ():
                levels.setdefault(level, 0.0)
            seen[column.name] = levels
    return seen


def new_rows(table: Any, levels: LevelShares) -> dict[str, Bool[np.ndarray, " row"]]:
    """For each column the rows that have a level which is not among those seen; none left out."""
    new = {}
    for name, known in levels.items():
        is_new = np.array([_key(value) not in known for value in table[name].tolist()], bool)
        if is_new.any():
            new[name] = is_new
    return new


def over_new_levels(
    lay: Callable[[Any], Float[np.ndarray, "row column"]], table: Any, levels: LevelShares
) -> Float[np.ndarray, "row column"]:
    """Lay rows out; a row with a new level is the mean of itself with each of the levels seen.

    Args:
        lay: Lays rows out whose levels were all seen.
        table: The rows.
        levels: The levels that were seen, with their shares.
    """
    added = new_rows(table, levels)
    if not added:
        return lay(table)
    name, is_new = next(iter(added.items()))
    shares = {level: share for level, share in levels[name].items() if share > 0}
    rows = table[is_new]
    copies = [rows.assign(**{name: _as_gap(level, rows[name])}) for level in shares]
    known = over_new_levels(lay, table[~is_new], levels) if (~is_new).any() else None
    parts = [over_new_levels(lay, copy, levels) for copy in copies]
    mean = np.tensordot(list(shares.values()), np.stack(parts), axes=1)
    laid = np.zeros((len(table), mean.shape[1]))
    laid[is_new] = mean
    if known is not None:
        laid[~is_new] = known
    return laid


def _key(value: Any) -> Any:
    """A level as a key: every gap is one level."""
    return GAP if value is None or value != value else value


def _as_gap(level: Any, column: Any) -> Any:
    """A level as a cell of its column: in a column of numbers a gap is no number."""
    import pandas as pd

    return np.nan if level == GAP and pd.api.types.is_numeric_dtype(column) else level
