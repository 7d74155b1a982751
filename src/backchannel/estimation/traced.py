"""A game's tables as functions of some of its numbers, so that derivatives can be taken.

A belief model is the same with some numbers read from elsewhere (a believed number is a number of
its own) and some mechanisms replaced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from backchannel.diagram.beliefs import Belief
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived
from backchannel.diagram.surgery import with_node
from backchannel.diagram.tables import possible
from backchannel.equilibrium.beliefs.believed_rules import as_rule, over_scope
from backchannel.equilibrium.beliefs.models import Model
from backchannel.language.coded_words import node_axes, value_indicator
from backchannel.language.evaluation import evaluate, evaluate_words
from backchannel.language.expressions import Expression
from backchannel.language.names import NOT_APPLICABLE, NodeName, ParameterName, precision_of
from backchannel.language.terms import summands
from backchannel.tensors.game import FLOOR, Game, Term
from backchannel.tensors.plan import Scope
from backchannel.tensors.thinking import complexity_factor

TracedNumbers = Mapping[ParameterName, Any]
"""For each number its value in every row, traced; the others are those of the game."""


@dataclass(frozen=True)
class TracedGame:
    """One idea of the case, compiled, some of whose numbers are free."""

    model: Model
    belief: Belief
    """What the idea says; nothing, where it is the case as it is."""
    fixed: TracedNumbers
    """The numbers that are not free."""
    free: frozenset[ParameterName]

    @property
    def game(self) -> Game:
        """The tables at some numbers; those that no free number enters stay."""
        return self.model.game

    @cached_property
    def moving(self) -> frozenset[ParameterName]:
        """The numbers that are free here: those whose place a free number takes."""
        wrong = self.belief.parameters
        known = {*self.fixed, *self.free}
        return frozenset(name for name in known if wrong.get(name, name) in self.free)

    def tables(self, free: TracedNumbers) -> dict[str, dict[Any, Any]]:
        """Factors, beliefs, terms, precisions and given rules with the free numbers written in.

        Axis 0 of every table is the row, or has length 1 where no free number enters.
        """
        game = self.game
        numbers = self._read(free)
        factors: dict[str, Any] = dict(game.factors)
        beliefs: dict[str, Any] = dict(game.beliefs)
        for name, node in self._mechanisms.items():
            if not isinstance(game.diagram.node[name], Decision):
                factors[name] = self._factor(node, numbers)
                derived = isinstance(node, Derived)
                beliefs[name] = factors[name] if derived else jnp.maximum(factors[name], FLOOR)
        worths = [self._term(i, numbers) for i in range(len(game.terms))]
        terms = [replace(term, worth=worth) for term, worth in zip(game.terms, worths, strict=True)]
        return {
            "factor": factors,
            "belief": beliefs,
            "term": dict(enumerate(worths)),
            "precision": {
                d.name: self._precision(d, numbers, terms) for d in game.diagram.decisions
            },
            "given": {name: self._given(name, numbers) for name in self.model.fixed},
        }

    def _read(self, free: TracedNumbers) -> dict[ParameterName, Any]:
        """Every number as this idea has it."""
        known = {**self.fixed, **free}
        return {n: known[self.belief.parameters.get(n, n)] for n in known}

    @cached_property
    def _mechanisms(self) -> dict[NodeName, Chance | Derived]:
        """The mechanisms that a free number enters, as this idea has them."""
        mechanisms = {}
        for name, node in self.game.diagram.node.items():
            here = self.belief.nodes.get(name, node)
            is_fixed = name in self.belief.unaware.nodes
            if isinstance(here, Chance | Derived) and here.names & self.moving and not is_fixed:
                mechanisms[name] = here
        return mechanisms

    def _factor(self, node: Chance | Derived, numbers: TracedNumbers) -> Any:
        diagram = self.game.diagram
        changed = with_node(diagram, node) if node.name in self.belief.nodes else diagram
        own, there = changed.parents(node.name), diagram.parents(node.name)
        table = _factor(changed, node, numbers)
        return over_scope(table, (*own, node.name), (*there, node.name), diagram, jnp)

    def _given(self, name: NodeName, numbers: TracedNumbers) -> Any:
        """Chances that stand in a decision's place."""
        if name not in self._mechanisms:
            return self.model.fixed[name]
        node = self._mechanisms[name]
        changed = with_node(self.game.diagram, node)
        table = _factor(changed, node, numbers)
        return as_rule(table, changed.parents(name), self.game, name, jnp)

    def _term(self, index: int, numbers: TracedNumbers) -> Any:
        term = self.game.terms[index]
        pieces = self._pieces[index]
        if not any(piece.names & self.moving for _, piece in pieces):
            return term.worth
        diagram = self.game.diagram
        total: Any = 0.0
        for scope, piece in pieces:
            table = _laid(diagram, piece, scope, term.scope, numbers)
            total = total + table
        return total

    @cached_property
    def _pieces(self) -> list[list[tuple[Scope, Expression]]]:
        """For each term of the game the summands of interests that it is made of."""
        diagram = self.game.diagram
        nodes = frozenset(diagram.node)
        pieces: list[list[tuple[Scope, Expression]]] = [[] for _ in self.game.terms]
        for interest in diagram.interests:
            for piece in summands(interest.worth, nodes=nodes):
                scope = tuple(name for name in diagram.order if name in piece.names)
                home = min(
                    (
                        i
                        for i, term in enumerate(self.game.terms)
                        if term.player == interest.player and set(scope) <= set(term.scope)
                    ),
                    key=lambda i: (len(self.game.terms[i].scope), i),
                )
                pieces[home].append((scope, piece))
        return pieces

    def _precision(self, decision: Decision, numbers: TracedNumbers, terms: Sequence[Term]) -> Any:
        own = jnp.asarray(numbers[precision_of(decision.player)]) * self.game.scale[decision.name]
        factor = complexity_factor(self.game.diagram, terms, numbers, decision, jnp)
        return own if factor is None else own * factor


def _laid(
    diagram: Diagram, piece: Expression, scope: Scope, wider: Scope, numbers: TracedNumbers
) -> Any:
    table = jnp.asarray(_worked_out(piece, node_axes(diagram.domains, scope), numbers))
    shape = tuple(len(diagram.domains[name]) for name in scope)
    table = jnp.broadcast_to(table, (*shape, table.shape[-1] if table.ndim else 1))
    table = jnp.where(possible(diagram, scope)[..., None], table, 0.0)
    table = jnp.moveaxis(table, -1, 0)
    lengths = dict(zip(scope, shape, strict=True))
    return table.reshape(table.shape[0], *(lengths.get(name, 1) for name in wider))


def _worked_out(expression: Expression, nodes: Mapping[str, Any], numbers: TracedNumbers) -> Any:
    """Evaluate an expression; what is no number (of a node that is n/a) counts 0, and so its slope.

    Slopes are pushed forward, since pulling them back multiplies the nan of a cell, or of a branch
    of an `if` that is not taken, by 0, which is nan and spoils every other cell.
    """
    names = sorted(expression.names & set(numbers))

    def raw(*given: Any) -> Any:
        result = evaluate(expression, {**nodes, **dict(zip(names, given, strict=True))}, jnp)
        return jnp.asarray(result, float)

    if not names:
        return _zero_where_none(raw())

    @jax.custom_jvp
    def finite(*given: Any) -> Any:
        return _zero_where_none(raw(*given))

    @finite.defjvp
    def _(given: tuple[Any, ...], moves: tuple[Any, ...]) -> tuple[Any, Any]:
        value, slope = finite(*given), 0.0
        for i, move in enumerate(moves):
            units = tuple(
                (jnp.ones_like if k == i else jnp.zeros_like)(x) for k, x in enumerate(given)
            )
            slope = slope + _zero_where_none(jax.jvp(raw, given, units)[1]) * move
        return value, jnp.broadcast_to(slope, value.shape)

    return finite(*(jnp.asarray(numbers[name], float) for name in names))


def _zero_where_none(table: Any) -> Any:
    return jnp.where(jnp.isfinite(table), table, 0.0)


def _factor(diagram: Diagram, node: Chance | Derived, numbers: TracedNumbers) -> Any:
    parents = diagram.parents(node.name)
    axes = node_axes(diagram.domains, parents)
    shape = tuple(len(diagram.domains[p]) for p in parents)
    actual = [value for value in node.domain if value != NOT_APPLICABLE]
    if isinstance(node, Derived):
        values = {**axes, **{name: numbers[name] for name in node.names if name in numbers}}
        columns = value_indicator(evaluate_words(node.value, values, jnp), actual)
    else:
        columns = [_worked_out(node.weights[value], axes, numbers) for value in actual]
    n = max((np.shape(c)[-1] for c in columns if np.ndim(c)), default=1)
    rows = jnp.stack([jnp.broadcast_to(jnp.asarray(c), (*shape, n)) for c in columns], -2)
    total = rows.sum(axis=-2, keepdims=True)
    rows = rows / jnp.where(total > 0, total, 1.0)
    exists = np.ones((*shape, 1))
    if node.when is not None:
        exists = np.broadcast_to(evaluate(node.when, axes) != 0, (*shape, 1)) * 1.0
    rows = jnp.where(exists[..., None, :] > 0, rows, 1.0 / len(actual))
    if NOT_APPLICABLE in node.domain:
        there = exists[..., None, :]
        gone = jnp.broadcast_to(1.0 - there, (*shape, 1, n))
        rows = jnp.concatenate([rows * there, gone], axis=-2)
    return jnp.moveaxis(rows, -1, 0)
