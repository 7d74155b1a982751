"""A game of three players whose branch folds, and the play on that branch in closed form."""

from __future__ import annotations

import numpy as np

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision, Interest
from backchannel.language.expressions import parse
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game
from tests.helpers import day
from tests.unit.equilibrium.branch.each_way import each_way

__all__ = ["each_way"]

GAINS = (2.0, -1.2, 1.2)
"""What joining gains in `crowd`, when none, one or both of the others join."""


def crowd(precision: np.ndarray) -> Game:
    """Three players join or not; joining pays with nobody or with both of the others, not with one."""
    players = ("ann", "bob", "cat")
    none, one, both = GAINS
    interests = []
    for me in players:
        x, y = (f"(join_{other} == 'yes')" for other in players if other != me)
        gain = f"{none} * (1 - {x}) * (1 - {y}) + {both} * {x} * {y} + {one} * ({x} + {y} == 1)"
        interests.append(Interest(f"w_{me}", me, parse(f"(join_{me} == 'yes') * ({gain})")))
    nodes = tuple(Decision(f"join_{p}", ("yes", "no"), p, day(i)) for i, p in enumerate(players))
    diagram = Diagram(players, nodes, tuple(interests))
    return compile_game(diagram, {f"{p}.precision": precision for p in players})


def crowd_by_hand(precision: float) -> tuple[float, int]:
    """P(join) where the symmetric branch first reaches a precision, and its folds before.

    log(p / (1 - p)) = λ g(p) gives λ as a function of p, which starts at p = 1/2.
    """
    p = np.linspace(0.5, 1 - 1e-6, 2_000_001)[1:]
    none, one, both = GAINS
    gain = none * (1 - p) ** 2 + 2 * one * p * (1 - p) + both * p**2
    found = np.log(p / (1 - p)) / gain
    at = int(np.argmax(found >= precision))
    rising = np.diff(found[: at + 1]) > 0
    share = (precision - found[at - 1]) / (found[at] - found[at - 1])
    return float(p[at - 1] + share * (p[at] - p[at - 1])), int((rising[1:] != rising[:-1]).sum())
