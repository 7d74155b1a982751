"""Values of the wrong shape in words: what stands in the file where something else is wanted."""

from __future__ import annotations

from typing import Any


def not_this(value: Any) -> str:
    """End a sentence that says what is wanted with what stands there instead.

    >>> not_this("two"), not_this(1.5), not_this(None), not_this([1])
    (", not 'two'.", ', not 1.5.', '; it is empty.', ', not a list.')
    """
    if value is None:
        return "; it is empty."
    if isinstance(value, list | tuple):
        return ", not a list."
    if isinstance(value, dict):
        return ", not keys in braces."
    if isinstance(value, bool):
        return f", not {str(value).lower()}."
    return f", not {value}." if isinstance(value, int | float) else f", not {str(value)!r}."
