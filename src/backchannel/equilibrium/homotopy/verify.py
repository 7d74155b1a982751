"""The check: what a branch ends at, put through the sweep of the game itself."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from jaxtyping import Float, Int

from backchannel.equilibrium.batch import CHUNK
from backchannel.equilibrium.result import Policies
from backchannel.equilibrium.sweep import Tables, sweeper_of
from backchannel.names import NodeName
from backchannel.tensors.game import Game


def check(
    game: Game,
    tables: Tables,
    policies: Policies,
    followed: frozenset[NodeName],
    draws: Int[np.ndarray, " some"],
) -> tuple[dict[NodeName, Float[np.ndarray, "some ..."]], Float[np.ndarray, " some"]]:
    """Sweep twice, and see whether anything moves.

    The sweep works on the whole game: with all contexts, and by beliefs formed in another order.
    The first sweep finds the rules that no one needed on the way; what was followed may not move
    in it, and nothing may move in the second. What was followed is returned as it was.

    Args:
        game: The game.
        tables: Its numbers.
        policies: Every rule; axis 0 runs over `draws`.
        followed: Decisions whose rules came from the branch.
        draws: Which draws.

    Returns:
        Every rule after the check, and the largest move in each draw.
    """
    sweeper = sweeper_of(game)
    checked = {name: np.empty(rule.shape) for name, rule in policies.items()}
    moved = np.zeros(len(draws))
    for first in range(0, len(draws), CHUNK):
        rows = np.arange(first, min(first + CHUNK, len(draws)))
        padded = np.concatenate([rows, np.full(CHUNK - len(rows), rows[-1])])
        chunk = _chunk(tables, sweeper.constant, draws[padded])
        start: dict[NodeName, Any] = {name: rule[padded] for name, rule in policies.items()}
        for sweep in range(2):
            new = {
                name: np.asarray(rule)
                for name, rule in sweeper.solve({**chunk, "start": start}, most=1)[0].items()
            }
            for name in followed if sweep == 0 else new:
                gap = np.abs(new[name] - start[name])[: len(rows)]
                worst = gap.reshape(len(rows), -1).max(axis=1)
                moved[rows] = np.maximum(moved[rows], worst)
            if sweep == 0:
                # What was followed stays as it is: where sweeps run away from an equilibrium,
                # each would magnify its rounding.
                start = {**new, **{name: start[name] for name in followed}}
        for name, rule in start.items():
            checked[name][rows] = rule[: len(rows)]
    return checked, np.where(np.isnan(moved), np.inf, moved)


def prepare(
    game: Game, tables: Tables, policies: Policies, draws: Int[np.ndarray, " some"]
) -> None:
    """Compile the sweep ahead of time, in another thread perhaps."""
    one = {name: rule[:1].copy() for name, rule in policies.items()}
    with jax.enable_x64(True):
        check(game, tables, one, frozenset(), draws[:1])


def _chunk(tables: Tables, constant: frozenset[NodeName], draws: np.ndarray) -> dict[str, Any]:
    """Gather some draws; the shapes are those that the solver's chunks have."""

    def gathered(kind: str, name: Any, table: np.ndarray) -> np.ndarray:
        if len(table) > 1:
            return table[draws]
        if kind in ("factor", "belief") and name in constant:
            return table
        return np.broadcast_to(table, (len(draws), *table.shape[1:]))

    return {
        kind: {name: gathered(kind, name, table) for name, table in named.items()}
        for kind, named in tables.items()
    }
