"""The play that the solver found on the principal branch, kept for numbers nearby."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from backchannel.estimation.traced_play import Plays

NEAR = 1e-4
"""Relative change of a row's numbers up to which play is found from the solver's play nearby."""
SAME_PLAY = 0.01
"""Largest gap between probabilities of the solver's play and the play evaluated from it."""


@dataclass(frozen=True)
class PrincipalPlay:
    """What the solver found at some numbers."""

    numbers: Float[np.ndarray, "row number"]
    plays: Plays
    found: Bool[np.ndarray, " row"]

    def is_near(self, numbers: np.ndarray) -> bool:
        """Whether the branch at other numbers is found from here."""
        gap = np.abs(numbers - self.numbers)
        return bool((gap <= NEAR * np.abs(self.numbers)).all())

    def is_at(self, plays: Plays) -> Bool[np.ndarray, " row"]:
        """The rows whose play is that of the solver, up to small differences."""
        is_same = np.ones(len(self.numbers), bool)
        for new, old in zip(plays, self.plays, strict=True):
            for name, rule in new.items():
                gap = np.abs(np.asarray(rule) - np.asarray(old[name]))
                is_same &= gap.reshape(len(gap), -1).max(axis=1, initial=0.0) <= SAME_PLAY
        return is_same
