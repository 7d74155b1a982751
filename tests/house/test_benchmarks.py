"""The benchmarks are a registry that anyone can list; a smoke run of the listing keeps it whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.registry import Figure, figures, subjects

ROOT = Path(__file__).parent.parent.parent


def test_every_subject_says_what_it_measures():
    """One subject a file, found by its name."""
    found = subjects()
    assert "flagship" in found
    assert all(module.ABOUT and callable(module.measure) for module in found.values())


def test_a_missing_peer_is_named_and_skipped(monkeypatch):
    """Peers are optional."""
    from benchmarks import flagship
    from benchmarks.registry import PeerAbsent

    def measure():
        yield Figure("ours", 1.0, "s")
        raise PeerAbsent("pygambit")

    monkeypatch.setattr(flagship, "measure", measure)
    ours, skipped = figures("flagship")
    assert ours.value == 1.0
    assert skipped.name == "skipped: pygambit is not installed"


def test_an_unknown_subject_is_refused_with_those_there_are():
    """A misspelt subject measures nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "flagshp"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "flagship" in done.stderr
