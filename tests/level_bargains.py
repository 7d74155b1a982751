"""Deals among players who think some levels ahead: random ones, with their oracle, and one in a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from backchannel.diagram.beliefs import Observation
from backchannel.diagram.deals import Amount, Commitment, Deal, Together
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.diagram.reasoning import Reasoning, Thinking
from backchannel.ensemble.ensemble import Ensemble, build_ensemble
from backchannel.language.expressions import constant, parse, table
from backchannel.questions.deals.ask import solve_deal
from tests.helpers import CANAL, TOL, day
from tests.oracles.level_deals import LevelBargain, Step, Turn

PRECISION = {"ann": 1.7, "bob": 0.9, "cat": 2.3}
PENALTY, REWARD = {"ann": 0.3, "bob": 0.6}, {"bob": 0.2}
NAMES = ("n0", "n1", "n2", "n3", "n4")


@dataclass(frozen=True)
class RandomDeal:
    """A deal for the package, with one draw for each pair of types, and for the oracle."""

    ensemble: Ensemble
    deal: Deal
    plain: list[LevelBargain]
    seen: int | None
    """Ann's first action, if that is on record."""


def _turns(rng: np.random.Generator, players: int, *, hidden: bool, together: bool) -> list[Turn]:
    """Chance, Ann, Bob, Ann, and one of them again or Cat; where it is hidden, only Ann knows what chance did."""
    last = "cat" if players == 3 else str(rng.choice(["ann", "bob"]))
    sizes = [2, *rng.integers(2, 4, size=3).tolist(), 2]
    unseen = {"ann": set(), "bob": {0} if hidden else set(), "cat": {0} if hidden else set()}
    turns = [Turn(sizes[0], odds=rng.dirichlet(np.ones(sizes[0])))]
    for i, player in enumerate(("ann", "bob", "ann", last), start=1):
        sees = set(range(i)) - unseen[player] - ({2} if together and i == 3 else set())
        turns.append(Turn(sizes[i], tuple(sorted(sees)), player))
    return turns


def _steps(
    rng: np.random.Generator, turns: list[Turn], since: int, together: str | None
) -> list[Step]:
    """Two promises, one after the other; or two that are kept together, and then the last one."""
    if together:
        alone = Step({4: int(rng.integers(turns[4].size))})
        return [Step({t: int(rng.integers(turns[t].size)) for t in (2, 3)}, together), alone]
    promised = sorted(rng.permutation(range(max(since, 1), 5))[:2].tolist())
    return [Step({t: int(rng.integers(turns[t].size))}) for t in promised]


def random_deal(
    seed: int,
    types: Sequence[tuple[int, ...]],
    *,
    hidden: bool = False,
    means: Mapping[str, Sequence[float]] | None = None,
    together: Together | None = None,
    since: int = 0,
    seen: int | None = None,
) -> RandomDeal:
    """Make a deal from random numbers.

    Args:
        seed: Of the random numbers.
        types: Ann's, Bob's and perhaps Cat's levels by draw; −1 is equilibrium.
        hidden: Whether only Ann knows what chance did first.
        means: By player the mean of its hierarchy in each draw.
        together: How the first two promises are kept at the same time, if they are.
        since: The first turn on the day of the deal or later.
        seen: Ann's first action, if that is on record.
    """
    rng = np.random.default_rng(seed)
    precision = dict(list(PRECISION.items())[: len(types[0])])
    turns = _turns(rng, len(precision), hidden=hidden, together=together is not None)
    steps = _steps(rng, turns, since, together)
    worth = {player: rng.normal(size=tuple(turn.size for turn in turns)) for player in precision}
    means = means or {}
    plain = [
        LevelBargain(
            turns, worth, precision, steps, PENALTY, REWARD,
            types=dict(zip(precision, levels, strict=True)),
            means={player: own[draw] for player, own in means.items()},
            since=since,
        )
        for draw, levels in enumerate(types)
    ]  # fmt: skip
    numbers = {f"{p}.precision": np.full(len(types), value) for p, value in precision.items()}
    for i, player in enumerate(precision):
        numbers[f"{player}.level"] = np.array([float(levels[i]) for levels in types])
    numbers |= {f"{player}.hierarchy": np.array(own) for player, own in means.items()}
    diagram = _diagram(turns, worth, means, together is not None)
    record = [] if seen is None else [Observation("n1", f"v{seen}", day(1))]
    return RandomDeal(
        build_ensemble(diagram, (), numbers, record), _deal(diagram, steps, since), plain, seen
    )


def _diagram(
    turns: list[Turn], worth: Mapping[str, np.ndarray], hierarchies: Any, together: bool
) -> Diagram:
    domains = [tuple(f"v{k}" for k in range(turn.size)) for turn in turns]
    odds = turns[0].odds
    assert odds is not None
    chances: dict[Any, Any] = {value: parse(float(odds[k])) for k, value in enumerate(domains[0])}
    nodes: list[Any] = [Chance("n0", domains[0], chances, True, date=day(0))]
    for i in range(1, 5):
        on = day(2 if together and i == 3 else i)
        sees = tuple(NAMES[j] for j in turns[i].sees)
        nodes.append(Decision(NAMES[i], domains[i], str(turns[i].player), on, sees))
    interests = tuple(
        Interest(f"w_{player}", player, table(NAMES, {
            tuple(domains[j][h] for j, h in enumerate(history)): parse(float(cells[history]))
            for history in np.ndindex(*cells.shape)
        }))
        for player, cells in worth.items()
    )  # fmt: skip
    thinking = Thinking(
        {p: Reasoning(f"{p}.level", 3, f"{p}.hierarchy" if p in hierarchies else "") for p in worth}
    )
    return Diagram(tuple(worth), tuple(nodes), interests, thinking=thinking)


def _deal(diagram: Diagram, steps: list[Step], since: int) -> Deal:
    commitments = []
    for s, step in enumerate(steps):
        for turn, action in step.promises.items():
            node = diagram.node[NAMES[turn]]
            assert isinstance(node, Decision)
            commitments.append(Commitment(node.name, node.player, (node.domain[action],), s))
    last = len(steps) - 1
    return Deal(
        "random",
        diagram.players,
        tuple(commitments),
        (
            Amount("of ann", (constant(PENALTY["ann"]),), {"ann": -1.0}, None, ("ann",)),
            Amount("of bob", (constant(PENALTY["bob"]),), {"bob": -1.0}, None, ("bob",)),
            Amount("to bob", (constant(REWARD["bob"]),), {"bob": 1.0}, last),
        ),
        day(since),
        together={s: step.together for s, step in enumerate(steps) if step.together},  # type: ignore[misc]
    )


def assert_same_deal(random: RandomDeal) -> None:
    """Everyone's gain on paper and as kept, and the chance of each promise, agree in every draw."""
    solved = solve_deal(random.ensemble, random.deal).solved
    assert solved.converged.all()
    for draw, game in enumerate(random.plain):
        nothing = game.expected("broken", random.seen)
        for regime, gains in (("on paper", solved.on_paper), ("in force", solved.as_kept)):
            with_deal = game.expected(regime, random.seen)
            for j, player in enumerate(solved.players):
                gain = with_deal[player] - nothing[player]
                assert gains[0, draw, j] == pytest.approx(gain, abs=1e-9), (regime, game.types)
        np.testing.assert_allclose(solved.kept[0, :, draw], game.kept(random.seen), **TOL)


def canal_with_deal(beliefs: dict[str, Any], **reasoning: Any) -> dict[str, Any]:
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
