"""Belief models: the case as it is, and as each player who errs believes it to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from backchannel.diagram.beliefs import Belief
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived
from backchannel.diagram.tables import node_table
from backchannel.equilibrium.result import Policies
from backchannel.names import NodeName, PlayerName
from backchannel.tensors.game import Game, compile_game, lifted, node_factor

Numbers = Mapping[str, Float[np.ndarray, " draw"]]


@dataclass(frozen=True)
class Model:
    """One view of the case: its numbers, and rules that are chance in this view."""

    game: Game
    fixed: Policies
    """Decisions that this view takes for chance: the chances it gives to the actions."""


@dataclass(frozen=True)
class Models:
    """The true case, and the model of each player who errs about it."""

    truth: Model
    believed: Mapping[PlayerName, Model]

    @property
    def diagram(self) -> Diagram:
        """The graph that all views share."""
        return self.truth.game.diagram


def build_models(diagram: Diagram, beliefs: tuple[Belief, ...], numbers: Numbers) -> Models:
    """Fill in the true case and every belief model.

    Args:
        diagram: The case's graph.
        beliefs: Who errs about what.
        numbers: Every parameter's value in every draw, believed ones included.
    """
    truth = compile_game(diagram, numbers)
    return Models(
        truth=Model(truth, {}),
        believed={belief.player: _believed(truth, belief, numbers) for belief in beliefs},
    )


def believed_numbers(belief: Belief, numbers: Numbers) -> dict[str, Float[np.ndarray, " draw"]]:
    """Every parameter as one player believes it to be."""
    wrong = {name: numbers[instead] for name, instead in belief.parameters.items()}
    return {**numbers, **wrong}


def with_numbers(game: Game, numbers: Numbers, changed: frozenset[str]) -> Game:
    """Fill in what the changed parameters enter; other tables are shared with the old game."""
    if not changed & (game.diagram.parameters | set(_precisions(game))):
        return game
    new = compile_game(game.diagram, numbers)

    def shared(old: np.ndarray, fresh: np.ndarray) -> np.ndarray:
        return old if np.array_equal(old, fresh) else fresh

    return replace(
        new,
        factors={n: shared(game.factors[n], table) for n, table in new.factors.items()},
        beliefs={n: shared(game.beliefs[n], table) for n, table in new.beliefs.items()},
        terms=tuple(
            old if old.scope == term.scope and np.array_equal(old.worth, term.worth) else term
            for old, term in zip(game.terms, new.terms, strict=True)
        ),
    )


def with_mechanism(game: Game, node: Chance | Derived, numbers: Numbers) -> Game:
    """Give a chance or derived node another mechanism, by its own parents or fewer."""
    diagram = game.diagram
    factor = node_factor(_with_node(diagram, node), node, numbers)
    own = _with_node(diagram, node).parents(node.name)
    there = diagram.parents(node.name)
    sizes = [len(diagram.domains[p]) if p in own else 1 for p in there]
    laid = factor.reshape(len(factor), *sizes, factor.shape[-1])
    full = tuple(len(diagram.domains[p]) for p in there)
    laid = np.broadcast_to(laid, (len(factor), *full, factor.shape[-1]))
    belief = lifted(node, laid)
    return replace(
        game,
        factors={**game.factors, node.name: laid},
        beliefs={**game.beliefs, node.name: belief},
    )


def fixed_rule(game: Game, node: Chance, numbers: Numbers) -> Float[np.ndarray, "draw ..."]:
    """Chances that stand in a decision's place, laid out like its rule."""
    decision = game.diagram.node[node.name]
    table = np.moveaxis(node_table(_with_node(game.diagram, node), node, numbers), -1, 0)
    own = _with_node(game.diagram, node).parents(node.name)
    there = game.diagram.parents(node.name)
    sizes = [len(game.diagram.domains[p]) if p in own else 1 for p in there]
    laid = table.reshape(len(table), *sizes, table.shape[-1])
    if len(decision.domain) > table.shape[-1]:
        # The chances speak of actions only; n/a is added where the decision may not exist.
        laid = np.concatenate([laid, np.zeros((*laid.shape[:-1], 1))], axis=-1)
    menu = game.menus[node.name]
    on_menu = laid * menu
    total = on_menu.sum(axis=-1, keepdims=True)
    uniform = menu / menu.sum(axis=-1, keepdims=True)
    return np.where(total > 0, on_menu / np.where(total > 0, total, 1.0), uniform)


def _believed(truth: Game, belief: Belief, numbers: Numbers) -> Model:
    own = believed_numbers(belief, numbers)
    game = with_numbers(truth, own, frozenset(belief.parameters))
    fixed = {}
    for name, node in belief.nodes.items():
        if isinstance(truth.diagram.node[name], Decision):
            assert isinstance(node, Chance)
            fixed[name] = fixed_rule(game, node, own)
        else:
            game = with_mechanism(game, node, own)
    return Model(game, fixed)


def _with_node(diagram: Diagram, node: Chance | Derived) -> Diagram:
    nodes = tuple(node if other.name == node.name else other for other in diagram.nodes)
    return replace(diagram, nodes=nodes)


def _precisions(game: Game) -> list[NodeName]:
    return [f"{player}.precision" for player in game.diagram.players]
