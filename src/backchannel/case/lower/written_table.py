"""Tables of the file: cells for combinations of values, and `else` for all others."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from backchannel.case.lower.spellings import Spellings
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.read.document import KeyPath
from backchannel.language.lookalikes import explain_lookalikes
from backchannel.language.names import NOT_APPLICABLE, NodeName, Value
from backchannel.language.values import explain_no_value, matching_values

ELSE = "else"
"""The key of a table for all combinations without a key."""
MOST_NUMBERS = 300
"""Most combinations for which a word under `else` becomes a separate number."""
MOST_LACKING = 20
"""Most missing combinations that are reported."""


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
                f"'{key}' is not a value of {' and '.join(parents)}.{hint} The values are: {comma_list(shown)}.",
                is_consequence=is_unsure(words, parents),
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
            is_consequence=is_unsure(words, parents),
        )
    return _unless_wrong(words, before, WrittenTable(parents, cells, None))


def is_unsure(words: CaseVocabulary, nodes: Sequence[NodeName]) -> bool:
    """Say whether the values of some node could not be read."""
    return any(words.report.doubts_values(name) for name in nodes)


def _unless_wrong(words: CaseVocabulary, before: int, cells: WrittenTable) -> WrittenTable | None:
    return cells if len(words.report.problems) == before else None


def comma_list(values: list[Any]) -> str:
    """Write some values one after the other, as a message gives them."""
    return ", ".join(str(value) for value in values)
