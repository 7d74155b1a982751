"""Commands as a user gives them: in this process, which is quick, or in one of their own."""

from __future__ import annotations

import subprocess
import sys
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from backchannel.cli import main

QUICK = ["--draws", "64"]


@dataclass(frozen=True)
class Ended:
    """What a command said and how it ended."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: object, cwd: Path | None = None, check: int = 0) -> Ended:
    """Run a command in this process, and insist on its exit code."""
    with chdir(cwd or "."):
        done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if not isinstance(done.exception, SystemExit | None):
        raise done.exception
    return _checked(Ended(done.exit_code, done.stdout, done.stderr), check)


def run_alone(*arguments: object, check: int = 0) -> Ended:
    """Run a command in a process of its own, without a terminal, and insist on its exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "backchannel", *map(str, arguments)], capture_output=True, text=True
    )
    return _checked(Ended(done.returncode, done.stdout, done.stderr), check)


def _checked(done: Ended, check: int) -> Ended:
    assert done.returncode == check, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done
