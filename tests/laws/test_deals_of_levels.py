"""Deals among players who think some levels ahead: an enumeration with explicit types, and the belief machinery."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from backchannel import Study
from backchannel.diagram.deals import Amount, Commitment, Deal
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.diagram.reasoning import Reasoning, Thinking
from backchannel.ensemble.ensemble import build_ensemble
from backchannel.language.expressions import constant, parse, table
from backchannel.questions.deals.ask import solve_deal
from tests.helpers import CANAL, TOL, day
from tests.oracles.level_deals import AT_EQUILIBRIUM, LevelBargain, Turn

NAMES = ("n0", "n1", "n2", "n3")
PRECISION = {"ann": 1.7, "bob": 0.9}
EVEN_ARIA = {
    "demand": {"odds": {10: 1, 30: 1, 50: 1}},
    "parley": {"odds": {"talk": 1, "wait": 1}},
}
EVEN_BORLAND = {"reply": {"odds": {"pay": 1, "fight": 1}}}
"""Chances that take a decision's place in a belief: all actions alike."""
PENALTY, REWARD = {"ann": 0.3, "bob": 0.6}, {"bob": 0.2}
LEVELS = [(0, 1), (1, 1), (1, 2), (2, 3), (3, 0), (3, 3)]
"""Ann's and Bob's levels."""


def _shape(seed: int, *, hidden: bool) -> tuple[list[str | None], list[tuple[int, ...]]]:
    """Who decides, and what they see; where it is hidden, Bob does not know what chance did first."""
    owners: list[str | None] = [None, "ann", "bob", "ann" if seed % 2 else "bob"]
    sees = [(), (0,), (1,) if hidden else (0, 1), (0, 1, 2)]
    if hidden and owners[3] == "bob":
        sees[3] = (1, 2)
    return owners, sees


def _game(seed: int, *, hidden: bool, types: list[tuple[int, int]]):
    """The same game for the package, with one draw for each pair of types, and for the oracle."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 4, size=4).tolist()
    domains = [tuple(f"v{k}" for k in range(size)) for size in sizes]
    owners, sees = _shape(seed, hidden=hidden)
    odds = rng.dirichlet(np.ones(sizes[0]))
    nodes: list[Any] = [
        Chance("n0", domains[0], {w: parse(float(odds[k])) for k, w in enumerate(domains[0])}, True,
               date=day(1))
    ]  # fmt: skip
    nodes += [
        Decision(NAMES[i], domains[i], str(owners[i]), day(i + 1), tuple(NAMES[j] for j in sees[i]))
        for i in (1, 2, 3)
    ]
    worth = {player: rng.normal(size=tuple(sizes)) for player in PRECISION}
    interests = tuple(
        Interest(f"w_{player}", player, table(NAMES, {
            tuple(domains[j][h] for j, h in enumerate(history)): parse(float(cells[history]))
            for history in np.ndindex(*sizes)
        }))
        for player, cells in worth.items()
    )  # fmt: skip
    thinking = Thinking({player: Reasoning(f"{player}.level", 3) for player in PRECISION})
    diagram = Diagram(("ann", "bob"), tuple(nodes), interests, thinking=thinking)
    numbers = {f"{p}.precision": np.full(len(types), value) for p, value in PRECISION.items()}
    for i, player in enumerate(PRECISION):
        numbers[f"{player}.level"] = np.array([float(pair[i]) for pair in types])
    promised = {i: int(rng.integers(sizes[i])) for i in sorted(rng.permutation([1, 2, 3])[:2])}
    deal = Deal(
        "random",
        ("ann", "bob"),
        tuple(
            Commitment(NAMES[i], str(owners[i]), (domains[i][a],), step)
            for step, (i, a) in enumerate(promised.items())
        ),
        (
            Amount("of ann", (constant(PENALTY["ann"]),), {"ann": -1.0}, None, ("ann",)),
            Amount("of bob", (constant(PENALTY["bob"]),), {"bob": -1.0}, None, ("bob",)),
            Amount("to bob", (constant(REWARD["bob"]),), {"bob": 1.0}, 1),
        ),
        day(0),
    )
    turns = [Turn(sizes[0], odds=odds)]
    turns += [Turn(sizes[i], sees[i], owners[i]) for i in (1, 2, 3)]
    plain = [
        LevelBargain(turns, worth, PRECISION, promised, PENALTY, REWARD, dict(zip(PRECISION, pair, strict=True)))
        for pair in types
    ]  # fmt: skip
    return build_ensemble(diagram, (), numbers), deal, plain


def _assert_same(ensemble, deal, plain) -> None:
    solved = solve_deal(ensemble, deal).solved
    assert solved.converged.all()
    for draw, game in enumerate(plain):
        nothing = game.value((), "broken", None)
        for regime, gains in (("on paper", solved.on_paper), ("in force", solved.as_kept)):
            with_deal = game.value((), regime, None)
            for j, player in enumerate(solved.players):
                expected = with_deal[player] - nothing[player]
                assert gains[0, draw, j] == pytest.approx(expected, abs=1e-9), (regime, game.types)
        np.testing.assert_allclose(solved.kept[0, :, draw], game.kept(), **TOL)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("hidden", [False, True])
def test_random_deals_of_levels_agree_with_the_oracle(seed, hidden):
    """Gains and the chance of each promise, also where a promise shows what its maker knows."""
    _assert_same(*_game(seed, hidden=hidden, types=LEVELS))


@pytest.mark.parametrize("seed", range(4))
def test_who_is_at_equilibrium_answers_what_levels_in_fact_do_with_a_deal(seed):
    """In each draw another of the two is at equilibrium, and knows the other's level."""
    types = [(AT_EQUILIBRIUM, 1), (2, AT_EQUILIBRIUM), (AT_EQUILIBRIUM, 0), (1, 2)]
    _assert_same(*_game(seed, hidden=False, types=types))


def _case(beliefs: dict[str, Any], **reasoning: Any) -> dict[str, Any]:
    """The canal with a deal: the low toll, paid whatever Borland's secret resolve is, and talks if not."""
    case = YAML(typ="safe", pure=True).load(CANAL.read_text())
    for player, way in reasoning.items():
        case["players"][player]["reasoning"] = way
    steps = [{"do": {"demand": 10}}, {"do": {"reply": "pay"}}, {"do": {"parley": "talk"}}]
    toll = {"parties": ["aria", "borland"], "steps": steps, "breach": {"aria": 0.1, "borland": 0.2}}
    empty = {"causes": {}, "questions": {}, "claims": [], "record": []}
    return {
        **case,
        **empty,
        "beliefs": beliefs,
        "deals": {"toll": {**toll, "at": "2031-03-01", "why": {"judgement": "made up"}}},
    }


def _solved(beliefs: dict[str, Any], **reasoning: Any):
    found = Study.load(_case(beliefs, **reasoning), draws=16).deals("toll").solved
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
    study = Study.load(_case({}, aria={"level": 1}, borland=mixture), draws=16)
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


def test_a_hierarchy_in_a_case_with_a_deal_is_refused_with_the_reason():
    """A kept promise shows something of the level of its maker."""
    with pytest.raises(
        Exception, match=r"deals\.toll: in a hierarchy a promise that is kept shows"
    ):
        Study.load(_case({}, borland={"hierarchy": 1.5}))
    believed = {"aria": {"reasoning": {"borland": {"hierarchy": 1.5}}}}
    with pytest.raises(Exception, match="by which borland would learn"):
        Study.load(_case(believed))
