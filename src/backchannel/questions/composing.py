"""Composing: what the `compose` of every question gets in order to put results into words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.case.lowered import Lowered
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.questions.statistics.influence import (
    AssumptionBins,
    RankedAssumption,
    rank_assumptions,
)
from backchannel.wording.pieces import Influence
from backchannel.wording.words import Wording

MOST_INFLUENCES = 5


@dataclass(frozen=True)
class Composing:
    """A solved case and its words. Nothing is solved here."""

    wording: Wording
    ensemble: Ensemble
    parts: dict[str, Any] = field(default_factory=dict)
    """Parts of the document that were composed before, by question name."""
    bins: dict[bytes, AssumptionBins] = field(default_factory=dict, compare=False, repr=False)
    """Assumptions in bins, kept by weights, because most nodes have the same weights."""

    @property
    def lowered(self) -> Lowered:
        """The case."""
        return self.wording.lowered

    def influences(
        self, answer: Float[np.ndarray, " draw"], weights: Float[np.ndarray, " draw"]
    ) -> list[Influence]:
        """The assumptions that explain most of a number's spread over draws, strongest first."""
        key = weights.tobytes()
        if key not in self.bins:
            self.bins[key] = AssumptionBins.of(self.ensemble.numbers, weights)
        used = np.where(weights > 0, answer, 0.0)
        ranked = rank_assumptions(self.ensemble.numbers, used, weights, bins=self.bins[key])
        return [
            influence(assumption, self.wording)
            for assumption in ranked[:MOST_INFLUENCES]
            if assumption.share > 0
        ]


def composing(case: SolvedCase) -> Composing:
    """Make what is needed to put answers of a case into words."""
    return Composing(Wording(case.lowered), case.ensemble)


def influence(assumption: RankedAssumption, wording: Wording) -> Influence:
    """Label an assumption, and round the share that it explains."""
    return Influence(
        parameter=assumption.parameter,
        label=wording.parameter(assumption.parameter),
        share=round(assumption.share, 4),
        direction=round(assumption.direction, 4),
    )
