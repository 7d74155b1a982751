"""The process that solves: ended, stuck or killed, it takes no answer and nothing typed with it."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest

from backchannel.machine.memory import limited
from backchannel.machine.own_process import start_process
from backchannel.web import schedule, solver
from backchannel.web.child import BEHIND
from tests.slow_solver import STUCK
from tests.unit.web.page import CASE, Page, opened, run

TITLE = "A threat of sanctions"


@pytest.fixture
def talks(tmp_path, monkeypatch):
    monkeypatch.setattr(schedule, "PAUSE", 0.05)
    monkeypatch.setattr(solver, "MODULE", "tests.slow_solver")
    path = tmp_path / "talks.yaml"
    path.write_text(CASE)
    return path


def process_of(bench) -> int:
    return bench.answering.solver._worker.process.pid


@pytest.mark.slow
def test_a_solver_that_is_killed_is_told_and_begun_anew_when_something_is_asked(talks):
    """Not by itself, or a case that kills it would do so for ever. What-ifs find their answers again."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("answers")
            await page.quiet()
            await page.ask("edit", text=CASE.replace(TITLE, STUCK))
            await page.until(lambda m: m["type"] == "status" and m["status"]["state"] == "solving")
            await asyncio.sleep(0.2)
            os.kill(process_of(bench), signal.SIGKILL)
            told = await page.until(
                lambda m: m["type"] == "status" and m["status"]["state"] == "failed"
            )
            assert "probably because memory ran out" in told["status"]["note"]
            assert "The last answers remain" in told["status"]["note"]
            assert bench.answering.full is not None
            await asyncio.sleep(0.5)
            assert bench.answering.solver._worker is None
            await page.ask("edit", text=CASE)
            await page.until("checked")
            custom_what_ifs = {"key": "a", "do": {"threat": "threatens"}, "outcomes": ["comply"]}
            found = await page.ask("what_if", asked=custom_what_ifs)
            assert found["what_if"]["outcomes"][0]["node"] == "comply"
            assert bench.answering.status.current.state != "failed"

    run(scenario())


@pytest.mark.slow
def test_what_nobody_wants_any_more_does_not_keep_the_next_waiting_for_ever(talks, monkeypatch):
    """What is being solved is told to stop; where it cannot hear, its process is ended."""
    monkeypatch.setattr(solver, "SECONDS_TO_STOP", 1.0)
    talks.write_text(CASE.replace(TITLE, STUCK))

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            first = process_of(bench)
            while "full" not in bench.answering.solver._running:
                await asyncio.sleep(0.05)
            await page.ask("edit", text=CASE)
            answers = await page.until("answers")
            assert answers["answers"]["case"]["title"] == TITLE
            assert process_of(bench) != first

    run(scenario())


@pytest.mark.slow
def test_the_end_does_not_wait_for_what_is_being_solved(talks):
    """And no process stays behind."""
    talks.write_text(CASE.replace(TITLE, STUCK))

    async def scenario():
        async with opened(talks) as bench:
            while "full" not in bench.answering.solver._running:
                await asyncio.sleep(0.05)
            process = bench.answering.solver._worker.process
            began = time.perf_counter()
            assert bench.close()
            assert time.perf_counter() - began < 30
            assert process.poll() is not None

    run(scenario())


@pytest.mark.slow
def test_the_process_takes_no_more_memory_than_the_server_was_allowed(talks):
    """`serve --memory` is said to the server, and what takes memory is done elsewhere."""

    async def scenario():
        with limited(1_000):
            async with opened(talks) as bench:
                page = Page(bench)
                told = await page.until(
                    lambda m: m["type"] == "status" and m["status"]["state"] == "failed"
                )
                assert "1 KB that is allowed" in told["status"]["note"]

    run(scenario())


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="Windows has no such priority")
def test_the_process_gives_way_to_editing_and_checking():
    """On a machine with few cores, an edit would wait for the answers to the edit before it."""
    lower = min(os.getpriority(os.PRIO_PROCESS, 0) + BEHIND, 19)
    process = start_process("backchannel.web.solving_child")
    try:
        deadline = time.monotonic() + 60
        while os.getpriority(os.PRIO_PROCESS, process.pid) != lower:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        process.kill()
        process.wait()
