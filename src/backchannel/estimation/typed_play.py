"""Everyone's play for every combination of the types that players may be of, and how likely each is.

A player who may think some levels ahead is of one type in each play. A row's chance is the mean of its chances over
all combinations of types, by their shares; types of different players are independent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float

from backchannel.diagram.beliefs import Belief
from backchannel.equilibrium.reasoning.shares import type_shares
from backchannel.estimation.traced import TracedNumbers
from backchannel.estimation.traced_play import Plays, TracedPlay
from backchannel.estimation.traced_view import TracedRules
from backchannel.language.errors import CommandError
from backchannel.language.levels import Mixture, PoissonLevel
from backchannel.language.names import ParameterName
from backchannel.language.priors import Prior
from backchannel.tensors.game import Game

MOST_COMBINATIONS = 64
"""Combinations of types that are summed out."""


class TypedPlay:
    """Everyone's rules in every view and for every combination of types, as a function of each row's free numbers."""

    def __init__(
        self,
        game: Game,
        beliefs: Sequence[Belief],
        free: Sequence[ParameterName],
        types: Mapping[ParameterName, Prior],
    ) -> None:
        """Prepare.

        Args:
            game: The case compiled with one draw: the numbers that are not free.
            beliefs: Who errs about what.
            free: Numbers that differ from row to row or are to be estimated.
            types: By number that is a type, how it is distributed; others are as in the game.

        Raises:
            CommandError: There are too many combinations of types.
        """
        self.game, self.free = game, tuple(free)
        self.types = dict(types)
        values = {name: _values(prior) for name, prior in types.items()}
        if (count := prod(map(len, values.values()))) > MOST_COMBINATIONS:
            raise CommandError(
                f"The types of {', '.join(types)} make {count:,} combinations, and at most {MOST_COMBINATIONS} are "
                "summed out. Give a lower `max_level`, or fix a type (--fix)."
            )
        self.combinations = [
            dict(zip(values, combination, strict=True)) for combination in product(*values.values())
        ]
        self.plays = [TracedPlay(game, beliefs, free, own) for own in self.combinations]
        self.parts = [part for play in self.plays for part in play.parts]
        """Every view of every combination, in the order of their rules."""

    @property
    def joint(self) -> tuple[str, ...]:
        """Decisions whose rules need each other in some view."""
        return tuple(dict.fromkeys(name for play in self.plays for name in play.joint))

    @property
    def is_large(self) -> bool:
        """Some linear system is not written out from the first."""
        return any(play.is_large for play in self.plays)

    @property
    def may_need_newton(self) -> bool:
        """Sweeps alone are tried first, and all linear systems can be written out if they fail."""
        return self.is_large and all(p.may_need_newton or not p.is_large for p in self.plays)

    @property
    def repeats(self) -> bool:
        """Whether some level takes several passes, so that slopes can be pushed forward only."""
        return any(part.repeats for part in self.parts)

    def uniform(self, rows: int) -> Plays:
        """Uniform play, to start from."""
        return tuple(part.uniform(rows) for part in self.parts)

    def on_principal_branch(
        self, numbers: Float[np.ndarray, "row number"]
    ) -> tuple[Plays, Bool[np.ndarray, " row"]]:
        """Play as the solver finds it, and the rows in which it does for every combination."""
        solved = [play.on_principal_branch(numbers) for play in self.plays]
        rules = tuple(rules for plays, _ in solved for rules in plays)
        return rules, np.all([converged for _, converged in solved], axis=0)

    def __call__(self, free: TracedNumbers, start: Plays, *, newton: bool) -> tuple[Plays, Any]:
        """Everyone's rules, view by view for each combination, and the rows in which all are found."""
        made: list[TracedRules] = []
        good: Any = True
        for play in self.plays:
            rules, converged = play(
                free, start[len(made) : len(made) + len(play.parts)], newton=newton
            )
            made += rules
            good = good & converged
        return tuple(made), good

    def truths(self, plays: Plays) -> list[TracedRules]:
        """What is actually played in each combination: its last view."""
        ends = np.cumsum([len(play.parts) for play in self.plays]) - 1
        return [plays[end] for end in ends]

    def log_shares(self, free: TracedNumbers) -> list[Any]:
        """The log share of each combination, for each row or for all alike."""
        total: list[Any] = [0.0] * len(self.combinations)
        for name, prior in self.types.items():
            logs = self._logs(prior, free)
            total = [
                so_far + logs[own[name]]
                for so_far, own in zip(total, self.combinations, strict=True)
            ]
        return total

    def _logs(self, prior: Prior, free: TracedNumbers) -> dict[float, Any]:
        """By type its log share."""
        if isinstance(prior, PoissonLevel):
            mean = jnp.asarray({**self.game.numbers, **free}[prior.mean_name])
            shares: Any = type_shares(mean, prior.most, jnp)
        else:
            assert isinstance(prior, Mixture)
            shares = np.array(prior.shares)
        return {
            value: jnp.log(jnp.maximum(shares[i], 1e-300)) for i, value in enumerate(_values(prior))
        }


def _values(prior: Prior) -> list[float]:
    """The types that a number can be."""
    if isinstance(prior, Mixture):
        return list(prior.types)
    assert isinstance(prior, PoissonLevel)
    return [float(level) for level in range(prior.most + 1)]
