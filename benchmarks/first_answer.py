"""The first answer of a run: seconds from the start of the process, cold and warm, and when each answer is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from benchmarks.registry import Figure

ABOUT = "when the answers of a run are there: the flagship, cold and warm"
CASE = "belarus-2025"
CODE = """
import json, time
began = time.perf_counter()
from backchannel.machine.compile_cache import keep_compiled
keep_compiled()
from backchannel.questions.run import answers_as_ready
from backchannel.study import Study
case = Study.load({case!r})
for question, _ in answers_as_ready(case):
    print(json.dumps([question.name, time.perf_counter() - began]), flush=True)
print(json.dumps(["processor time of all", time.process_time()]))
"""


def measure() -> Iterator[Figure]:
    """A process that has compiled nothing, then one that finds everything compiled."""
    with tempfile.TemporaryDirectory() as cache:
        for label in ("cold", "warm"):
            for name, seconds in ready(cache):
                target = "at most 6 s" if (name, label) == ("forecast", "cold") else ""
                yield Figure(f"{name}, {label}", seconds, "s", target=target)


def ready(cache: str) -> Iterator[tuple[str, float]]:
    """Each question of a run with the seconds after which it is answered."""
    process = subprocess.run(
        [sys.executable, "-c", CODE.format(case=CASE)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "BACKCHANNEL_CACHE": cache},
    )
    for line in process.stdout.splitlines():
        name, seconds = json.loads(line)
        yield name, seconds
