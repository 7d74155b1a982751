"""Jobs: the newest request counts, and nothing of an older one arrives after it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Queue

import pytest

from backchannel.language.errors import CommandError
from backchannel.web.job_queue import Job, JobQueue

WAIT = 10.0


class Loop:
    """Stands for the event loop: what is posted runs when the test says so."""

    def __init__(self) -> None:
        self.posted: Queue[Callable[[], None]] = Queue()
        self.delivered: list[object] = []
        self.failures: list[str] = []
        self.statuses: list[str] = []

    def run_one(self) -> None:
        self.posted.get(timeout=WAIT)()

    def job(self, key: str, work, **options) -> Job:
        return Job(
            key, work, self.delivered.append, self.failures.append,
            lambda status: self.statuses.append(status.stage), **options,
        )  # fmt: skip


@pytest.fixture
def loop():
    return Loop()


@pytest.fixture
def queue(loop):
    queue = JobQueue("test", loop.posted.put)
    yield queue
    assert queue.close()


class Held:
    """A piece of work that goes on when it is let."""

    def __init__(self, result: object) -> None:
        self.result = result
        self.started, self.let = threading.Event(), threading.Event()
        self.steps = 0

    def __call__(self, job: Job) -> object:
        self.started.set()
        assert self.let.wait(WAIT)
        job.stage("more", 1)
        self.steps += 1
        return self.result


def test_a_queued_job_that_is_superseded_never_starts(loop, queue):
    """Of a hundred requests in a row the first is stopped and only the last is done."""
    first = Held("first")
    queue.put(loop.job("quick", first))
    assert first.started.wait(WAIT)
    begun = []
    for i in range(100):
        queue.put(loop.job("quick", lambda job, i=i: begun.append(i) or i))
    first.let.set()
    loop.run_one()
    assert loop.delivered == [99]
    assert begun == [99]
    assert first.steps == 0, "a running job stops at its next step"
    assert not queue.is_busy


def test_what_was_found_but_not_handed_over_yet_is_dropped_as_well(loop, queue):
    """The answer is on its way to the event loop when a newer request comes in there."""
    queue.put(loop.job("quick", lambda job: "old"))
    delivery = loop.posted.get(timeout=WAIT)
    queue.put(loop.job("quick", lambda job: "new"))
    delivery()
    loop.run_one()
    assert loop.delivered == ["new"]


def test_parts_come_before_the_whole_unless_they_are_old(loop, queue):
    """Forecasts first, what-ifs after them."""
    parts: list[object] = []
    held = Held("full")

    def work(job: Job) -> object:
        job.deliver_part("part")
        return held(job)

    queue.put(loop.job("quick", work, on_part=parts.append))
    loop.run_one()
    assert parts == ["part"]
    assert queue.is_busy
    queue.cancel("quick")
    held.let.set()
    queue.put(loop.job("other", lambda job: "other"))
    loop.run_one()
    assert loop.delivered == ["other"]


def test_what_somebody_waits_for_goes_first(loop, queue):
    """A moved slider before what-ifs that are only to be kept up to date."""
    held = Held("running")
    queue.put(loop.job("what_if a", held))
    assert held.started.wait(WAIT)
    queue.put(loop.job("what_if b", lambda job: "b"))
    queue.put(loop.job("quick", lambda job: "quick", urgent=True))
    held.let.set()
    for _ in range(3):
        loop.run_one()
    assert loop.delivered == ["running", "quick", "b"]


def test_a_failure_is_told_in_words_and_the_lane_goes_on(loop, queue, capsys):
    """What a user can mend in its own words; a mistake of ours without a traceback."""

    def wrong(job: Job) -> object:
        raise CommandError("There is no such node.")

    queue.put(loop.job("a", wrong))
    queue.put(loop.job("b", lambda job: 1 / 0))
    queue.put(loop.job("c", lambda job: "fine"))
    for _ in range(3):
        loop.run_one()
    assert loop.failures[0] == "There is no such node."
    assert "Something went wrong inside Backchannel (ZeroDivisionError)" in loop.failures[1]
    assert loop.delivered == ["fine"]
    assert "Traceback" not in capsys.readouterr().err
