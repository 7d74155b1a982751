"""The workbench under the clock: from a request to its answer, over a real line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from statistics import median

from benchmarks.registry import Figure, PeerAbsent

ABOUT = "the workbench on the flagship: sliders moved, from message to answer"
CASE = "belarus-2025"
MOVES = (
    ("deal_worth", 1.0),
    ("iran_worth", -1.0),
    ("blr.precision", 0.5),
    ("p_base", 1.0),
    ("need", -0.5),
)


def measure() -> Iterator[Figure]:
    """Start it, wait for all answers, move five sliders one after the other, then a hundred at once."""
    from websockets.sync.client import connect

    began = time.perf_counter()
    command = [sys.executable, "-m", "backchannel", "serve", CASE, "--no-open", "--port", "0"]
    with subprocess.Popen(
        [*command, "--draws", "512"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://([^/]+)/\?token=(\S+)", process.stdout.readline())
            if found is None:
                raise PeerAbsent("the interface")
            yield Figure("command to link", time.perf_counter() - began, "s")
            page = HTTPConnection(found[1])
            page.request("GET", f"/?token={found[2]}")
            cookie = str(page.getresponse().headers["Set-Cookie"]).split(";")[0]
            with connect(
                f"ws://{found[1]}/live",
                origin=f"http://{found[1]}",  # pyright: ignore
                additional_headers={"Cookie": cookie},
                max_size=None,
            ) as line:
                yield from _talk(line, began)
        finally:
            process.terminate()


def _talk(line, began: float) -> Iterator[Figure]:
    def until(kind: str, **fits) -> dict:
        while True:
            message = json.loads(line.recv(timeout=600))
            if message["type"] == kind and all(message[k] == v for k, v in fits.items()):
                return message

    def move(id: int, changes: dict[str, float]) -> None:
        line.send(json.dumps({"type": "shift", "id": id, "changes": changes, "solve": True}))

    until("answers")
    yield Figure("command to all answers, 512 draws", time.perf_counter() - began, "s")
    move(0, {"need": 0.5})
    until("quick", complete=True)
    firsts, wholes = [], []
    for id, (name, score) in enumerate(MOVES, start=1):
        asked = time.perf_counter()
        move(id, {name: score})
        until("quick")
        firsts.append(time.perf_counter() - asked)
        until("quick", complete=True)
        wholes.append(time.perf_counter() - asked)
    yield Figure("slider to forecasts, 512 draws, warm, median", median(firsts), "s", "at most 1")
    yield Figure("the same, slowest of five", max(firsts), "s")
    yield Figure("slider to what-ifs, median", median(wholes), "s")
    asked = time.perf_counter()
    for i in range(1, 101):
        move(100 + i, {"need": i / 100})
    last = until("quick", complete=True)
    assert last["shifts"]["need"] == 1.0
    yield Figure("burst of 100 to the answer to the last", time.perf_counter() - asked, "s")
