"""What a solver takes and what it returns: a task, and an equilibrium with the evidence that it is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.language.names import NodeName
from backchannel.tensors.game import Game

Policies: TypeAlias = Mapping[NodeName, Float[np.ndarray, "draw ..."]]
"""Every decision's rule; axes: draw, what it sees in order of time, action."""

LadderKey: TypeAlias = str
"""Which ladder of levels: empty for level-k thinking, otherwise the player whose hierarchy it is."""
LevelRules: TypeAlias = Mapping[NodeName, Float[np.ndarray, "level draw ..."]]
"""Every decision's rule at each level; axes: level, draw, what it sees in order of time, action."""


@dataclass(frozen=True)
class Task:
    """One game to be solved, and which of its rules nobody can change."""

    game: Game
    held: Policies = field(default_factory=dict)
    """Rules that are kept as they are; everyone else responds to them."""
    available: Mapping[NodeName, Bool[np.ndarray, " action"]] = field(default_factory=dict)
    """For a decision, the actions that are on the menu at all, where some are not."""
    start: Policies | None = None
    """Play to start from (that before a change); uniform play if left out."""
    branch_verified: Bool[np.ndarray, " draw"] | None = None
    """Draws whose play before the change was verified to be on the principal branch: if a few sweeps
    from there converge, no second climb is needed."""
    allow_skips: bool = False
    """In a large game, leave a few draws in doubt out rather than follow them; see `solve`."""
    images: Mapping[LadderKey, LevelRules] = field(default_factory=dict)
    """By ladder, what each level takes held rules to be; elsewhere they are taken as they are."""


class Status(IntEnum):
    """What became of a draw; `message` says it in words."""

    CONVERGED = 0, "The draw has converged."
    OUT_OF_STEPS = 1, "The draw had not converged when its steps were used up."
    NOT_FINITE = 2, "A number on the way was not finite."
    NEAR_FOLD = (
        3,
        "The branch almost turns back at its end, so that play depends on the last digits.",
    )
    LOST_PATH = 4, "The branch could not be followed to its end, or its end failed the check."

    message: str

    def __new__(cls, value: int, message: str) -> Status:
        """Make a member from its number and its message."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.message = message
        return member


class Method(IntEnum):
    """By which method a draw's play was found."""

    SWEEP = 0
    """Sweeps; a climb showed that they stayed on the principal branch."""
    HOMOTOPY = 1
    """The branch was followed along its arc."""
    LIMIT = 2
    """The branch was followed until its limit was known, for players of infinite precision."""


@dataclass(frozen=True)
class Equilibrium:
    """Play in every draw."""

    policies: dict[NodeName, Float[np.ndarray, "draw ..."]]
    change: Float[np.ndarray, " draw"]
    """Largest change of any rule in the last sweep."""
    sweeps: Int[np.ndarray, " draw"]
    """Sweeps that the draw needed."""
    status: Int[np.ndarray, " draw"]
    """`Status` of each draw."""
    method: Int[np.ndarray, " draw"]
    """`Method` of each draw."""
    folds: Int[np.ndarray, " draw"]
    """How often the branch turned back before its end; counted where it was followed."""
    crossings: Int[np.ndarray, " draw"]
    """How often other branches crossed this one exactly, and it went straight on; counted where it was
    followed."""
    branch_verified: Bool[np.ndarray, " draw"]
    """Draws that passed a climb, or that need none: sweeps follow the principal branch all the way."""
    levels: Mapping[LadderKey, LevelRules] = field(default_factory=dict)
    """Everyone's rules at each level, by ladder, where somebody reasons in levels."""

    @property
    def converged(self) -> Bool[np.ndarray, " draw"]:
        """Draws whose play may be used."""
        return self.status == Status.CONVERGED


def rows_of(policies: Policies, draws: Int[np.ndarray, " some"]) -> Policies:
    """The rules of some draws; a rule with one row for all draws has it in each."""
    return {
        name: rule[draws if len(rule) > 1 else np.zeros_like(draws)]
        for name, rule in policies.items()
    }


def largest_gap(policies: Policies, other: Policies) -> Float[np.ndarray, " draw"]:
    """The largest difference of some probability, in each draw."""
    gaps = [
        np.abs(rule - other[name]).max(axis=tuple(range(1, rule.ndim)))
        for name, rule in policies.items()
    ]
    return np.max(gaps, axis=0)
