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

import networkx as nx
import numpy as np
from jaxtyping import Bool, Int

from backchannel.equilibrium.homotopy.feedback import feedback_set
from backchannel.equilibrium.homotopy.frame import Frame
from backchannel.equilibrium.homotopy.lanes import inputs, sources
from backchannel.equilibrium.homotopy.quotient import LANES, Menus, find_quotient
from backchannel.equilibrium.homotopy.values import FRAMES, Values, all_values, needs_graph
from backchannel.equilibrium.sweep import Tables
from backchannel.names import NodeName
from backchannel.tensors.plan import Scope, TableId


@dataclass(frozen=True)
class Layout:
    """Where the unknowns of one decision stand."""

    entry: Int[np.ndarray, "... action"]
    """Number of the unknown that is the log-odds of each context and action; the number of
    unknowns where it is 0 (the last action on the menu), one more where the action is off it."""
    cell: Int[np.ndarray, " own"]
    """Flat place of each of the decision's unknowns among its contexts and actions."""
    against: Int[np.ndarray, " own"]
    """Flat place of the last action on the menu in the same context."""
    own: slice
    """The decision's unknowns among all."""


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
    layout: Mapping[NodeName, Layout]
    """Of each decision of the feedback set."""
    n_unknowns: int
    values: Values
    """Writes all rules of the part down from those of the feedback set."""
    worth: Mapping[NodeName, list[TableId]]
    """Action values of each decision of the feedback set, as tables that add up."""
    rules: Mapping[NodeName, TableId]
    """Every rule of the part."""

    @cached_property
    def key(self) -> tuple:
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
) -> list[Part]:
    """Split a game into the parts whose branch must be followed, and find their unknowns.

    Args:
        frame: The whole game's.
        tables: Its numbers, as the sweep lays them out.
        look_at: Draws by which contexts are found equivalent.
        quotient: Whether equivalent contexts are put together.
        joint: Whether all free decisions make one part, followed with one τ for all.

    Returns:
        The parts; none if no decisions need each other.
    """
    needs = needs_graph(frame)
    parts = []
    for names in [frozenset(frame.owner)] if joint else _groups(needs):
        public = () if joint else _public(frame, tables, names)
        parts.append(_part(frame, tables, names, public, look_at, quotient))
    return parts


def _groups(needs: nx.DiGraph) -> list[frozenset[NodeName]]:
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
    whole: Frame,
    tables: Tables,
    names: frozenset[NodeName],
    public: Scope,
    look_at: Int[np.ndarray, " some"],
    quotient: bool,
) -> Part:
    slices = np.array(list(product(*(range(whole.cards[name]) for name in public))), int).T
    slices = slices.reshape(len(public), -1 if public else 1)
    frame = whole.only(names).sliced(public)
    classes = {name: np.arange(np.prod(frame.shape(name)[:-1], dtype=int)) for name in names}
    classes = {name: classes[name].reshape(frame.shape(name)[:-1]) for name in names}
    if quotient and any(table.size > 1 for table in classes.values()):
        values, _ = all_values(frame)
        found = sources(frame, tables, public, inputs(values.plan))
        lanes = np.resize(np.repeat(look_at, slices.shape[1]), max(LANES, slices.shape[1]))
        where = np.resize(np.arange(slices.shape[1]), len(lanes))
        menus = _menus(frame, tables)
        frame, classes = find_quotient(frame, found, menus, lanes, slices[:, where])
    menus = _menus(frame, tables)
    labels = tuple((name, classes[name].tobytes(), menus[name].tobytes()) for name in frame.owner)
    key = (frame, public, labels)
    if key not in _parts:
        if len(_parts) >= FRAMES:
            _parts.pop(next(iter(_parts)))
        _parts[key] = _laid_out(frame, public, slices, menus, classes)
    return _parts[key]


_parts: dict[tuple, Part] = {}


def _laid_out(
    frame: Frame,
    public: Scope,
    slices: Int[np.ndarray, "public slice"],
    menus: Menus,
    classes: Mapping[NodeName, Int[np.ndarray, ...]],
) -> Part:
    """Choose the unknowns, and write down what follows from them."""
    unknowns = {
        name: int((menus[name].sum(axis=-1) - 1).reshape(-1)[_first(classes[name])].sum())
        for name in frame.owner
    }
    feedback = feedback_set(needs_graph(frame), unknowns)
    values = Values(frame, given=feedback)
    worth = {name: values.action_values(name) for name in feedback}
    layout, count = {}, 0
    for name in feedback:
        layout[name], count = _lay_out(
            classes[name], menus[name], count, sum(unknowns[d] for d in feedback)
        )
    rules = {name: values.rule(name) for name in frame.owner}
    return Part(frame, public, slices, menus, feedback, layout, count, values, worth, rules)


def _menus(frame: Frame, tables: Tables) -> Menus:
    """Actions of each decision in the contexts of a frame."""
    found = {}
    for name in frame.owner:
        menu = np.asarray(tables["menu"][name][0] > 0)
        for axis, parent in reversed(list(enumerate(frame.parents[name]))):
            if parent not in frame.sees(name):
                menu = menu.take(0, axis)
            elif frame.cards[parent] == 1:
                menu = menu.take([0], axis)
        found[name] = menu
    return found


def _lay_out(
    classes: Int[np.ndarray, ...], menu: Bool[np.ndarray, "... action"], start: int, n: int
) -> tuple[Layout, int]:
    n_actions = menu.shape[-1]
    flat, labels = menu.reshape(-1, n_actions), classes.reshape(-1)
    entry = np.full((int(labels.max()) + 1, n_actions), n + 1)
    cell, against = [], []
    count = start
    for label, context in enumerate(_first(classes)):
        actions = np.flatnonzero(flat[context])
        entry[label, actions[-1]] = n
        for action in actions[:-1]:
            entry[label, action] = count
            cell.append(context * n_actions + action)
            against.append(context * n_actions + actions[-1])
            count += 1
    own = slice(start, count)
    layout = Layout(
        entry[labels].reshape(menu.shape), np.array(cell, int), np.array(against, int), own
    )
    return layout, count


def _first(classes: Int[np.ndarray, ...]) -> Int[np.ndarray, " class"]:
    """The first context of each class."""
    return np.unique(classes, return_index=True)[1]
