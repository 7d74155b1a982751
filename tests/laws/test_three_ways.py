"""Sweep, homotopy and enumeration: where all three apply, all three find the same play.

One oracle lists the leaves of the whole tree and follows the principal branch of all decisions
jointly, in short steps with a dense Jacobian; another walks the tree for the residual. Neither has
anything in common with the sweep, the homotopy or the other but a game's tables. A sweep applies
where it settles and passes its climb; the homotopy is asked for every draw, needed or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
import pytest

from backchannel.case.catalog import catalog, find_case
from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case
from backchannel.ensemble.draws import draw_numbers
from backchannel.equilibrium.branch.follow import follow
from backchannel.equilibrium.solve import solve
from backchannel.equilibrium.types import Method, Task
from backchannel.language.names import precision_of
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game
from tests.helpers import TOL
from tests.oracles import tree
from tests.reference.gambit.diagrams import random_diagram
from tests.reference.gambit.profiles import at_precisions
from tests.strategies import branch_of, plain, random_game

TOO_LARGE = {"belarus-2025", "belarus-2025-rounds", "grain-deal-2023", "machine-tools-2022"}
"""Cases of the catalog whose leaves cannot be enumerated."""
MOST_LEAVES = 1000
SHARES = (0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0)
"""Of a case's own precisions, one share a draw: the least lets every case be swept."""
LEVELS = (0.3, 1.0, 2.0, 4.0)
"""Precisions at which random diagrams are solved; a payoff's standard deviation is about one."""
STEP = 0.2
"""Most that a log-odds moves in a step of the oracle."""

FAST_CASES = (
    "mckelvey-palfrey-1992-centipede-4",
    "myerson-1991-figure-2-4",
    "sanctions-threat",
    *(f"selten-chmura-2008-game-{i:02}" for i in range(1, 13)),
)
"""One compilation serves the last twelve; the other cases take as long again, each."""


@dataclass(frozen=True)
class Compared:
    """How many rules (one decision in one context of one draw) were compared, and in how many draws."""

    draws: int
    rules: int
    n_draws: int


def compared(game: Game) -> Compared:
    """Solve a game in three ways, insist that they agree, and count what was compared."""
    swept, followed = solve(Task(game)), follow(Task(game))
    assert swept.converged.all()
    assert followed.converged.all()
    apply = (swept.method == Method.SWEEP) & swept.branch_verified
    rules = 0
    for draw in range(game.n_draws):
        branch = branch_of(game, draw, step=STEP)
        assert branch.rules
        for (name, context), rule in branch.rules.items():
            at = (draw, *context)
            np.testing.assert_allclose(followed.policies[name][at], rule, **TOL, err_msg=name)
            if apply[draw]:
                np.testing.assert_allclose(swept.policies[name][at], rule, **TOL, err_msg=name)
                rules += 1
        for found in (swept, followed):
            assert tree.residual(plain(game, found.policies, draw)) < TOL["atol"]
    return Compared(int(apply.sum()), rules, game.n_draws)


def case_game(name: str) -> Game:
    """A case of the catalog in draws of its own priors, at shares of its players' precisions."""
    lowered = lower(*read_case(find_case(name)))
    drawn = draw_numbers(lowered.priors, len(SHARES), seed=1, correlations=lowered.correlations)
    precisions = {precision_of(player) for player in lowered.diagram.players}
    shares = {key: np.array(SHARES) if key in precisions else 1.0 for key in drawn}
    return compile_game(lowered.diagram, {key: drawn[key] * shares[key] for key in drawn})


@pytest.mark.slow
def test_every_case_is_compared_but_those_whose_leaves_cannot_be_listed():
    """A case that is new to the catalog is compared, too, or said to be too large."""
    assert set(catalog()) >= TOO_LARGE | set(FAST_CASES)
    for name in catalog():
        diagram = lower(*read_case(find_case(name))).diagram
        leaves = prod(len(domain) for domain in diagram.domains.values())
        assert (leaves > MOST_LEAVES) == (name in TOO_LARGE), name


@pytest.mark.parametrize("name", FAST_CASES)
def test_a_case_of_the_catalog_plays_the_same_in_all_three_ways(name):
    """Tables, signals, absent nodes, a move before a threat; at low precisions all must be swept."""
    found = compared(case_game(name))
    assert found.draws >= 2
    assert found.rules >= 2 * found.draws


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted({*catalog()} - {*FAST_CASES} - TOO_LARGE))
def test_the_other_cases_of_the_catalog_play_the_same_in_all_three_ways(name):
    """Each takes seconds to compile."""
    test_a_case_of_the_catalog_plays_the_same_in_all_three_ways(name)


def test_a_random_game_is_played_the_same_in_all_three_ways():
    """In one exact pass. Games solved in groups and jointly (seeds 4, 14) are among the twenty below."""
    found = compared(at_precisions(random_game(5).diagram, {}, LEVELS))
    assert found.draws >= 1
    assert found.rules >= 2 * found.draws


@pytest.mark.slow
def test_twenty_random_diagrams_are_played_the_same_in_all_three_ways():
    """Menus that depend on what is seen, derived nodes, hidden moves; two players and three."""
    diagrams = [random_game(seed).diagram for seed in range(10)]
    diagrams += [random_diagram(seed) for seed in range(10)]
    found = [compared(at_precisions(diagram, {}, LEVELS)) for diagram in diagrams]
    assert all(one.draws >= 1 for one in found)
    # Of a sweep that is never believed the law would say nothing.
    assert sum(one.draws for one in found) > 0.6 * sum(one.n_draws for one in found)
    assert sum(one.rules for one in found) > 500
