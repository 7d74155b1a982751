r"""Ways to reason, with few behavioural numbers that hold for all games of a pool.

A way to reason makes, of its numbers, the precision of each decision, the share of players at each
level, and how each level takes the others to be spread. The types of the players are summed out, row by
row: a play's chance is the mean of its chances under all types, by their shares.

Source: Stahl & Wilson (1994) for levels; Camerer, Ho & Chong (2004) for the hierarchy; Wright &
Leyton-Brown (2017) for the spike at level 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from backchannel.equilibrium.game_tables import game_tables
from backchannel.equilibrium.reasoning.program import LevelProgram
from backchannel.equilibrium.reasoning.shares import hierarchy_shares, level_shares, type_shares
from backchannel.estimation.pool.games import PooledGames

LEVELS = 4
"""The highest level of a hierarchy."""
FEW_LEVELS = 3
"""The highest level where each level has a share of its own."""


class Behaviour(NamedTuple):
    """What a way to reason makes of its numbers."""

    precision: Any
    """λ at a game whose payoffs spread by 1 for its player."""
    by_spread: Any
    """The power of the spread of payoffs that precision goes with."""
    shares: Any
    """The share of players at each level."""
    faced: Any
    """How each level takes the others to be spread; axes: level, lower level, draw."""


@dataclass(frozen=True)
class WayToReason:
    """A way to reason whose numbers are estimated."""

    name: str
    numbers: tuple[str, ...]
    """What its numbers are called, as `values` gives them."""
    start: tuple[float, ...]
    """Unbounded coordinates to start from."""
    behave: Callable[[Any], Behaviour]
    """From unbounded coordinates."""
    values: Callable[[np.ndarray], list[float]]
    """The numbers at some coordinates."""
    levels: int
    is_mixed: bool


def _with_spread(x: Any, at: int, has_spread: bool) -> Any:
    return x[at] if has_spread else 0.0


def level_one(*, by_spread: bool = False) -> WayToReason:
    """Everyone responds to uniform play."""
    most = 1

    def behave(x: Any) -> Behaviour:
        return Behaviour(
            jnp.exp(x[0]), _with_spread(x, 1, by_spread), jnp.array([0.0, 1.0]), level_shares(most)
        )

    extra = ("power of spread",) if by_spread else ()
    return WayToReason(
        "level 1" + (BY_SPREAD if by_spread else ""),
        ("precision", *extra),
        (2.0, *((0.0,) * by_spread)),
        behave,
        lambda x: [float(np.exp(x[0])), *map(float, x[1:])],
        most,
        False,
    )


def level_k(*, by_spread: bool = False) -> WayToReason:
    """Level-k thinking with a share for each level."""
    most = FEW_LEVELS

    def behave(x: Any) -> Behaviour:
        shares = jax.nn.softmax(jnp.concatenate([jnp.zeros(1), x[1 : most + 1]]))
        return Behaviour(
            jnp.exp(x[0]), _with_spread(x, most + 1, by_spread), shares, level_shares(most)
        )

    def values(x: np.ndarray) -> list[float]:
        weights = np.exp(np.concatenate([[0.0], x[1 : most + 1]]))
        return [
            float(np.exp(x[0])),
            *(weights / weights.sum()).tolist(),
            *map(float, x[most + 1 :]),
        ]

    extra = ("power of spread",) if by_spread else ()
    return WayToReason(
        "level-k" + (BY_SPREAD if by_spread else ""),
        ("precision", *(f"share of level {k}" for k in range(most + 1)), *extra),
        (2.0, 1.0, 0.5, 0.0, *((0.0,) * by_spread)),
        behave,
        values,
        most,
        False,
    )


def hierarchy(*, by_spread: bool = False, has_spike: bool = False) -> WayToReason:
    """Cognitive hierarchy with logit responses; with a spike, more players at level 0."""
    most = LEVELS

    def behave(x: Any) -> Behaviour:
        mean = jnp.exp(x[1])[None]
        shares = type_shares(mean, most, jnp)[:, 0]
        if has_spike:
            spike = jax.nn.sigmoid(x[2])
            shares = (1 - spike) * shares + spike * jnp.eye(most + 1)[0]
        return Behaviour(
            jnp.exp(x[0]),
            _with_spread(x, 2 + has_spike, by_spread),
            shares,
            hierarchy_shares(mean, most, jnp),
        )

    def values(x: np.ndarray) -> list[float]:
        numbers = [float(np.exp(x[0])), float(np.exp(x[1]))]
        if has_spike:
            numbers.append(float(1 / (1 + np.exp(-x[2]))))
        return [*numbers, *map(float, x[2 + has_spike :])]

    names = ("precision", "mean level", *(("share at level 0 beside",) if has_spike else ()))
    return WayToReason(
        "hierarchy" + (" with a spike" if has_spike else "") + (BY_SPREAD if by_spread else ""),
        (*names, *(("power of spread",) if by_spread else ())),
        (2.0, 0.3, *((-2.0,) * has_spike), *((0.0,) * by_spread)),
        behave,
        values,
        most,
        True,
    )


BY_SPREAD = ", precision by spread"
"""How the name of a way to reason ends whose precision goes with the spread of payoffs."""
REASONINGS = (
    level_one(),
    level_k(),
    hierarchy(),
    hierarchy(has_spike=True),
    level_k(by_spread=True),
    hierarchy(by_spread=True, has_spike=True),
)
"""All that are compared, beside logit equilibrium."""


class PoolLikelihood:
    """The log likelihood of each row of a table under one way to reason, and its slopes."""

    def __init__(self, games: PooledGames, reasoning: WayToReason) -> None:
        """Prepare one table for one way to reason."""
        self.games, self.reasoning = games, reasoning
        game, count = games.game, reasoning.levels + 1
        tables = game_tables(game, held={}, available={})
        terms = [(term.player, term.scope) for term in game.terms]
        self.program = LevelProgram(game.diagram, terms, levels=count, is_mixed=reasoning.is_mixed)
        uniform = {
            name: np.broadcast_to(menu / menu.sum(axis=-1, keepdims=True), (count, *menu.shape))
            for name, menu in tables["menu"].items()
        }
        shares = level_shares(reasoning.levels)
        self.fixed = self.program.numbers(tables, uniform, shares, {}, np.arange(games.n_games))
        self.record = games.record
        diagram = game.diagram
        self.player = {d.name: d.player for d in diagram.decisions}
        self.seen = [name for name in self.record.scopes if name in self.player]
        """The decisions on which a play's chance depends."""
        self.spread = {
            name: np.maximum(games.spread(self.player[name]), 1e-9) for name in self.player
        }

    @property
    def repeats(self) -> bool:
        """Whether a level takes several passes: a player does not see an earlier move of its own."""
        return bool(self.program.plan.stages[1])

    def __call__(self, x: Any) -> Any:
        """The log likelihood of each row, at unbounded coordinates."""
        made = self.reasoning.behave(x)
        precision = {
            name: made.precision * jnp.asarray(spread) ** made.by_spread
            for name, spread in self.spread.items()
        }
        numbers = self.fixed._replace(precision=precision, shares=jnp.asarray(made.faced))
        levels, _ = self.program.rules(numbers, jnp)
        players = sorted({self.player[name] for name in self.seen})
        logs = []
        for types in product(range(self.reasoning.levels + 1), repeat=len(players)):
            level = dict(zip(players, types, strict=True))
            rules = {
                name: jnp.moveaxis(levels[name][level[self.player[name]]], -1, 0)
                for name in self.seen
            }
            share = sum(jnp.log(jnp.maximum(made.shares[k], 1e-300)) for k in types)
            logs.append(
                share + self.record.log({**self.games.game.factors, **rules}, self.games.draw)
            )
        return jax.nn.logsumexp(jnp.stack(logs), axis=0)


def slopes(likelihoods: Sequence[PoolLikelihood]) -> Callable[[Any, Any], tuple[Any, Any]]:
    """The weighted sum of the rows' log likelihoods over all tables, and its slope, compiled."""

    def total(x: Any, weights: Any) -> Any:
        return sum((own * one(x)).sum() for one, own in zip(likelihoods, weights, strict=True))

    if any(one.repeats for one in likelihoods):
        # A loop of unknown length can be differentiated only along with its values; the numbers are few.
        return jax.jit(lambda x, weights: (total(x, weights), jax.jacfwd(total)(x, weights)))
    return jax.jit(jax.value_and_grad(total))
