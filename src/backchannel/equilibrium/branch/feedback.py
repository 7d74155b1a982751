"""Feedback set: the fewest unknowns from which all other rules follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

import networkx as nx

from backchannel.language.names import NodeName

EXHAUSTIVE = 10
"""Up to this many decisions that need each other, every subset is tried."""


def feedback_set(needs: nx.DiGraph[Any], unknowns: Mapping[NodeName, int]) -> tuple[NodeName, ...]:
    """Find the cheapest set of decisions whose removal leaves no circle of needs.

    Up to `EXHAUSTIVE` decisions in one group the set is the cheapest there is. Beyond that
    decisions are taken out by their degree per unknown, and put back where no circle comes back.

    Args:
        needs: An edge from each decision to those that its action values are worked out from.
        unknowns: What each decision would cost.

    >>> graph = nx.DiGraph([("offer", "reply"), ("reply", "offer"), ("reply", "work")])
    >>> feedback_set(graph, {"offer": 1, "reply": 6, "work": 1})
    ('offer',)
    """
    chosen: list[NodeName] = []
    for group in nx.strongly_connected_components(needs):
        part = needs.subgraph(group)
        if len(group) > 1 or needs.has_edge(*list(group) * 2):
            exact = len(group) <= EXHAUSTIVE
            chosen += _cheapest(part, unknowns) if exact else _greedy(part, unknowns)
    return tuple(sorted(chosen, key=list(needs).index))


def _cheapest(needs: nx.DiGraph[Any], unknowns: Mapping[NodeName, int]) -> Iterable[NodeName]:
    names = list(needs)
    sets = (some for n in range(len(names) + 1) for some in combinations(names, n))
    for some in sorted(sets, key=lambda some: sum(unknowns[name] for name in some)):
        if _is_acyclic_without(needs, some):
            return some
    return names


def _greedy(needs: nx.DiGraph[Any], unknowns: Mapping[NodeName, int]) -> Iterable[NodeName]:
    left = nx.DiGraph(needs)
    taken: list[NodeName] = []
    while not nx.is_directed_acyclic_graph(left):
        circles = [group for group in nx.strongly_connected_components(left) if len(group) > 1]
        inside = left.subgraph(set().union(*circles))
        worst = max(
            sorted(inside),
            key=lambda n: inside.in_degree(n) * inside.out_degree(n) / max(unknowns[n], 1),
        )
        left.remove_node(worst)
        taken.append(worst)
    for name in sorted(taken, key=lambda n: -unknowns[n]):
        without = [other for other in taken if other != name]
        if _is_acyclic_without(needs, without):
            taken = without
    return taken


def _is_acyclic_without(needs: nx.DiGraph[Any], some: Iterable[NodeName]) -> bool:
    return nx.is_directed_acyclic_graph(needs.subgraph(set(needs) - set(some)))
