"""The results of following the branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.equilibrium.branch.lane import Stage
from backchannel.equilibrium.types import Status
from backchannel.language.names import NodeName

FLAT = 1e-6
"""Slope of τ along the branch at its end below which the end is near a fold."""


@dataclass(frozen=True)
class Trace:
    """The branch of one draw, point by point."""

    t: Float[np.ndarray, " point"]
    """Share of its own precision that every player has there; it runs back after a fold."""
    policies: dict[NodeName, Float[np.ndarray, "point ..."]]
    """Every free decision's rule; axes: point, what it sees in order of time, action."""


@dataclass(frozen=True)
class Arrival:
    """Where some draws arrived, before the check on the game itself."""

    policies: dict[NodeName, Float[np.ndarray, "some ..."]]
    """Every decision's rule; uniform where nobody needed it on the way."""
    followed: frozenset[NodeName]
    """Decisions whose rules come from the branch."""
    status: Int[np.ndarray, " some"]
    """`Status` of each draw, as far as the branch alone tells."""
    folds: Int[np.ndarray, " some"]
    """As in `Followed`, like the next three."""
    crossings: Int[np.ndarray, " some"]
    steps: Int[np.ndarray, " some"]
    trace: tuple[Trace, ...] | None = None

    def split(self, counts: Sequence[int]) -> list[Arrival]:
        """Cut the draws into groups, one after the other."""
        ends = np.cumsum(counts)
        return [self._rows(slice(end - n, end)) for n, end in zip(counts, ends, strict=True)]

    def _rows(self, rows: slice) -> Arrival:
        return Arrival(
            {name: rule[rows] for name, rule in self.policies.items()},
            self.followed,
            self.status[rows],
            self.folds[rows],
            self.crossings[rows],
            self.steps[rows],
            self.trace[rows] if self.trace is not None else None,
        )


@dataclass(frozen=True)
class Followed:
    """The end of the principal branch in every draw that was asked for, in that order."""

    draws: Int[np.ndarray, " some"]
    policies: dict[NodeName, Float[np.ndarray, "some ..."]]
    """Every decision's rule, those that were held included."""
    residual: Float[np.ndarray, " some"]
    """Largest gap between a rule and the answer to the others', on the game itself."""
    status: Int[np.ndarray, " some"]
    """`Status` of each draw."""
    folds: Int[np.ndarray, " some"]
    """How often the branch turned back on its way, over all parts that fold by themselves."""
    crossings: Int[np.ndarray, " some"]
    """How often other branches crossed it exactly and it went straight on, over all parts."""
    steps: Int[np.ndarray, " some"]
    """Steps that were taken or tried, over all parts."""
    trace: tuple[Trace, ...] | None = None
    """The branch of each draw, where it was asked for."""

    @property
    def converged(self) -> Bool[np.ndarray, " some"]:
        """Draws whose play may be used."""
        return self.status == Status.CONVERGED


_KNOWN = {
    Stage.LANDED: Status.CONVERGED,
    Stage.LOST: Status.LOST_PATH,
    Stage.NOT_FINITE: Status.NOT_FINITE,
}
_STATUS_OF_STAGE = np.array([_KNOWN.get(stage, Status.OUT_OF_STEPS) for stage in Stage], int)


def status_of(
    stage: Int[np.ndarray, " lane"], flat: Float[np.ndarray, " lane"]
) -> Int[np.ndarray, " lane"]:
    """The status of lanes by the stage in which they ended, and how flat the branch is there."""
    status = _STATUS_OF_STAGE[stage]
    return np.where((status == Status.CONVERGED) & (flat < FLAT), Status.NEAR_FOLD, status)


def replaced(followed: Followed, rows: np.ndarray, other: Followed) -> Followed:
    """Take some draws from another attempt."""
    policies = {name: rule.copy() for name, rule in followed.policies.items()}
    for name, rule in policies.items():
        rule[rows] = other.policies[name]
    changed = {}
    for field in ("residual", "status", "folds", "crossings", "steps"):
        changed[field] = getattr(followed, field).copy()
        changed[field][rows] = getattr(other, field)
    trace = followed.trace
    if trace is not None and other.trace is not None:
        again = dict(zip(rows.tolist(), other.trace, strict=True))
        trace = tuple(again.get(i, one) for i, one in enumerate(trace))
    return replace(followed, policies=policies, trace=trace, **changed)
