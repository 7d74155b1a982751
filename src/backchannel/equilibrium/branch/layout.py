"""Layout of the unknowns: which unknown stands for which action in which context."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Int

from backchannel.equilibrium.frame import Frame
from backchannel.equilibrium.game_tables import Tables
from backchannel.equilibrium.response import softmax
from backchannel.language.names import NodeName
from backchannel.tensors import dual
from backchannel.tensors.dual import Dual
from backchannel.tensors.interpreter import Array

Menus = dict[NodeName, Bool[np.ndarray, "... action"]]
"""Which actions each free decision has in each context."""


@dataclass(frozen=True)
class UnknownsLayout:
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


def menus_of(frame: Frame, tables: Tables) -> Menus:
    """Actions of each decision in the contexts of a frame."""
    menus = {}
    for name in frame.owner:
        menu = np.asarray(tables["menu"][name][0] > 0)
        for axis, parent in reversed(list(enumerate(frame.parents[name]))):
            if parent not in frame.sees(name):
                menu = menu.take(0, axis)
            elif frame.cards[parent] == 1:
                menu = menu.take([0], axis)
        menus[name] = menu
    return menus


def count_unknowns(classes: Int[np.ndarray, ...], menu: Bool[np.ndarray, "... action"]) -> int:
    """How many log-odds a decision has, one class of contexts counted once."""
    return int((menu.sum(axis=-1) - 1).reshape(-1)[_first(classes)].sum())


def lay_out(
    names: Iterable[NodeName], classes: Mapping[NodeName, np.ndarray], menus: Menus
) -> tuple[dict[NodeName, UnknownsLayout], int]:
    """Number the unknowns of some decisions, one decision after the other.

    Args:
        names: The decisions.
        classes: The class of each context of each decision.
        menus: Its actions in each context; contexts of one class have the same.

    Returns:
        Each decision's layout, and the number of unknowns.
    """
    sizes = {name: count_unknowns(classes[name], menus[name]) for name in names}
    n = sum(sizes.values())
    layout, start = {}, 0
    for name, size in sizes.items():
        layout[name] = _one(classes[name], menus[name], slice(start, start + size), n)
        start += size
    return layout, n


def rules_of(xp: Any, x: Array, layout: Mapping[NodeName, UnknownsLayout]) -> dict[NodeName, Array]:
    """The rules that log-odds stand for; axes: contexts, action, lane."""
    ends = xp.broadcast_to(xp.asarray(np.array([[0.0], [-np.inf]])), (2, x.shape[-1]))
    if isinstance(x, Dual):
        known = dual.concatenate([x, Dual(ends, xp.zeros((2, *x.slope.shape[1:])))])
    else:
        known = xp.concatenate([x, ends])
    return {name: softmax(known[own.entry], xp) for name, own in layout.items()}


def _one(classes: np.ndarray, menu: np.ndarray, own: slice, n: int) -> UnknownsLayout:
    n_actions = menu.shape[-1]
    flat, labels = menu.reshape(-1, n_actions), classes.reshape(-1)
    entry = np.full((int(labels.max()) + 1, n_actions), n + 1)
    cell, against = [], []
    for label, context in enumerate(_first(classes)):
        actions = np.flatnonzero(flat[context])
        entry[label, actions[-1]] = n
        for action in actions[:-1]:
            entry[label, action] = own.start + len(cell)
            cell.append(context * n_actions + action)
            against.append(context * n_actions + actions[-1])
    return UnknownsLayout(
        entry[labels].reshape(menu.shape), np.array(cell, int), np.array(against, int), own
    )


def _first(classes: Int[np.ndarray, ...]) -> Int[np.ndarray, " class"]:
    """The first context of each class."""
    return np.unique(classes, return_index=True)[1]
