"""Recorded worlds: full assignments of all nodes, drawn in every draw given the whole record.

All counterfactuals about the past start from the same sample, so it is drawn once and kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from backchannel.ensemble.ensemble import Ensemble
from backchannel.questions.counterfactuals.limits import WORLDS, draws_recorded_together
from backchannel.questions.why.keyed_random import KeyedRandom
from backchannel.questions.why.worlds import Worlds, draw_worlds
from backchannel.tensors.inference import World

_KEPT = "recorded worlds"


@dataclass(frozen=True)
class WorldsPart:
    """Some draws with the worlds that were drawn in them."""

    draws: Int[np.ndarray, " some"]
    world: World
    worlds: Worlds
    random: KeyedRandom


def recorded_worlds(ensemble: Ensemble) -> Sequence[WorldsPart]:
    """Draw worlds given the record, in every draw that the record allows."""
    if _KEPT not in ensemble.samples:
        ensemble.samples[_KEPT] = list(_draw(ensemble))
    return ensemble.samples[_KEPT]


def _draw(ensemble: Ensemble):
    evidence = ensemble.evidence
    possible = np.flatnonzero(ensemble.weights > 0)
    together = draws_recorded_together(ensemble.diagram)
    for start in range(0, len(possible), together):
        draws = possible[start : start + together]
        world = World(ensemble.diagram, len(draws), narrow_tables(ensemble.world, draws))
        random = KeyedRandom(0, ensemble.first_draw + draws, WORLDS)
        drawn = draw_worlds(world, nodes=ensemble.diagram.order, evidence=evidence, random=random)
        small = {name: positions.astype(np.int16) for name, positions in drawn.items()}
        yield WorldsPart(draws, world, small, random)


def narrow_tables(world: World, draws: Int[np.ndarray, " some"]) -> dict[str, np.ndarray]:
    """Take some draws of every table; tables that all draws share stay shared."""
    return {name: narrow(table, world.n_draws, draws) for name, table in world.tables.items()}


def narrow(table: np.ndarray, n_draws: int, draws: Int[np.ndarray, " some"]) -> np.ndarray:
    """Take some draws of a table, unless all draws share it."""
    return table[draws] if n_draws > 1 and len(table) == n_draws else table
