"""Equivalent contexts: found numerically, so that symmetric local games are followed as one.

Contexts that differ only in what no one's payoff depends on play identical local games. These fold
at the same moment, and the Jacobian loses several ranks at once; and following each of them is wasted work.
Starting from one class of contexts per decision, action values at random rules that are the same
within each class split the classes, until they split no more. The rules of a class then stay equal
along the whole branch, because it starts from uniform play. What is found on some draws is taken
to hold on all; that is why every end of a branch is checked on the game itself.
"""

from __future__ import annotations

from math import prod

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.equilibrium.branch.lane_tables import lane_tables
from backchannel.equilibrium.branch.layout import menus_of
from backchannel.equilibrium.branch.rule_plan import all_action_values
from backchannel.equilibrium.frame import Frame
from backchannel.equilibrium.game_tables import Tables
from backchannel.equilibrium.response import lift_zeros, softmax
from backchannel.language.names import NodeName
from backchannel.machine.memory import NUMBER, how_many
from backchannel.tensors.interpreter import add_up
from backchannel.tensors.plan import Scope
from backchannel.tensors.plan_size import size_of

ALIKE = 1e-9
"""Differences of action values, relative to the largest, that count as none."""
LANES = 24
"""Random draws, slices and rules that are looked at together."""

Classes = dict[NodeName, Int[np.ndarray, "..."]]
"""For each free decision the class of each context; axes: what it sees and depends on."""


def all_distinct(frame: Frame) -> Classes:
    """Every context of every free decision in a class of its own."""
    shapes = {name: frame.shape(name)[:-1] for name in frame.owner}
    return {name: np.arange(prod(shape)).reshape(shape) for name, shape in shapes.items()}


def find_quotient(
    frame: Frame,
    tables: Tables,
    public: Scope,
    slices: Int[np.ndarray, "public slice"],
    look_at: Int[np.ndarray, " some"],
) -> tuple[Frame, Classes]:
    """Put equivalent contexts together.

    Args:
        frame: The frame, sliced.
        tables: The game's numbers, as the sweep lays them out.
        public: Nodes that are fixed in each slice.
        slices: Value of each of them in each slice.
        look_at: Draws to look at.

    Returns:
        The frame without the parents along which no rule changes, and classes of the contexts
        that are left. Where looking would take more memory than it may, all contexts are distinct.
    """
    classes = all_distinct(frame)
    if all(table.size == 1 for table in classes.values()):
        return frame, classes
    evaluator, worths = all_action_values(frame)
    plan, menus = evaluator.plan, menus_of(frame, tables)
    draws = np.resize(np.repeat(look_at, slices.shape[1]), max(LANES, slices.shape[1]))
    size = size_of(plan, plan.steps, evaluator.wanted)
    if how_many(NUMBER * size.peak * len(draws), 1) < 1:
        return frame, classes
    where = slices[:, np.resize(np.arange(slices.shape[1]), len(draws))]
    taken = lane_tables(frame, tables, public, evaluator.inputs)
    ready = evaluator.prepare({key: source.take(draws, where) for key, source in taken.items()})
    rng = np.random.default_rng(20)
    classes = {name: _distinct(menus[name].reshape(-1, menus[name].shape[-1])) for name in menus}
    stable = 0
    while stable < 2:
        rules = {name: _random_rule(rng, classes[name], menus[name], len(draws)) for name in menus}
        made = evaluator.evaluate(
            ready,
            rules,
            respond=lambda name, worth: worth,
            floor=lambda name, rule: lift_zeros(rule, menus[name][..., None], np),
        )
        split = {}
        for name in frame.owner:
            worth = add_up(plan, [(t, made[t]) for t in worths[name]], frame.scope(name))
            split[name] = _split(classes[name], worth, menus[name])
        same = all(split[name].max() == classes[name].max() for name in split)
        stable = stable + 1 if same else 0
        classes = split
    shaped = {name: classes[name].reshape(frame.shape(name)[:-1]) for name in classes}
    return _without_pinned(frame, shaped)


def _without_pinned(frame: Frame, classes: Classes) -> tuple[Frame, Classes]:
    kept = {}
    for name, table in classes.items():
        for parent in reversed(frame.parents[name]):
            axis = frame.parents[name].index(parent)
            if table.shape[axis] > 1 and (table == table.take([0], axis)).all():
                frame = frame.pin(name, parent)
                table = table.take([0], axis)
        shape = [frame.cards[parent] for parent in frame.sees(name)]
        kept[name] = np.unique(table, return_inverse=True)[1].reshape(shape)
    return frame, kept


def _random_rule(
    rng: np.random.Generator, classes: np.ndarray, menu: np.ndarray, lanes: int
) -> Float[np.ndarray, "... action lane"]:
    logits = rng.normal(0.0, 1.5, (int(classes.max()) + 1, menu.shape[-1], lanes))[classes]
    logits = np.where(menu.reshape(-1, menu.shape[-1], 1), logits, -np.inf)
    return softmax(logits, np).reshape(*menu.shape, lanes)


def _split(
    classes: Int[np.ndarray, " context"],
    worth: Float[np.ndarray, "... action lane"],
    menu: Bool[np.ndarray, "... action"],
) -> Int[np.ndarray, " context"]:
    """Split classes whose contexts rank actions differently in some lane."""
    flat = worth.reshape(len(classes), menu.shape[-1], -1)
    on_menu = menu.reshape(len(classes), -1)
    rows = np.arange(len(classes))
    against = flat[rows, on_menu.argmax(axis=-1)][:, None]
    gain = np.where(on_menu[..., None], flat - against, 0.0).reshape(len(classes), -1)
    near = ALIKE * max(1e-300, np.abs(gain).max())
    labels = np.full(len(classes), -1)
    count = 0
    for label in range(int(classes.max()) + 1):
        left = rows[classes == label]
        while len(left):
            alike = np.abs(gain[left] - gain[left[0]]).max(axis=-1, initial=0.0) <= near
            alike[0] = True  # even if it is no number
            labels[left[alike]] = count
            left, count = left[~alike], count + 1
    return labels


def _distinct(rows: np.ndarray) -> Int[np.ndarray, " row"]:
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1)


def spread(frame: Frame, classes: Classes) -> Classes:
    """Give every context its class along the parents, too, on which no rule depends."""
    tables = {}
    for name, table in classes.items():
        shape = [frame.cards[p] if p in frame.sees(name) else 1 for p in frame.parents[name]]
        context = [frame.cards[p] for p in frame.parents[name]]
        tables[name] = np.broadcast_to(table.reshape(shape), context)
    return tables
