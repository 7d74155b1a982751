"""A game tree as Gambit keeps it: moves, information sets and outcomes, in numbers that are exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from backchannel.language.errors import CaseError, Place, Problem

CHANCE = 0
"""Stands in the place of a player's number where nobody chooses."""

CONTEXT = " | "
"""Stands in an information set's label between its node and what is seen there."""

MOST_LEAVES = 200_000
"""Trees with more leaves are neither written nor read."""


class EfgError(CaseError):
    """A Gambit file is wrong, or holds what a case cannot; `problems` holds every reason found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        said = str(self).removesuffix("Nothing was run.") + "Nothing was written."
        self.args = (said,)


@dataclass(frozen=True, eq=False)
class InformationSet:
    """Moves that their player cannot tell apart; for chance, moves with the same chances."""

    player: int
    """Counts from 1 in the order of the players; 0 is chance."""
    number: int
    label: str
    actions: tuple[str, ...]
    chances: tuple[Fraction, ...] = ()
    """Of chance only: the probability of each action."""


@dataclass(frozen=True)
class TreeOutcome:
    """What the players get where it stands; outcomes along a path add up."""

    label: str
    payoffs: tuple[Fraction, ...]
    """One for each player."""


@dataclass(frozen=True, eq=False)
class TreeNode:
    """One node of the tree; the subtrees of its actions follow it in order."""

    label: str
    at: InformationSet | None
    """Where the move is made; `None` at a leaf."""
    outcome: TreeOutcome | None = None
    place: Place = field(default_factory=Place)
    """Where it stands in the file."""

    @property
    def n_branches(self) -> int:
        """How many subtrees follow."""
        return len(self.at.actions) if self.at else 0


@dataclass(frozen=True)
class GameTree:
    """A whole game."""

    title: str
    comment: str
    players: tuple[str, ...]
    nodes: tuple[TreeNode, ...]
    """Each node before its subtrees, these in the order of the actions."""

    @property
    def n_leaves(self) -> int:
        """How many ways the game can end."""
        return sum(node.at is None for node in self.nodes)
