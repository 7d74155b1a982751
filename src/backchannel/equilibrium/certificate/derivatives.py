"""Derivatives of everyone's expected utility by every rule, as one sum over everything that can happen.

Play is multilinear in the rules, so the derivative by σ_d(a | c) is P(c) Q_d(c, a), and the derivative of
the total probability 1 is P(c). The contractions are ordered by opt_einsum.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import networkx as nx
import numpy as np
import opt_einsum

from backchannel.diagram.diagram import Diagram
from backchannel.equilibrium.types import Policies
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.game import FLOOR, Game

_programs: dict[tuple[Any, ...], Any] = {}


def derivative_program(game: Game) -> Any:
    """Compile, once per structure: the derivatives of everyone's expected utility by every rule."""
    diagram = game.diagram
    scopes = tuple((term.player, term.scope) for term in game.terms)
    key = (
        tuple((n, len(diagram.domains[n]), diagram.parents(n)) for n in diagram.order),
        tuple((d.name, d.player) for d in diagram.decisions),
        scopes,
    )
    if key not in _programs:
        # It runs a few times and is compiled once, so a quick compilation is worth more.
        _programs[key] = jax.jit(
            lambda inputs: _derivatives(diagram, scopes, inputs),
            compiler_options={"xla_backend_optimization_level": 0}
            if jax.default_backend() == "cpu"
            else None,
        )
    return _programs[key]


def _derivatives(
    diagram: Diagram, scopes: tuple[Any, ...], inputs: dict[str, Any]
) -> tuple[Any, Any]:
    rules = inputs["rule"]

    def total(rules: dict[str, Any], player: PlayerName) -> Any:
        tables = {**inputs["belief"], **rules}
        parts = [
            _expectation(diagram, tables, term, scope)
            for term, (owner, scope) in zip(inputs["term"], scopes, strict=True)
            if owner == player
        ]
        return jnp.stack(parts).sum() if parts else jnp.zeros(())

    values: dict[str, Any] = {}
    for player in diagram.players:
        own = [d.name for d in diagram.decisions if d.player == player]
        if not own:
            continue
        chosen = {name: rules[name] for name in own}
        slope = jax.grad(lambda c, p=player: total({**rules, **c}, p))(chosen)
        values |= slope
    reach = {}
    for decision in diagram.decisions:

        def mass(rule: Any, name: str = decision.name) -> Any:
            tables = {**inputs["belief"], **rules, name: rule}
            scope = (*diagram.parents(name), name)
            return _expectation(diagram, tables, jnp.ones_like(rule), scope).sum()

        reach[decision.name] = jax.grad(mass)(rules[decision.name])
    return values, reach


def _expectation(
    diagram: Diagram, tables: Mapping[str, Any], worth: Any, scope: tuple[NodeName, ...]
) -> Any:
    """Sum worth × probability over everything that bears on the scope, per draw."""
    graph = diagram.graph
    relevant = set(scope).union(*(nx.ancestors(graph, name) for name in scope))
    number = {name: i + 1 for i, name in enumerate(diagram.order)}
    operands: list[Any] = []
    for name in diagram.order:
        if name in relevant:
            operands += [
                tables[name],
                [0, *(number[p] for p in diagram.parents(name)), number[name]],
            ]
    operands += [worth, [0, *(number[name] for name in scope)]]
    return opt_einsum.contract(*operands, [0], optimize="auto")


def derivative_inputs(game: Game, policies: Policies, draws: np.ndarray) -> dict[str, Any]:
    """What `derivative_program` takes, in some draws of a game."""

    def part(table: np.ndarray) -> np.ndarray:
        return np.broadcast_to(table, (game.n_draws, *table.shape[1:]))[draws]

    return {
        "belief": {name: part(table) for name, table in game.beliefs.items()},
        "term": [part(term.worth) for term in game.terms],
        # A rule that is 0 is lifted as in the solver, or what follows a surprise has no reach.
        "rule": {
            name: (part(rule) + FLOOR) * game.conceivable[name] for name, rule in policies.items()
        },
    }
