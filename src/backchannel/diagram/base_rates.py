"""Base rates: how often each value of a node came about in cases of the same kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backchannel.language.names import NodeName, Value

EVEN_WEIGHT = 0.5
"""Weight of the case against a base rate, unless the case file gives another."""


@dataclass(frozen=True)
class BaseRate:
    """A reference class of a node, with its counts and the weight of the case against it."""

    node: NodeName
    counts: Mapping[Value, float]
    """How often each value came about; every value but n/a is there."""
    of: str
    """The reference class: what was counted."""
    weight: float = EVEN_WEIGHT
    """Weight of the case in the pool: 1 uses the case alone, 0 the base rate alone."""
    sources: tuple[str, ...] = ()
    """The names of the sources of the counts."""

    @property
    def total(self) -> float:
        """The number of events that were counted."""
        return sum(self.counts.values())
