"""Some draws of a game, for what must be solved apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Int

from backchannel.tensors.game import Game


def take_draws(game: Game, draws: Int[np.ndarray, " some"]) -> Game:
    """The same game in some of its draws, in the order given."""

    def part(table: np.ndarray) -> np.ndarray:
        return table[draws] if len(table) > 1 else table

    def some(tables: Mapping[Any, np.ndarray]) -> dict[Any, np.ndarray]:
        return {name: part(table) for name, table in tables.items()}

    def row(numbers: np.ndarray) -> np.ndarray:
        return np.broadcast_to(numbers, (game.n_draws,))[draws]

    return replace(
        game,
        n_draws=len(draws),
        factors=some(game.factors),
        beliefs=some(game.beliefs),
        terms=tuple(replace(term, worth=part(term.worth)) for term in game.terms),
        precision={player: row(numbers) for player, numbers in game.precision.items()},
        scale={name: row(numbers) for name, numbers in game.scale.items()},
        numbers=some(game.numbers),
        types={
            player: replace(
                types, level=row(types.level), mean=None if types.mean is None else row(types.mean)
            )
            for player, types in game.types.items()
        },
        level_0=some(game.level_0),
        complexity={name: row(factor) for name, factor in game.complexity.items()},
    )
