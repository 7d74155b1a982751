"""Play against Gambit's principal branch: every catalog game that is a tree, and random diagrams."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backchannel.case.catalog import catalog
from backchannel.interop.efg_write import write_efg
from backchannel.interop.gambit import tree_of
from backchannel.language.errors import CommandError
from backchannel.study import Study
from tests.helpers import quick_but
from tests.reference.gambit.diagrams import medians, random_diagram
from tests.reference.gambit.profiles import at_precisions, distance, profiles
from tests.reference.gambit.regenerate import AGREE, digest, tree_of_seed

HERE = Path(__file__).parent
CATALOG = json.loads((HERE / "catalog.json").read_text())
RANDOM = json.loads((HERE / "random.json").read_text())
QUICK = 3
"""Random diagrams compared in the default run; each takes a second or two to compile."""
LARGE = (
    "fall-of-france",
    "mckelvey-palfrey-1992-centipede-6",
    "myerson-1991-figure-4-2",
    "myerson-1991-poker",
    "reiley-2008-poker",
    "signalling",
)
"""Catalog games that take several seconds to compile."""
NOT_TRACED = ("machine-tools-2022",)
"""Catalog games whose tree is written, but whose branch Gambit was not asked to trace."""
FEWEST_LEAVES = 10_000
"""Leaves from which a game need not be traced."""


def assert_agrees(tree, diagram, numbers, frozen) -> None:
    """The tree is the one that Gambit solved, and play is the same at every precision."""
    assert digest(write_efg(tree)) == frozen["tree"], "the tree has changed: regenerate"
    levels = [float(level) for level in frozen["profiles"]]
    own = profiles(tree, at_precisions(diagram, numbers, levels), levels)
    for play, (level, theirs) in zip(own.values(), frozen["profiles"].items(), strict=True):
        assert play is not None, f"no play found at λ = {level}"
        assert distance(play, theirs) < AGREE, level


@pytest.mark.parametrize("name", quick_but(LARGE, [name for name in catalog() if name in CATALOG]))
def test_a_catalog_game_is_played_as_gambit_plays_it(name):
    """At λ = 0.5, 1, 3 and 10, at the medians of what is uncertain."""
    lowered = Study.load(name).lowered
    tree = tree_of(lowered, draw=None, draws=2, seed=0)
    numbers = {key: prior.at(0.5) for key, prior in lowered.priors.items()}
    assert_agrees(tree, lowered.diagram, numbers, CATALOG[name])


NOT_YET = {
    "grain-deal-2023",
    "ankara-2024",
    "cuba-1962",
    "korea-1975",
    "northern-ireland-1998",
    "pipeline-1982",
}
"""Cases that were added after Gambit's play was last frozen; the three ways of solving compare them."""


@pytest.mark.slow
def test_every_catalog_game_is_frozen_or_too_large_for_a_tree():
    """A game that is added is solved by Gambit, too."""
    for name in NOT_TRACED:
        tree = tree_of(Study.load(name).lowered, draw=None, draws=2, seed=0)
        assert tree.n_leaves > FEWEST_LEAVES
    for name in set(catalog()) - CATALOG.keys() - {*NOT_TRACED, *NOT_YET}:
        with pytest.raises(CommandError):
            tree_of(Study.load(name).lowered, draw=None, draws=2, seed=0)


def compare_random(seed: str) -> None:
    """One diagram against Gambit."""
    diagram = random_diagram(int(seed))
    assert_agrees(tree_of_seed(int(seed)), diagram, medians(diagram), RANDOM[seed])


@pytest.mark.slow
@pytest.mark.parametrize("seed", list(RANDOM)[:QUICK])
def test_some_random_diagrams_are_played_as_gambit_plays_them(seed):
    """4–7 decisions, 1–3 chance nodes, imperfect information and recall."""
    compare_random(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", list(RANDOM)[QUICK:])
def test_more_random_diagrams_are_played_as_gambit_plays_them(seed):
    """The rest of the frozen sample."""
    compare_random(seed)


def test_the_frozen_sample_is_large_enough():
    """At least sixty diagrams, at four precisions each."""
    assert len(RANDOM) >= 60
    assert all(len(frozen["profiles"]) == 4 for frozen in RANDOM.values())
