"""Linear algebra on one thread: what a command sets before NumPy is loaded."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from backchannel.machine.linear_algebra import THREADS, use_one_thread


@pytest.fixture
def unset(monkeypatch):
    """No variable is set, and what the test sets is forgotten."""
    for name in THREADS:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_every_library_is_told_to_use_one_thread(unset):
    """Whichever of them NumPy was built with."""
    use_one_thread()
    assert {os.environ[name] for name in THREADS} == {"1"}


def test_what_the_user_has_chosen_stays(unset, monkeypatch):
    """A user may know better."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "8")
    use_one_thread()
    assert os.environ["OPENBLAS_NUM_THREADS"] == "8"
    assert os.environ["MKL_NUM_THREADS"] == "1"


def test_the_program_decides_before_numpy_is_loaded():
    """A library reads the variable once, when it is loaded."""
    code = "import sys, backchannel.__main__; print('numpy' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_importing_the_library_changes_no_variable(unset):
    """In somebody else's program, the number of threads is theirs."""
    code = "import os, backchannel; print(os.environ.get('OPENBLAS_NUM_THREADS'))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "None"
