"""Gaps of a table of plays: what counts as missing, and what is said of rows that are left out for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from backchannel.diagram.diagram import Diagram
from backchannel.files.data_table import DataFrame
from backchannel.language.formulas import as_levels, as_numbers
from backchannel.language.names import first_few

MISSING = ("NA", "NaN", "nan", "")
"""What other programs write for what is missing."""
SHOWN = 5
"""Rows named in a message; the others are counted."""


def with_gaps(
    table: DataFrame,
    diagram: Diagram,
    numbers: Sequence[str],
    *,
    labels: Sequence[str] = (),
    levels: Collection[str] = (),
) -> DataFrame:
    """Read NA, which R writes for what is missing, as missing, unless a node has it as a value.

    Args:
        table: The rows.
        diagram: The case.
        numbers: Columns that hold numbers, or words that a formula uses.
        labels: Columns whose words only say which rows belong together.
        levels: Those of `numbers` that are words, because a formula has them in `C()`; numbers become words.
    """
    columns = {}
    for name in map(str, table.columns):
        if name not in numbers and name not in labels and name not in diagram.domains:
            continue
        column = as_levels(table[name]) if name in levels else table[name]
        if name in levels:
            columns[name] = column
        if pd.api.types.is_numeric_dtype(column) or isinstance(column.dtype, pd.CategoricalDtype):
            continue
        values = {str(value) for value in diagram.domains.get(name, ())}
        gaps = column.isin([word for word in MISSING if word not in values])
        columns[name] = column.mask(gaps)
        # A column that has words in it for its gaps, or is read as words for a node, may be numbers.
        is_read = name in numbers and name not in levels
        if is_read and (gaps.any() or name in diagram.domains):
            columns[name] = as_numbers(columns[name])
    return table.assign(**columns)


def say_dropped(rows: Sequence[int], columns: Sequence[str]) -> str:
    """Say which rows have gaps in which columns.

    >>> say_dropped([3, 10], ["dyad"])
    '2 rows lack a value of dyad and are left out: 3, 10.'
    """
    verbs = (
        "row lacks a value of {} and is" if len(rows) == 1 else "rows lack a value of {} and are"
    )
    listed = first_few(rows, SHOWN)
    return f"{len(rows):,} {verbs.format(' or '.join(columns))} left out: {listed}."
