"""The likelihood's gradient through the equilibrium, against finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.estimation.likelihood import Likelihood
from backchannel.language.expressions import parse
from backchannel.language.names import NOT_APPLICABLE
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game
from tests.helpers import day, pursuit_game

STEP = 1e-5
CHANCE = np.random.default_rng(3)


def differences(likelihood: Likelihood, numbers: np.ndarray) -> np.ndarray:
    """Central differences of each row's log likelihood."""
    found = np.zeros_like(numbers)
    for i in range(numbers.shape[1]):
        move = np.zeros(numbers.shape[1])
        move[i] = STEP
        ends = [likelihood(numbers + move).log, likelihood(numbers - move).log]
        found[:, i] = (ends[0] - ends[1]) / (2 * STEP)
    return found


def offer_game() -> Game:
    """One asks for a number or leaves; then the number is n/a, and the other does not answer."""
    diagram = Diagram(
        players=("one", "two"),
        nodes=(
            Decision("stay", ("in", "out"), "one", day(1)),
            Decision(
                "ask",
                (1, 2, NOT_APPLICABLE),
                "one",
                day(2),
                sees=("stay",),
                when=parse("stay == 'in'"),
            ),
            Decision("reply", ("yes", "no"), "two", day(3), sees=("stay", "ask")),
            Chance(
                "noise",
                ("loud", "quiet"),
                {
                    "loud": parse("1 / (1 + exp(-k * ask)) if stay == 'in' else q"),
                    "quiet": parse("1 - (1 / (1 + exp(-k * ask)) if stay == 'in' else q)"),
                },
            ),
        ),
        interests=(
            Interest("gain", "one", parse("b * ask * (reply == 'yes') if stay == 'in' else c")),
            Interest("pay", "two", parse("(-d * ask if stay == 'in' else 0) * (reply == 'yes')")),
        ),
    )
    numbers = {
        "b": 0.6,
        "c": 0.3,
        "d": 0.4,
        "k": 0.5,
        "q": 0.3,
        "one.precision": 2.0,
        "two.precision": 1.5,
    }
    return compile_game(diagram, {name: np.array([value]) for name, value in numbers.items()})


def seen(game: Game, rows: list[dict[str, object]]) -> dict[str, np.ndarray]:
    """Evidence, row by row; a node that is not given was not seen."""
    found = {}
    for node in {name for row in rows for name in row}:
        domain = list(game.diagram.domains[node])
        found[node] = np.array(
            [
                np.eye(len(domain))[domain.index(row[node])]
                if node in row
                else np.ones(len(domain))
                for row in rows
            ]
        )
    return found


@pytest.mark.slow
def test_gradients_pass_through_backward_induction_and_numbers_that_are_not_there():
    """Where a node is n/a its number is nan, which must not reach a slope: neither in a worth, nor
    in an odd, nor in the branch of an `if` that is not taken."""
    game = offer_game()
    rows = [
        {"stay": "in", "ask": 1, "reply": "yes"},
        {"stay": "in", "ask": 2, "reply": "no", "noise": "loud"},
        {"stay": "out", "noise": "quiet"},
        {"reply": "yes"},
    ]
    free = ("b", "c", "d", "k", "q", "one.precision", "two.precision")
    likelihood = Likelihood(game, free, seen(game, rows))
    assert not likelihood.joint
    numbers = np.array([[0.6, 0.3, 0.4, 0.5, 0.3, 2.0, 1.5]]) * CHANCE.uniform(0.8, 1.2, (4, 7))
    slope = likelihood(numbers).slope
    assert np.isfinite(slope).all()
    assert np.abs(slope).max(axis=0).min() > 1e-4
    np.testing.assert_allclose(slope, differences(likelihood, numbers), rtol=0, atol=1e-6)


def test_gradients_pass_through_a_fixed_point():
    """In a signalling game the two rules need each other, so the implicit function theorem enters."""
    game = pursuit_game()
    rows = [
        {"state": "high", "move": "left", "guess": "low"},
        {"move": "right", "guess": "low"},
        {"guess": "high"},
    ]
    free = ("p", "a", "b", "c", "d", "runner.precision", "chaser.precision")
    likelihood = Likelihood(game, free, seen(game, rows))
    assert set(likelihood.joint) == {"move", "guess"}
    numbers = np.array([[0.4, 0.7, 0.5, 1.0, 0.2, 3.0, 2.0]]) * CHANCE.uniform(0.8, 1.2, (3, 7))
    found = likelihood(numbers)
    assert found.settled.all()
    np.testing.assert_allclose(found.slope, differences(likelihood, numbers), rtol=0, atol=1e-6)


def test_what_was_not_seen_is_summed_out():
    """The chances of all values of a node, the others not seen, sum to 1."""
    game = pursuit_game()
    rows = [{"guess": "high"}, {"guess": "low"}]
    likelihood = Likelihood(game, ("p",), seen(game, rows))
    assert np.exp(likelihood(np.full((2, 1), 0.4)).log).sum() == pytest.approx(1, abs=1e-12)
