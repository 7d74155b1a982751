"""Memory of a million draws: merging reads one forecast's columns at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from benchmarks.synthetic_shards import synthetic_draws, synthetic_table

from backchannel import Study
from backchannel.scale.solve_sharded import solve_sharded
from tests.helpers import CANAL

ROOT = Path(__file__).parents[3]
MILLION = 1 << 20
MOST_GIGABYTES = 1.0
"""A quarter of what is promised; a process that has loaded the libraries has 0.3."""


def test_invented_shards_have_the_columns_of_solved_ones(tmp_path):
    """What is measured on them holds for real ones."""
    lowered = Study.load(CANAL).lowered
    solve_sharded(lowered, tmp_path / "s", draws=16, seed=0, size=16)
    (file,) = (tmp_path / "s").glob("draws-*.parquet")
    solved, invented = pd.read_parquet(file), synthetic_table(lowered, range(16))
    assert list(solved.columns) == list(invented.columns)
    assert list(solved.dtypes) == list(invented.dtypes)


def test_every_picture_is_of_all_draws(tmp_path):
    """Nothing is thinned out; the document says how many draws each shows."""
    merged = synthetic_draws(Study.load(CANAL).lowered, tmp_path / "s", 3 * 8192)
    document = merged.document()
    assert document.draws == 3 * 8192
    assert {view.draws for view in document.forecasts} == {3 * 8192}
    assert {view.draws for view in document.what_ifs} == {3 * 8192}
    for view in document.forecasts:
        for value in view.values:
            assert sum(value.histogram) == pytest.approx(1)


@pytest.mark.slow
def test_a_million_draws_of_the_flagship_are_merged_in_little_memory(tmp_path):
    """Its columns together would take 2 GB."""
    arguments = ["belarus-2025", str(tmp_path / "s"), str(MILLION)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.synthetic_shards", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert float(done.stdout) < MOST_GIGABYTES
