"""Shards with the columns of a real case and invented numbers: what merging costs, without solving anything."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from backchannel.case.lowered import Lowered
from backchannel.scale.columns import (
    CONVERGED,
    DRAW,
    LOG_LIKELIHOOD,
    ForecastColumns,
    comparison_columns,
    forecast_columns,
)
from backchannel.scale.plan import ShardPlan, plan_shards
from backchannel.scale.sharded import ShardedDraws
from backchannel.scale.solve import shard_file
from backchannel.scale.store import ShardStore


def synthetic_draws(lowered: Lowered, folder: Path, draws: int) -> ShardedDraws:
    """A folder of shards, all with the same invented numbers; a whole number of shards is made.

    Args:
        lowered: The case whose columns they have.
        folder: A new folder.
        draws: How many draws.
    """
    plan = plan_shards(lowered, draws=draws, seed=0)
    store = ShardStore(folder, plan)
    first, *others = plan.shards
    store.write(first, _content(lowered, plan, first))
    name = _file_name(first)
    for shard in others:
        # One content under many names: to write it 128 times would take longer than to merge it.
        os.link(folder / name, folder / _file_name(shard))
    return ShardedDraws(lowered, store)


def synthetic_table(lowered: Lowered, shard: range) -> pd.DataFrame:
    """The columns of a shard: each probability, number and likelihood is drawn uniformly."""
    chance, n = np.random.default_rng(0), len(shard)
    columns: dict[str, object] = {
        DRAW: np.arange(shard.start + 1, shard.stop + 1),
        LOG_LIKELIHOOD: np.log(chance.uniform(size=n)),
        CONVERGED: np.ones(n, bool),
        **{name: chance.uniform(size=n) for name in lowered.priors},
    }

    def forecast(keys: ForecastColumns) -> None:
        chances = chance.dirichlet(np.ones(len(keys.domain)), n).T
        columns.update(zip(keys.names, chances, strict=True))

    for node in lowered.diagram.order:
        forecast(forecast_columns(lowered, node))
    asked = [question for question in lowered.questions if question.kind == "what_if"]
    for question in asked:
        for node, _ in question.outcomes:
            keys = comparison_columns(lowered, question.what_if, node)
            for side in (keys.before, keys.after, keys.independent):
                forecast(side)
            columns |= {keys.cut: 0, keys.omits: False, keys.converged: np.ones(n, bool)}
    return pd.DataFrame(columns)


def _content(lowered: Lowered, plan: ShardPlan, shard: range) -> bytes:
    return shard_file(synthetic_table(lowered, shard), plan.stamp(shard))


def _file_name(shard: range) -> str:
    return f"draws-{shard.start + 1:09d}-{shard.stop:09d}.parquet"


def peak_of_merging(case: str, folder: Path, draws: int) -> float:
    """Peak memory in GB of a process that merges forecasts and a what-if over many draws."""
    from backchannel import Study

    lowered = Study.load(case).lowered
    merged = synthetic_draws(lowered, folder, draws)
    for node in lowered.ahead[:3]:
        merged.forecast(node).document()
    for name, node in merged.what_ifs()[:2]:
        merged.what_if(name, node).document()
    # `getrusage` would count what the process that started this one held.
    (peak,) = re.findall(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(peak) / 1e6


if __name__ == "__main__":
    print(peak_of_merging(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
