"""How `check` ends on a text: with 0 or 1, within 2 GB and 10 s, whatever the text is."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from dataclasses import dataclass

SECONDS = 10.0
"""Time of the processor that one text may take."""
PATIENCE = 60.0
"""Time by the clock after which a text is given up; on a crowded machine the processor is shared."""
CODES = {"table": {0, 1, 2}}
"""Exit codes that are right; 0 and 1 for every kind that is not named."""


@dataclass(frozen=True)
class Ending:
    """What came of a text."""

    code: int
    """Of `check`; below 0 the signal that ended the process, 99 a traceback, 98 out of time, 97
    an end of the process in the midst of its work."""
    said: str
    seconds: float


class Checker:
    """A process that checks texts, started anew when one has ended it."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def check(self, kind: str, text: str) -> Ending:
        """Check one text: a `case`, `expression`, `test`, `formula`, `efg` or `table`."""
        process = self._running()
        assert process.stdin is not None and process.stdout is not None  # noqa: PT018
        began = time.monotonic()
        process.stdin.write(json.dumps([kind, text]) + "\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as waiting:
            waiting.register(process.stdout, selectors.EVENT_READ)
            is_there = waiting.select(PATIENCE)
        line = process.stdout.readline() if is_there else ""
        seconds = time.monotonic() - began
        if line:
            code, said, seconds = json.loads(line)
            return Ending(98 if seconds > SECONDS else code, said, seconds)
        self.stop()
        died = process.returncode if process.returncode < 0 else 97
        return Ending(died if is_there else 98, "", seconds)

    def stop(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def _running(self) -> subprocess.Popen[str]:
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz.worker"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                # Each thread of a library takes address space of its own.
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )  # fmt: skip
            # The first answer waits for the imports, which are no part of any text's time.
            ready = self.process
            assert ready.stdin is not None and ready.stdout is not None  # noqa: PT018
            for kind in ("expression", "formula", "table"):
                ready.stdin.write(json.dumps([kind, "1"]) + "\n")
                ready.stdin.flush()
                ready.stdout.readline()
        return self.process


_checker = Checker()


def check_ends_well(kind: str, text: str) -> Ending:
    """Check a text, and fail where that ends in any way but an answer.

    Raises:
        AssertionError: It ended by a signal, a traceback, another exit code, or not in time.
    """
    ending = _checker.check(kind, text)
    shown = text if len(text) < 2000 else f"{text[:1000]} … {text[-1000:]}"
    right = CODES.get(kind, {0, 1})
    message = f"{kind}: code {ending.code} after {ending.seconds:.1f} s\n{ending.said}\n{shown}"
    assert ending.code in right, message
    assert "Traceback" not in ending.said, message
    return ending
