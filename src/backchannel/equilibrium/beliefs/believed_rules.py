"""Rules as another view of the case plays them: with the axes of that view, and on its menu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance
from backchannel.diagram.surgery import with_node
from backchannel.diagram.tables import node_table
from backchannel.language.names import (
    NodeName,
    Value,
)
from backchannel.tensors.game import Game

Numbers = Mapping[str, Float[np.ndarray, " draw"]]
"""Every parameter's value in every draw."""


def fixed_rule(game: Game, node: Chance, numbers: Numbers) -> Float[np.ndarray, "draw ..."]:
    """Chances that take a decision's place, with the axes of its rule."""
    changed = with_node(game.diagram, node)
    table = np.moveaxis(node_table(changed, node, numbers), -1, 0)
    return as_rule(table, changed.parents(node.name), game, node.name)


def as_rule(
    table: Any, seen: Sequence[NodeName], game: Game, decision: NodeName, xp: ModuleType = np
) -> Any:
    """Chances given some of what a decision sees, with the axes of its rule and on its menu."""
    if len(game.diagram.domains[decision]) > table.shape[-1]:
        # The chances speak of actions only; n/a is added where the decision may not exist.
        table = xp.concatenate([table, np.zeros((*table.shape[:-1], 1))], axis=-1)
    there = game.rule_scope(decision)
    laid = over_scope(table, (*seen, decision), there, game.diagram, xp)
    return _on_menu(laid, game.menus[decision], xp)


def constant_rule(game: Game, name: NodeName, value: Value) -> Float[np.ndarray, "1 ..."]:
    """Always one action at a decision, where it is on the menu."""
    chosen = [1.0 if other == value else 0.0 for other in game.diagram.domains[name]]
    return _on_menu(np.array(chosen), game.menus[name])


def align_rule(rule: np.ndarray, decision: NodeName, game: Game, into: Game) -> np.ndarray:
    """A rule of one view in another, in which a player may see more or less.

    Nodes that are no longer seen are averaged out, with equal weights.
    """
    own, there = game.rule_scope(decision), into.rule_scope(decision)
    lost = tuple(1 + i for i, name in enumerate(own) if name not in there)
    if lost:
        rule = rule.mean(axis=lost)
    return over_scope(rule, [name for name in own if name in there], there, into.diagram)


def over_scope(
    table: Any,
    own: Sequence[NodeName],
    there: Sequence[NodeName],
    diagram: Diagram,
    xp: ModuleType = np,
) -> Any:
    """Give a table the axes of more nodes, or another order of them; axis 0 is the draw."""
    if tuple(own) == tuple(there):
        return table
    kept = [name for name in there if name in own]
    moved = table.transpose(0, *(1 + list(own).index(name) for name in kept))
    sizes = [len(diagram.domains[name]) for name in there]
    length = dict(zip(kept, moved.shape[1:], strict=True))
    wide = moved.reshape(len(table), *(length.get(name, 1) for name in there))
    return xp.broadcast_to(wide, (len(table), *sizes))


def _on_menu(chances: Any, menu: np.ndarray, xp: ModuleType = np) -> Any:
    doable = chances * menu.astype(float)
    total = doable.sum(axis=-1, keepdims=True)
    uniform = menu / menu.sum(axis=-1, keepdims=True)
    return xp.where(total > 0, doable / xp.where(total > 0, total, 1.0), uniform)
