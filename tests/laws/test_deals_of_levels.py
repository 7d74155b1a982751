"""Deals among players who think some levels ahead: an enumeration with explicit types, and the belief machinery."""

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

EVEN_ARIA = {
    "demand": {"odds": {10: 1, 30: 1, 50: 1}},
    "parley": {"odds": {"talk": 1, "wait": 1}},
}
EVEN_BORLAND = {"reply": {"odds": {"pay": 1, "fight": 1}}}
"""Chances that take a decision's place in a belief: all actions alike."""
LEVELS = [(0, 1), (1, 1), (1, 2), (2, 3), (3, 0), (3, 3)]
"""Ann's and Bob's levels."""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("hidden", [False, True])
def test_random_deals_of_levels_agree_with_the_oracle(seed, hidden):
    """Gains and the chance of each promise, also where a promise shows what its maker knows."""
    assert_same_deal(random_deal(seed, LEVELS, hidden=hidden))


@pytest.mark.parametrize("seed", quick_but(range(3), range(4)))
def test_who_is_at_equilibrium_answers_what_levels_in_fact_do_with_a_deal(seed):
    """In each draw another of the two is at equilibrium, and knows the other's level."""
    types = [(AT_EQUILIBRIUM, 1), (2, AT_EQUILIBRIUM), (AT_EQUILIBRIUM, 0), (1, 2)]
    assert_same_deal(random_deal(seed, types))


def _solved(beliefs: dict[str, Any], **reasoning: Any):
    found = Study.load(canal_with_deal(beliefs, **reasoning), draws=16).deals("toll").solved
    assert found.converged.all()
    return found


P_HIGH = {"p_high": 0.97}


@pytest.mark.parametrize(
    ("level", "wrong", "beliefs"),
    [
        (1, {}, {"aria": {"nodes": EVEN_BORLAND}, "borland": {"nodes": EVEN_ARIA}}),
        (
            2,
            {},
            {
                "aria": {"about": {"borland": {"nodes": EVEN_ARIA}}},
                "borland": {"about": {"aria": {"nodes": EVEN_BORLAND}}},
            },
        ),
        (
            2,
            {"aria": {"parameters": P_HIGH}},
            {
                "aria": {
                    "parameters": P_HIGH,
                    "about": {"borland": {"nodes": EVEN_ARIA, "parameters": P_HIGH}},
                },
                "borland": {"about": {"aria": {"nodes": EVEN_BORLAND, "parameters": P_HIGH}}},
            },
        ),
    ],
)
def test_a_level_in_a_deal_is_who_believes_so_of_the_others(level, wrong, beliefs):
    """Another road to the same: nested beliefs in which the others' moves are chance at the bottom."""
    levels = _solved(wrong, aria={"level": level}, borland={"level": level})
    believed = _solved(beliefs)
    for name in ("kept", "on_paper", "as_kept"):
        np.testing.assert_allclose(getattr(levels, name), getattr(believed, name), **TOL)
    assert np.abs(levels.kept - _solved(wrong).kept).max() > 1e-4


def test_each_draw_of_a_mixture_is_the_deal_among_its_types():
    """Borland is at equilibrium in some draws and at level 2 in others; Aria is at level 1."""
    mixture = {"mixture": {"equilibrium": 0.5, "level 2": 0.5}}
    study = Study.load(canal_with_deal({}, aria={"level": 1}, borland=mixture), draws=16)
    ensemble, deal = study.ensemble, study.lowered.deals["toll"]
    found = solve_deal(ensemble, deal).solved
    level = ensemble.numbers["borland.level"]
    for kind in (-1.0, 2.0):
        numbers = {**ensemble.numbers, "borland.level": np.full(16, kind)}
        alone = solve_deal(build_ensemble(ensemble.diagram, (), numbers), deal).solved
        here = level == kind
        assert here.any()
        np.testing.assert_allclose(found.kept[:, :, here], alone.kept[:, :, here], **TOL)
        np.testing.assert_allclose(found.as_kept[:, here], alone.as_kept[:, here], **TOL)


def test_precision_by_complexity_counts_in_a_deal():
    """Borland decides once, in 3 × 2 contexts; so its precision there is 2 √6. The draws fill more than a chunk."""
    kept = []
    for precision in ({"linear": {"base": 2, "contexts": 0.5}}, 2 * 6**0.5):
        case = canal_with_deal({}, aria={"level": 2})
        case["players"]["borland"]["precision"] = precision
        kept.append(Study.load(case, draws=70).deals("toll").solved.kept)
    np.testing.assert_allclose(*kept, **TOL)
