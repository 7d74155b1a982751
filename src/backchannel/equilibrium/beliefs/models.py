"""Belief models: the actual case, and the case as each player who errs believes it to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.diagram.beliefs import Belief, Unaware, Viewpoint, model_of, walk_beliefs
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived
from backchannel.diagram.surgery import Intervention, ReasoningChange, with_sees
from backchannel.diagram.tables import node_table
from backchannel.equilibrium.types import Policies
from backchannel.language.levels import EQUILIBRIUM
from backchannel.language.names import (
    NOT_APPLICABLE,
    NodeName,
    ParameterName,
    PlayerName,
    Value,
    precision_of,
)
from backchannel.tensors.game import Game, compile_game, lifted, node_factor, refilled
from backchannel.tensors.menus import narrowed_menu
from backchannel.tensors.thinking import PlayerTypes, player_types

Numbers = Mapping[str, Float[np.ndarray, " draw"]]


@dataclass(frozen=True, eq=False)
class Model:
    """One view of the case: its numbers, and rules that do not come from planning in this view."""

    game: Game
    fixed: Policies
    """Decisions that this view takes for chance: the chances it gives to the actions."""
    about: Mapping[PlayerName, Model] = field(default_factory=dict)
    """The models that others are thought to plan in; everyone else plans in this one."""
    unaware: Unaware = field(default_factory=Unaware)
    """What its holder has not thought of; it is masked in `game`."""

    @property
    def depth(self) -> int:
        """How many models are nested in it."""
        return max((1 + inner.depth for inner in self.about.values()), default=0)

    def rule(
        self,
        rules: Mapping[NodeName, Any],
        decision: NodeName,
        diagram: Diagram,
        xp: ModuleType = np,
    ) -> Any:
        """One of the holder's rules, as it is then played in another view of the case.

        Nodes that the holder has not thought of make no difference: the rule is evaluated at the values
        that the holder assumes. Where that action is off the menu, the rule after a surprise holds.

        Args:
            rules: The equilibrium of this model.
            decision: One of the holder's decisions.
            diagram: The diagram of the view in which it is played.
            xp: `numpy`, or `jax.numpy` inside compiled code.
        """
        rule = rules[decision]
        own, there = self.game.rule_scope(decision), (*diagram.parents(decision), decision)
        unseen = {name: v for name, v in self.unaware.nodes.items() if name in own[:-1]}
        if not unseen and own == there:
            return rule
        blind = rule
        for name, value in unseen.items():
            axis, index = 1 + own.index(name), self.game.diagram.domains[name].index(value)
            blind = xp.repeat(xp.take(blind, np.array([index]), axis), rule.shape[axis], axis)
        menu = self.game.menus[decision]
        doable = blind * menu.astype(float)
        total = doable.sum(axis=-1, keepdims=True)
        blind = xp.where(total > 0, doable / xp.where(total > 0, total, 1.0), rule)
        return over_scope(blind, own, there, diagram, xp)


@dataclass(frozen=True)
class Models:
    """The true case, and the model of each player who errs about it."""

    truth: Model
    believed: Mapping[PlayerName, Model]

    @property
    def diagram(self) -> Diagram:
        """The graph of the case as it is."""
        return self.truth.game.diagram

    @cached_property
    def views(self) -> Mapping[Viewpoint, Model]:
        """Every belief model by whose idea it is, outermost first."""
        return dict(_views(self.believed, ()))

    @cached_property
    def distinct(self) -> tuple[Model, ...]:
        """Every belief model once, innermost first."""
        distinct = dict.fromkeys(self.views.values())
        return tuple(sorted(distinct, key=lambda model: model.depth))


def build_models(
    diagram: Diagram,
    beliefs: Sequence[Belief],
    numbers: Numbers,
    *,
    known: Models | None = None,
    known_beliefs: Sequence[Belief] = (),
    free: frozenset[ParameterName] = frozenset(),
) -> Models:
    """Fill in the true case and every belief model, equal ones once.

    Args:
        diagram: The case's graph.
        beliefs: Who errs about what.
        numbers: Every parameter's value in every draw, believed ones included.
        known: Models of the same diagram and numbers that were built before, of `known_beliefs`;
            what is the same is taken from there.
        free: Numbers that will have other values yet, so that none of them counts as another that
            is equal by chance.
    """
    alike = _alike(beliefs, numbers, free)
    made: dict[str, Model] = {}
    if known is not None:
        for view, belief in walk_beliefs(known_beliefs):
            made.setdefault(model_of(belief, alike), known.views[view])
    truth = known.truth if known is not None else Model(compile_game(diagram, numbers), {})

    def built(belief: Belief) -> Model:
        key = model_of(belief, alike)
        if key not in made:
            about = {inner.player: built(inner) for inner in belief.about}
            made[key] = _believed(truth.game, belief, numbers, about)
        return made[key]

    return Models(truth, {belief.player: built(belief) for belief in beliefs})


def believed_numbers(belief: Belief, numbers: Numbers) -> dict[str, Float[np.ndarray, " draw"]]:
    """Every parameter as one player believes it to be."""
    wrong = {name: numbers[instead] for name, instead in belief.parameters.items()}
    return {**numbers, **wrong}


def with_numbers(game: Game, numbers: Numbers, changed: frozenset[str]) -> Game:
    """Fill in what the changed parameters enter; other tables are shared with the old game."""
    if not changed & (game.diagram.parameters | set(_precisions(game))):
        return game
    return refilled(game, numbers, changed)


def with_mechanism(game: Game, node: Chance | Derived, numbers: Numbers) -> Game:
    """Give a chance or derived node another mechanism, by its own parents or fewer."""
    diagram = game.diagram
    changed = with_node(diagram, node)
    factor = node_factor(changed, node, numbers)
    own, there = (*changed.parents(node.name), node.name), (*diagram.parents(node.name), node.name)
    laid = over_scope(factor, own, there, diagram)
    belief = lifted(node, laid)
    return replace(
        game,
        factors={**game.factors, node.name: laid},
        beliefs={**game.beliefs, node.name: belief},
    )


def with_value(game: Game, name: NodeName, value: Value) -> Game:
    """Fix a chance or derived node at a value, where it exists at all."""
    node = game.diagram.node[name]
    assert not isinstance(node, Decision)
    domain = node.domain
    old = game.factors[name]
    new = np.zeros_like(old)
    missing = np.zeros(old.shape[:-1])
    if NOT_APPLICABLE in domain:
        missing = old[..., domain.index(NOT_APPLICABLE)]
        new[..., domain.index(NOT_APPLICABLE)] = missing
    new[..., domain.index(value)] = 1.0 - missing
    belief = lifted(node, new, by_hand=isinstance(node, Derived))
    return replace(
        game,
        factors={**game.factors, name: new},
        beliefs={**game.beliefs, name: belief},
    )


def as_believed(game: Game, belief: Belief, numbers: Numbers) -> Game:
    """Put what a belief says of chance and derived nodes into a game with its numbers."""
    kinds = game.diagram.node
    for name, node in belief.nodes.items():
        if not isinstance(kinds[name], Decision):
            game = with_mechanism(game, node, numbers)
    for name, value in belief.unaware.nodes.items():
        if not isinstance(kinds[name], Decision):
            game = with_value(game, name, value)
    if belief.reasoning:
        believed = player_types(belief.reasoning, numbers, game.n_draws)
        game = replace(game, types={**game.types, **believed})
    return game


def with_reasoning(game: Game, changes: Mapping[PlayerName, ReasoningChange]) -> Game:
    """Let some players reason in another way; who has a hierarchy keeps it."""
    types = dict(game.types)
    for player, change in changes.items():
        old = types.get(player, PlayerTypes(np.full(game.n_draws, EQUILIBRIUM), 0))
        level = old.level
        if change.level is not None:
            level = np.full(game.n_draws, change.level)
        elif change.further:
            # Nothing lies further than equilibrium, which knows everyone's odds.
            level = np.where(old.level < 0, old.level, np.maximum(old.level + change.further, 0))
        most = max(old.most, int(level.max()))
        types[player] = replace(old, level=level, most=most)
    return replace(game, types=types) if changes else game


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


def _views(
    believed: Mapping[PlayerName, Model], above: Viewpoint
) -> Iterator[tuple[Viewpoint, Model]]:
    for player, model in believed.items():
        yield (*above, player), model
        yield from _views(model.about, (*above, player))


def _alike(
    beliefs: Sequence[Belief], numbers: Numbers, free: frozenset[ParameterName]
) -> dict[str, str]:
    """For each believed number the first that is the same in every draw."""
    first: dict[bytes, str] = {}
    named = {
        name for _, belief in walk_beliefs(beliefs) for name in belief.parameters.values()
    } - free
    return {name: first.setdefault(numbers[name].tobytes(), name) for name in sorted(named)}


def _believed(
    truth: Game, belief: Belief, numbers: Numbers, about: Mapping[PlayerName, Model]
) -> Model:
    own = believed_numbers(belief, numbers)
    unaware = belief.unaware
    game = truth
    if unaware.sees:
        dropped = Intervention(sees_removed=unaware.sees)
        game = compile_game(with_sees(truth.diagram, dropped), numbers)
    game = with_numbers(game, own, frozenset(belief.parameters))
    game = as_believed(_masked(game, unaware.actions), belief, own)
    fixed = {}
    for name, node in belief.nodes.items():
        if isinstance(truth.diagram.node[name], Decision):
            assert isinstance(node, Chance)
            fixed[name] = fixed_rule(game, node, own)
    for name, value in unaware.nodes.items():
        if isinstance(truth.diagram.node[name], Decision):
            fixed[name] = constant_rule(game, name, value)
    return Model(game, fixed, about, unaware)


def _masked(game: Game, actions: Mapping[NodeName, Iterable[Value]]) -> Game:
    """Take actions that nobody thinks of off the menus; they can still happen by surprise."""
    menus = dict(game.menus)
    for name, unthought in actions.items():
        known = np.array([value not in unthought for value in game.diagram.domains[name]])
        menus[name] = narrowed_menu(menus[name], known)
    return replace(game, menus=menus) if actions else game


def _on_menu(chances: Any, menu: np.ndarray, xp: ModuleType = np) -> Any:
    doable = chances * menu.astype(float)
    total = doable.sum(axis=-1, keepdims=True)
    uniform = menu / menu.sum(axis=-1, keepdims=True)
    return xp.where(total > 0, doable / xp.where(total > 0, total, 1.0), uniform)


def with_node(diagram: Diagram, node: Chance | Derived) -> Diagram:
    """Put another mechanism in a node's place."""
    nodes = tuple(node if other.name == node.name else other for other in diagram.nodes)
    return replace(diagram, nodes=nodes)


def _precisions(game: Game) -> list[NodeName]:
    return [precision_of(player) for player in game.diagram.players]
