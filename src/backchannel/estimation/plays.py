"""Plays: a table of observed plays of one case, one row a play, checked before anything is fitted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from backchannel.diagram.diagram import Diagram
from backchannel.estimation.gaps import SHOWN, say_dropped, with_gaps
from backchannel.files.data_table import DataFrame, check_names, read_table_file
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value, did_you_mean, first_few
from backchannel.language.values import matching_values


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
    """Rows that were left out because a covariate, a weight or a cluster is missing, counted from 1."""
    lacking: tuple[str, ...] = ()
    """The columns in which they have gaps."""

    @property
    def nodes(self) -> tuple[NodeName, ...]:
        """The nodes that some row observes."""
        return tuple(self.evidence)


def read_table(data: str | Path | DataFrame, *, words: Collection[str] = ()) -> DataFrame:
    """Read a table of plays: a CSV or Parquet file, or a DataFrame.

    Args:
        data: The table or its file.
        words: Columns that hold words, which are read as they are written.

    Raises:
        CommandError: There is no such file, it is no table, or a larger one than is read.
    """
    if isinstance(data, pd.DataFrame):
        check_names("the table", map(str, data.columns))
        return data.reset_index(drop=True)
    return read_table_file(data, words=words)


def read_plays(
    table: DataFrame,
    diagram: Diagram,
    *,
    covariates: Sequence[str],
    levels: Collection[str] = (),
    needed: Collection[str] | None = None,
    weights: str | None = None,
    clusters: str | None = None,
) -> PlayTable:
    """Check a table against a case and lay it out.

    Args:
        table: One row a play. Columns that are called like nodes hold what was observed; empty
            where a node was not reached or not seen.
        diagram: The case.
        covariates: Columns that the case's formulas use.
        levels: Those of them that are words, however much they look like numbers.
        needed: Of these the ones whose gaps have no meaning, so that a row with one is left out. All
            of them, if left out.
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
    seen = with_gaps(table[observed], diagram, ())
    labels = [clusters] if clusters else []
    table = with_gaps(table, diagram, numbers, labels=labels, levels=levels)
    asked = [name for name in covariates if needed is None or name in needed]
    asked += [name for name in (weights, clusters) if name]
    complete = table[asked].notna().all(axis=1).to_numpy() if asked else np.ones(len(table), bool)
    dropped = tuple(int(i) + 1 for i in np.flatnonzero(~complete))
    lacking = tuple(name for name in dict.fromkeys(asked) if table[name].isna().any())
    if not complete.any():
        raise CommandError(f"Every row lacks a value of {', '.join(lacking)}, so no row is left.")
    evidence = {}
    for node in observed:
        evidence[node], wrong = _evidence(seen[node], diagram.domains[node])
        problems += _outside(node, diagram.domains[node], seen[node], wrong & complete)
    counts = _weights(table, weights, complete, problems)
    if problems:
        raise CommandError("\n".join(problems))
    kept = {node: laid[complete] for node, laid in evidence.items()}
    kept = {node: laid for node, laid in kept.items() if (laid.sum(axis=1) == 1).any()}
    if not kept:
        raise CommandError(
            f"No row observes any node: {', '.join(observed)} {_are(observed)} empty in every row"
            f"{' that is not left out' if dropped else ''}. Write in each row what was seen."
        )
    if not (counts[complete] > 0).any():
        raise CommandError(f"Every weight in column {weights} is 0, so no play is left.")
    return PlayTable(
        table=table[complete].reset_index(drop=True),
        evidence=kept,
        weights=counts[complete],
        clusters=table[clusters].to_numpy()[complete] if clusters else None,
        rows=np.flatnonzero(complete) + 1,
        dropped=dropped,
        lacking=lacking,
    )


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def alike(table: DataFrame, covariates: Sequence[str]) -> Int[np.ndarray, " row"]:
    """Label the rows so that those with equal covariates have one label."""
    if not covariates:
        return np.zeros(len(table), int)
    return table.groupby(list(covariates), sort=False, dropna=False).ngroup().to_numpy()


def describe_dropped(plays: PlayTable) -> str:
    """Say which rows were left out; empty where none was."""
    if not plays.dropped:
        return ""
    return say_dropped(plays.dropped, plays.lacking)


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
    missing = column.isna().to_numpy()
    place = {value: i for i, value in enumerate(domain)}
    known: dict[Any, int] = {}
    codes = np.full(len(column), -1)
    cells = column.tolist()
    for row in np.flatnonzero(~missing):
        # 1, 1.0 and true are one key of a dictionary, and three things that a table says.
        key = (type(cells[row]), cells[row])
        if key not in known:
            matches = matching_values(cells[row], domain)
            known[key] = place[matches[0]] if len(matches) == 1 else -1
        codes[row] = known[key]
    laid = np.zeros((len(column), len(domain)))
    seen = codes >= 0
    laid[seen, codes[seen]] = 1.0
    laid[missing] = 1.0
    return laid, ~seen & ~missing


def _outside(
    node: NodeName, domain: Sequence[Value], column: DataFrame, wrong: np.ndarray
) -> list[str]:
    rows = np.flatnonzero(wrong)
    if not len(rows):
        return []
    first = column.iloc[rows[0]]
    places = first_few(rows + 1, SHOWN)
    if len(matching_values(first, domain)) > 1:
        said = f"as a number, '{first}' can be several values of {node}. Give the column as text."
    else:
        known = [str(value) for value in domain]
        hint = did_you_mean(str(first), known)
        said = f"'{first}' is not a value of {node}.{hint} It can be: {', '.join(known)}."
    return [f"Column {node}, row {places}: {said}"]


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
