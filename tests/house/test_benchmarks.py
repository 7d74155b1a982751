"""The benchmarks are a registry that anyone can list; a smoke run of the listing keeps it whole."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import jax
import pytest
from benchmarks import trade
from benchmarks.flagship import many_draws
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


def test_networks_are_settled_with_no_limited_supplier_and_with_one_to_three():
    """A few networks here; a hundred thousand in a measurement."""
    found = list(trade.measure(200))
    assert [figure.name for figure in found] == [
        f"200 networks, limited suppliers: {n}" for n in range(4)
    ]
    assert all(figure.value >= 0 and not figure.note for figure in found)


def test_an_unknown_subject_is_refused_with_those_there_are():
    """A misspelt subject measures nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "flagshp"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "flagship" in done.stderr


@pytest.mark.skipif(jax.default_backend() != "cpu", reason="JAX finds a GPU here")
def test_figures_that_need_a_gpu_are_skipped_by_name():
    """Nothing is read or compiled for them where there is none."""
    (skipped,) = many_draws()
    assert math.isnan(skipped.value)
    assert (skipped.name, skipped.note) == ("65,536 draws on a GPU", "skipped: JAX finds no GPU")


def test_many_draws_are_timed_stage_by_stage(monkeypatch):
    """A small case, on a processor that is taken for a GPU: every draw goes through every stage."""
    from backchannel.equilibrium.sweep import sweeper as sweep

    monkeypatch.setattr(jax, "default_backend", lambda: "gpu")
    monkeypatch.setattr(sweep, "_sweepers", {})
    found = list(many_draws("myerson-1991-figure-2-4", 600))
    assert [figure.name.removeprefix("600 draws on a GPU: ") for figure in found] == [
        "fill tables", "compile the sweep", "lay out", "transfer", "program", "read back",
        "put down", "sweeps alone", "solve", "peak memory of the device",
    ]  # fmt: skip
    assert all(figure.value > 0 for figure in found[:-1])
    stages = sum(figure.value for figure in found[2:7])
    assert found[7].value == pytest.approx(600 / stages)
    assert found[8].note == "100.00% converged"
