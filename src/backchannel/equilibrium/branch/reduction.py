"""Reduction: a game's rules as functions of few unknowns, in parts that fold by themselves.

Log-odds against the last action on the menu, for one context of each class of a feedback set of
decisions, are the unknowns x; all other rules follow from them. On the branch

    F(x, τ) = x − τ r (Q(a) − Q(last)) = 0

where r is the owner's precision over the length of the path. Groups of decisions that do not need
each other are parts; and where everyone in a part sees a node, each of its values is a slice. Each
part in each slice is followed with a τ of its own, or it would retrace its path whenever another
folds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import networkx as nx
import numpy as np
from jaxtyping import Int

from backchannel.equilibrium.branch.bounded_cache import BoundedCache
from backchannel.equilibrium.branch.feedback import feedback_set
from backchannel.equilibrium.branch.layout import (
    Menus,
    UnknownsLayout,
    count_unknowns,
    lay_out,
    menus_of,
)
from backchannel.equilibrium.branch.quotient import all_distinct, find_quotient
from backchannel.equilibrium.branch.rule_plan import FRAMES, RulePlan, needs_graph
from backchannel.equilibrium.frame import Frame
from backchannel.equilibrium.game_tables import Tables
from backchannel.language.names import NodeName
from backchannel.tensors.plan import Plan, Scope, TableId


@dataclass(frozen=True, eq=False)
class Part:
    """Decisions that are followed together, with all that they need."""

    frame: Frame
    public: Scope
    """Nodes that everyone in the part sees; each of their values is a slice."""
    slices: Int[np.ndarray, "public slice"]
    """Value of each public node in each slice."""
    menus: Menus
    feedback: tuple[NodeName, ...]
    layout: Mapping[NodeName, UnknownsLayout]
    """Of each decision of the feedback set."""
    n_unknowns: int
    plan: Plan
    """Works all rules of the part out from those of the feedback set."""
    worth: Mapping[NodeName, list[TableId]]
    """Action values of each decision of the feedback set, as tables that add up."""
    rules: Mapping[NodeName, TableId]
    """Every rule of the part."""

    @cached_property
    def size(self) -> int:
        """Numbers that F and its slopes take in one lane."""
        plan = self.plan
        cells = sum(
            plan.size(plan.scopes[step.out]) for step in plan.steps if plan.varies(step.out)
        )
        return (self.n_unknowns + 1) * max(cells, 1)

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """What a compiled program of this part depends on, but for which tables vary."""
        return (
            self.frame,
            tuple((name, self.menus[name].tobytes()) for name in self.frame.owner),
            tuple((name, self.layout[name].entry.tobytes()) for name in self.feedback),
        )


def reduce_game(
    frame: Frame,
    tables: Tables,
    look_at: Int[np.ndarray, " some"],
    *,
    quotient: bool = True,
    joint: bool = False,
    reduced: bool = True,
) -> list[Part]:
    """Split a game into the parts whose branch must be followed, and find their unknowns.

    Args:
        frame: The whole game's.
        tables: Its numbers, as the sweep lays them out.
        look_at: Draws by which contexts are found equivalent.
        quotient: Whether equivalent contexts are put together.
        joint: Whether all free decisions make one part, followed with one τ for all.
        reduced: Whether the unknowns are those of a feedback set alone; otherwise of all decisions.

    Returns:
        The parts; none if no decisions need each other.
    """
    needs = needs_graph(frame)
    parts = []
    for names in [frozenset(frame.owner)] if joint else _groups(needs):
        public = () if joint else _public(frame, tables, names)
        parts.append(_part(frame, tables, names, public, look_at, quotient, reduced))
    return parts


def _groups(needs: nx.DiGraph[Any]) -> list[frozenset[NodeName]]:
    """Decisions to be followed together, and what they need."""
    circles = [set(g) for g in nx.strongly_connected_components(needs) if len(g) > 1]
    reach = [c.union(*(nx.descendants(needs, name) for name in c)) for c in circles]
    linked = nx.Graph()
    linked.add_nodes_from(range(len(circles)))
    for i, needed in enumerate(reach):
        linked.add_edges_from((i, j) for j, circle in enumerate(circles) if circle & needed)
    return [
        frozenset().union(*(reach[i] for i in together))
        for together in nx.connected_components(linked)
    ]


def _public(frame: Frame, tables: Tables, names: frozenset[NodeName]) -> Scope:
    """Nodes that everyone sees and on which no one's menu depends."""
    seen = set.intersection(*(set(frame.parents[name]) for name in names))
    for name in names:
        menu = tables["menu"][name]
        for i, parent in enumerate(frame.parents[name]):
            if (menu != menu.take([0], i + 1)).any():
                seen.discard(parent)
    return tuple(node for node in frame.cards if node in seen)


def _part(
    context: Frame,
    tables: Tables,
    names: frozenset[NodeName],
    public: Scope,
    look_at: Int[np.ndarray, " some"],
    quotient: bool,
    reduced: bool,
) -> Part:
    slices = np.array(list(product(*(range(context.cards[name]) for name in public))), int).T
    slices = slices.reshape(len(public), -1 if public else 1)
    frame = context.only(names).sliced(public)
    if quotient:
        frame, classes = find_quotient(frame, tables, public, slices, look_at)
    else:
        classes = all_distinct(frame)
    menus = menus_of(frame, tables)
    labels = tuple((name, classes[name].tobytes(), menus[name].tobytes()) for name in frame.owner)
    key = (frame, public, slices.shape, slices.tobytes(), labels, reduced)
    return _parts.get(key, lambda: _laid_out(frame, public, slices, menus, classes, reduced))


_parts: BoundedCache[Part] = BoundedCache(FRAMES)


def _laid_out(
    frame: Frame,
    public: Scope,
    slices: Int[np.ndarray, "public slice"],
    menus: Menus,
    classes: Mapping[NodeName, Int[np.ndarray, ...]],
    reduced: bool,
) -> Part:
    """Choose the unknowns, and write down what follows from them."""
    unknowns = {name: count_unknowns(classes[name], menus[name]) for name in frame.owner}
    feedback = feedback_set(needs_graph(frame), unknowns) if reduced else tuple(frame.owner)
    plan = RulePlan(frame, given=feedback)
    worth = {name: plan.action_values(name) for name in feedback}
    layout, count = lay_out(feedback, classes, menus)
    rules = {name: plan.rule(name) for name in frame.owner}
    return Part(frame, public, slices, menus, feedback, layout, count, plan.plan, worth, rules)
