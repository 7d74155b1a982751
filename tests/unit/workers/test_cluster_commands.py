"""`--cluster`: what is told where there is no cluster or it is lost, and that nothing of it is imported otherwise."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from backchannel import CommandError, Study
from backchannel.cli import main
from backchannel.workers.cluster import Cluster
from tests.helpers import CANAL

NEEDED = {"what-if": ("--outcome", "reply"), "evaluate": (str(CANAL),), "fit": (str(CANAL),)}
COMMANDS = ("run", "forecast", "what-if", "why", "deals", "sensitivity", "rivals", "evaluate")


@pytest.mark.parametrize("command", [*COMMANDS, "fit"])
def test_every_command_that_falls_into_pieces_takes_a_cluster(command):
    """What is no cluster is told before the case is read. On `fit`, `--cluster` names a column already."""
    pytest.importorskip("distributed")
    option = "--on-cluster" if command == "fit" else "--cluster"
    given = [command, "nothing", *NEEDED.get(command, ()), option, "here"]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 2
    assert result.output.startswith("'here' is not a cluster.")
    assert option in CliRunner().invoke(main, [command, "--help"]).output


def test_without_dask_the_user_hears_how_to_install_it(monkeypatch):
    """In Python as on the command line."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CommandError, match=r"pip install 'backchannel\[cluster\]'"):
        Study.load(CANAL, cluster="local:2")


def test_dask_is_imported_only_for_a_cluster():
    """A forecast without one does not wait for it."""
    code = (
        "import sys; from backchannel import Study; "
        f"Study.load({str(CANAL)!r}, draws=8).forecast('parley'); "
        "sys.exit('distributed' in sys.modules or 'dask' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _scheduler(tmp_path: Path) -> tuple[subprocess.Popen[bytes], str]:
    file = tmp_path / "scheduler.json"
    process = subprocess.Popen(
        [
            sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0",
            "--no-dashboard", "--scheduler-file", str(file), "--host", "127.0.0.1",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(600):
        if file.exists() and file.read_text():
            return process, json.loads(file.read_text())["address"]
        time.sleep(0.1)
    raise AssertionError("the scheduler did not start")


@pytest.mark.slow
def test_a_cluster_without_workers_is_told(tmp_path):
    """A scheduler alone solves nothing."""
    pytest.importorskip("distributed")
    process, address = _scheduler(tmp_path)
    try:
        with pytest.raises(CommandError, match="The cluster has no workers"):
            Cluster(address)
    finally:
        process.kill()


def _worker(address: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            sys.executable, "-m", "distributed.cli.dask_worker", address, "--nworkers", "1",
            "--nthreads", "1", "--no-dashboard",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.mark.slow
def test_a_lost_scheduler_is_told_in_one_line(tmp_path):
    """It is killed while rivals are solved."""
    distributed = pytest.importorskip("distributed")
    scheduler, address = _scheduler(tmp_path)
    worker = _worker(address)
    try:
        with distributed.Client(address, timeout=60) as client:
            client.wait_for_workers(1, timeout=120)
        study = Study.load(CANAL, draws=64, cluster=address)
        _ = study.ensemble
        with pytest.raises(
            CommandError, match=r"^The connection to the scheduler was lost\..*"
        ) as told:
            study.rivals(most=12, tell=lambda line: scheduler.kill())
        assert "\n" not in str(told.value)
    finally:
        scheduler.kill()
        worker.kill()


@pytest.mark.slow
def test_a_lost_worker_loses_nothing():
    """One of two is killed in the middle of the rivals; every rival is there once, with the same numbers."""
    distributed = pytest.importorskip("distributed")
    here = Study.load(CANAL, draws=64, seed=1).rivals(most=12).to_frame()
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs="CRITICAL"
        ) as local,
        distributed.Client(local) as client,
    ):
        study = Study.load(CANAL, draws=64, seed=1, cluster=client)
        _ = study.ensemble
        pids = [worker.process.process.pid for worker in local.workers.values()]

        def kill_one(line: str) -> None:
            if pids:
                os.kill(pids.pop(), signal.SIGKILL)
                pids.clear()

        there = study.rivals(most=12, tell=kill_one).to_frame()
    np.testing.assert_allclose(there["weight"], here["weight"], rtol=0, atol=1e-9)
    assert list(there["rival"]) == list(here["rival"])
