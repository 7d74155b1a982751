"""Plays: a table of observed plays of one case, one row a play, checked before anything is fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from backchannel.diagram.diagram import Diagram
from backchannel.files.data_table import DataFrame, check_names, read_table_file
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value, did_you_mean, first_few

MISSING = ("NA", "NaN", "nan", "")
"""What other programs write for what is missing."""
SHOWN = 5
"""Rows named in a message; the others are counted."""


@dataclass(frozen=True)
class PlayTable:
    """What was observed, row by row."""

    table: DataFrame
    """The rows that are used: covariates as they came."""
    evidence: Mapping[NodeName, Float[np.ndarray, "row value"]]
    """For each observed node 1 at the value seen; ones where nothing was seen."""
    weights: Float[np.ndarray, " row"]
    clusters: np.ndarray | None
    rows: np.ndarray
    """Where each row stands in the table, counted from 1."""
    dropped: tuple[int, ...]
    """Rows that were left out because a covariate, weight or cluster is missing, counted from 1."""

    @property
    def nodes(self) -> tuple[NodeName, ...]:
        """The nodes that some row observes."""
        return tuple(self.evidence)


def read_table(data: str | Path | DataFrame, diagram: Diagram | None = None) -> DataFrame:
    """Read a table of plays or covariates: a CSV or Parquet file, or a DataFrame.

    Args:
        data: The file or the table.
        diagram: The case, if the table holds plays: words in a node's column stay as they are written,
            so that 2.1 and 2.10, or true and True, are two values.

    Raises:
        CommandError: There is no such file, it is no table, or a larger one than is read.
    """
    if isinstance(data, pd.DataFrame):
        check_names("the table", map(str, data.columns))
        return data.reset_index(drop=True)
    domains = diagram.domains if diagram is not None else {}
    written = {n for n, domain in domains.items() if any(isinstance(v, str) for v in domain)}
    return read_table_file(data, as_written=written)


def read_plays(
    table: DataFrame,
    diagram: Diagram,
    *,
    covariates: Sequence[str],
    weights: str | None = None,
    clusters: str | None = None,
) -> PlayTable:
    """Check a table against a case and lay it out.

    Args:
        table: One row a play. Columns that are called like nodes hold what was observed; empty
            where a node was not reached or not seen.
        diagram: The case.
        covariates: Columns that the case's formulas use.
        weights: Column that says how often a row was played; once each, if left out.
        clusters: Column that says which plays depend on each other.

    Raises:
        CommandError: A column is missing, a value is none of its node's, or the table is empty;
            every problem is told.
    """
    columns = [str(name) for name in table.columns]
    problems = _missing_columns(columns, covariates, weights, clusters)
    observed = [d for d in diagram.order if d in columns]
    if not observed:
        problems.append(f"No column is called like a node of the case: {', '.join(diagram.order)}.")
    if not len(table):
        problems.append("The table has no rows.")
    if problems:
        raise CommandError("\n".join(problems))
    numbers = [*covariates, *([weights] if weights else [])]
    table = with_gaps(table, diagram, numbers, [clusters] if clusters else [])
    needed = [*numbers, *([clusters] if clusters else [])]
    complete = table[needed].notna().all(axis=1).to_numpy() if needed else np.ones(len(table), bool)
    dropped = tuple(int(i) + 1 for i in np.flatnonzero(~complete))
    if not complete.any():
        raise CommandError(
            f"Every row lacks a value in one of the columns {', '.join(needed)}, so no row is left."
        )
    evidence = {}
    for node in observed:
        evidence[node], wrong = _evidence(table[node], diagram.domains[node])
        problems += _outside(node, diagram.domains[node], table[node], wrong & complete)
    counts = _weights(table, weights, complete, problems)
    if problems:
        raise CommandError("\n".join(problems))
    kept = {node: laid[complete] for node, laid in evidence.items()}
    seen = {node: laid for node, laid in kept.items() if (laid.sum(axis=1) == 1).any()}
    if not seen:
        raise CommandError(
            f"No row observes any node: no row that is used has a value in {', '.join(observed)}."
        )
    return PlayTable(
        table=table[complete].reset_index(drop=True),
        evidence=seen,
        weights=counts[complete],
        clusters=table[clusters].to_numpy()[complete] if clusters else None,
        rows=np.flatnonzero(complete) + 1,
        dropped=dropped,
    )


def alike(table: DataFrame, covariates: Sequence[str]) -> Int[np.ndarray, " row"]:
    """Label the rows so that those with equal covariates have one label."""
    if not covariates:
        return np.zeros(len(table), int)
    return table.groupby(list(covariates), sort=False, dropna=False).ngroup().to_numpy()


def describe_dropped(plays: PlayTable) -> str:
    """Say which rows were left out; empty where none was."""
    if not plays.dropped:
        return ""
    shown = first_few(plays.dropped, SHOWN)
    return (
        f"{len(plays.dropped)} rows lack a covariate, weight or cluster and are left out: {shown}."
    )


def with_gaps(
    table: DataFrame, diagram: Diagram, numbers: Sequence[str], words: Sequence[str] = ()
) -> DataFrame:
    """Read NA, which R writes for what is missing, as missing, unless a node has it as a value.

    Args:
        table: The table.
        diagram: The case.
        numbers: Columns of numbers that are used, beside those of nodes.
        words: Columns of words that are used, beside those of nodes.
    """
    found = {}
    for name in map(str, table.columns):
        if name not in numbers and name not in words and name not in diagram.domains:
            continue
        column = table[name]
        if pd.api.types.is_numeric_dtype(column) or isinstance(column.dtype, pd.CategoricalDtype):
            continue
        values = {str(value) for value in diagram.domains.get(name, ())}
        gaps = column.isin([word for word in MISSING if word not in values])
        found[name] = column.mask(gaps)
        if name in numbers and gaps.any():
            parsed: Any = pd.to_numeric(found[name], errors="coerce")
            if (parsed.notna() == found[name].notna()).all():
                found[name] = parsed
    return table.assign(**found)


def _missing_columns(
    columns: Sequence[str], covariates: Sequence[str], weights: str | None, clusters: str | None
) -> list[str]:
    asked = [*covariates, *([weights] if weights else []), *([clusters] if clusters else [])]
    return [
        f"There is no column '{name}'.{did_you_mean(name, list(columns))}"
        for name in dict.fromkeys(asked)
        if name not in columns
    ]


def _evidence(column: DataFrame, domain: Sequence[Value]) -> tuple[np.ndarray, np.ndarray]:
    """Lay what was seen out over a node's values; which rows hold none of them."""
    codes, cells = pd.factorize(column)
    places = [_place(cell, domain) for cell in cells]
    # An empty cell has the code -1.
    code = np.array([*places, -1])[codes]
    missing = codes < 0
    laid = np.eye(len(domain))[np.maximum(code, 0)]
    laid[missing] = 1.0
    return laid, (code < 0) & ~missing


def _place(cell: Any, domain: Sequence[Value]) -> int:
    """The place of a cell among the values of a node; -1 if it is none of them.

    A word is met as it is written. Only a value that is a number is met as a number, so that 1, 1.0 and
    "1" are one.
    """
    text = str(cell).strip()
    for i, value in enumerate(domain):
        if isinstance(value, str) and value == text:
            return i
    try:
        number = float(cell)
    except (TypeError, ValueError):
        return -1
    for i, value in enumerate(domain):
        if not isinstance(value, str) and float(value) == number:
            return i
    # A table from another program may hold numbers where the case has words that spell them.
    spelled = [i for i, value in enumerate(domain) if value == f"{number:.12g}"]
    return spelled[0] if spelled and not isinstance(cell, str) else -1


def _outside(
    node: NodeName, domain: Sequence[Value], column: DataFrame, wrong: np.ndarray
) -> list[str]:
    rows = np.flatnonzero(wrong)
    if not len(rows):
        return []
    known = [str(value) for value in domain]
    first = str(column.iloc[rows[0]])
    places = first_few(rows + 1, SHOWN)
    return [
        f"Column {node}, row {places}: '{first}' is not a value of {node}."
        f"{did_you_mean(first, known)} It can be: {', '.join(known)}."
    ]


def _weights(
    table: DataFrame, column: str | None, used: np.ndarray, problems: list[str]
) -> Float[np.ndarray, " row"]:
    if column is None:
        return np.ones(len(table))
    parsed: Any = pd.to_numeric(table[column], errors="coerce")
    numbers = parsed.to_numpy(float)
    bad = used & ~(np.isfinite(numbers) & (numbers >= 0))
    if bad.any():
        rows = first_few(np.flatnonzero(bad) + 1, SHOWN)
        problems.append(f"Column {column}, row {rows}: a weight must be a number of at least 0.")
    return np.where(np.isfinite(numbers), numbers, 0.0)
