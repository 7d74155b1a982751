"""How many columns and numbers a formula may make."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from backchannel.language.errors import CommandError
from backchannel.language.formulas.tree import Formula, factor_label

MAX_COLUMNS = 1_000
MAX_NUMBERS = 50_000_000
"""Most numbers that a formula may lay out: rows times columns."""


def check_formula_size(formula: Formula, worked: Mapping[str, Any], n_rows: int) -> None:
    """Refuse formulas that would make too many columns, before they are made."""
    widths = {name: _width(values) for name, values in worked.items()}
    made = sum(math.prod(widths[factor_label(factor)] for factor in term) for term in formula.terms)
    if made > MAX_COLUMNS:
        wide = max(widths, key=lambda name: widths[name])
        raise CommandError(
            f"the terms make up to {made:,} columns, and at most {MAX_COLUMNS:,} are allowed; "
            f"{wide} alone makes {widths[wide]:,}"
        )
    if made * n_rows > MAX_NUMBERS:
        raise CommandError(
            f"the terms make {made:,} columns for {n_rows:,} rows, and at most {MAX_NUMBERS:,} "
            "numbers are allowed"
        )


def _width(values: Any) -> int:
    """How many columns a factor makes at most."""
    import pandas as pd

    if isinstance(values, dict):
        return len(values)
    if np.ndim(values) == 2:
        return np.shape(values)[1]
    is_categorical = getattr(getattr(values, "__formulaic_metadata__", None), "kind", None)
    series = pd.Series(np.asarray(values)) if is_categorical else values
    if is_categorical or not pd.api.types.is_numeric_dtype(series):
        return int(series.nunique())
    return 1
