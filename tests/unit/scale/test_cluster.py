"""A cluster of worker processes: what is refused, and the same shards whoever solves them."""

from __future__ import annotations

import os
import pickle
import socket
import sys
import threading
import time

import pandas as pd
import pytest

from backchannel import (
    CaseError,
    CommandError,
    ExpressionError,
    MechanismError,
    RecordError,
    Study,
)
from backchannel.language.errors import Place, Problem
from backchannel.scale.solve_sharded import solve_sharded
from backchannel.workers.cluster import Cluster
from backchannel.workers.workers import working_on
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
    code = "import sys, backchannel.cli, backchannel.scale.solve_sharded; sys.exit('distributed' in sys.modules)"
    assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code]) == 0


def silent() -> socket.socket:
    """A program that takes connections and never answers."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    return listening


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["nobody", "silent", "no such port"])
def test_no_scheduler_at_an_address_is_told_within_ten_seconds(kind):
    """Dask's own client waits for ever for one that does not answer."""
    pytest.importorskip("distributed")
    with silent() as listening:
        port = {"nobody": 9, "silent": listening.getsockname()[1], "no such port": 99_999}[kind]
        began = time.monotonic()
        with pytest.raises(CommandError, match=rf"no scheduler at tcp://127\.0\.0\.1:{port}"):
            Cluster(f"tcp://127.0.0.1:{port}")
        assert time.monotonic() - began < 20


def test_a_program_that_speaks_another_language_is_no_scheduler():
    """An error of Dask's own, as for memory that an answer seems to need, is not shown."""
    pytest.importorskip("distributed")
    with silent() as listening:
        threading.Thread(target=_answer, args=[listening, b"HTTP/1.1 400 Bad\r\n" * 9]).start()
        address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(CommandError, match=f"no scheduler at {address}"):
            Cluster(address)


def _answer(listening: socket.socket, content: bytes) -> None:
    peer, _ = listening.accept()
    with peer:
        peer.sendall(content)


def test_tls_that_is_not_set_up_is_told():
    """The remedy is in Dask's configuration."""
    pytest.importorskip("distributed")
    with pytest.raises(CommandError, match="Set up TLS in Dask's configuration"):
        Cluster("tls://127.0.0.1:9")


@pytest.mark.slow
def test_a_worker_is_no_scheduler():
    """Two addresses that look alike."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, processes=False, dashboard_address=None, protocol="tcp"
    ) as local:
        (worker,) = local.scheduler.workers
        with pytest.raises(CommandError, match="is a Dask worker"):
            Cluster(worker)


@pytest.mark.parametrize(
    "error",
    [
        RecordError(2, "it cannot happen"),
        MechanismError("reply", "sums to 2"),
        CaseError([Problem(Place("a.yaml", 3, 1), "wrong")]),
        ExpressionError("what is this", 4),
    ],
)
def test_errors_come_back_from_workers_as_they_were(error):
    """Some are made from other arguments than they keep."""
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is type(error)
    assert str(back) == str(error)
    assert vars(back) == vars(error)


@pytest.mark.slow
def test_any_number_of_workers_gives_the_same_numbers_to_the_last_bit(tmp_path):
    """One process, one worker, two workers."""
    pytest.importorskip("distributed")
    lowered = Study.load(CANAL).lowered
    tables = []
    for name, address in (("here", None), ("one", "local:1"), ("two", "local:2")):
        cluster = Cluster(address) if address else None
        with working_on(cluster):
            solve_sharded(lowered, tmp_path / name, draws=DRAWS, seed=1, size=SIZE)
        if cluster:
            cluster.close()
        tables.append(_columns(tmp_path / name))
    assert tables[0].equals(tables[1])
    assert tables[0].equals(tables[2])
