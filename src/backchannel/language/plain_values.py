"""Plain values: the scalars of NumPy and pandas as the Python values that they stand for.

Tables are the usual source of values in a notebook, and their cells are `np.int64`, `np.str_` or
`Timestamp`. They are converted once, where they enter, so that nothing below has to know them. Nothing is
imported for it: importing NumPy or pandas would slow down every command.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any


def plain(value: Any) -> Any:
    """Return a value with every scalar of NumPy and pandas in it replaced by a Python value.

    Mappings become dicts, tuples and one-dimensional arrays become lists, and a moment at midnight becomes
    its day, as in a case file. What pandas marks as missing becomes `None`. What is not known stays as it
    is, so that the caller can refuse it by name.

    >>> plain({"draws": (1, 2)})
    {'draws': [1, 2]}
    """
    if isinstance(value, Mapping):
        return {_plain_scalar(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple) or _dimensions(value) == 1:
        return [plain(entry) for entry in value]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    if value is None or type(value) in (bool, int, float, str, date):
        return value
    if type(value).__name__ in ("NaTType", "NAType"):
        return None
    if type(value).__name__ == "datetime64":
        # Finer units than microseconds would become whole numbers.
        value = value.astype("datetime64[us]").item()
    elif _dimensions(value) == 0:
        value = value.item()
    if isinstance(value, datetime):
        is_day = value.time() == time() and value.tzinfo is None
        return value.date() if is_day else value
    # A subclass, such as np.str_, np.float64 or an enum of strings, is written in files under its own name.
    if isinstance(value, str):
        return str.__str__(value)
    return float(value) if isinstance(value, float) else value


def _dimensions(value: Any) -> int | None:
    """Count the dimensions of a value of an array library: 0 for one number; `None` for any other value."""
    return getattr(value, "ndim", None) if hasattr(value, "dtype") else None
