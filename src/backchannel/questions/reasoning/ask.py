"""Reasoning: P(type | record) of every player that may be of several types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.levels import type_name
from backchannel.language.names import PlayerName
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd

MOVED = 0.05
"""Change of a type's probability from which the record is said to have moved it."""


@dataclass(frozen=True)
class TypeShare:
    """One type of a player: how likely before what is learned, and with it."""

    type: float
    """A level, or `EQUILIBRIUM`."""
    before: float
    after: float

    @property
    def is_moved(self) -> bool:
        """Whether the record moved it by more than 5 points."""
        return abs(self.after - self.before) > MOVED


@dataclass(frozen=True)
class LearnedTypes(Result):
    """What the record says about the types of the players."""

    of_player: Mapping[PlayerName, tuple[TypeShare, ...]]
    """Players that may be of several types, each with its types in rising order."""

    def to_frame(self) -> pd.DataFrame:
        """One row for each player and type."""
        import pandas as pd

        rows = [
            {
                "player": player,
                "type": type_name(share.type),
                "before": share.before,
                "given the record": share.after,
            }
            for player, shares in self.of_player.items()
            for share in shares
        ]
        return pd.DataFrame(rows, columns=["player", "type", "before", "given the record"])


def ask(case: SolvedCase, results: Mapping[str, Any]) -> LearnedTypes:
    """Ask what the record says about everyone's type, for a run."""
    return learned_types(case.ensemble)


def learned_types(ensemble: Ensemble) -> LearnedTypes:
    """Compare the chances of each player's types with and without the record.

    Types are drawn like other numbers. So P(type | record) is the share of the draws' weights in which
    the player has that type; both shares are over the draws that converged.

    Args:
        ensemble: The solved case.
    """
    return types_by_weights(ensemble, ensemble.converged.astype(float), ensemble.weights)


def types_by_weights(
    ensemble: Ensemble, before: Float[np.ndarray, " draw"], after: Float[np.ndarray, " draw"]
) -> LearnedTypes:
    """Compare the chances of each player's types by two weights of the draws.

    Args:
        ensemble: The solved case.
        before: Weights without what is learned; 0 for draws that did not converge.
        after: Weights with it.
    """
    learned = {}
    for player, types in ensemble.play.models.truth.game.types.items():
        kinds = np.unique(types.level[ensemble.converged])
        if len(kinds) > 1:
            learned[player] = tuple(
                TypeShare(
                    float(kind),
                    float(before @ (types.level == kind) / before.sum()),
                    float(after @ (types.level == kind) / after.sum()),
                )
                for kind in kinds
            )
    return LearnedTypes(learned)
