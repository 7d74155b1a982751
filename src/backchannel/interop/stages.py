"""Stages: group the moves of a tree into the decision and chance nodes of a case.

Every information set belongs to one stage: sets of one player with the same actions at the same depth
(or with the same label in the tree) are one node in several contexts. Stages must be ordered in time: if
two come before each other on different paths, or one comes twice on a path, they are split.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np
from jaxtyping import Int

from backchannel.interop.game_tree import (
    CHANCE,
    EfgError,
    GameTree,
    InformationSet,
    TreeNode,
)
from backchannel.interop.tree_walks import (
    TreeWalk,
    check_reached,
    label_of_decision,
    possible_actions,
    unsplittable,
    walks_of,
)
from backchannel.language.errors import Problem

MOST_WORK = 30_000_000
"""Most paths times pairs of stages; takes some seconds."""


@dataclass(frozen=True)
class TreeStage:
    """A node of the new case."""

    player: int
    label: str
    """Its label in the tree, or empty."""
    actions: tuple[str, ...]
    sets: tuple[InformationSet, ...]
    """Its information sets, which are its contexts."""


@dataclass(frozen=True)
class Paths:
    """All paths through the tree, by what happened at each stage."""

    stages: tuple[TreeStage, ...]
    """In order of time."""
    value: Int[np.ndarray, "path stage"]
    """Action at each stage; -1 if the path does not reach it."""
    context: Int[np.ndarray, "path stage"]
    """The information set of the stage on the path; -1 for none."""
    outcomes: tuple[tuple[tuple[int, TreeNode], ...], ...]
    """For each path the tree nodes with an outcome, each with the last stage before it (-1: none)."""


def paths_of(tree: GameTree) -> Paths:
    """Group a tree's moves into stages and list its paths.

    Raises:
        EfgError: A player moves twice in one information set on one path, information sets come
            before each other on different paths, or one can only be reached with probability 0.
    """
    walks = walks_of(tree)
    check_reached(tree, walks)
    stage_of = _ordered_stages(walks)
    members: dict[Hashable, dict[InformationSet, None]] = defaultdict(dict)
    first: dict[Hashable, int] = {}
    depth: dict[Hashable, int] = defaultdict(int)
    label: dict[Hashable, str] = {}
    for walk in walks:
        for k, (index, node, _) in enumerate(walk.moves):
            assert node.at is not None
            stage = stage_of[unsplittable(index, node)]
            members[stage][node.at] = None
            first.setdefault(stage, index)
            depth[stage] = max(depth[stage], k)
            label.setdefault(stage, label_of_decision(node))
    order = _in_time(walks, stage_of, depth, first)
    _check_extent(tree, len(walks), len(order))
    stages = tuple(_stage(label[stage_key], tuple(members[stage_key])) for stage_key in order)
    return _listed(walks, stages, {stage_key: i for i, stage_key in enumerate(order)}, stage_of)


def _check_extent(tree: GameTree, n_paths: int, n_stages: int) -> None:
    if n_paths * n_stages**2 > MOST_WORK:
        message = (
            f"The game has {n_paths:,} paths and {n_stages:,} different decisions and chance moves, too "
            "many for a case. Give the nodes of one decision the same label and the same actions, "
            "so that they become one node."
        )
        raise EfgError([Problem(tree.nodes[0].place, message)])


def _ordered_stages(walks: Sequence[TreeWalk]) -> dict[Hashable, Hashable]:
    """Assign each unit to a stage, so that stages can be ordered in time."""
    depth: dict[Hashable, int] = {}
    labels: dict[Hashable, set[str]] = defaultdict(set)
    node_of: dict[Hashable, TreeNode] = {}
    for walk in walks:
        for k, (index, node, _) in enumerate(walk.moves):
            unit = unsplittable(index, node)
            depth[unit] = max(depth.get(unit, 0), k)
            labels[unit].add(label_of_decision(node))
            node_of.setdefault(unit, node)
    stage_of: dict[Hashable, Hashable] = {}
    # Thousands of action names are compared once; afterwards their key is used.
    alike: dict[Hashable, Hashable] = {}
    for unit, node in node_of.items():
        assert node.at is not None
        label = next(iter(labels[unit])) if len(labels[unit]) == 1 else ""
        actions = tuple(node.at.actions[i] for i in possible_actions(node.at))
        kind = (node.at.player, actions, label or depth[unit])
        stage_of[unit] = alike.setdefault(kind, ("stage", len(alike)))
    while True:
        tangled = _tangled(walks, stage_of)
        if not tangled:
            return stage_of
        together = {unit for unit, stage in stage_of.items() if stage in tangled}
        if all(stage_of[unit] == ("alone", unit) for unit in together):
            raise _never_ordered([node_of[unit] for unit in together])
        stage_of |= {unit: ("alone", unit) for unit in together}


def _tangled(walks: Sequence[TreeWalk], stage_of: dict[Hashable, Hashable]) -> set[Hashable]:
    """Find stages that come before each other on different paths, or twice on one."""
    graph = _sequence(walks, stage_of)
    loops = {stage for stage in graph if graph.has_edge(stage, stage)}
    groups = [group for group in nx.strongly_connected_components(graph) if len(group) > 1]
    return loops.union(*groups)


def _sequence(
    walks: Sequence[TreeWalk], stage_of: dict[Hashable, Hashable]
) -> nx.DiGraph[Hashable]:
    graph = nx.DiGraph()
    for walk in walks:
        stages = [stage_of[unsplittable(index, node)] for index, node, _ in walk.moves]
        graph.add_nodes_from(stages)
        graph.add_edges_from(pairwise(stages))
    return graph


def _never_ordered(nodes: Sequence[TreeNode]) -> EfgError:
    problems = []
    for node in nodes:
        at = node.at
        if at is not None and at.player != CHANCE:
            message = (
                f"Information set {at.number} of player {at.player} comes twice on one path, or "
                "before and after another set on different paths. In a case, each decision is made once, "
                "in order of time."
            )
            problems.append(Problem(node.place, message))
    return EfgError(problems)


def _in_time(
    walks: Sequence[TreeWalk],
    stage_of: dict[Hashable, Hashable],
    depth: dict[Hashable, int],
    first: dict[Hashable, int],
) -> list[Hashable]:
    graph = _sequence(walks, stage_of)
    return list(nx.lexicographical_topological_sort(graph, key=lambda s: (depth[s], first[s])))


def _stage(label: str, sets: tuple[InformationSet, ...]) -> TreeStage:
    actions = tuple(sets[0].actions[i] for i in possible_actions(sets[0]))
    own = label or (sets[0].label if len(sets) == 1 else "")
    return TreeStage(sets[0].player, own, actions, sets)


def _listed(
    walks: Sequence[TreeWalk],
    stages: tuple[TreeStage, ...],
    column: dict[Hashable, int],
    stage_of: dict[Hashable, Hashable],
) -> Paths:
    value = np.full((len(walks), len(stages)), -1)
    context = np.full((len(walks), len(stages)), -1)
    rank = [{at: i for i, at in enumerate(stage.sets)} for stage in stages]
    place = [{at: _places(at) for at in stage.sets} for stage in stages]
    outcomes = []
    for row, walk in enumerate(walks):
        columns = [column[stage_of[unsplittable(index, node)]] for index, node, _ in walk.moves]
        for stage, (_, node, action) in zip(columns, walk.moves, strict=True):
            assert node.at is not None
            value[row, stage] = place[stage][node.at][action]
            context[row, stage] = rank[stage][node.at]
        outcomes.append(tuple((columns[k - 1] if k else -1, node) for k, node in walk.paying))
    return Paths(stages, value, context, tuple(outcomes))


def _places(at: InformationSet) -> dict[int, int]:
    """Return the position of each possible action among the possible ones."""
    return {action: i for i, action in enumerate(possible_actions(at))}
