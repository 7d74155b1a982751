"""Settings of every test."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from typing import Any

import pytest
from hypothesis import settings

from tests.compiling import compile_quickly, compiled_fully, compiles_quickly

# Compilation takes a second, so examples have no deadline; and a failure must come back.
settings.register_profile("project", deadline=None, derandomize=True, max_examples=25)
settings.load_profile("project")

os.environ.setdefault("NPROC", "1")
"""One thread in XLA's pool: the condition variables of glibc before 2.41 can lose a wake-up (its bug
25847), and on a crowded machine a test of many short programs then waits for ever."""


def pytest_configure(config: pytest.Config) -> None:
    """Let JAX promote no dtypes; and share compiled programs among this run's processes alone."""
    if not hasattr(config, "workerinput"):
        os.environ["BACKCHANNEL_CACHE"] = tempfile.mkdtemp(prefix="backchannel-tests-")
    # Commands that run in this process leave Ctrl-C alone where somebody has taken it over.
    signal.signal(signal.SIGINT, _interrupted)
    # JAX reads its settings when it is first imported, and NPROC is set only above.
    import jax

    jax.config.update("jax_compilation_cache_dir", os.environ["BACKCHANNEL_CACHE"])
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.1)
    # Most of what tests take is compilation, and a program runs a few times here. Commands in processes of
    # their own, the long run, and `BACKCHANNEL_TESTS=optimized` compile as a user's process does.
    compile_quickly(compiles_quickly(config))
    # Not for ranks: a number of each lane, the last axis, meets tables of every rank by design.
    jax.config.update("jax_numpy_dtype_promotion", "strict")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what would begin after the end that CI sets for its slow tests."""
    if time.time() > float(os.environ.get("BACKCHANNEL_TESTS_END", "inf")):
        pytest.skip("the time for this run is over")


def _interrupted(signum: int, frame: Any) -> None:
    signal.default_int_handler(signum, frame)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Forget the compiled programs."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["BACKCHANNEL_CACHE"], ignore_errors=True)


@pytest.fixture
def optimized():
    """Programs that run long are compiled as a user's process compiles them."""
    with compiled_fully():
        yield


@pytest.fixture(scope="session")
def canal():
    """The canal tolls case, solved in 256 draws."""
    from backchannel import Study
    from tests.helpers import CANAL

    study = Study.load(CANAL, draws=256, seed=1)
    _ = study.ensemble
    return study


@pytest.fixture(scope="module")
def mixed_dtypes():
    """BlackJAX, which draws samples of the posterior, leaves dtypes to be promoted."""
    import jax

    with jax.numpy_dtype_promotion("standard"):
        yield
