"""Crises: a signalling game with private types, whose equilibria are the roots of one equation.

A sees its own type and challenges or stays quiet. B sees its own type and the challenge, and resists
or concedes. If B resists, it comes to a fight with a chance that depends on A's type. B's play depends on A's only by
the chance of a fight, given a challenge; A's on B's only by the chance that B resists.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, log_expit
from scipy.stats import norm

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.language.expressions import parse, table
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game
from tests.helpers import day

GRID = np.concatenate([[0.0], np.logspace(-12, -5, 100), np.linspace(2e-5, 1.0, 8001)])
"""Chances of resistance between which roots are sought."""


@dataclass(frozen=True)
class Crisis:
    """Payoffs by type; each type is as likely as any other."""

    resisted: np.ndarray
    """What resistance is worth to each type of A; 1 is what a concession is worth."""
    fights: np.ndarray
    """Chance of a fight with each type of A."""
    fight: np.ndarray
    """What a fight is worth to each type of B; 1 is what it is worth that A backs down."""
    precision: float

    def fixed_point(self, resist: np.ndarray) -> np.ndarray:
        """The chance that B resists, if A takes it to be `resist`, for some such numbers."""
        given = resist[:, None]
        log = log_expit(self.precision * (given * self.resisted + 1.0 - given))
        weight = np.exp(log - log.max(axis=1, keepdims=True))
        fight = (weight @ self.fights / weight.sum(axis=1))[:, None]
        return expit(self.precision * (1.0 - fight + fight * self.fight)).mean(axis=1)

    def roots(self) -> list[float]:
        """P(B resists a challenge) in every equilibrium."""

        def gap(resist: float) -> float:
            return float(self.fixed_point(np.array([resist]))[0]) - resist

        signs = np.sign(self.fixed_point(GRID) - GRID)
        return [
            float(brentq(gap, GRID[i], GRID[i + 1], xtol=1e-15, rtol=1e-14))
            for i in np.flatnonzero(signs[1:] != signs[:-1])
        ]


def random_crisis(types: int, rng: np.random.Generator, precision: float = 30.0) -> Crisis:
    """Payoffs like those of Lewis & Schultz's crises, with normal shocks in bins of equal chance."""
    shock = norm.ppf((np.arange(types) + 0.5) / types)
    return Crisis(
        resisted=rng.uniform(-1.2, -0.5) + rng.uniform(0.5, 1.0) * shock,
        fights=np.clip(rng.uniform(0.25, 0.4) - rng.uniform(0.04, 0.1) * shock, 0.02, 0.98),
        fight=rng.uniform(-3.2, -2.2) + shock,
        precision=precision,
    )


def crisis_game(crises: list[Crisis]) -> Game:
    """Crises of equally many types, as the draws of one game."""
    n = len(crises[0].fights)
    own, other = tuple(f"a{i}" for i in range(n)), tuple(f"b{i}" for i in range(n))
    sure = {value: parse(f"1 / {n}") for value in own}
    nodes = (
        Chance("type_a", own, sure),
        Chance("type_b", other, {value: parse(f"1 / {n}") for value in other}),
        Decision("move", ("challenge", "quiet"), "A", day(1), sees=("type_a",)),
        Decision("reply", ("resist", "concede"), "B", day(2), sees=("type_b", "move")),
        Chance(
            "fight",
            ("yes", "no"),
            {
                "yes": table(("type_a",), {(v,): parse(f"fights_{v}") for v in own}),
                "no": table(("type_a",), {(v,): parse(f"1 - fights_{v}") for v in own}),
            },
        ),
    )
    happens = "(move == 'challenge') * (reply == '{}')"
    interests = (
        Interest("concession", "A", parse(happens.format("concede"))),
        Interest(
            "resistance",
            "A",
            table(
                ("type_a", "move", "reply"),
                {(v, "challenge", "resist"): parse(f"resisted_{v}") for v in own},
                otherwise=parse("0"),
            ),
        ),
        Interest("retreat", "B", parse(f"{happens.format('resist')} * (fight == 'no')")),
        Interest(
            "war",
            "B",
            table(
                ("type_b", "move", "reply", "fight"),
                {(v, "challenge", "resist", "yes"): parse(f"fight_{v}") for v in other},
                otherwise=parse("0"),
            ),
        ),
    )
    numbers = {
        f"resisted_{v}": np.array([c.resisted[i] for c in crises]) for i, v in enumerate(own)
    }
    numbers |= {f"fights_{v}": np.array([c.fights[i] for c in crises]) for i, v in enumerate(own)}
    numbers |= {f"fight_{v}": np.array([c.fight[i] for c in crises]) for i, v in enumerate(other)}
    precision = np.array([crisis.precision for crisis in crises])
    numbers |= {"A.precision": precision, "B.precision": precision}
    return compile_game(Diagram(("A", "B"), nodes, interests), numbers)
