"""Walks: every path through a tree that has a positive probability, with its moves and its payoffs.

Moves with one action and branches with probability 0 are ignored.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from backchannel.interop.game_tree import (
    CHANCE,
    CONTEXT,
    EfgError,
    GameTree,
    InformationSet,
    TreeNode,
)
from backchannel.language.errors import Problem


@dataclass(frozen=True)
class TreeWalk:
    """One path: its moves as (index, node, action), and its nodes with payoffs."""

    moves: tuple[tuple[int, TreeNode, int], ...]
    paying: tuple[tuple[int, TreeNode], ...]
    """Nodes with an outcome, each with the number of moves before it."""


def walks_of(tree: GameTree) -> list[TreeWalk]:
    """List the walks, in the order of the tree."""
    walks: list[TreeWalk] = []
    waiting: list[TreeWalk | None] = [TreeWalk((), ())]
    for index, node in enumerate(tree.nodes):
        here = waiting.pop()
        if here is not None and node.outcome is not None:
            here = TreeWalk(here.moves, (*here.paying, (len(here.moves), node)))
        if node.at is None:
            if here is not None:
                walks.append(here)
            continue
        kept = possible_actions(node.at)
        later: list[TreeWalk | None] = []
        taken = set(kept)
        for action in range(node.n_branches):
            if here is None or action not in taken:
                later.append(None)
            elif len(kept) == 1:
                later.append(here)
            else:
                later.append(TreeWalk((*here.moves, (index, node, action)), here.paying))
        waiting += reversed(later)
    return walks


def possible_actions(at: InformationSet) -> list[int]:
    """List the actions with a positive probability."""
    return [i for i in range(len(at.actions)) if not at.chances or at.chances[i] > 0]


def check_reached(tree: GameTree, walks: Sequence[TreeWalk]) -> None:
    """Check that every choice of a player is on some walk.

    Raises:
        EfgError: An information set can only be reached with probability 0.
    """
    reached = {node.at for walk in walks for _, node, _ in walk.moves}
    problems: dict[InformationSet, Problem] = {}
    for node in tree.nodes:
        at = node.at
        if at and at.player != CHANCE and len(at.actions) > 1 and at not in reached:
            message = (
                f"Information set {at.number} of player {at.player} is reached with probability 0, so "
                "its play has no effect. Remove the branch, or give it a small probability."
            )
            problems.setdefault(at, Problem(node.place, message))
    if problems:
        raise EfgError(list(problems.values()))


def label_of_decision(node: TreeNode) -> str:
    """Return the label of the decision that a node belongs to."""
    name, context, _ = node.at.label.partition(CONTEXT) if node.at else ("", "", "")
    return name if context else node.label


def unsplittable(index: int, node: TreeNode) -> Hashable:
    """Return what cannot be split: an information set; for chance, a single move."""
    assert node.at is not None
    return index if node.at.player == CHANCE else node.at
