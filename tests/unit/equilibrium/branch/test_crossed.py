"""Crossings are named: where the principal branch of a symmetric game is crossed by others."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.equilibrium.branch.crossed import crossed_on_the_way
from backchannel.equilibrium.solve import solve
from backchannel.equilibrium.types import Task
from backchannel.language.expressions import parse
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game
from tests.crisis import crisis_game, random_crisis
from tests.fooling import FOLDS, meeting, random_tables, simultaneous
from tests.helpers import day


def _crossed(game: Game) -> list[bool]:
    found = solve(Task(game))
    assert found.converged.all()
    return crossed_on_the_way(Task(game), found).tolist()


def talk(precisions: np.ndarray) -> Game:
    """Words that cost nothing: one sees a coin and says a word, the other guesses the coin."""
    diagram = Diagram(
        ("sender", "receiver"),
        (
            Chance("coin", ("heads", "tails"), {"heads": parse("0.5"), "tails": parse("0.5")}),
            Decision("word", ("red", "blue"), "sender", day(1), sees=("coin",)),
            Decision("guess", ("heads", "tails"), "receiver", day(2), sees=("word",)),
        ),
        (
            Interest("shared", "sender", parse("1 * (guess == coin)")),
            Interest("right", "receiver", parse("1 * (guess == coin)")),
        ),
    )
    return compile_game(diagram, {f"{p}.precision": precisions for p in diagram.players})


def test_two_who_would_like_to_meet_cross_at_their_precision():
    """λ² p² (1 - p)² 16 = 1 there, with p the symmetric play: λ = 1.07."""
    assert _crossed(meeting(np.array([0.6, 1.0, 1.2, 2.5, 4.0]))) == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_words_that_mean_nothing_are_crossed_where_they_might_mean_something():
    """Slopes of both answers to each other, λ/2 each: their product is 1 at λ = 2. On the principal branch
    all words are played alike, so that the path follower does not see the crossing."""
    assert _crossed(talk(np.array([1.0, 1.9, 2.1, 4.0]))) == [False, False, True, True]


@pytest.mark.parametrize(
    ("n", "below", "above"),
    [(2, 1.9, 2.1), *(pytest.param(n, n - 0.1, n + 0.1, marks=pytest.mark.slow) for n in (3, 4))],
)
def test_several_branches_may_cross_at_once(n, below, above):
    """Meeting at one of n equal places: each answers with slope λ/n, so that all meet at λ = n."""
    for precision, expected in ((below, False), (above, True)):
        assert _crossed(simultaneous(np.eye(n), np.eye(n), precision)) == [expected]


def avoiding(n: int, precisions: np.ndarray) -> Game:
    """Equals who each get 1 for every other who goes elsewhere."""
    names = [f"p{i}" for i in range(n)]
    diagram = Diagram(
        tuple(names),
        tuple(Decision(f"go_{p}", ("x", "y"), p, day(i + 1)) for i, p in enumerate(names)),
        tuple(
            Interest(f"w_{p}", p, parse(" + ".join(f"(go_{p} != go_{q})" for q in names if q != p)))
            for p in names
        ),
    )
    return compile_game(diagram, {f"{p}.precision": precisions for p in names})


@pytest.mark.slow
@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_an_even_number_of_eigenvalues_may_cross_at_once(n):
    """At 1/2 each answers each other with slope -λ/2: ∂F/∂x = 1 + (λ/2)(ones - 1), whose eigenvalues are
    1 + (n - 1) λ/2, and n - 1 times 1 - λ/2. All of these cross at λ = 2; for odd n the determinant's sign stays."""
    assert _crossed(avoiding(n, np.array([1.0, 1.9, 2.1, 4.0, 8.0]))) == [False] * 2 + [True] * 3


def test_two_crossings_that_the_way_does_not_show_are_named():
    """Two conversations of which nobody hears the other: at stakes of 1 they cross at λ = 2, at stakes of 1.5 at
    λ = 4/3. Beyond both the determinant is positive, and the two eigenvalues differ."""
    nodes, interests = [], []
    for i, stake in enumerate((1.0, 1.5)):
        half = {"heads": parse("0.5"), "tails": parse("0.5")}
        nodes += [
            Chance(f"coin{i}", ("heads", "tails"), half),
            Decision(f"word{i}", ("red", "blue"), "sender", day(1 + 2 * i), sees=(f"coin{i}",)),
            Decision(
                f"guess{i}", ("heads", "tails"), "receiver", day(2 + 2 * i), sees=(f"word{i}",)
            ),
        ]
        worth = f"{stake} * (guess{i} == coin{i})"
        interests += [Interest(f"s{i}", "sender", parse(worth))]
        interests += [Interest(f"r{i}", "receiver", parse(worth))]
    diagram = Diagram(("sender", "receiver"), tuple(nodes), tuple(interests))
    precisions = np.array([1.2, 1.6, 2.4, 4.0])
    game = compile_game(diagram, {f"{p}.precision": precisions for p in diagram.players})
    assert _crossed(game) == [False, True, True, True]


@pytest.mark.slow
def test_games_without_symmetry_are_not_crossed():
    """Whether their branches fold or not."""
    assert _crossed(simultaneous(*FOLDS, 20.0)) == [False]
    first, second = random_tables(40, 3, 2)
    assert not any(_crossed(simultaneous(first, second, 8.0)))
    rng = np.random.default_rng(0)
    assert not any(_crossed(crisis_game([random_crisis(8, rng) for _ in range(8)])))
