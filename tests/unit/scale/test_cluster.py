"""A cluster of worker processes: the same shards, whoever solves them and whoever is killed meanwhile."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from contextlib import suppress

import numpy as np
import pandas as pd
import pytest

from backchannel import CommandError, Study
from backchannel.scale.cluster import Cluster
from backchannel.scale.executors import ThisProcess
from backchannel.scale.sharded import solve_sharded
from tests.helpers import CANAL

DRAWS, SIZE = 96, 16


def _columns(folder) -> pd.DataFrame:
    return pd.concat([pd.read_parquet(file) for file in sorted(folder.glob("*.parquet"))])


@pytest.mark.parametrize(
    "address", ["here", "local:0", "local:-1", "tcp://nowhere", "http://a:1", ""]
)
def test_what_is_no_cluster_is_told_with_what_is(address):
    """Before anything is solved."""
    pytest.importorskip("distributed")
    with pytest.raises(CommandError, match=r"local:N|local:1, local:2"):
        Cluster(address)


def test_without_dask_the_user_hears_how_to_install_it(monkeypatch):
    """The extra is needed only here."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CommandError, match=r"pip install 'backchannel\[cluster\]'"):
        Cluster("local:1")


def test_dask_is_imported_only_for_a_cluster():
    """Whoever has none does not wait for it."""
    code = "import sys, backchannel.cli, backchannel.scale.sharded; sys.exit('distributed' in sys.modules)"
    assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code]) == 0


@pytest.mark.slow
def test_no_scheduler_at_an_address_is_told_within_ten_seconds():
    """And not after Dask's own thirty."""
    pytest.importorskip("distributed")
    began = time.monotonic()
    with pytest.raises(CommandError, match=r"no scheduler at tcp://127\.0\.0\.1:9"):
        Cluster("tcp://127.0.0.1:9")
    assert time.monotonic() - began < 20


@pytest.mark.slow
def test_any_number_of_workers_gives_the_same_numbers_to_the_last_bit(tmp_path):
    """One process, one worker, two workers."""
    pytest.importorskip("distributed")
    lowered = Study.load(CANAL).lowered
    tables = []
    for name, address in (("here", None), ("one", "local:1"), ("two", "local:2")):
        cluster = Cluster(address) if address else None
        solve_sharded(
            lowered, tmp_path / name, draws=DRAWS, seed=1, size=SIZE,
            executor=cluster or ThisProcess(),
        )  # fmt: skip
        if cluster:
            cluster.close()
        tables.append(_columns(tmp_path / name))
    assert tables[0].equals(tables[1])
    assert tables[0].equals(tables[2])


class Killing:
    """Kills a worker at a random moment after each shard that is finished."""

    def __init__(self, local) -> None:
        self.local, self.killed, self.rng = local, 0, random.Random(0)

    def stage(self, name: str, total: int) -> None:
        """Nothing is shown."""

    def advance(self, steps: int) -> None:
        """A shard is finished: kill whoever solves the next one."""
        threading.Timer(self.rng.uniform(0, 2), self._kill).start()

    def _kill(self) -> None:
        running = [w.process.process.pid for w in self.local.workers.values() if w.process]
        with suppress(ProcessLookupError, IndexError):
            os.kill(self.rng.choice(running), signal.SIGKILL)
            self.killed += 1


@pytest.mark.slow
def test_workers_that_are_killed_lose_nothing(tmp_path):
    """Killed at random moments, many times; every draw is there once."""
    distributed = pytest.importorskip("distributed")
    lowered = Study.load(CANAL).lowered
    local = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs="CRITICAL"
    )
    client = distributed.Client(local)
    cluster = Cluster(client)
    killing = Killing(local)
    try:
        solve_sharded(
            lowered, tmp_path / "s", draws=DRAWS, seed=1, size=SIZE, executor=cluster,
            progress=killing,
        )  # fmt: skip
    finally:
        client.close()
        local.close()
    assert killing.killed
    table = _columns(tmp_path / "s")
    assert np.array_equal(table["draw"], np.arange(1, DRAWS + 1))
    solve_sharded(lowered, tmp_path / "here", draws=DRAWS, seed=1, size=SIZE)
    assert table.equals(_columns(tmp_path / "here"))
