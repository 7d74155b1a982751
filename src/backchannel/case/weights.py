"""Weights: the probabilities and odds of the file, made into expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from backchannel.case.document import Path_
from backchannel.case.prior_text import prior_from
from backchannel.case.vocabulary import Vocabulary
from backchannel.expressions import Expression, Tree, constant, table
from backchannel.names import (
    ICD_203,
    NOT_APPLICABLE,
    NodeName,
    Value,
    probability_range,
    split_round,
)
from backchannel.priors import Prior

ELSE = "else"
"""The key of a table for every combination that has no key of its own."""


@dataclass
class ImplicitParameters:
    """Parameters that stand in weights as ICD 203 words, with the prior each word means."""

    priors: dict[str, Prior] = field(default_factory=dict)
    paths: dict[str, Path_] = field(default_factory=dict)

    def add(self, name: str, word: str, path: Path_) -> Expression:
        """Make a parameter of a word."""
        self.priors[name] = prior_from(word)
        self.paths[name] = path
        return Expression(Tree("name", value=name), word)


def read_weights(
    words: Vocabulary,
    path: Path_,
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
        path: Where it stands.
        raw: What stands there.
        node: Whose values are weighed.
        kind: `probability` or `odds`.
        implicit: Takes the parameters that ICD 203 words stand for.
        prefix: Put before their names (`aria.` in a belief).
    """
    values = [v for v in words.domains[node] if v != NOT_APPLICABLE]
    # A word is one number, whatever the round.
    of_all_rounds = split_round(node)[0]
    if "table" not in raw:
        return _row(words, path, raw, values, kind, implicit, node, f"{prefix}{of_all_rounds}")
    cells = read_cells(words, path, raw)
    if cells is None:
        return None
    parents, entries = cells
    rows: dict[tuple[Value, ...], dict[Value, Expression]] = {}
    for key, (here, entry) in entries.items():
        if not isinstance(entry, dict):
            words.report.error(here, f"should give a {kind} for each of: {_list(values)}.")
            continue
        label = f"{prefix}{of_all_rounds}({', '.join(map(str, key))})"
        row = _row(words, here, entry, values, kind, implicit, node, label)
        if row:
            rows[key] = row
    if len(rows) < len(entries):
        return None
    return {
        value: table(parents, {key: row[value] for key, row in rows.items()}) for value in values
    }


def read_worth(words: Vocabulary, path: Path_, raw: Any) -> Expression | None:
    """Read a worth: an expression, or a table of them."""
    if not isinstance(raw, dict):
        return words.expression(path, raw)
    if "table" not in raw:
        words.report.error(path, "a worth in braces is a table: it needs `table: NODE`.")
        return None
    cells = read_cells(words, path, raw)
    if cells is None:
        return None
    parents, entries = cells
    found = {key: words.expression(here, entry) for key, (here, entry) in entries.items()}
    whole = {key: cell for key, cell in found.items() if cell is not None}
    return table(parents, whole) if len(whole) == len(found) else None


def read_cells(
    words: Vocabulary, path: Path_, raw: Mapping[Any, Any]
) -> tuple[tuple[NodeName, ...], dict[tuple[Value, ...], tuple[Path_, Any]]] | None:
    """Read the keys of a table; cells where a node is n/a may be left out."""
    named = raw["table"] if isinstance(raw["table"], list) else [raw["table"]]
    parents = tuple(words.meant(path, name) for name in named)
    if not all(words.node((*path, "table"), name) for name in parents):
        return None
    combinations = list(product(*(words.domains[name] for name in parents)))
    by_text = {", ".join(map(str, combination)): combination for combination in combinations}
    cells: dict[tuple[Value, ...], tuple[Path_, Any]] = {}
    before = len(words.report.problems)
    for key, entry in raw.items():
        if key in ("table", ELSE):
            continue
        text = ", ".join(part.strip() for part in str(key).split(","))
        if text in by_text:
            cells[by_text[text]] = ((*path, key), entry)
        else:
            words.report.error(
                (*path, key),
                f"'{key}' is no value of {' and '.join(parents)}. "
                f"There are: {_list(list(by_text)[:12])}.",
            )
    for text, combination in by_text.items():
        if combination in cells:
            continue
        if ELSE in raw:
            cells[combination] = ((*path, ELSE), raw[ELSE])
        elif NOT_APPLICABLE not in combination:
            words.report.error(path, f"the table has no entry for '{text}' (nor `{ELSE}`).")
    return (parents, cells) if len(words.report.problems) == before else None


def _row(
    words: Vocabulary,
    path: Path_,
    raw: Mapping[Any, Any],
    values: list[Value],
    kind: str,
    implicit: ImplicitParameters,
    node: NodeName,
    label: str,
) -> dict[Value, Expression] | None:
    before = len(words.report.problems)
    found: dict[Value, Expression] = {}
    rest: list[Any] = []
    for key, entry in raw.items():
        here = (*path, key)
        if not words.value(here, node, key):
            continue
        if entry == "rest":
            rest.append(key)
        elif isinstance(entry, str) and probability_range(entry):
            found[key] = implicit.add(f"{label}.{key}", entry, here)
        elif isinstance(entry, str) and " " in entry and entry.replace(" ", "").isalpha():
            words.report.error(
                here, f"'{entry}' is no ICD 203 word. There are: {_list(list(ICD_203))}."
            )
        else:
            expression = words.expression(here, entry)
            if expression:
                found[key] = expression
    missing = [value for value in values if value not in raw]
    if missing:
        words.report.error(path, f"no {kind} is given for: {_list(missing)}.")
    if len(rest) > 1 or (rest and kind == "odds"):
        words.report.error((*path, rest[-1]), "`rest` stands once, and only in a `probability`.")
    if len(words.report.problems) > before:
        return None
    if rest:
        total = Tree("number", value=1.0)
        for expression in found.values():
            total = Tree("-", (total, expression.tree))
        found[rest[0]] = Expression(total, "rest") if found else constant(1.0)
    return {value: found[value] for value in values}


def _list(values: list[Any]) -> str:
    return ", ".join(str(value) for value in values)
