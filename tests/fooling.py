"""Games that fool a sweep: it settles, and not on the principal branch."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision, Interest
from backchannel.language.expressions import parse, table
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game
from tests.helpers import day

LOCKED_IN = {"a": 1.0, "b": 1.35, "mild": 0.4}
"""Early on the third is a coin toss, and the two agree on A; when it leans to b, B is worth more,
but nobody leaves A alone."""


def two_ahead_of_a_third(precision: float | np.ndarray = 8.0, **worths: float) -> Game:
    """Two who coordinate, on A or on B, ahead of a third's move that decides what B is worth.

    The third's rule needs nobody's, so it could be solved first; then the two, who at the third's
    final rule prefer B, agree on B. On the joint path they agree on A before the third has made
    up its mind.
    """
    diagram = Diagram(
        players=("one", "two", "third"),
        nodes=(
            Decision("first", ("A", "B"), "one", day(1)),
            Decision("second", ("A", "B"), "two", day(2)),
            Decision("reply", ("a", "b"), "third", day(3), sees=("first", "second")),
        ),
        interests=(
            *(
                Interest(
                    f"accord_{player}",
                    player,
                    parse(
                        "a * (first == 'A') * (second == 'A')"
                        " + b * (first == 'B') * (second == 'B') * (reply == 'b')"
                    ),
                )
                for player in ("one", "two")
            ),
            Interest("leaning", "third", parse("mild * (reply == 'b')")),
        ),
    )
    numbers = {**LOCKED_IN, **worths}
    return compile_game(diagram, _batch(numbers, diagram.players, precision))


def simultaneous(rows: np.ndarray, columns: np.ndarray, precision: float) -> Game:
    """Games in a table: both move at once, and each gets what its table says.

    Args:
        rows: What the row player gets; axes: draw, row, column (the draw may be left out).
        columns: What the column player gets.
        precision: λ of both.
    """
    worths = {"row": _stacked(rows), "column": _stacked(columns)}
    n, high, wide = worths["row"].shape
    domains = {"r": _names("r", high), "c": _names("c", wide)}
    cells = [(i, j) for i in range(high) for j in range(wide)]
    diagram = Diagram(
        players=("row", "column"),
        nodes=(
            Decision("r", domains["r"], "row", day(1)),
            Decision("c", domains["c"], "column", day(2)),
        ),
        interests=tuple(
            Interest(
                f"worth_{player}",
                player,
                table(
                    ("r", "c"),
                    {(f"r{i}", f"c{j}"): parse(f"{player}_{i}_{j}") for i, j in cells},
                ),
            )
            for player in worths
        ),
    )
    numbers = {
        f"{player}_{i}_{j}": worth[:, i, j] for player, worth in worths.items() for i, j in cells
    }
    return compile_game(diagram, numbers | _batch({}, diagram.players, np.full(n, precision)))


def _stacked(worth: np.ndarray) -> np.ndarray:
    worth = np.asarray(worth, float)
    return worth[None] if worth.ndim == 2 else worth


def _names(letter: str, n: int) -> tuple[str, ...]:
    return tuple(f"{letter}{i}" for i in range(n))


def _batch(numbers, players, precision) -> dict[str, np.ndarray]:
    precision = np.atleast_1d(np.asarray(precision, float))
    same = {f"{player}.precision": precision for player in players}
    return {name: np.full(len(precision), float(v)) for name, v in numbers.items()} | same


FOLDS = (
    np.array([[-1.1, -1.3, -0.3], [0.5, 0.5, -0.3], [0.1, 0.3, -3.2]]),
    np.array([[0.6, 0.4, 1.7], [1.0, 0.9, 1.1], [-1.7, -0.6, -0.4]]),
)
"""A table whose branch, at 20 per unit, turns back at t = 0.80, runs back to 0.36 and then on."""


def random_tables(n: int, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two random payoff tables for each of n games."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, size, size)), rng.normal(size=(n, size, size))


def meeting(
    precision: np.ndarray, *, paying: tuple[str, ...] = (), seen: tuple[str, ...] = ()
) -> Game:
    """Two who would like to meet, each at another place (3 and 1, or 1 and 3); some may pay 1 before.

    Args:
        precision: λ of both, per draw.
        paying: Who may pay first, for nothing.
        seen: Which payments both see.
    """
    players, places = ("ann", "bob"), ("north", "south")
    nodes = [Decision(f"pay_{p}", ("pay", "keep"), p, day(i)) for i, p in enumerate(paying)]
    sees = tuple(f"pay_{p}" for p in seen)
    nodes += [Decision(f"go_{p}", places, p, day(9 + i), sees) for i, p in enumerate(players)]
    worth = "{} * (go_ann == 'north') * (go_bob == 'north') + {} * (go_ann == 'south') * (go_bob == 'south')"
    interests = [
        Interest("meet_ann", "ann", parse(worth.format(3, 1))),
        Interest("meet_bob", "bob", parse(worth.format(1, 3))),
        *(Interest(f"price_{p}", p, parse(f"-(pay_{p} == 'pay')")) for p in paying),
    ]
    diagram = Diagram(players, tuple(nodes), tuple(interests))
    return compile_game(diagram, {f"{p}.precision": precision for p in players})


def meeting_by_hand(precision: float) -> float:
    """P(each goes to its own place) where equals are treated as equals: p = σ(λ (3 (1 - p) - p))."""
    return brentq(lambda p: p - expit(precision * (3 - 4 * p)), 0.0, 1.0)
