"""`backchannel serve` as a process of its own: its link, its port, its end, and what it lets in."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from backchannel.interface import MISSING, bundle
from backchannel.language.errors import CommandError
from backchannel.web import serving
from backchannel.web.guard import KEY_REFUSED
from tests.house.test_house import ROOT

CASE = ROOT / "src/backchannel/catalog/sanctions-threat/case.yaml"
PROGRAM = ("-m", "backchannel")
built = pytest.mark.skipif(bundle() is None, reason=MISSING)


@dataclass
class Served:
    """A workbench that runs."""

    process: subprocess.Popen
    port: int
    token: str
    errors: str = ""
    place: str = "/"
    """The address of its case, once the link was opened."""

    @property
    def link(self) -> str:
        """What a user opens."""
        return f"http://127.0.0.1:{self.port}/?token={self.token}"

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers=headers)
        return connection.getresponse()

    def cookie(self) -> str:
        response = self.get(f"/?token={self.token}")
        assert response.status == 200
        case = re.search(r'data-live="([^"]+)"', response.read().decode())
        self.place = case[1] if case else "/"
        return str(response.headers["Set-Cookie"]).split(";")[0]

    def line(self, cookie: str, **options) -> ClientConnection:
        own = f"http://127.0.0.1:{self.port}"
        return connect(
            f"ws://127.0.0.1:{self.port}{self.place}live", origin=own, max_size=None,
            additional_headers={"Cookie": cookie}, **options,
        )  # fmt: skip

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Ctrl-C, or another signal."""
        self.process.send_signal(number)
        _, self.errors = self.process.communicate(timeout=30)


@contextmanager
def served(
    case: Path | None,
    state: Path,
    *options: str,
    port: int = 0,
    program: Sequence[str] = PROGRAM,
    folder: Path | None = None,
) -> Iterator[Served]:
    """Start it with a case, or with the start page; in a working directory, if one is given."""
    environment = {**os.environ, "XDG_STATE_HOME": str(state)}
    command = [
        sys.executable,
        *program,
        "serve",
        *([str(case)] if case else []),
        "--no-open",
        "--draws",
        "16",
    ]
    process = subprocess.Popen(
        [*command, "--port", str(port), *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        cwd=folder,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        link = re.search(r"http://[^:/\s]+:(\d+)/\?token=(\S+)", said)
        assert link, said + (process.communicate(timeout=30)[1] if process.poll() else "")
        yield Served(process, int(link[1]), link[2])
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def heard(line: ClientConnection, kind: str) -> dict:
    while (message := json.loads(line.recv(timeout=60)))["type"] != kind:
        pass
    return message


@pytest.fixture
def talks(tmp_path) -> Path:
    path = tmp_path / "talks.yaml"
    path.write_text(CASE.read_text())
    return path


@built
def test_it_serves_the_page_and_the_answers_and_ends_quietly(talks, tmp_path):
    """One line at the start, nothing at the end."""
    with served(talks, tmp_path / "state") as bench:
        cookie = bench.cookie()
        with bench.line(cookie) as line:
            assert heard(line, "hello")["case"]["path"] == str(talks)
            heard(line, "answers")
            document = json.loads(bench.get(f"{bench.place}answers.json", Cookie=cookie).read())
            assert document["document"] == "backchannel-answers"
            talks.write_text(CASE.read_text().replace("A threat of sanctions", "Another threat"))
            assert heard(line, "answers")["answers"]["case"]["title"] == "Another threat"
            bench.stop()
        assert bench.process.returncode == 0
        assert bench.errors == ""


@pytest.mark.slow
@built
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_system_ends_it_as_quietly_as_ctrl_c(talks, tmp_path, number):
    """A logout, or the end of a service; the processes that check and solve end with it."""
    with served(talks, tmp_path / "state") as bench:
        with bench.line(bench.cookie()) as line:
            heard(line, "answers")
            bench.stop(number)
        assert bench.process.returncode == 0
        assert bench.errors == ""


@pytest.mark.slow
@built
def test_a_page_that_lay_open_is_let_in_again_after_a_restart(talks, tmp_path):
    """Killed, even; by its key, on the same port. The old link is not good any more."""
    with served(talks, tmp_path / "state") as first:
        cookie = first.cookie()
        first.process.kill()
    with served(talks, tmp_path / "state", port=first.port) as again:
        again.place = first.place
        with again.line(cookie) as line:
            assert heard(line, "hello")["launch"]
        assert again.get(f"/?token={first.token}").status == 403
        with again.line("backchannel=stranger") as line:
            with pytest.raises(ConnectionClosed) as refused:
                line.recv(timeout=10)
            assert refused.value.rcvd is not None
            assert refused.value.rcvd.code == KEY_REFUSED


@pytest.mark.slow
@built
def test_without_a_case_it_opens_the_start_page_and_a_case_found_there_survives_a_restart(
    talks, tmp_path
):
    """A page that lay open finds its case again at its address, though the command names none."""
    ask = json.dumps({"do": "open", "case": str(talks)})
    with served(None, tmp_path / "state", folder=tmp_path) as first:
        cookie = first.cookie()
        posted = http.client.HTTPConnection("127.0.0.1", first.port, timeout=30)
        origin = f"http://127.0.0.1:{first.port}"
        posted.request("POST", "/start", ask, {"Cookie": cookie, "Origin": origin})
        first.place = json.loads(posted.getresponse().read())["address"]
        with first.line(cookie) as line:
            assert heard(line, "hello")["case"]["path"] == str(talks)
        first.stop()
        assert first.process.returncode == 0
        assert first.errors == ""
    with served(None, tmp_path / "state", port=first.port, folder=tmp_path) as again:
        again.place = first.place
        with again.line(cookie) as line:
            assert heard(line, "hello")["case"]["address"] == first.place


@built
def test_where_other_machines_can_connect_only_the_case_that_is_named_can_be_opened(
    talks, tmp_path
):
    """There is no start page, and no way to another file."""
    with served(talks, tmp_path / "state", "--host", "0.0.0.0") as bench:
        cookie = bench.cookie()
        posted = http.client.HTTPConnection("127.0.0.1", bench.port, timeout=30)
        origin = f"http://127.0.0.1:{bench.port}"
        posted.request("POST", "/start", '{"do": "look"}', {"Cookie": cookie, "Origin": origin})
        assert posted.getresponse().status == 404
        assert "data-start" not in bench.get("/", Cookie=cookie).read().decode()
    with pytest.raises(CommandError, match="needs a case"):
        serving.serve_workbench(
            None,
            host="0.0.0.0",
            port=0,
            draws=16,
            seed=0,
            ledger=tmp_path / "ledger",
            say=print,
            warn=print,
            end_by=lambda end: None,
        )


@pytest.mark.slow
@built
def test_a_message_of_endless_length_ends_its_own_connection_alone(talks, tmp_path):
    """The limit holds while it is being received."""
    with served(talks, tmp_path / "state") as bench:
        cookie = bench.cookie()
        with bench.line(cookie) as one, bench.line(cookie) as other:
            heard(other, "answers")
            with suppress(ConnectionClosed):  # It may be hung up on while it still speaks.
                one.send("x" * (serving.LARGEST_FRAME + 1))
            with pytest.raises(ConnectionClosed):
                heard(one, "nothing ever")
            other.send('{"type": "keep", "id": 1}')
            assert heard(other, "done")["id"] == 1
            long = json.dumps({"type": "edit", "id": 2, "text": "x" * 7_000_000})
            other.send(long)
            assert "at most" in heard(other, "error")["message"]


@pytest.mark.slow
@built
def test_a_port_in_use_is_told_with_a_way_out(talks, tmp_path):
    """Nothing is compiled before."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "backchannel", "serve", str(talks), "--no-open", "--port", str(port)],
            capture_output=True, text=True, env={**os.environ, "XDG_STATE_HOME": str(tmp_path)},
        )  # fmt: skip
    assert done.returncode == 2
    assert f"Port {port} is in use" in done.stderr
    assert "--port 0" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("host", ["a..b", "x" * 300])
def test_what_is_no_name_of_a_machine_is_told(host):
    """Python's own error for it is about an encoding."""
    with pytest.raises(CommandError, match="no name of a machine"):
        serving.bind(host, 0)


def test_without_the_built_pages_it_says_how_to_get_them(monkeypatch):
    """In one line; everything else works."""
    monkeypatch.setattr(serving, "bundle", lambda: None)
    with pytest.raises(CommandError, match="npm ci"):
        serving.serve_workbench(
            "sanctions-threat",
            host="127.0.0.1",
            port=0,
            draws=16,
            seed=0,
            say=print,
            warn=print,
            end_by=print,
        )


@pytest.mark.slow
@built
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_in_the_place_of_the_file_holds_nothing_up(talks, tmp_path):
    """It is told of, other requests are answered at once, and Ctrl-C ends it."""
    with served(talks, tmp_path / "state") as bench:
        cookie = bench.cookie()
        with bench.line(cookie) as line:
            heard(line, "answers")
            talks.unlink()
            os.mkfifo(talks)
            while (told := heard(line, "file"))["file"]["note"].endswith("the file again."):
                pass  # It may be seen gone before the pipe is.
            assert "is a pipe, not a file" in told["file"]["note"]
            line.send(json.dumps({"type": "reload", "id": 7}))
            assert "is a pipe, not a file" in heard(line, "error")["message"]
            began = time.monotonic()
            assert bench.get(f"{bench.place}answers.json", Cookie=cookie).status == 200
            with bench.line(cookie) as other:
                heard(other, "hello")
            assert time.monotonic() - began < 30
            bench.stop()
        assert bench.process.returncode == 0
        assert bench.errors == ""
