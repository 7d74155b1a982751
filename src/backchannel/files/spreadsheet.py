"""Cells of tables that are written as text: none that a spreadsheet takes for a formula.

A spreadsheet runs text that begins with `=`, `+`, `-` or `@` when the file is opened, and such a
formula can send the sheet's contents away. An apostrophe before it keeps it text. What is written
can be read back without loss.

Source: OWASP, CSV Injection.
"""

from __future__ import annotations

import csv
import re
from typing import Any

_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_GUARDED = re.compile("'+[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def guard(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run; numbers stay as they are.

    >>> guard("=1+1"), guard("-2.5"), guard("-x"), guard("pay"), guard("'=1")
    ("'=1+1", '-2.5', "'-x", 'pay', "''=1")
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguard(text: str) -> str:
    """Take the apostrophe away again.

    >>> unguard("'=1+1"), unguard("''=1"), unguard("'tis")
    ('=1+1', "'=1", "'tis")
    """
    return text[1:] if _GUARDED.match(text) else text


def guarded_csv(table: Any) -> str:
    """Write a DataFrame as CSV, without its index, with every text cell and heading guarded."""
    # Text in quotes stays in its cell, whichever sign a spreadsheet takes to part cells.
    return str(_mapped(table, guard).to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC))


def unguarded(table: Any) -> Any:
    """A DataFrame that was read from CSV, as it was before it was guarded."""
    return _mapped(table, unguard)


def _mapped(table: Any, change: Any) -> Any:
    import pandas as pd

    def of_cell(value: Any) -> Any:
        return change(value) if isinstance(value, str) else value

    made = table.copy(deep=False)
    for place, kind in enumerate(table.dtypes):
        # Column by column, and only where something changes: tables can be thousands of columns wide.
        if pd.api.types.is_numeric_dtype(kind):
            continue
        column = table.iloc[:, place]
        if isinstance(kind, pd.CategoricalDtype):
            made.isetitem(
                place, column.cat.rename_categories([of_cell(v) for v in column.cat.categories])
            )
            continue
        cells = column.tolist()
        changed = [of_cell(cell) for cell in cells]
        if any(new is not old for new, old in zip(changed, cells, strict=True)):
            made.isetitem(place, pd.Series(changed, index=column.index, dtype=column.dtype))
    made.columns = [of_cell(name) for name in table.columns]
    return made
