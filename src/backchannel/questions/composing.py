"""Composing: what the `compose` of every question gets in order to put results into words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.case.lowered import Lowered
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.questions.statistics.assumption_terms import terms_of
from backchannel.questions.statistics.influence import (
    RankedAssumption,
    Ranking,
    rank_assumptions,
)
from backchannel.wording.pieces import Influence, clean
from backchannel.wording.words import Wording

MOST_INFLUENCES = 5
"""Assumptions that are named at a number, at most."""


@dataclass(frozen=True)
class Composing:
    """A solved case and its words. Nothing is solved here."""

    wording: Wording
    ensemble: Ensemble
    parts: dict[str, Any] = field(default_factory=dict)
    """Parts of the document that were composed before, by question name."""

    @property
    def lowered(self) -> Lowered:
        """The case."""
        return self.wording.lowered

    def influences(
        self, answer: Float[np.ndarray, " draw"], weights: Float[np.ndarray, " draw"]
    ) -> Influences:
        """The assumptions that explain most of a number's spread, as far as they stand out from chance."""
        return influences(rank_assumptions(terms_of(self.ensemble, weights), answer), self.wording)


def composing(case: SolvedCase) -> Composing:
    """Make what is needed to put answers of a case into words."""
    return Composing(Wording(case.lowered), case.ensemble)


@dataclass(frozen=True)
class Influences:
    """The assumptions that a number hinges on, in words, and the level of chance."""

    named: list[Influence]
    """Those that stand out from chance, strongest first."""
    chance_level: float | None
    """The share that the strongest would reach by chance; `None` where nothing can be said."""


def influences(ranking: Ranking, wording: Wording, most: int = MOST_INFLUENCES) -> Influences:
    """Put the assumptions that stand out from chance into words."""
    level = ranking.chance_level
    return Influences(
        named=[influence(assumption, wording) for assumption in ranking.named[:most]],
        chance_level=None if level is None else clean(level),
    )


def influence(assumption: RankedAssumption, wording: Wording) -> Influence:
    """Label an assumption."""
    return Influence(
        parameter=assumption.parameter,
        label=wording.parameter(assumption.parameter),
        share=clean(assumption.share),
        direction=clean(assumption.direction),
    )
