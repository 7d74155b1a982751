"""What tests share: where cases are, tolerances, and a diagram in a line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backchannel.case.edit.entries import entry_operations
from backchannel.case.edit.operations import apply_operations
from backchannel.case.read.document import parse_document
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.equilibrium.solve import solve
from backchannel.equilibrium.types import Equilibrium, Task
from backchannel.language.expressions import parse
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game

CANAL = Path(__file__).parent / "cases" / "canal.yaml"
TOL = {"rtol": 0, "atol": 1e-9}
"""One tolerance for play: solver and laws agree far better than any answer needs."""


def quick_but(slow: Collection[Any], values: Iterable[Any]) -> list[Any]:
    """Values for a parameter, of which some are left to the slow run."""
    mark = pytest.mark.slow
    return [pytest.param(value, marks=mark) if value in slow else value for value in values]


def day(number: int) -> date:
    """The day on which the n-th node of a test's diagram comes about."""
    return date(2030, 1, 1) + timedelta(days=number)


def solved(game: Game) -> Equilibrium:
    """Solve a game and insist that every draw settles."""
    equilibrium = solve(Task(game))
    assert equilibrium.converged.all()
    return equilibrium


def assert_same_play(one: Equilibrium, other: Equilibrium) -> None:
    """Every decision rule is the same in every draw."""
    assert one.policies.keys() == other.policies.keys()
    for name, rule in one.policies.items():
        np.testing.assert_allclose(other.policies[name], rule, **TOL, err_msg=name)


def pursuit(values: tuple[str, str] = ("left", "right")) -> Diagram:
    """Two players: one sees a state and moves, the other sees the move and guesses the state.

    Its two decisions need each other (a signalling game), so the sweep has to iterate.
    """
    left, right = values
    return Diagram(
        players=("runner", "chaser"),
        nodes=(
            Chance("state", ("high", "low"), {"high": parse("p"), "low": parse("1 - p")}),
            Decision("move", values, "runner", day(1), sees=("state",)),
            Decision("guess", ("high", "low"), "chaser", day(2), sees=("move",)),
        ),
        interests=(
            Interest("taste", "runner", parse(f"a * (move == '{left}') * (state == 'high')")),
            Interest("escape", "runner", parse("b * (guess != state)")),
            Interest("catch", "chaser", parse(f"c * (guess == state) + d * (move == '{right}')")),
        ),
    )


def numbers(n: int = 1, **given: float | np.ndarray) -> dict[str, np.ndarray]:
    """Parameters of `pursuit`, with defaults."""
    values = {
        "p": 0.4, "a": 0.7, "b": 0.5, "c": 1.0, "d": 0.2,
        "runner.precision": 3.0, "chaser.precision": 2.0,
    } | given  # fmt: skip
    return {name: np.broadcast_to(np.asarray(value, float), (n,)) for name, value in values.items()}


def pursuit_game(n: int = 1, **given: float | np.ndarray) -> Game:
    """`pursuit` with its numbers filled in."""
    return compile_game(pursuit(), numbers(n, **given))


def add_entries(text: str, entries: Sequence[Mapping[str, Any]], *, sources: Any = None) -> str:
    """A case file with more entries in its record, and more sources."""
    as_of = str(parse_document(text).data["as_of"])
    return apply_operations(text, entry_operations(as_of, entries, sources=sources))
