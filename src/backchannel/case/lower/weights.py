"""Read probabilities, odds and worths of the file as expressions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backchannel.case.lower.implicit import ImplicitParameters
from backchannel.case.lower.ranks import RANKS, read_ranks
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.lower.written_table import ELSE, comma_list, is_unsure, read_cells
from backchannel.case.read.document import KeyPath
from backchannel.language.expressions import Expression, Tree, constant, table
from backchannel.language.names import (
    ICD_203,
    NOT_APPLICABLE,
    NodeName,
    Value,
    did_you_mean,
    probability_range,
    split_round,
)


def read_weights(
    words: CaseVocabulary,
    path: KeyPath,
    raw: Mapping[Any, Any],
    *,
    node: NodeName,
    kind: str,
    implicit: ImplicitParameters,
    prefix: str = "",
) -> dict[Value, Expression] | None:
    """Read `probability:` or `odds:`, plain or as a table.

    Args:
        words: The names of the case.
        path: The path of the weights.
        raw: The weights as they are in the file.
        node: The node whose values have these weights.
        kind: `probability` or `odds`.
        implicit: Collects the parameters that ICD 203 words mean.
        prefix: Prefix of their names, such as `aria.` in a belief.
    """
    values = [v for v in words.domains[node] if v != NOT_APPLICABLE]
    # A word is the same number in all rounds.
    of_all_rounds = split_round(node)[0]
    if "table" not in raw:
        return _row(words, path, raw, values, kind, implicit, node, f"{prefix}{of_all_rounds}")
    cells = read_cells(words, path, raw)
    if cells is None:
        return None
    if (
        cells.otherwise_at
        and isinstance(cells.otherwise, dict)
        and any(map(_is_word, cells.otherwise.values()))
    ):
        # A word is a separate number in every combination.
        cells = cells.with_else_expanded(words, path)
        if cells is None:
            return None
    rows: dict[tuple[Value, ...] | None, dict[Value, Expression]] = {}
    for key, here, entry in cells.cells():
        if not isinstance(entry, dict):
            words.report.error(here, f"should give a {kind} for each of: {comma_list(values)}.")
            continue
        label = f"{prefix}{of_all_rounds}({', '.join(map(str, key or (ELSE,)))})"
        row = _row(words, here, entry, values, kind, implicit, node, label)
        if row:
            rows[key] = row
    if len(rows) < len(cells.cells()):
        return None
    last = rows.pop(None, None)
    return {
        value: table(
            cells.parents,
            {key: row[value] for key, row in rows.items() if key is not None},
            otherwise=None if last is None else last[value],
        )
        for value in values
    }


def read_worth(
    words: CaseVocabulary, path: KeyPath, raw: Any, *, interest: str, implicit: ImplicitParameters
) -> Expression | None:
    """Read a worth: an expression, a table of expressions, or an order of outcomes."""
    if not isinstance(raw, dict):
        return words.expression(path, raw)
    if RANKS in raw:
        return read_ranks(words, path, raw, interest=interest, implicit=implicit)
    if "table" not in raw:
        hint = next((h for key in raw if (h := did_you_mean(str(key), ["table", RANKS]))), "")
        words.report.error(
            path,
            f"a worth in braces must be a table, with `table: NODE`, or an order, with `ranks`.{hint}",
        )
        return None
    cells = read_cells(words, path, raw)
    if cells is None:
        return None
    cell_of_key = {key: words.expression(here, entry) for key, here, entry in cells.cells()}
    valid = {key: cell for key, cell in cell_of_key.items() if cell is not None}
    if len(valid) < len(cell_of_key):
        return None
    last = valid.pop(None, None)
    by_key = {key: cell for key, cell in valid.items() if key is not None}
    return table(cells.parents, by_key, otherwise=last)


def _is_word(entry: Any) -> bool:
    return isinstance(entry, str) and probability_range(entry) is not None


def _row(
    words: CaseVocabulary,
    path: KeyPath,
    raw: Mapping[Any, Any],
    values: list[Value],
    kind: str,
    implicit: ImplicitParameters,
    node: NodeName,
    label: str,
) -> dict[Value, Expression] | None:
    before = len(words.report.problems)
    weights: dict[Value, Expression] = {}
    rest: list[Any] = []
    for key, entry in raw.items():
        here = (*path, key)
        if not words.value(here, node, key):
            continue
        if isinstance(entry, dict | list):
            words.report.error(here, _misplaced(kind, key, entry, values))
        elif entry == "rest":
            rest.append(key)
        elif _is_word(entry):
            weights[key] = implicit.add_word(f"{label}.{key}", entry, here)
        elif isinstance(entry, str) and " " in entry and entry.replace(" ", "").isalpha():
            words.report.error(
                here,
                f"'{entry}' is not an ICD 203 word. The words are: {comma_list(list(ICD_203))}.",
            )
        else:
            expression = words.expression(here, entry)
            if expression:
                weights[key] = expression
    missing = [value for value in values if value not in raw]
    if missing:
        words.report.error(
            path,
            f"these values have no {kind}: {comma_list(missing)}.",
            is_consequence=is_unsure(words, [node]),
        )
    if len(rest) > 1 or (rest and kind == "odds"):
        words.report.error(
            (*path, rest[-1]), "`rest` can only be used once, and only in a `probability`."
        )
    if len(words.report.problems) > before:
        return None
    if rest:
        total = Tree("number", value=1.0)
        for expression in weights.values():
            total = Tree("-", (total, expression.tree))
        weights[rest[0]] = Expression(total, "rest") if weights else constant(1.0)
    return {value: weights[value] for value in values}


def _misplaced(kind: str, key: Any, entry: Any, values: list[Value]) -> str:
    """Say what to write instead of a table or a list under one value."""
    if isinstance(entry, list):
        return f"should be one number or one expression, not a list, for '{key}'."
    if "table" not in entry:
        return f"should be one number or one expression, not keys in braces, for '{key}'."
    row = f"{{{values[0]}: 0.6, {values[-1]}: 0.4}}"
    return (
        f"a table cannot stand under one value. Put `table` first, and under each of its keys a {kind} for "
        f"every value: {kind}: {{table: {entry['table']}, KEY: {row}, ...}}."
    )
