"""Write table cells so that no spreadsheet takes them for formulas.

When it opens a file, a spreadsheet runs text that begins with `=`, `+`, `-` or `@`, and such a formula
can send the sheet's contents to somebody. An apostrophe before the text prevents this. The text can be
read back without loss.

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
    """Put an apostrophe before text that a spreadsheet would run; numbers are not changed.

    >>> guard("=1+1"), guard("-2.5"), guard("-x"), guard("pay"), guard("'=1")
    ("'=1+1", '-2.5', "'-x", 'pay', "''=1")
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguard(text: str) -> str:
    """Remove the apostrophe again.

    >>> unguard("'=1+1"), unguard("''=1"), unguard("'tis")
    ('=1+1', "'=1", "'tis")
    """
    return text[1:] if _GUARDED.match(text) else text


def guarded_csv(table: Any) -> str:
    """Write a DataFrame as CSV, without its index, with every text cell and heading guarded."""
    # Quotes keep a text in one cell, whichever separator a spreadsheet assumes.
    return str(_mapped(table, guard).to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC))


def unguarded(table: Any) -> Any:
    """Undo the guarding of a DataFrame that was read from CSV."""
    return _mapped(table, unguard)


def _mapped(table: Any, change: Any) -> Any:
    import pandas as pd

    def of_cell(value: Any) -> Any:
        return change(value) if isinstance(value, str) else value

    result = table.copy(deep=False)
    for place, kind in enumerate(table.dtypes):
        # Only columns that change are replaced: tables can have thousands of columns.
        if pd.api.types.is_numeric_dtype(kind):
            continue
        column = table.iloc[:, place]
        if isinstance(kind, pd.CategoricalDtype):
            result.isetitem(
                place, column.cat.rename_categories([of_cell(v) for v in column.cat.categories])
            )
            continue
        cells = column.tolist()
        changed = [of_cell(cell) for cell in cells]
        if any(new is not old for new, old in zip(changed, cells, strict=True)):
            result.isetitem(place, pd.Series(changed, index=column.index, dtype=column.dtype))
    result.columns = [of_cell(name) for name in table.columns]
    return result
