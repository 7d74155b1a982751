"""The workbench on a cluster: where it solves, and that a cluster that is lost costs no answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from backchannel import RecordError
from backchannel.web import schedule, solving_cluster, worker
from backchannel.web.case_file import CaseFile
from backchannel.web.job_queue import Job, Superseded
from backchannel.web.message_parts import SolvingStatus
from backchannel.web.solving_cluster import ALONE, SolvingCluster
from backchannel.web.workbench import Workbench
from backchannel.workers.connection import ClusterError
from backchannel.workers.workers import Threads, workers
from tests import stand_in
from tests.unit.web.page import CASE, Page, run

ADDRESS = "tcp://10.0.0.5:8786"
PLACE = f"2 workers of {ADDRESS}"
LOST = "The connection to the scheduler was lost."


class Pretended(Threads):
    """A cluster whose workers are threads of this process, and which can be lost."""

    made: list[Pretended]
    place = PLACE
    is_lost = False

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.is_connected, self.is_closed = address, True, False
        type(self).made.append(self)

    def close(self) -> None:
        """It was left."""
        self.is_closed = True

    def carry_out(self, job: Any, things: Any, **how: Any) -> Iterator[Any]:
        """As threads do, until it is lost."""
        if self.is_lost:
            raise ClusterError(LOST, "Nothing was written: run the same command again.")
        yield from super().carry_out(job, things, **how)


@pytest.fixture(autouse=True)
def pretended(monkeypatch) -> type[Pretended]:
    """In place of Dask."""
    cluster = type("Cluster", (Pretended,), {"made": []})
    monkeypatch.setattr(solving_cluster, "Cluster", cluster)
    return cluster


@pytest.fixture
def told() -> list[SolvingStatus]:
    return []


@pytest.fixture
def job(told) -> Job:
    return Job("full", lambda job: None, print, print, told.append)


def test_work_is_done_on_the_cluster_and_the_page_hears_where(pretended, job, told):
    """It is joined once, and kept for the next work."""
    cluster = SolvingCluster()

    def work() -> str:
        job.stage("equilibria", 4)
        return workers().place

    assert [cluster.run(ADDRESS, work, job) for _ in range(2)] == [PLACE, PLACE]
    assert [made.address for made in pretended.made] == [ADDRESS]
    assert [(status.stage, status.place) for status in told] == [
        (f"joining the cluster {ADDRESS}", ""),
        ("equilibria", PLACE),
        ("equilibria", PLACE),
    ]


def test_without_an_address_nothing_is_joined(pretended, job):
    """This computer works alone, and says nothing of clusters."""
    assert SolvingCluster().run(None, lambda: workers().place, job) == ""
    assert pretended.made == []


def test_work_of_a_cluster_that_is_lost_is_done_here_and_the_next_joins_anew(pretended, job, told):
    """The note stays until the job has ended, whatever stage it is in."""
    cluster = SolvingCluster()

    def work() -> str:
        if workers().place and len(pretended.made) == 1:
            raise ClusterError(LOST, "Nothing was written.")
        job.stage("equilibria", 4)
        return workers().place

    assert cluster.run(ADDRESS, work, job) == ""
    assert pretended.made[0].is_closed
    assert (told[-1].stage, told[-1].place, told[-1].note) == ("equilibria", "", f"{LOST} {ALONE}")
    assert cluster.run(ADDRESS, work, job) == PLACE
    assert len(pretended.made) == 2


def test_a_cluster_that_was_lost_in_the_meantime_is_joined_anew(pretended, job):
    """Nobody was told of it, since nothing was solved then."""
    cluster = SolvingCluster()
    cluster.run(ADDRESS, lambda: None, job)
    pretended.made[0].is_connected = False
    assert cluster.run(ADDRESS, lambda: workers().place, job) == PLACE
    assert [made.is_closed for made in pretended.made] == [True, False]


def test_an_error_of_the_case_is_not_one_of_the_cluster(pretended, job):
    """It is not solved a second time."""

    def work() -> None:
        raise RecordError(0, "it cannot happen")

    with pytest.raises(RecordError):
        SolvingCluster().run(ADDRESS, work, job)
    assert not pretended.made[0].is_closed


def test_a_job_that_nobody_wants_any_more_is_not_done_a_second_time(job):
    """A newer text came while the cluster was lost."""

    def work() -> None:
        job.stopped.set()
        raise ClusterError(LOST)

    with pytest.raises(Superseded):
        SolvingCluster().run(ADDRESS, work, job)


def test_the_page_says_that_the_cluster_was_lost_until_the_next_full_answers(
    pretended, tmp_path, monkeypatch
):
    """Its answers are there all the same, and those that follow are solved on the cluster again."""
    monkeypatch.setattr(schedule, "PAUSE", 0.05)
    monkeypatch.setattr(worker, "start_process", stand_in.start_process)
    path = tmp_path / "talks.yaml"
    path.write_text(CASE)
    pretended.is_lost = True

    async def scenario() -> None:
        bench = Workbench(CaseFile.find(str(path)), draws=16, seed=0, cluster=ADDRESS)
        bench.start()
        try:
            page = Page(bench)
            await page.until("answers")
            assert (await page.quiet())["status"]["status"]["note"] == f"{LOST} {ALONE}"
            page.send("shift", changes={"pain": 1.0}, solve=True)
            await page.until(lambda m: m["type"] == "quick" and m["complete"])
            later = await Page(bench).until("hello")
            assert later["status"]["note"] == f"{LOST} {ALONE}"
            pretended.is_lost = False
            page.send("refresh")
            await page.until(lambda m: m["type"] == "status" and m["status"]["place"] == PLACE)
            await page.until("answers")
            assert (await page.quiet())["status"]["status"]["note"] == ""
        finally:
            assert bench.close()

    run(scenario())
