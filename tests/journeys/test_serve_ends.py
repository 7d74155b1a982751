"""`backchannel serve` ends when it is told to, whatever runs, and takes every process of its own with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time

import pytest
from websockets.sync.client import ClientConnection

from tests.house.test_house import ROOT
from tests.journeys.test_serve import CASE, built, heard, served
from tests.slow_checks import HOLD, SPIN
from tests.slow_solver import STUCK

PROCESSES = 3
"""A solver and two checkers; the process of the start page starts when that is opened."""
SECONDS_TO_END = 2.0
SLACK = 6.0
"""Seconds more on a machine that has much else to do."""
IN_TROUBLE = (
    "-c",
    f"import sys; sys.path.insert(0, {str(ROOT)!r});"
    "from backchannel.web import checker, solver; checker.MODULE = 'tests.slow_checks';"
    "solver.MODULE = 'tests.slow_solver'; from backchannel.cli import main; main()",
)
"""The command, with processes that texts can get into trouble."""

pytestmark = [
    built,
    pytest.mark.skipif(os.name != "posix", reason="processes are listed and signalled as by POSIX"),
]


def children_of(process: subprocess.Popen) -> list[int]:
    """Processes that it has started."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    pairs = [line.split() for line in listed.stdout.splitlines()]
    return [int(pid) for pid, parent in pairs if int(parent) == process.pid]


def are_gone(processes: list[int], within: float) -> bool:
    """Do they all end in time? A zombie has ended."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        listed = subprocess.run(
            ["ps", "-o", "stat=", "-p", ",".join(map(str, processes))],
            capture_output=True, text=True,
        )  # fmt: skip
        if all(state.startswith("Z") for state in listed.stdout.split()):
            return True
        time.sleep(0.1)
    return False


def get_into_trouble(line: ClientConnection, trouble: str) -> None:
    """Until a checker checks for ever, the other one has started, and the solver solves for ever."""
    text = CASE.read_text()
    line.send(
        json.dumps({"type": "edit", "id": 1, "text": text.replace("A threat of sanctions", STUCK)})
    )
    heard(line, "checked")
    line.send(json.dumps({"type": "changes", "id": 2, "what": "text"}))
    heard(line, "changes")
    nothing = {"key": "a", "outcomes": ["nothing"], "cause": "quiet"}
    line.send(json.dumps({"type": "what_if", "id": 3, "asked": nothing}))
    assert "No node is called" in heard(line, "error")["message"]
    line.send(json.dumps({"type": "edit", "id": 4, "text": text + trouble}))
    heard(line, "typed")
    time.sleep(0.5)


@pytest.fixture
def stuck(tmp_path):
    """A case that is being solved for ever."""
    path = tmp_path / "talks.yaml"
    path.write_text(CASE.read_text().replace("A threat of sanctions", STUCK))
    return path


@pytest.mark.slow
@pytest.mark.parametrize("trouble", [SPIN, HOLD], ids=["spin", "hold"])
def test_ctrl_c_ends_it_in_two_seconds_whatever_is_checked_and_solved(stuck, tmp_path, trouble):
    """Quietly, and no process stays behind."""
    with served(stuck, tmp_path / "state", program=IN_TROUBLE) as bench:
        with bench.line(bench.cookie()) as line:
            heard(line, "hello")
            get_into_trouble(line, trouble)
            processes = children_of(bench.process)
            assert len(processes) == PROCESSES
            began = time.monotonic()
            bench.stop()
            assert time.monotonic() - began < SECONDS_TO_END + SLACK
        assert bench.process.returncode == 0
        assert bench.errors == ""
        assert are_gone(processes, 10.0)


@pytest.mark.slow
def test_a_server_that_is_killed_leaves_no_process_behind(stuck, tmp_path):
    """They notice by themselves, whatever they do."""
    with (
        served(stuck, tmp_path / "state", program=IN_TROUBLE) as bench,
        bench.line(bench.cookie()) as line,
    ):
        heard(line, "hello")
        get_into_trouble(line, SPIN)
        processes = children_of(bench.process)
        bench.process.send_signal(signal.SIGKILL)
        bench.process.wait()
        assert len(processes) == PROCESSES
        assert are_gone(processes, 10.0)


@pytest.mark.slow
def test_the_report_and_the_answers_are_still_there_when_the_solver_is_gone(tmp_path):
    """What was solved was handed over; the report is made by a new process."""
    path = tmp_path / "talks.yaml"
    path.write_text(CASE.read_text())
    with served(path, tmp_path / "state") as bench:
        cookie = bench.cookie()
        with bench.line(cookie) as line:
            heard(line, "answers")
            for process in children_of(bench.process):
                os.kill(process, signal.SIGKILL)
            time.sleep(0.5)
            assert json.loads(bench.get(f"{bench.place}answers.json", Cookie=cookie).read())[
                "forecasts"
            ]
            page = bench.get(f"{bench.place}report.html", Cookie=cookie)
            assert page.status == 200
            assert b"A threat of sanctions" in page.read()
            line.send(json.dumps({"type": "edit", "id": 1, "text": "nodes: ["}))
            assert heard(line, "checked")["checked"]["problems"]
