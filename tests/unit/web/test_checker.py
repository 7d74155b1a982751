"""The process that checks: whatever a text does to it, the workbench answers and keeps what was typed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from contextlib import asynccontextmanager

import pytest

from backchannel.case.read import document
from backchannel.language.errors import MOST_PROBLEMS
from backchannel.web import checker, checking_child, worker
from backchannel.web.checker import Checker
from backchannel.web.checking import check_text
from backchannel.web.frames import write_frame
from tests import stand_in
from tests.helpers import quick_but
from tests.slow_checks import CRASH, EAT, HOLD, SPIN
from tests.unit.web.page import CASE, Page, opened, run


@pytest.fixture(autouse=True)
def troubled(monkeypatch) -> None:
    """Texts can get the checker into trouble; the solver costs nothing."""
    monkeypatch.setattr(checker, "MODULE", "tests.slow_checks")
    monkeypatch.setattr(checker, "MOST_SECONDS", 3.0)
    monkeypatch.setattr(worker, "start_process", stand_in.start_process)


@pytest.fixture
def talks(tmp_path):
    path = tmp_path / "talks.yaml"
    path.write_text(CASE)
    return path


@asynccontextmanager
async def warm(talks):
    """A workbench whose checker has started."""
    async with opened(talks) as bench:
        page = Page(bench)
        await page.ask("edit", text=CASE + "# warm\n")
        await page.until("checked")
        yield bench, page


async def count_answers(window: Page, stop: asyncio.Event) -> int:
    """How many requests were answered, one after the other, until it is enough."""
    count = 0
    while not stop.is_set():
        await window.ask("shift", changes={"pain": 1.0})
        await window.ask("changes", what="text")
        count += 1
        await asyncio.sleep(0.02)
    return count


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trouble", "why", "answers"),
    [
        # Whoever waited for the check would get one answer after it, at most two.
        (SPIN, "takes too long to check (more than 3 seconds)", 3),
        (HOLD, "takes too long to check (more than 3 seconds)", 3),
        (CRASH, "crashed (SIGSEGV)", 1),
        (EAT, "takes too much memory", 1),
    ],
    ids=["spin", "hold", "crash", "eat"],
)
def test_a_text_that_the_checker_cannot_bear_holds_up_no_window(talks, trouble, why, answers):
    """It is told as a problem, nothing that was typed is lost, and the next text is checked."""

    async def scenario():
        async with warm(talks) as (bench, page):
            enough = asyncio.Event()
            other = asyncio.create_task(count_answers(Page(bench), enough))
            await page.ask("edit", text=CASE + trouble)
            now = bench.shared.text_revision
            # A message about an earlier text may still be on its way.
            checked = await page.until(
                lambda m: m["type"] == "checked" and m["checked"]["revision"] == now
            )
            enough.set()
            assert await other >= answers
            (problem,) = checked["checked"]["problems"]
            assert why in problem["message"]
            assert "your text is kept" in problem["message"]
            assert bench.shared.text == CASE + trouble
            await page.ask("edit", text=CASE.replace("[threat]", "[thraet]"))
            checked = await page.until("checked")
            assert "Did you mean 'threat'" in checked["checked"]["problems"][0]["message"]

    run(scenario())


@pytest.mark.slow
def test_a_newer_text_does_not_wait_for_one_that_takes_for_ever(talks, monkeypatch):
    """Typing on is the first thing that anybody tries."""
    monkeypatch.setattr(checker, "MOST_SECONDS", 60.0)
    monkeypatch.setattr(checker, "SECONDS_WHEN_OUTDATED", 0.5)

    async def scenario():
        async with warm(talks) as (_, page):
            for trouble in (SPIN, SPIN + SPIN, "# fine\n"):
                await page.ask("edit", text=CASE + trouble)
            checked = (await asyncio.wait_for(page.until("checked"), 20))["checked"]
            assert checked["revision"] == 4
            assert checked["problems"] == []

    run(scenario())


def test_texts_that_are_typed_fast_are_checked_by_one_and_the_same_process(talks):
    """To start anew for each letter would take longer than to check."""

    async def scenario():
        async with warm(talks) as (bench, page):
            (process, _) = (one._worker for one in bench._checkers)
            for i in range(30):
                await page.ask("edit", text=CASE + f"# {i}\n")
                await asyncio.sleep(0.03)
            await page.until(lambda m: m["type"] == "checked" and m["checked"]["revision"] == 31)
            assert bench._checkers[0]._worker is process

    run(scenario())


@pytest.mark.parametrize("trouble", quick_but([HOLD], [SPIN, HOLD]), ids=["spin", "hold"])
def test_the_end_does_not_wait_for_a_check(talks, monkeypatch, trouble):
    """And no process stays behind."""
    monkeypatch.setattr(checker, "MOST_SECONDS", 60.0)

    async def scenario():
        async with warm(talks) as (bench, page):
            processes = [one._worker.process for one in bench._checkers if one._worker]
            await page.ask("edit", text=CASE + trouble)
            await asyncio.sleep(0.3)
            began = time.perf_counter()
            assert bench.close()
            assert time.perf_counter() - began < 30
            assert [process.poll() is not None for process in processes] == [True, True]

    run(scenario())


def test_a_checker_that_cannot_start_is_told_and_tried_again_with_the_next_text(monkeypatch):
    """And not over and over by itself."""
    monkeypatch.setattr(checker, "MODULE", "tests.no_such_module")
    started = []
    start = worker.start_process
    monkeypatch.setattr(
        worker, "start_process", lambda module: started.append(module) or start(module)
    )

    async def scenario():
        loop = asyncio.get_running_loop()
        one = Checker(loop.call_soon_threadsafe)
        for _ in range(2):
            with pytest.raises(checker.CheckFailed, match="ended with exit code 1"):
                await one.run({"do": "check", "file": "a.yaml", "name": "a", "revision": 1}, "text")
        await asyncio.sleep(1.0)
        one.close()
        assert len(started) == 2

    run(scenario())


@pytest.mark.parametrize("trouble", quick_but([HOLD], [SPIN, HOLD]), ids=["spin", "hold"])
def test_a_checker_whose_server_was_killed_ends_by_itself(trouble):
    """Also where no thread of it gets a turn to notice."""
    process = worker.start_process("tests.slow_checks")
    assert process.stdin is not None
    head = {"do": "check", "file": "a.yaml", "revision": 1, "seconds": 1.0}
    write_frame(process.stdin, head, [trouble])
    process.stdin.close()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def test_of_countless_problems_some_are_told_and_the_rest_are_counted():
    """Each at a length that can be read: every window is told all of them with every letter typed."""
    unknown = "".join(f"key{i}: 1\n" for i in range(700))
    checked, facts = check_text(CASE + unknown, file="talks.yaml", revision=1)
    assert facts is None
    assert len(checked.problems) == MOST_PROBLEMS + 1
    assert checked.problems[-1].message == "700 problems; 100 are listed."
    checked, _ = check_text(f"{CASE}{'y' * 100_000}: 1\n", file="talks.yaml", revision=1)
    assert max(len(problem.message) for problem in checked.problems) < 1_100


def test_a_check_reads_its_text_once(monkeypatch):
    """The case, the places of problems and the outline are all made of one reading."""
    texts = []
    compose = document.compose_nodes
    monkeypatch.setattr(
        document, "compose_nodes", lambda text, **how: texts.append(text) or compose(text, **how)
    )
    for text in (CASE, f"{CASE}kye: 1\n"):
        texts.clear()
        head = {"do": "check", "file": "a.yaml", "name": "a", "revision": 1, "is_sketched": False}
        reply, outline = checking_child.handle_task(head, [text])
        assert texts == [text]
        assert bool(reply["checked"]["problems"]) == (text != CASE)
        assert any('"outline"' in message for message in outline)


def test_the_server_and_its_checkers_import_no_jax():
    """It takes a second of every process, and only the solver computes."""
    code = (
        "import sys, backchannel.web.app, backchannel.web.checking_child, backchannel.web.start.start_child\n"
        "assert 'pydantic' in sys.modules and 'jax' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
