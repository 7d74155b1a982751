"""Read probabilities, odds and tables of the file as expressions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from backchannel.case.lower.implicit import ImplicitParameters
from backchannel.case.lower.ranks import RANKS, read_ranks
from backchannel.case.lower.spellings import Spellings
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.read.document import KeyPath
from backchannel.language.expressions import Expression, Tree, constant, table
from backchannel.language.lookalikes import explain_lookalikes
from backchannel.language.names import (
    ICD_203,
    NOT_APPLICABLE,
    NodeName,
    Value,
    did_you_mean,
    probability_range,
    split_round,
)
from backchannel.language.values import explain_no_value, matching_values

ELSE = "else"
"""The key of a table for all combinations without a key."""
MOST_NUMBERS = 300
"""Most combinations for which a word under `else` becomes a separate number."""
MOST_LACKING = 20
"""Most missing combinations that are reported."""


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
            words.report.error(here, f"should give a {kind} for each of: {_list(values)}.")
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


@dataclass(frozen=True)
class WrittenTable:
    """A table of the file: cells for some combinations, and perhaps one for all others."""

    parents: tuple[NodeName, ...]
    entries: dict[tuple[Value, ...], tuple[KeyPath, Any]]
    """For each combination with a key, its path and its content."""
    otherwise_at: KeyPath | None
    """The path of `else`; None if there is none, or if no combination is left for it."""
    otherwise: Any = None

    def cells(self) -> list[tuple[tuple[Value, ...] | None, KeyPath, Any]]:
        """List every cell with its path; the key of `else` is None."""
        cells: list[tuple[tuple[Value, ...] | None, KeyPath, Any]] = [
            (key, here, entry) for key, (here, entry) in self.entries.items()
        ]
        if self.otherwise_at is not None:
            cells.append((None, self.otherwise_at, self.otherwise))
        return cells

    def with_else_expanded(self, words: CaseVocabulary, path: KeyPath) -> WrittenTable | None:
        """Make the same table with a cell for every combination of `else`."""
        domains = [words.domains[name] for name in self.parents]
        n = math.prod(map(len, domains))
        if n > MOST_NUMBERS:
            words.report.error(
                (*path, ELSE),
                f"a word here means a separate number in each of {n:,} combinations, more than "
                f"{MOST_NUMBERS:,}. Give it a name and a prior under `parameters`.",
            )
            return None
        assert self.otherwise_at is not None
        cell = (self.otherwise_at, self.otherwise)
        rest = {key: cell for key in product(*domains) if key not in self.entries}
        return WrittenTable(self.parents, {**self.entries, **rest}, None)


def read_cells(words: CaseVocabulary, path: KeyPath, raw: Mapping[Any, Any]) -> WrittenTable | None:
    """Read the keys of a table; combinations in which a node is n/a may be missing."""
    named = raw["table"] if isinstance(raw["table"], list) else [raw["table"]]
    parents = tuple(words.meant(path, str(name)) for name in named)
    if not all(words.node((*path, "table"), name) for name in parents):
        return None
    domains = [words.domains[name] for name in parents]
    spelt = Spellings(domains)
    cells: dict[tuple[Value, ...], tuple[KeyPath, Any]] = {}
    before = len(words.report.problems)
    for key, entry in raw.items():
        if key in ("table", ELSE):
            continue
        combination = spelt.combination(key)
        if combination is not None and combination in cells:
            words.report.error((*path, key), f"'{key}' repeats an entry of this table.")
        elif combination is not None:
            cells[combination] = ((*path, key), entry)
        elif len(parents) == 1 and len(matching_values(key, domains[0])) > 1:
            words.report.error(
                (*path, key),
                f"{parents[0]} cannot be {key}.{explain_no_value(key, domains[0])}",
            )
        else:
            shown = [
                ", ".join(map(str, combination_values))
                for combination_values in islice(product(*domains), 12)
            ]
            hint = explain_lookalikes(str(key))
            words.report.error(
                (*path, key),
                f"'{key}' is not a value of {' and '.join(parents)}.{hint} The values are: {_list(shown)}.",
                is_consequence=_is_unsure(words, parents),
            )
    is_full = len(cells) == math.prod(map(len, domains))
    if ELSE in raw:
        return _unless_wrong(
            words,
            before,
            WrittenTable(parents, cells, None if is_full else (*path, ELSE), raw[ELSE]),
        )
    actual = [[v for v in domain if v != NOT_APPLICABLE] for domain in domains]
    lacking = (
        combination_values
        for combination_values in product(*actual)
        if combination_values not in cells
    )
    for combination in islice(lacking, MOST_LACKING):
        text = ", ".join(map(str, combination))
        words.report.error(
            path,
            f"the table has no entry for '{text}', and no `{ELSE}`.",
            is_consequence=_is_unsure(words, parents),
        )
    return _unless_wrong(words, before, WrittenTable(parents, cells, None))


def _is_unsure(words: CaseVocabulary, nodes: Sequence[NodeName]) -> bool:
    """Say whether the values of some node could not be read."""
    return any(words.report.doubts_values(name) for name in nodes)


def _unless_wrong(words: CaseVocabulary, before: int, cells: WrittenTable) -> WrittenTable | None:
    return cells if len(words.report.problems) == before else None


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
                here, f"'{entry}' is not an ICD 203 word. The words are: {_list(list(ICD_203))}."
            )
        else:
            expression = words.expression(here, entry)
            if expression:
                weights[key] = expression
    missing = [value for value in values if value not in raw]
    if missing:
        words.report.error(
            path,
            f"these values have no {kind}: {_list(missing)}.",
            is_consequence=_is_unsure(words, [node]),
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


def _list(values: list[Any]) -> str:
    return ", ".join(str(value) for value in values)
