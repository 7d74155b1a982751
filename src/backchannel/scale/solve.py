"""Solve one shard: every column of its draws, as a Parquet file in memory.

It is called in this process or on a worker of a cluster. A shard depends on nothing but the case and its range of
draws, so it has the same numbers wherever it is solved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd

from backchannel.case.lowered import Lowered, check_runnable
from backchannel.ensemble.change import change
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.solve import solve_draws, solve_worlds
from backchannel.files import marks
from backchannel.machine.reports import Progress, Silence
from backchannel.questions.forecast.ask import Forecast, forecast
from backchannel.questions.what_if.ask import compare_asked, those_answered, worlds
from backchannel.scale.columns import (
    CONVERGED,
    DRAW,
    LOG_LIKELIHOOD,
    ForecastColumns,
    comparison_columns,
    forecast_columns,
)
from backchannel.scale.stamp import Stamp, stamp_notes, stamp_of
from backchannel.workers.workers import Tell


def shard_piece(shared: tuple[Lowered, int], shard: range, tell: Tell) -> Iterator[bytes]:
    """Solve a shard as a piece of work; yields its file.

    Args:
        shared: The case, and the seed of the whole run.
        shard: Its draws, counted from 0.
        tell: Hears that it is done.
    """
    lowered, seed = shared
    yield solve_shard(lowered, shard.start, shard.stop, seed)
    tell(1)


def solve_shard(
    lowered: Lowered, start: int, stop: int, seed: int, progress: Progress | None = None
) -> bytes:
    """Solve some draws of a case and its what-ifs.

    Args:
        lowered: The case.
        start: The first draw, counted from 0.
        stop: The draw after the last one.
        seed: The seed of the whole run.
        progress: Shows how many equilibria are solved.

    Returns:
        A Parquet file with a row for each draw.

    Raises:
        CommandError: Some numbers have no prior.
        ConvergenceError: Too few draws converged.
    """
    check_runnable(lowered)
    shown = progress or Silence()
    ensemble = solve_draws(
        lowered, stop - start, seed=seed, skip=start, progress=shown, is_part=True
    )
    columns: dict[str, Any] = {
        DRAW: np.arange(start + 1, stop + 1),
        LOG_LIKELIHOOD: ensemble.log_likelihood,
        CONVERGED: ensemble.converged,
        **{name: _full(ensemble.numbers[name], stop - start) for name in lowered.priors},
    }
    for node in ensemble.diagram.order:
        columns |= _forecast(forecast_columns(lowered, node), forecast(ensemble, node))
    columns |= _what_ifs(lowered, ensemble, shown)
    return shard_file(pd.DataFrame(columns), stamp_of(lowered, range(start, stop), seed))


def shard_file(table: pd.DataFrame, stamp: Stamp) -> bytes:
    """The file of a shard: its columns, what they are draws of, and checksums that find damage when it is read."""
    table.attrs = {marks.MADE_BY: marks.NAME, **stamp_notes(stamp)}
    buffer = BytesIO()
    table.to_parquet(buffer, index=False, engine="pyarrow", write_page_checksum=True)
    return buffer.getvalue()


def _what_ifs(lowered: Lowered, ensemble: Ensemble, progress: Progress) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    solve_worlds(ensemble, worlds(lowered), progress)
    for name, compared in those_answered(compare_asked(lowered, ensemble)).items():
        for comparison in compared:
            keys = comparison_columns(lowered, name, comparison.before.node)
            columns |= _forecast(keys.before, comparison.before)
            columns |= _forecast(keys.after, comparison.after)
            columns |= _forecast(keys.independent, comparison.independent or comparison.after)
            changed = change(ensemble, comparison.intervention)
            columns[keys.cut] = comparison.cut.toordinal() if comparison.cut else 0
            columns[keys.omits] = comparison.omits_base_rates
            columns[keys.converged] = ensemble.converged & changed.converged
    return columns


def _forecast(keys: ForecastColumns, view: Forecast) -> Mapping[str, Any]:
    return {name: view.per_draw[:, i] for i, name in enumerate(keys.names)}


def _full(numbers: np.ndarray, count: int) -> np.ndarray:
    return np.broadcast_to(numbers, (count,))
