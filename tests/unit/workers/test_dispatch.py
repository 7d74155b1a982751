"""Pieces on their way through a cluster: a few at a time, cut as the client cuts them, and faults in one line."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from backchannel import RecordError
from backchannel.machine.memory import allowed, limited
from backchannel.scale.solve import shard_piece
from backchannel.workers import remote
from backchannel.workers.attendance import AHEAD
from backchannel.workers.cluster import Cluster
from backchannel.workers.connection import ClusterError
from backchannel.workers.packing import to_bytes
from backchannel.workers.remote import Parcel
from backchannel.workers.workers import JobWords, PieceWork, Tell, as_if_with, processors

distributed = pytest.importorskip("distributed")
WORDS = JobWords(lambda thing: f"page {thing}", "take smaller pages", "Other pages are kept.")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A worker with two threads in this process, so that tests see what it does."""
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=":0"
        ) as local,
        distributed.Client(local) as client,
    ):
        yield Cluster(client)


def doubled(shared: int, piece: int, tell: Tell) -> Iterator[int]:
    """What is asked for."""
    tell(piece)
    yield shared * piece


def conditions(shared: None, piece: int, tell: Tell) -> Iterator[tuple[int, int]]:
    """Under which limits a piece is carried out."""
    yield allowed(), processors()


def full_disk(shared: None, piece: int, tell: Tell) -> Iterator[int]:
    """The disk of the worker is full."""
    raise OSError("No space left on device")
    yield


def lost(shared: None, piece: int, tell: Tell) -> Iterator[int]:
    """What Dask says of a piece that lost its workers."""
    raise distributed.KilledWorker("piece", SimpleNamespace(address="tcp://127.0.0.1:1"), 3)
    yield


def impossible(shared: None, piece: int, tell: Tell) -> Iterator[int]:
    """An error for the user."""
    raise RecordError(2, "it cannot happen")
    yield


def job(work: Callable[..., Any], keep: Any = None, **parts: Any) -> PieceWork[Any, Any, Any, Any]:
    """A job with things that are their own pieces."""
    kept = keep or (lambda thing, result: None)
    return PieceWork(work, parts.pop("shared", None), lambda it: it, kept, words=WORDS, **parts)


def test_every_thing_is_done_once_and_its_steps_are_counted(cluster):
    """In any order."""
    found, steps = {}, []
    work = job(doubled, found.__setitem__, shared=2, progress=steps.append)
    assert sorted(cluster.carry_out(work, range(20))) == [*range(20)]
    assert found == {thing: 2 * thing for thing in range(20)}
    assert sum(steps) == sum(range(20))


def test_few_pieces_are_under_way_at_a_time(cluster):
    """However many there are: the next is taken when one is done."""
    taken: list[int] = []

    def endless() -> Iterator[int]:
        for thing in range(10_000):
            taken.append(thing)
            yield thing

    done = cluster.carry_out(job(doubled, shared=1), endless())
    for n in range(1, 6):
        next(done)
        assert n <= len(taken) <= n + 2 * AHEAD
    done.close()
    assert len(taken) < 20


def test_a_piece_is_cut_as_the_client_cuts_it(cluster):
    """On a worker with more cores or less memory, too."""
    found: list[Any] = []
    with limited(123_000_000), as_if_with(3):
        list(cluster.carry_out(job(conditions, lambda thing, it: found.append(it)), [0]))
    assert found == [(123_000_000, 3)]


@pytest.mark.parametrize(
    ("work", "told"),
    [
        (
            full_disk,
            "A worker could not finish its work on page 7: No space left on device. Other pages are kept.",
        ),
        (
            lost,
            "4 workers were lost while they worked on page 7. It may need more memory than a worker has: give "
            "workers more memory, or take smaller pages. Other pages are kept.",
        ),
    ],
)
def test_a_fault_is_told_in_one_line_with_its_piece(cluster, work, told):
    """And what is left of the work."""
    with pytest.raises(ClusterError) as error:
        list(cluster.carry_out(job(work), [7]))
    assert str(error.value) == told


def test_an_error_for_the_user_comes_back_as_it_was(cluster):
    """It is no fault of the cluster."""
    with pytest.raises(RecordError) as error:
        list(cluster.carry_out(job(impossible), [7]))
    assert error.value.entry == 2


@pytest.mark.parametrize(
    "other", [{"version": lambda name: "9.9.9"}, {"to_bytes": lambda found: b"nothing of ours"}]
)
def test_what_another_version_found_is_not_kept(cluster, monkeypatch, other):
    """A worker may have joined later, and left again; it may send anything."""
    for name, value in other.items():
        monkeypatch.setattr(remote, name, value)
    found: list[Any] = []
    work = job(doubled, lambda thing, it: found.append(it), shared=1)
    with pytest.raises(ClusterError, match=r"another version of Backchannel.+page 7"):
        list(cluster.carry_out(work, [7]))
    assert found == []


def test_a_client_that_was_closed_is_told():
    """As one that has not found its scheduler again."""
    with (
        distributed.LocalCluster(n_workers=1, processes=False, dashboard_address=":0") as local,
        distributed.Client(local) as client,
    ):
        cluster = Cluster(client)
        client.close()
        with pytest.raises(ClusterError, match="connection to the scheduler was lost"):
            list(cluster.carry_out(job(doubled, shared=1), [7]))


def test_the_scheduler_imports_nothing_large(tmp_path):
    """It unpacks parcels, and not what is in them."""
    parcel = Parcel(to_bytes((shard_piece, None)), to_bytes(range(8)), 1, 1)
    (tmp_path / "parcel").write_bytes(pickle.dumps((remote.carry_out_parcel, parcel)))
    code = (
        "import pickle, sys; pickle.load(open(sys.argv[1], 'rb')); "
        "sys.exit(any(name in sys.modules for name in ('jax', 'pandas', 'pydantic')))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "parcel")], check=False)
    assert done.returncode == 0
