"""Levels: the words that `C()` makes of a column, as the table has them written.

`01` and `1`, or `2.1` and `2.10`, are different levels, so a column that stands in `C()` is read as words.
Where it also stands in a formula by itself, and all of its words are numbers, it is numbers there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from backchannel.language.errors import CommandError
from backchannel.language.formulas.read import parse_formula
from backchannel.language.formulas.tree import Call, ColumnRef
from backchannel.language.values import explain_no_value, matching_values, number_in


def level_columns(formulas: Iterable[str]) -> frozenset[str]:
    """The columns that formulas read as words, with `C()`.

    >>> sorted(level_columns(["1 + x + C(code)", "log(pay) * C(year)"]))
    ['code', 'year']

    Raises:
        FormulaError: One of them is no formula.
    """
    return frozenset(
        factor.argument.name
        for text in formulas
        for factor in parse_formula(text).factors
        if isinstance(factor, Call)
        and factor.function == "C"
        and isinstance(factor.argument, ColumnRef)
    )


def as_levels(column: Any) -> Any:
    """Write a column of numbers as words; a column of words, or with an order of its own, stays as it is."""
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(column):
        return column
    return column.map(lambda value: None if pd.isna(value) else _written(value)).astype(object)


def _written(value: Any) -> str:
    # A column of whole numbers with a gap is read as 1.0, 2.0 and so on.
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return str(int(value)) if is_whole else str(value)


def as_numbers(column: Any) -> Any:
    """Read a column of words as numbers; as it is, where some word is no number."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column) or isinstance(column.dtype, pd.CategoricalDtype):
        return column
    parsed: Any = pd.to_numeric(column, errors="coerce")
    return parsed if (parsed.notna() == column.notna()).all() else column


def sorted_levels(words: Iterable[Any]) -> list[str]:
    """List words once: by size if all of them are numbers, otherwise by the alphabet.

    >>> sorted_levels(["10", "9", "9.0"]), sorted_levels(["10", "9", "none"])
    (['9', '9.0', '10'], ['10', '9', 'none'])
    """
    levels = sorted({str(word) for word in words})
    numbers = {level: number_in(level) for level in levels}
    if any(number is None for number in numbers.values()):
        return levels
    return sorted(levels, key=lambda level: (numbers[level], level))


def named_level(said: object, levels: Sequence[str], column: str) -> str:
    """Return the level that a formula names: a word as it is written, or a number that means one of them.

    Raises:
        CommandError: It is no level, or can be several.
    """
    matches = matching_values(said, levels)
    if len(matches) != 1:
        hint = explain_no_value(said, levels, lists_all=len(levels) <= 12)
        raise CommandError(f"{column} has no level {said!r}.{hint}".rstrip("."))
    return str(matches[0])
