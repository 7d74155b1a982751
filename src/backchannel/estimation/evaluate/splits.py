"""Cut rows into what is trained on and what is predicted: by groups, or forward in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Int

from backchannel.estimation.folds import Folds
from backchannel.language.errors import CommandError
from backchannel.language.names import first_few

INNER = 5
"""Folds inside of what is trained on."""
SHOWN = 3


@dataclass(frozen=True)
class Split:
    """One part of the rows that is predicted from others."""

    name: str
    train: Bool[np.ndarray, " row"]
    test: Bool[np.ndarray, " row"]
    inner: Folds
    """The folds in which something is chosen from what is trained on; in time they go forward too."""


@dataclass(frozen=True)
class Splits:
    """All parts, and what is to be known of them."""

    parts: tuple[Split, ...]
    groups: Int[np.ndarray, " row"]
    """Rows of one group are drawn together by the bootstrap."""
    remarks: tuple[str, ...] = ()


def split_by(column: Any, name: str, *, folds: int, seed: int) -> Splits:
    """Cut rows into folds that keep a group whole.

    Args:
        column: Each row's group; none is missing.
        name: What the column is called.
        folds: How many parts.
        seed: The same seed gives the same folds.

    Raises:
        CommandError: There are fewer groups than folds, or no two rows share a fold.
    """
    groups, levels = pd.factorize(column)
    count = len(levels)
    if count < folds:
        raise CommandError(
            f"Column {name} has {count} group{'s' if count != 1 else ''}, fewer than {folds} folds. "
            f"Take at most {max(count, 2)} (--folds), or another column."
            if count > 1
            else f"Column {name} has one group, so that no group can be predicted from others. Name "
            "another column (--by)."
        )
    chance = np.random.default_rng(seed)
    fold = _balanced(groups, folds, chance)
    remarks = []
    alone = int((np.bincount(groups) == 1).sum())
    if alone == count:
        remarks.append(f"Every group of {name} has one row, so folds are of single rows.")
    elif alone:
        remarks.append(f"{alone:,} of {count:,} groups of {name} have one row.")
    parts = []
    for i in range(folds):
        test = fold == i
        parts.append(Split(f"fold {i + 1}", ~test, test, Folds(_balanced(groups, INNER, chance))))
    return Splits(tuple(parts), groups, tuple(remarks))


def split_forward(
    column: Any, name: str, *, folds: int, begin: Any = None, seed: int = 0
) -> Splits:
    """Cut rows in time: each part is predicted from what came before it.

    Without a beginning, the first half of the rows is trained on first, and the rest is cut into
    consecutive parts; rows of one time are in one part.

    Args:
        column: Numbers or dates, none missing.
        name: What the column is called.
        folds: How many parts, where there is no beginning.
        begin: The first time that is predicted; all before it is trained on.
        seed: Of the folds inside of what is trained on where all of it is of one time.

    Raises:
        CommandError: The column holds neither numbers nor dates, or nothing is left before or after.
    """
    times = as_times(column, name)
    order = np.unique(times)
    if begin is not None:
        starts = [float(as_times(pd.Series([begin]), f"the beginning of {name}")[0])]
    else:
        later = order[np.searchsorted(order, np.quantile(times, 0.5), side="right") :]
        if len(later) < folds:
            raise CommandError(
                f"Column {name} has {len(later)} different times in its later half, fewer than {folds} "
                "parts. Take fewer (--folds), or say where prediction begins (--from)."
            )
        later_rows = np.sort(times[times >= later[0]])
        cuts = later_rows[(np.arange(folds) * len(later_rows)) // folds]
        starts = [float(cut) for cut in np.unique(cuts)]
    parts = []
    for i, start in enumerate(starts):
        end = starts[i + 1] if i + 1 < len(starts) else np.inf
        train, test = times < start, (times >= start) & (times < end)
        for is_there, side in ((train, "before"), (test, "after")):
            if not is_there.any():
                raise CommandError(
                    f"No row lies {side} the beginning of what is predicted in column {name}, "
                    f"which runs from {_shown(column, times.argmin())} to {_shown(column, times.argmax())}."
                )
        label = _shown(column, int(np.flatnonzero(test)[times[test].argmin()]))
        parts.append(Split(f"from {label}", train, test, _blocks(times, train, seed)))
    return Splits(tuple(parts), np.arange(len(times)))


def as_times(column: Any, name: str) -> np.ndarray:
    """A column of numbers or dates as numbers.

    Raises:
        CommandError: Some cell is neither.
    """
    numbers: Any = pd.to_numeric(column, errors="coerce")
    if numbers.notna().all() and np.isfinite(numbers.to_numpy(float)).all():
        return numbers.to_numpy(float)
    dates: Any = pd.to_datetime(column, errors="coerce", format="ISO8601", utc=True)
    if dates.notna().all():
        return dates.astype("int64").to_numpy(float)
    bad = np.flatnonzero((dates.isna() & numbers.isna()).to_numpy())
    rows = first_few(bad + 1, SHOWN)
    example = f" '{column.iloc[bad[0]]}' in row {rows} is neither." if len(bad) else ""
    raise CommandError(
        f"Column {name} must hold numbers or dates (2031-04-02) to go forward in time.{example}"
    )


def _shown(column: Any, row: Any) -> str:
    value = column.iloc[int(row)]
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _balanced(groups: np.ndarray, folds: int, chance: np.random.Generator) -> np.ndarray:
    """Deal groups out, the largest first, each to the fold with the fewest rows."""
    sizes = np.bincount(groups)
    shuffled = chance.permutation(len(sizes))
    fold, load = np.zeros(len(sizes), int), np.zeros(folds)
    for group in shuffled[np.argsort(-sizes[shuffled], kind="stable")]:
        least = np.flatnonzero(load == load.min())
        fold[group] = chance.choice(least)
        load[fold[group]] += sizes[group]
    return fold[groups]


def _blocks(times: np.ndarray, train: np.ndarray, seed: int) -> Folds:
    """Consecutive parts of the rows that are trained on, each predicted from those before it."""
    if len(np.unique(times[train])) < INNER:
        return Folds(np.random.default_rng(seed).permutation(len(times)) % INNER)
    cuts = np.quantile(times[train], np.arange(1, INNER) / INNER)
    return Folds(np.searchsorted(cuts, times, side="right"), is_forward=True)
