"""Ctrl-C, SIGTERM, SIGHUP: a command ends within moments, wherever it is, and leaves files as they were."""

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

@main.command()
def holding():
    "It keeps Python's lock, so that no thread can run."
    print("begun", flush=True)
    sum(range(10**12))

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


def interrupt(
    process: subprocess.Popen[str], number: signal.Signals = signal.SIGINT
) -> tuple[float, str]:
    """Press Ctrl-C once, or send another signal; how long it took to end, and what was told."""
    began = time.monotonic()
    process.send_signal(number)
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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_system_ends_a_command_as_cleanly_as_ctrl_c(number):
    """A logout, a time limit or a container's end leaves no half-written file and says what was written."""
    process = begin("-c", STUCK, "waiting")
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    _, told = interrupt(process, number)
    assert process.returncode == 2
    assert told.strip() == "Stopped. Nothing was written."


def test_a_signal_that_is_to_be_ignored_stays_ignored():
    """`nohup` sets SIGHUP so, for a run that outlives its terminal."""
    process = begin(
        "-c", "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n" + STUCK, "waiting"
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    assert process.poll() is None
    interrupt(process)
    assert process.returncode == 2


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="needs the system's help")
def test_the_second_ctrl_c_ends_a_command_that_keeps_the_lock_of_python():
    """No thread can run then, and none is needed."""
    process = begin("-c", STUCK, "holding")
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert process.poll() is None
    interrupt(process)
    assert process.returncode == -signal.SIGINT


PRESSED_WHILE_STARTING = """
import gc, os, runpy, signal, sys, time
wanted, way = sys.argv[1:]
sys.argv[1:] = ["cases"]

def press(*_):
    gc.callbacks.clear()
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(1)

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == wanted and way == "callback":
            gc.callbacks.append(press)
            gc.collect()
        elif name == wanted:
            try:
                press()
            except BaseException:
                pass

sys.meta_path.insert(0, Finder())
runpy.run_module("backchannel", run_name="__main__", alter_sys=True)
"""
"""Ctrl-C comes while a module is imported; an exception would be dropped there."""


@pytest.mark.parametrize("way", ["callback", "import"])
@pytest.mark.parametrize("module", ["backchannel.cli", "click", "pydantic"])
def test_an_interrupt_during_start_up_is_not_lost(module, way):
    """A callback of the garbage collector drops an exception, and so does the import of some libraries."""
    process = begin("-c", PRESSED_WHILE_STARTING, module, way)
    said, told = process.communicate(timeout=30)
    assert process.returncode == 2, said
    assert told.strip() == "Stopped. Nothing was written."


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
