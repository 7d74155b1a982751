"""An error of Backchannel itself: one line, a log file, and a traceback with `--debug` only."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import CANAL

FAILING = """
import threading
from backchannel.cli.group import main

@main.command()
def divide():
    "It has an error."
    1 / 0

@main.command()
def hog():
    "It takes too much."
    raise MemoryError

@main.command()
def steer():
    "Its error has a text from a case."
    raise RuntimeError("a\\x1b[2J\\nb" + "x" * 1000)

@main.command()
def thread():
    "A thread of it fails, and one of its objects does at its end."
    class Thing:
        def __del__(self):
            1 / 0
    task = threading.Thread(target=lambda: [][0])
    task.start()
    task.join()
    Thing()
    print("done")

@main.command()
def full():
    "The disk of its input is full."
    raise OSError(28, "No space left on device", "x.tmp")

main()
"""


def fail(*arguments: str, state: Path | None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "XDG_STATE_HOME": str(state)}
    return subprocess.run(
        [sys.executable, "-c", FAILING, *arguments], capture_output=True, text=True, env=environment
    )


def logs(state: Path) -> list[Path]:
    return sorted((state / "backchannel").glob("error-*.log"))


def test_an_error_of_ours_is_one_line_and_a_log_file_that_only_the_user_reads(tmp_path):
    done = fail("divide", state=tmp_path)
    (log,) = logs(tmp_path)
    assert done.returncode == 4
    assert done.stderr == (
        "Backchannel failed (ZeroDivisionError: division by zero). Please report this. "
        f"Details: {log}\n"
    )
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "Traceback" in log.read_text()
    assert "in divide" in log.read_text()


@pytest.mark.parametrize("arguments", [("--debug", "divide"), ("divide", "--debug")])
def test_debug_shows_the_traceback_wherever_it_stands(tmp_path, arguments):
    done = fail(*arguments, state=tmp_path)
    assert done.returncode == 4
    assert "Traceback" in done.stderr
    assert not logs(tmp_path)


def test_memory_that_ran_out_is_called_so(tmp_path):
    done = fail("hog", state=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("Memory ran out. Ask for fewer draws")


def test_the_text_of_an_error_stays_text_on_one_line(tmp_path):
    """It may quote a case."""
    done = fail("steer", state=tmp_path)
    assert "RuntimeError: a␛[2J b" in done.stderr
    assert done.stderr.count("\n") == 1
    assert len(done.stderr) < 600
    assert "\x1b" not in logs(tmp_path)[0].read_text()


def test_errors_of_threads_and_of_clean_up_show_no_traceback_and_end_nothing(tmp_path):
    done = fail("thread", state=tmp_path)
    assert done.returncode == 0
    assert done.stdout == "done\n"
    first, second = done.stderr.splitlines()
    assert "IndexError" in first
    assert "ZeroDivisionError" in second
    assert "The command goes on." in first
    assert len(logs(tmp_path)) == 2


def test_without_a_folder_for_logs_the_line_says_what_to_do(tmp_path):
    """The state folder is a file, and so is the folder for temporary files."""
    (tmp_path / "file").write_text("")
    done = fail("divide", state=tmp_path / "file")
    assert done.returncode == 4
    assert "Details: " in done.stderr or "--debug shows the details" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")
@pytest.mark.parametrize("command", [("cases",), ("check", str(CANAL)), ("schema",)])
def test_output_that_does_not_fit_on_the_disk_is_told(command):
    """However much of it is held back until the end."""
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "backchannel", *command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 2
    assert done.stderr == "The output cannot be written: No space left on device.\n"


def test_an_error_of_a_file_is_not_called_one_of_the_output(tmp_path):
    done = fail("full", state=tmp_path)
    assert done.returncode == 4
    assert "x.tmp" in done.stderr


def test_a_user_without_a_home_gets_answers():
    """As in some containers; nothing is kept then."""
    code = "import pathlib; pathlib.Path.home = classmethod(lambda cls: (_ for _ in ()).throw(RuntimeError()))\n"
    code += "from backchannel.machine.folders import cache_folder, state_folder\n"
    code += "from backchannel.web.security import keys_for\n"
    code += "from backchannel.machine.compile_cache import keep_compiled\n"
    code += "keep_compiled(); keys_for('x', 1); print(cache_folder(), state_folder())"
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("XDG_") and name != "BACKCHANNEL_CACHE"
    }
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    assert done.stdout == "None None\n", done.stderr
