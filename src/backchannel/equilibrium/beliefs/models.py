"""Belief models: the actual case, and the case as each player who errs believes it to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.diagram.beliefs import Belief, Unaware, Viewpoint, model_of, walk_beliefs
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision
from backchannel.diagram.surgery import Intervention, with_sees
from backchannel.equilibrium.beliefs.believed_games import (
    as_believed,
    with_numbers,
    without_actions,
)
from backchannel.equilibrium.beliefs.believed_rules import (
    Numbers,
    constant_rule,
    fixed_rule,
    over_scope,
)
from backchannel.equilibrium.types import Policies
from backchannel.language.names import (
    NodeName,
    ParameterName,
    PlayerName,
)
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game


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
    game = as_believed(without_actions(game, unaware.actions), belief, own)
    fixed = {}
    for name, node in belief.nodes.items():
        if isinstance(truth.diagram.node[name], Decision):
            assert isinstance(node, Chance)
            fixed[name] = fixed_rule(game, node, own)
    for name, value in unaware.nodes.items():
        if isinstance(truth.diagram.node[name], Decision):
            fixed[name] = constant_rule(game, name, value)
    return Model(game, fixed, about, unaware)
