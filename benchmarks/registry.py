"""The registry of benchmarks: one subject a file, found by its name.

A subject is a module of this package that defines `ABOUT` (one line) and `measure()`, which yields
figures. It runs in a process of its own, so nothing is compiled before it starts.
"""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

import benchmarks

NOT_SUBJECTS = {"__main__", "registry"}


class PeerAbsent(Exception):
    """A program to compare with is not installed; the figures that need it are skipped."""


@dataclass(frozen=True)
class Figure:
    """One thing that was measured."""

    name: str
    value: float
    unit: str
    """s, GB, equilibria/s, or "×" for a ratio of two things measured in the same run."""
    target: str = ""
    """What an issue or a decision asks for, in words: "at most 3"."""
    note: str = ""


def subjects() -> dict[str, ModuleType]:
    """Every subject by its name."""
    names = [found.name for found in pkgutil.iter_modules(benchmarks.__path__)]
    modules = {
        name: importlib.import_module(f"benchmarks.{name}")
        for name in sorted(names)
        if name not in NOT_SUBJECTS
    }
    return {name: module for name, module in modules.items() if hasattr(module, "measure")}


def figures(name: str) -> Iterator[Figure]:
    """Measure one subject; a peer that is absent ends it with a figure that says so."""
    try:
        yield from subjects()[name].measure()
    except PeerAbsent as absent:
        yield Figure(f"skipped: {absent} is not installed", float("nan"), "")


def timed(work: Callable[[], object], *, repeat: int = 1) -> float:
    """The shortest of some runs, in seconds."""
    best = float("inf")
    for _ in range(repeat):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best
