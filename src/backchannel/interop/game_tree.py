"""A game tree as in Gambit: moves, information sets and outcomes, with exact numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from backchannel.language.errors import CaseError, Place, Problem

CHANCE = 0
"""The number of the player at chance moves."""

CONTEXT = " | "
"""Separates the node and what is seen there in the label of an information set."""

MOST_LEAVES = 200_000
"""Trees with more leaves are neither written nor read."""


class EfgError(CaseError):
    """A Gambit file is wrong, or a case cannot hold it; `problems` lists the reasons."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        said = str(self).removesuffix("Nothing was run.") + "Nothing was written."
        self.args = (said,)


@dataclass(frozen=True, eq=False)
class InformationSet:
    """Moves that their player cannot distinguish; for chance, moves with the same chances."""

    player: int
    """Counts from 1 in the order of the players; 0 is chance."""
    number: int
    label: str
    actions: tuple[str, ...]
    chances: tuple[Fraction, ...] = ()
    """For chance only: the probability of each action."""


@dataclass(frozen=True)
class TreeOutcome:
    """Payoffs of the players at a node; outcomes along a path add up."""

    label: str
    payoffs: tuple[Fraction, ...]
    """One per player."""


@dataclass(frozen=True, eq=False)
class TreeNode:
    """One node of the tree; the subtrees of its actions follow it in order."""

    label: str
    at: InformationSet | None
    """The information set of the move; `None` at a leaf."""
    outcome: TreeOutcome | None = None
    place: Place = field(default_factory=Place)
    """Its place in the file."""

    @property
    def n_branches(self) -> int:
        """Count the subtrees."""
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
        """Count the leaves."""
        return sum(node.at is None for node in self.nodes)
