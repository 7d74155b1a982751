"""The catalog's trees against pygambit, game by game and in ensembles; and the flagship's tree."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.registry import Figure, PeerAbsent, timed

ABOUT = "the catalog's trees against pygambit, one by one and 1,000 draws at once"
DRAWS = 1000
SAMPLE = 5
"""Draws that the peer solves of each ensemble; it takes as long for each."""

NOT_COMPARED = {
    "machine-tools-2022",  # a large tree
    "one-shot-2x2", "one-shot-3x3", "sanction-threats", "war1800",  # forms for tables of plays
    "ankara-2024", "cuba-1962", "grain-deal-2023", "korea-1975", "northern-ireland-1998",  # came later
    "pipeline-1982",  # came later
}  # fmt: skip
"""Cases that would be trees, but are left out: the same 24 games as ever are compared."""


@dataclass(frozen=True)
class Tree:
    """One game, here and there."""

    name: str
    diagram: Any
    medians: dict[str, float]
    peer: Any


def measure() -> Iterator[Figure]:
    """One game at λ = 1, warm; then draws of λ between 0.5 and 2; then the flagship."""
    try:
        import pygambit
    except ImportError:
        raise PeerAbsent("pygambit") from None
    trees = list(_trees(pygambit))
    yield Figure("trees in the catalog", len(trees), "games")
    ones = {tree.name: _one(tree, pygambit) for tree in trees}
    ratios = [own / theirs for own, theirs in ones.values()]
    own = 1000 * statistics.median(own for own, _ in ones.values())
    peer = 1000 * statistics.median(theirs for _, theirs in ones.values())
    yield Figure("one game, here (median)", own, "ms")
    yield Figure("one game, pygambit (median)", peer, "ms")
    worst = max(ones, key=lambda name: ones[name][0] / ones[name][1])
    note = f"from {min(ratios):.2g} to {max(ratios):.2g} ({worst})"
    yield Figure("one game (median of ratios)", statistics.median(ratios), "×", "at most 1.0", note)
    many = {tree.name: _many(tree, pygambit) for tree in trees}
    ratios = [theirs / own for own, theirs in many.values()]
    note = f"from {min(ratios):.0f} to {max(ratios):.0f}; {SAMPLE} of {DRAWS:,} draws timed there"
    ratio = statistics.median(ratios)
    yield Figure(f"{DRAWS:,} draws, pygambit over here", ratio, "×", "at least 200", note)
    yield _flagship()


def _trees(pygambit: Any) -> Iterator[Tree]:
    from backchannel.case.catalog import catalog
    from backchannel.language.errors import CommandError
    from backchannel.study import Study

    for name in catalog():
        if name in NOT_COMPARED:
            continue
        study = Study.load(name)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tree.efg"
            try:
                study.export_gambit(path)
            except CommandError:
                continue
            peer = pygambit.read_efg(str(path))
        medians = {key: prior.at(0.5) for key, prior in study.lowered.priors.items()}
        yield Tree(name, study.lowered.diagram, medians, peer)


def _game(tree: Tree, levels: np.ndarray) -> Any:
    from backchannel.language.names import precision_of
    from backchannel.tensors.compile_game import compile_game

    numbers = {name: np.full(len(levels), value) for name, value in tree.medians.items()}
    numbers |= {precision_of(player): levels for player in tree.diagram.players}
    return compile_game(tree.diagram, numbers)


def _one(tree: Tree, pygambit: Any) -> tuple[float, float]:
    from backchannel.equilibrium.solve import solve
    from backchannel.equilibrium.types import Task

    game = _game(tree, np.ones(1))
    solve(Task(game))
    own = timed(lambda: solve(Task(game)), repeat=7)
    return own, timed(lambda: pygambit.qre.logit_solve_lambda(tree.peer, lam=[1.0]), repeat=7)


def _many(tree: Tree, pygambit: Any) -> tuple[float, float]:
    from backchannel.equilibrium.solve import solve
    from backchannel.equilibrium.types import Task

    levels = np.exp(np.random.default_rng(0).uniform(np.log(0.5), np.log(2), DRAWS))
    game = _game(tree, levels)
    solve(Task(game))
    own = timed(lambda: solve(Task(game)), repeat=3)

    def peer() -> None:
        for level in levels[:SAMPLE]:
            pygambit.qre.logit_solve_lambda(tree.peer, lam=[float(level)])

    return own, timed(peer, repeat=3) * DRAWS / SAMPLE


def _flagship() -> Figure:
    from backchannel.language.errors import CommandError
    from backchannel.study import Study

    try:
        Study.load("belarus-2025").export_gambit("flagship.efg")
    except CommandError as error:
        note = f"not a tree that Gambit can be given: {str(error).split(';')[0]}"
        return Figure("the flagship with pygambit", float("nan"), "", note=note)
    raise AssertionError("the flagship is no larger than a tree may be")
