"""`backchannel serve --cluster`: a wrong address is told before a page opens; answers are solved on the cluster."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from typing import Any

import pytest
from click.testing import CliRunner

from backchannel.cli import main
from tests.journeys.test_serve import CASE, built, heard, served
from tests.journeys.test_serve_ends import are_gone, children_of
from tests.unit.scale.processes import cluster_of_processes, descendants

distributed = pytest.importorskip("distributed")
pytestmark = built
DRAWS = 16
"""As `served` asks for."""


def refused(address: str) -> str:
    """What the command says of an address, having opened nothing."""
    arguments = ["serve", str(CASE), "--no-open", "--port", "0", "--cluster", address]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert "http://" not in done.output
    return done.output.strip()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("here", "'here' is not a cluster. Write local, local:N"),
        ("", "'' is not a cluster. Write local, local:N"),
        ("local:0", "A cluster needs a worker: local:1, local:2"),
        # An address is tried for ten seconds.
        pytest.param(
            "tcp://127.0.0.1:9",
            "There is no scheduler at tcp://127.0.0.1:9",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_wrong_address_is_told_in_one_line_before_a_page_opens(address, told):
    """The case is not even read."""
    said = refused(address)
    assert said.startswith(told)
    assert len(said.splitlines()) == 1


@pytest.mark.slow
def test_a_program_that_does_not_answer_is_told_within_ten_seconds():
    """It may be another program, or a scheduler that hangs."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        began = time.monotonic()
        assert "does not answer within 10 seconds" in refused(
            f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        )
        assert time.monotonic() - began < 20


def answers_alone(tmp_path) -> dict[str, Any]:
    """What a workbench without a cluster answers."""
    with served(CASE, tmp_path / "alone") as bench, bench.line(bench.cookie()) as line:
        return numbers(heard(line, "answers"))


def numbers(message: dict[str, Any]) -> dict[str, Any]:
    """The forecasts and what-ifs of full answers."""
    return {part: message["answers"][part] for part in ("forecasts", "what_ifs", "answers")}


def places_until_answers(line) -> tuple[set[str], str, dict[str, Any]]:
    """Where full answers were solved, the last note about them, and the answers."""
    places, note = set(), ""
    while True:
        message = json.loads(line.recv(timeout=120))
        if message["type"] == "status" and message["status"]["job"] == "full":
            places.add(message["status"]["place"])
            note = message["status"]["note"]
        if message["type"] == "answers":
            return places, note, numbers(message)


@pytest.mark.slow
def test_full_answers_are_solved_on_a_local_cluster_which_ends_with_the_command(tmp_path):
    """With the same numbers; Ctrl-C leaves no process behind."""
    alone = answers_alone(tmp_path)
    with served(CASE, tmp_path / "state", "--cluster", "local:1") as bench:
        with bench.line(bench.cookie()) as line:
            for _ in range(2):
                places, note, found = places_until_answers(line)
                assert any(place.startswith("1 worker of tcp://127.0.0.1:") for place in places)
                assert note == ""
                assert found == alone
                line.send(json.dumps({"type": "refresh", "id": 1}))
            processes = descendants(bench.process.pid)
            assert len(processes) > len(children_of(bench.process))
        began = time.monotonic()
        bench.stop()
        assert time.monotonic() - began < 8
    assert bench.process.returncode == 0
    assert bench.errors.strip() == "Full answers are solved on the cluster local:1."
    assert are_gone(processes, 15.0)


@pytest.mark.slow
def test_a_lost_cluster_costs_no_answer(tmp_path):
    """The page says so in a line, and this computer solves; when the cluster is back, it is used again."""
    alone = answers_alone(tmp_path)
    with cluster_of_processes() as started:
        started.add_worker()
        with distributed.Client(started.address) as client:
            client.wait_for_workers(1)
        with (
            served(CASE, tmp_path / "state", "--cluster", started.address) as bench,
            bench.line(bench.cookie()) as line,
        ):
            places, note, found = places_until_answers(line)
            assert f"1 worker of {started.address}" in places
            assert (note, found) == ("", alone)
            os.kill(started.scheduler.pid, signal.SIGKILL)
            line.send(json.dumps({"type": "refresh", "id": 1}))
            _, note, found = places_until_answers(line)
            assert "scheduler" in note
            assert note.endswith(
                "This computer solves these answers alone; the next ones try the cluster again."
            )
            assert found == alone
