"""Faults: workers, schedulers and clients that are killed at random moments lose nothing, and count nothing twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backchannel import CommandError, Study
from backchannel.case.lowered import Lowered
from backchannel.scale.columns import DRAW
from backchannel.scale.solve_sharded import solve_sharded
from backchannel.workers import attendance
from backchannel.workers.cluster import Cluster
from backchannel.workers.workers import working_on
from tests.compiling import compiled_fully
from tests.journeys.test_interrupt import begin, interrupt
from tests.journeys.test_serve_ends import are_gone
from tests.unit.scale.processes import (
    ANOTHER_VERSION,
    WITHOUT_BACKCHANNEL,
    Processes,
    cluster_of_processes,
    descendants,
)

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.slow

CASE = "myerson-1991-figure-2-4"
"""A small game: what a test of faults takes is the start of new workers."""
DRAWS, SIZE, SEED = 12_288, 512, 1
ROUNDS = 20
COMMAND = ["-m", "backchannel", "shards", CASE, "--draws", str(DRAWS), "--shard-size", str(SIZE),
           "--seed", str(SEED)]  # fmt: skip


def columns(folder: Path) -> pd.DataFrame:
    """All shards of a folder, in order."""
    files = sorted(folder.glob("draws-*.parquet"))
    return pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)


@pytest.fixture(scope="module")
def lowered() -> Lowered:
    return Study.load(CASE).lowered


@pytest.fixture(scope="module")
def undisturbed(lowered, tmp_path_factory) -> pd.DataFrame:
    """The draws of a run that nothing happened to."""
    folder = tmp_path_factory.mktemp("undisturbed") / "shards"
    with compiled_fully():  # As workers do: they know nothing of the settings of tests.
        solve_sharded(lowered, folder, draws=DRAWS, seed=SEED, size=SIZE)
    return columns(folder)


def assert_whole(folder: Path, undisturbed: pd.DataFrame) -> None:
    """Every draw is there once, with the numbers of the run that nothing happened to."""
    table = columns(folder)
    assert np.array_equal(table[DRAW], np.arange(1, DRAWS + 1))
    assert table.equals(undisturbed)


class Killing:
    """Kills a worker at a random moment after a random shard."""

    def __init__(self, cluster: Cluster, chance: random.Random) -> None:
        self.cluster, self.chance, self.killed = cluster, chance, 0
        self.after = chance.randrange(DRAWS // SIZE // 2)
        self.pids = [*cluster.client.run(os.getpid, on_error="ignore").values()]

    def stage(self, name: str, total: int) -> None:
        """Nothing is shown."""

    def advance(self, steps: int) -> None:
        """A shard is finished."""
        self.after -= steps
        if self.after == 0:
            threading.Timer(self.chance.uniform(0, 0.05), self.kill).start()

    def kill(self) -> None:
        """Kill a worker as the system does when memory is short."""
        with suppress(ProcessLookupError, IndexError):
            os.kill(self.chance.choice(self.pids), signal.SIGKILL)
            self.killed += 1


def test_workers_that_are_killed_lose_nothing(lowered, undisturbed, tmp_path):
    """Twenty rounds on one cluster; Dask replaces each killed worker by a new one."""
    chance = random.Random(7)
    cluster = Cluster("local:2")
    killed = 0
    try:
        for number in range(ROUNDS):
            killing = Killing(cluster, chance)
            with working_on(cluster):
                solve_sharded(
                    lowered, tmp_path / str(number), draws=DRAWS, seed=SEED, size=SIZE,
                    progress=killing,
                )  # fmt: skip
            assert_whole(tmp_path / str(number), undisturbed)
            killed += killing.killed
    finally:
        cluster.close()
    assert killed >= ROUNDS // 2


def command(folder: Path, address: str) -> subprocess.Popen[str]:
    """The command of a user, in a process of its own."""
    arguments = [*COMMAND, "--out", str(folder), "--cluster", address]
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, *arguments], stdout=pipe, stderr=pipe, text=True)


def wait_for_shards(folder: Path, count: int, process: subprocess.Popen[str]) -> None:
    """Wait until some shards are finished."""
    while len([*folder.glob("draws-*.parquet")]) < count and process.poll() is None:
        time.sleep(0.03)


@pytest.fixture(scope="module")
def processes():
    """A scheduler and one worker."""
    with cluster_of_processes() as started:
        started.add_worker()
        with distributed.Client(started.address) as client:
            client.wait_for_workers(1)
        yield started


def test_a_client_that_is_killed_goes_on_where_it_stood(processes, undisturbed, tmp_path):
    """Killed at random moments until it is finished; no shard is solved twice that was kept."""
    chance = random.Random(3)
    for kept in (1, 5):
        client = command(tmp_path / "s", processes.address)
        wait_for_shards(tmp_path / "s", kept, client)
        time.sleep(chance.uniform(0, 0.3))
        client.kill()
        client.communicate()
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "s").glob("draws-*.parquet")}
    last = command(tmp_path / "s", processes.address)
    out, err = last.communicate()
    assert last.returncode == 0, err
    assert f"{DRAWS:,} draws (effective sample size" in out
    assert_whole(tmp_path / "s", undisturbed)
    assert before == {file: file.stat().st_mtime_ns for file in before}


def test_an_interrupt_ends_the_command_and_its_workers(tmp_path):
    """In the middle of its shards; those that are finished are kept."""
    process = begin(*COMMAND, "--out", str(tmp_path / "s"), "--cluster", "local:2")
    wait_for_shards(tmp_path / "s", 2, process)
    below = descendants(process.pid)
    _, told = interrupt(process)
    assert process.returncode == 2
    assert told.strip().splitlines()[0].startswith("Stopped.")
    assert "Traceback" not in told
    assert len(below) >= 2
    assert are_gone(below, 10.0)
    kept = len([*(tmp_path / "s").glob("draws-*.parquet")])
    assert 2 <= kept < DRAWS // SIZE


def test_a_lost_scheduler_ends_the_command_with_one_line(undisturbed, tmp_path):
    """What is finished stays, and the same command goes on with another scheduler."""
    with cluster_of_processes() as started:
        started.add_worker()
        with distributed.Client(started.address) as client:
            client.wait_for_workers(1)
        client = command(tmp_path / "s", started.address)
        wait_for_shards(tmp_path / "s", 2, client)
        started.scheduler.kill()
        out, err = client.communicate(timeout=60)
    assert client.returncode == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 1, err
    assert "connection to the scheduler was lost" in err
    assert "Finished shards are kept: run the same command again." in err
    lowered = Study.load(CASE).lowered
    kept = len([*(tmp_path / "s").glob("draws-*.parquet")])
    assert 2 <= kept < DRAWS // SIZE
    with compiled_fully():
        solve_sharded(lowered, tmp_path / "s", draws=DRAWS, seed=SEED, size=SIZE)
    assert_whole(tmp_path / "s", undisturbed)


def test_a_cluster_without_workers_or_an_answer_is_told(lowered, tmp_path, monkeypatch):
    """Nobody waits for ever."""
    monkeypatch.setattr(attendance, "SECONDS_WITHOUT_WORKERS", 1.0)
    monkeypatch.setattr(attendance, "SECONDS_BETWEEN_LOOKS", 0.5)
    with cluster_of_processes() as started, distributed.Client(started.address) as client:
        with pytest.raises(CommandError, match="no workers yet"):
            Cluster(client)
        worker = started.add_worker()
        client.wait_for_workers(1)
        cluster = Cluster(client)
        worker.kill()
        with (
            working_on(cluster),
            pytest.raises(CommandError, match="had no worker for 1 seconds"),
        ):
            solve_sharded(lowered, tmp_path / "s", draws=DRAWS, seed=SEED, size=SIZE)
        monkeypatch.setattr(attendance, "SECONDS_TO_ANSWER", 1.0)
        started.scheduler.send_signal(signal.SIGSTOP)
        with (
            working_on(cluster),
            pytest.raises(CommandError, match="connection to the scheduler was lost"),
        ):
            solve_sharded(lowered, tmp_path / "s", draws=DRAWS, seed=SEED, size=SIZE)
        started.scheduler.send_signal(signal.SIGCONT)


def joined(started: Processes, client, count: int, before: str = "") -> str:
    """Add a worker; its address."""
    known = set(client.scheduler_info(n_workers=-1)["workers"])
    started.add_worker(before)
    client.wait_for_workers(count)
    while not (new := set(client.scheduler_info(n_workers=-1)["workers"]) - known):
        time.sleep(0.05)
    return new.pop()


def test_workers_without_this_version_are_named(lowered, undisturbed, tmp_path):
    """Before anything is solved; and where they join later, before their shards are counted."""
    with cluster_of_processes() as started, distributed.Client(started.address) as client:
        good = joined(started, client, 1)
        cluster = Cluster(client)
        other = joined(started, client, 2, ANOTHER_VERSION)
        with pytest.raises(CommandError, match=f"{other} has backchannel 9.9.9") as error:
            Cluster(client)
        assert good not in str(error.value)
        with (
            working_on(cluster),
            pytest.raises(CommandError, match=f"{other} has backchannel 9.9.9"),
        ):
            solve_sharded(lowered, tmp_path / "s", draws=DRAWS, seed=SEED, size=SIZE)
        with compiled_fully():
            solve_sharded(lowered, tmp_path / "s", draws=DRAWS, seed=SEED, size=SIZE)
        assert_whole(tmp_path / "s", undisturbed)
        started.workers[1].kill()
        bare = joined(started, client, 2, WITHOUT_BACKCHANNEL)
        with pytest.raises(CommandError, match=f"{bare} has no backchannel"):
            Cluster(client)


def test_a_scheduler_without_backchannel_is_named():
    """It unpacks what is sent to the workers."""
    with (
        cluster_of_processes(WITHOUT_BACKCHANNEL) as started,
        distributed.Client(started.address) as client,
    ):
        joined(started, client, 1)
        with pytest.raises(CommandError, match="the scheduler has no backchannel"):
            Cluster(client)
