"""Settings of every test."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# Compilation takes a second, so examples have no deadline; and a failure must come back.
settings.register_profile("project", deadline=None, derandomize=True, max_examples=25)
settings.load_profile("project")

os.environ.setdefault("NPROC", "1")
"""One thread in XLA's pool: the condition variables of glibc before 2.41 can lose a wake-up (its bug
25847), and on a crowded machine a test of many short programs then waits for ever."""
os.environ["BACKCHANNEL_CACHE"] = ""
"""Tests neither read nor fill the user's cache of compiled programs."""


@pytest.fixture(scope="session")
def canal():
    """The canal tolls case, solved in 256 draws."""
    from backchannel import Study
    from tests.helpers import CANAL

    study = Study.load(CANAL, draws=256, seed=1)
    _ = study.ensemble
    return study
