"""Deals in which a promise that is kept tells something about its maker's level."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backchannel import Study
from backchannel.ensemble.ensemble import build_ensemble
from backchannel.questions.deals.ask import solve_deal
from tests.helpers import TOL, quick_but
from tests.level_bargains import assert_same_deal, canal_with_deal, random_deal
from tests.oracles.level_deals import AT_EQUILIBRIUM

LEVELS = [(0, 1), (1, 2), (2, 2), (2, 1), (3, 0), (3, 3)]
"""Ann's and Bob's levels."""
MEANS = {"ann": [0.5, 1.0, 1.5, 2.0, 2.5, 1.2], "bob": [2.0, 1.0, 0.7, 1.5, 0.4, 3.0]}


@pytest.mark.slow
@pytest.mark.parametrize("seed", quick_but([1], range(2)))
@pytest.mark.parametrize("since", [0, 2])
@pytest.mark.parametrize("hidden", quick_but([False], [False, True]))
def test_random_deals_of_hierarchies_agree_with_the_oracle(seed, hidden, since):
    """Both are in hierarchies of their own; some moves come before the day of the deal."""
    assert_same_deal(random_deal(seed, LEVELS, hidden=hidden, means=MEANS, since=since))


@pytest.mark.slow
@pytest.mark.parametrize("together", ["unseen", "escrow"])
@pytest.mark.parametrize("means", [{}, MEANS])
@pytest.mark.parametrize("hidden", quick_but([False], [False, True]))
def test_promises_kept_together_by_levels_agree_with_the_oracle(hidden, means, together):
    assert_same_deal(random_deal(7, LEVELS, hidden=hidden, means=means, together=together))


@pytest.mark.slow
def test_who_does_not_agree_to_an_escrow_tells_what_it_does_without_a_deal():
    """Bob decides only once, but an escrow asks twice: whether it agrees, and what it does if somebody does not."""
    assert_same_deal(random_deal(1, LEVELS, means=MEANS, together="escrow"))


@pytest.mark.slow
@pytest.mark.parametrize("together", [None, "unseen", "escrow"])
def test_who_is_at_equilibrium_answers_the_hierarchy_that_there_is(together):
    """In each draw another of the two is at equilibrium, and knows the other's level."""
    types = [(AT_EQUILIBRIUM, 1), (2, AT_EQUILIBRIUM), (AT_EQUILIBRIUM, 3), (3, 2)]
    means = {player: own[:4] for player, own in MEANS.items()}
    assert_same_deal(random_deal(3, types, means=means, together=together, since=2))


@pytest.mark.slow
def test_three_players_each_learn_of_the_levels_of_both_others():
    levels = [(2, 1, 2), (1, 3, 2), (3, 2, 1)]
    means = {"ann": [0.5, 1.0, 1.5], "bob": [2.0, 1.0, 0.7], "cat": [1.1, 0.3, 2.0]}
    assert_same_deal(random_deal(9, levels, means=means, hidden=True, since=2))


@pytest.mark.slow
def test_one_in_a_hierarchy_and_one_in_level_k():
    """Each takes the other to think in its own way."""
    assert_same_deal(random_deal(5, LEVELS, hidden=True, means={"bob": MEANS["bob"]}, since=2))


@pytest.mark.slow
@pytest.mark.parametrize("means", quick_but([{}], [{}, MEANS]))
def test_a_move_on_record_tells_something_about_its_maker(means):
    """Ann has moved before the day of the deal; Bob knows, and nothing of it is open any more."""
    assert_same_deal(random_deal(11, LEVELS, means=means, since=2, seen=1))
    assert_same_deal(random_deal(12, LEVELS, means=means, hidden=True, since=2, seen=0))


HIERARCHY = {"hierarchy": 1.5, "max_level": 2}


def _solved(case: dict[str, Any], **levels: float):
    """The deal of a case with everyone's type set by hand, by the name of its number."""
    study = Study.load(case, draws=8)
    # Draws depend on how many numbers a case has; these are the same whoever reasons in which way.
    plain = Study.load(canal_with_deal({}), draws=8)
    numbers = {**study.ensemble.numbers, **plain.ensemble.numbers}
    assert levels.keys() <= numbers.keys()
    numbers |= {name: np.full(8, level) for name, level in levels.items()}
    lowered = study.lowered
    ensemble = build_ensemble(lowered.diagram, lowered.beliefs, numbers)
    return solve_deal(ensemble, lowered.deals["toll"]).solved


@pytest.mark.parametrize(
    "beliefs", quick_but([{}], [{}, {"aria": {"parameters": {"p_high": 0.97}}}])
)
def test_level_1_of_a_hierarchy_is_level_1(beliefs):
    """Both take the others to be at level 0 for certain; so also where Aria errs and plans in its own model."""
    both = {"aria.level": 1.0, "borland.level": 1.0}
    hierarchy = canal_with_deal(beliefs, aria=HIERARCHY, borland=HIERARCHY)
    plain = canal_with_deal(beliefs, aria={"level": 1}, borland={"level": 1})
    ours, theirs = _solved(hierarchy, **both), _solved(plain)
    for name in ("kept", "on_paper", "as_kept"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), **TOL)
    assert np.abs(ours.kept - _solved(hierarchy, **dict.fromkeys(both, 2.0)).kept).max() > 1e-4


def test_who_is_thought_to_be_in_a_hierarchy_is_answered_as_if_it_were():
    """Aria takes Borland to be at level 2 of one; Borland in fact thinks one step ahead."""
    believed = canal_with_deal(
        {"aria": {"reasoning": {"borland": HIERARCHY}}}, borland={"level": 1}
    )
    actual = canal_with_deal({}, borland=HIERARCHY)
    ours = _solved(believed, **{"aria.borland.level": 2.0})
    theirs = _solved(actual, **{"borland.level": 2.0})
    np.testing.assert_allclose(ours.kept[:, 0], theirs.kept[:, 0], **TOL)
    assert np.abs(ours.kept[:, 1] - theirs.kept[:, 1]).max() > 1e-4
