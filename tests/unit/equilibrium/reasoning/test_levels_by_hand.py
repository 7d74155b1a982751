"""Levels of reasoning in games whose answers can be worked out by hand."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.diagram.reasoning import Thinking
from backchannel.equilibrium.reasoning.ladders import lowest_rule
from backchannel.equilibrium.reasoning.rules import LadderStart, hierarchy_rules, level_rules
from backchannel.language.expressions import parse
from backchannel.tensors.compile_game import compile_game
from tests.helpers import day, pursuit_game

PEOPLE = ("ann", "bob", "cat")
INFINITE = {f"{player}.precision": np.array([np.inf]) for player in PEOPLE}


def _guesses(players, step: int) -> Diagram:
    """A beauty contest: who guesses nearest to two thirds of the mean of the others' guesses?"""
    domain = tuple(range(0, 101, step))
    interests = []
    for player in players:
        others = [f"{other}_says" for other in players if other != player]
        target = f"2 / 3 * ({' + '.join(others)}) / {len(others)}"
        interests.append(
            Interest(f"of_{player}", player, parse(f"-({player}_says - {target}) ** 2"))
        )
    nodes = tuple(Decision(f"{p}_says", domain, p, day(i)) for i, p in enumerate(players))
    return Diagram(tuple(players), nodes, tuple(interests))


@pytest.mark.parametrize(
    ("players", "step", "guesses"),
    [(("ann", "bob"), 1, [33, 22, 15, 10]), (PEOPLE, 5, [35, 25, 15, 10])],
)
def test_a_beauty_contest_goes_down_by_two_thirds_a_level(players, step, guesses):
    """50 · (2/3)^k, to the nearest number that can be said (Nagel 1995): the mean of level 0 is 50."""
    game = compile_game(_guesses(players, step), INFINITE)
    found = level_rules(game, len(guesses)).rules
    for name, rules in found.items():
        domain = game.diagram.domains[name]
        said = [domain[int(np.argmax(rules[k, 0]))] for k in range(1, len(guesses) + 1)]
        assert said == guesses
        assert rules[1:, 0].max(axis=1).min() == 1.0


def _requests(level_0: dict[str, Chance] | None = None) -> Diagram:
    domain = tuple(range(11, 21))
    worth = "{own} + 20 * ({own} == {other} - 1)"
    return Diagram(
        ("ann", "bob"),
        tuple(Decision(f"{p}_asks", domain, p, day(i)) for i, p in enumerate(("ann", "bob"))),
        (
            Interest("a", "ann", parse(worth.format(own="ann_asks", other="bob_asks"))),
            Interest("b", "bob", parse(worth.format(own="bob_asks", other="ann_asks"))),
        ),
        Thinking(level_0=level_0 or {}),
    )


@pytest.mark.parametrize("is_naive", [True, False])
def test_in_the_money_request_game_each_level_asks_for_one_less(is_naive):
    """Level 0 asks for 20, or for anything: level k asks for 20 - k (Arad & Rubinstein 2012, section I)."""
    naive = {
        f"{p}_asks": Chance(
            f"{p}_asks", tuple(range(11, 21)), {v: parse(float(v == 20)) for v in range(11, 21)}
        )
        for p in ("ann", "bob")
    }
    game = compile_game(_requests(naive if is_naive else None), INFINITE)
    given = LadderStart({name: lowest_rule(game, name) for name in game.level_0})
    assert bool(given.level_0) == is_naive
    found = level_rules(game, 3, given).rules
    for rules in found.values():
        assert [11 + int(np.argmax(rules[k, 0])) for k in (1, 2, 3)] == [19, 18, 17]


def _logit(stake: float) -> float:
    return 1 / (1 + exp(-stake))


def test_level_1_and_2_of_a_signalling_game():
    """p = 0.4; the runner has 0.7 at stake at λ = 3 if the state is high, the chaser 1 at λ = 2."""
    game = pursuit_game()
    found = level_rules(game, 2).rules
    # Level 1: the chaser learns nothing from a move that level 0 makes by chance.
    assert found["guess"][1, 0, :, 0] == pytest.approx([_logit(2 * (0.4 - 0.6))] * 2, abs=1e-12)
    # The runner takes guesses for chance, so only its taste for the left counts, in the high state.
    left = _logit(3 * 0.7)
    assert found["move"][1, 0, :, 0] == pytest.approx([left, 0.5], abs=1e-12)
    # Level 2: the chaser takes a move to the left for a sign of the high state.
    high_if_left = 0.4 * left / (0.4 * left + 0.6 * 0.5)
    high_if_right = 0.4 * (1 - left) / (0.4 * (1 - left) + 0.6 * 0.5)
    expected = [_logit(2 * (2 * high - 1)) for high in (high_if_left, high_if_right)]
    assert found["guess"][2, 0, :, 0] == pytest.approx(expected, abs=1e-12)
    # The runner faces a level-1 chaser, whose guess does not depend on the move.
    assert found["move"][2, 0, :, 0] == pytest.approx([left, 0.5], abs=1e-12)


def test_level_2_of_a_hierarchy_faces_a_mixture_of_levels_0_and_1():
    """With mean 1.5 the shares of levels 0 and 1 are 1 and 1.5 over 2.5."""
    found = hierarchy_rules(pursuit_game(), np.array([1.5]), 2).rules
    left = (1.0 * 0.5 + 1.5 * _logit(3 * 0.7)) / 2.5
    high_if_left = 0.4 * left / (0.4 * left + 0.6 * 0.5)
    high_if_right = 0.4 * (1 - left) / (0.4 * (1 - left) + 0.6 * 0.5)
    expected = [_logit(2 * (2 * high - 1)) for high in (high_if_left, high_if_right)]
    assert found["guess"][2, 0, :, 0] == pytest.approx(expected, abs=1e-12)


def test_what_another_did_before_is_evidence_of_its_level():
    """Who faces a mover with two moves learns the mover's level from the first.

    The mover prefers `b` twice, by 1 at λ = 2. The watcher of level 2 sees the first move and bets on the
    second: level 0 makes each move by chance, level 1 makes `b` with probability 1 / (1 + e^-2).
    """
    diagram = Diagram(
        ("mover", "watcher"),
        (
            Decision("first", ("a", "b"), "mover", day(1)),
            Decision("second", ("a", "b"), "mover", day(2), sees=("first",)),
            Decision("bet", ("a", "b"), "watcher", day(3), sees=("first",)),
        ),
        (
            Interest("taste", "mover", parse("(first == 'b') + (second == 'b')")),
            Interest("win", "watcher", parse("bet == second")),
        ),
    )
    numbers = {"mover.precision": np.array([2.0]), "watcher.precision": np.array([3.0])}
    game = compile_game(diagram, numbers)
    found = hierarchy_rules(game, np.array([0.5]), 2).rules
    sharp = _logit(2.0)
    for i, seen in enumerate((1 - sharp, sharp)):
        # P(level 1 | the first move), with shares 1 and 0.5 of levels 0 and 1.
        level_1 = 0.5 * seen / (0.5 * seen + 1.0 * 0.5)
        second_b = level_1 * sharp + (1 - level_1) * 0.5
        assert found["bet"][2, 0, i, 1] == pytest.approx(_logit(3 * (2 * second_b - 1)), abs=1e-12)
