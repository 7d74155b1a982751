"""An equilibrium, and the evidence that it is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.language.names import NodeName

Policies: TypeAlias = Mapping[NodeName, Float[np.ndarray, "draw ..."]]
"""Every decision's rule; axes: draw, what it sees in order of time, action."""


class Status(IntEnum):
    """What became of a draw."""

    CONVERGED = 0
    OUT_OF_STEPS = 1
    """It had not settled when its steps were used up."""
    NOT_FINITE = 2
    """A number was not finite on the way."""
    NEAR_FOLD = 3
    """The branch all but turns back there, so that play hangs on the last digits of the case."""
    LOST_PATH = 4
    """The branch could not be followed to its end, or what it ended at failed the check."""


class Method(IntEnum):
    """By which method a draw's play was found."""

    SWEEP = 0
    """Sweeps, along a climb that shows that they stayed on the principal branch."""
    HOMOTOPY = 1
    """The branch was followed along its arc."""
    LIMIT = 2
    """The branch was followed far enough to tell its limit, for players of infinite precision."""


@dataclass(frozen=True)
class Equilibrium:
    """Play in every draw."""

    policies: dict[NodeName, Float[np.ndarray, "draw ..."]]
    change: Float[np.ndarray, " draw"]
    """Largest change of any rule in the last sweep, as the solver saw it."""
    sweeps: Int[np.ndarray, " draw"]
    """Sweeps that the draw needed."""
    status: Int[np.ndarray, " draw"]
    """`Status` of each draw."""
    method: Int[np.ndarray, " draw"]
    """`Method` of each draw."""
    folds: Int[np.ndarray, " draw"]
    """How often the branch turned back before its end; counted where it was followed."""
    calm: Bool[np.ndarray, " draw"]
    """Draws that passed a climb, or that need none: sweeps can follow the branch all the way."""

    @property
    def converged(self) -> Bool[np.ndarray, " draw"]:
        """Draws whose play may be used."""
        return self.status == Status.CONVERGED
