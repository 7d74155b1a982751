"""A task: one game to be solved, and what in it is out of anyone's hands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool

from backchannel.equilibrium.result import Policies
from backchannel.language.names import NodeName
from backchannel.tensors.game import Game


@dataclass(frozen=True)
class Task:
    """One game to be solved."""

    game: Game
    held: Policies = field(default_factory=dict)
    """Rules that are kept as they are; everyone else answers to them."""
    available: Mapping[NodeName, Bool[np.ndarray, " action"]] = field(default_factory=dict)
    """For a decision, the actions that are on the menu at all, where some are not."""
    start: Policies | None = None
    """Play to start from (that before a change); uniform play if left out."""
    calm: Bool[np.ndarray, " draw"] | None = None
    """Draws whose play before the change was calm: if sweeps from there settle briskly, that is
    believed without another climb."""
    is_brisk: bool = False
    """In a large game, leave a few draws in doubt out rather than follow them; see `solve`."""
