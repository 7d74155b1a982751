"""Ctrl-C: a command ends within moments, wherever it is, and leaves files as they were."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SOON = 2.0
"""Seconds within which a command ends."""
SLACK = 6.0
"""Seconds more on a machine that has much else to do."""

STUCK = """
import hashlib, threading, time
from backchannel.cli.group import main

@main.command()
def waiting():
    "A thread of it does not end when it is asked to."
    threading.Thread(target=time.sleep, args=(60,)).start()
    print("begun", flush=True)
    threading.Event().wait()

@main.command()
def half_done():
    "It has written one of its files."
    from pathlib import Path
    from backchannel.files.durable import write_whole
    write_whole(Path("first.json"), "{}")
    print("begun", flush=True)
    threading.Event().wait()

@main.command()
def deaf():
    "It does not come back to Python's own instructions for long, as a compiler may not."
    print("begun", flush=True)
    hashlib.pbkdf2_hmac("sha256", b"", b"", 100_000_000)

main()
"""

RUN = """
from backchannel.cli import main
print("begun", flush=True)
main()
"""
"""The command itself, once Python has read it: how long that takes is the machine's affair."""


def begin(*arguments: str, folder: Path | None = None) -> subprocess.Popen[str]:
    """Start a process whose Ctrl-C is at its default, whatever this one's is."""
    return subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder,
        env={**os.environ, "BACKCHANNEL_CACHE": ""},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip


def interrupt(process: subprocess.Popen[str]) -> tuple[float, str]:
    """Press Ctrl-C once; how long it took to end, and what was told."""
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    try:
        _, told = process.communicate(timeout=SOON + SLACK)
    finally:
        process.kill()
    return time.monotonic() - began, told


@pytest.mark.parametrize("command", ["waiting", "deaf"])
def test_an_interrupt_ends_a_command_that_cannot_listen(command):
    """One press is enough, while threads are waited for and inside of compiled code."""
    process = begin("-c", STUCK, command)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    time.sleep(0.3)
    _, told = interrupt(process)
    assert process.returncode == 2
    assert told.count("Stopped. Nothing was written.") == 1
    assert "Traceback" not in told


@pytest.mark.parametrize("after", [0.5, 2.0, 5.0])
def test_an_interrupted_run_leaves_no_half_written_file(tmp_path, after):
    """Nor does it touch the file of an earlier run, whatever it was doing at that moment."""
    target = tmp_path / "answers.json"
    target.write_text("earlier")
    process = begin("-c", RUN, "run", "belarus-2025", "--json", str(target), "--force")
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    time.sleep(after)
    _, told = interrupt(process)
    assert process.returncode == 2, told
    assert "Stopped" in told
    assert "Traceback" not in told
    assert target.read_text() == "earlier"
    assert [path.name for path in tmp_path.iterdir()] == ["answers.json"]


def test_what_was_written_before_an_interrupt_is_told(tmp_path):
    """It does not say that nothing was."""
    process = begin("-c", STUCK, "half-done", folder=tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    time.sleep(0.3)
    _, told = interrupt(process)
    assert told.strip() == "Stopped. first.json was written before."
