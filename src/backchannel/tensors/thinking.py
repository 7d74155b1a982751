"""How players reason, in numbers: their types in each draw, level 0, and what complexity does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import networkx as nx
import numpy as np
from jaxtyping import Float

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, actual_values
from backchannel.diagram.reasoning import Covariate, Reasoning
from backchannel.diagram.tables import node_table
from backchannel.language.names import NodeName, PlayerName


@dataclass(frozen=True)
class PlayerTypes:
    """One player's type in every draw."""

    level: Float[np.ndarray, " draw"]
    """Its level; below 0 where it is at equilibrium."""
    most: int
    """Its highest level."""
    mean: Float[np.ndarray, " draw"] | None = None
    """In a cognitive hierarchy, the mean level that it takes everyone to have."""


def player_types(
    of_player: Mapping[PlayerName, Reasoning],
    numbers: Mapping[str, Float[np.ndarray, " draw"]],
    n_draws: int,
) -> dict[PlayerName, PlayerTypes]:
    """The types of the players who may not be at equilibrium."""

    def row(name: str) -> np.ndarray:
        return np.broadcast_to(numbers[name], (n_draws,))

    return {
        player: PlayerTypes(
            row(reasoning.level), reasoning.most, row(reasoning.mean) if reasoning.mean else None
        )
        for player, reasoning in of_player.items()
    }


def thinking_tables(
    diagram: Diagram,
    terms: Sequence[Any],
    numbers: Mapping[str, Float[np.ndarray, " draw"]],
    n_draws: int,
) -> dict[str, Any]:
    """Types, level 0 and complexity of a game, as its diagram says them, by the names of `Game`.

    Args:
        diagram: The graph.
        terms: The parts of the interests, with `player`, `scope` and `worth`.
        numbers: The numbers of the case.
        n_draws: Number of draws.

    Raises:
        MechanismError: Some draw gives level 0 numbers that are no probabilities.
    """
    thinking = diagram.thinking
    level_0 = {n: level_0_table(diagram, node, numbers) for n, node in thinking.level_0.items()}
    return {
        "types": player_types(thinking.of_player, numbers, n_draws),
        "level_0": level_0,
        "complexity": complexity_factors(diagram, terms, numbers, n_draws),
    }


def level_0_table(
    diagram: Diagram, node: Chance, numbers: Mapping[str, np.ndarray]
) -> Float[np.ndarray, "draw ..."]:
    """What level 0 does at a decision, given all that the decision sees.

    Args:
        diagram: The graph.
        node: A mechanism with the decision's name, over some of what the decision sees.
        numbers: The numbers of the case.

    Raises:
        MechanismError: Some draw gives numbers that are no probabilities.
    """
    nodes = tuple(node if other.name == node.name else other for other in diagram.nodes)
    changed = replace(diagram, nodes=nodes)
    table = np.moveaxis(node_table(changed, node, numbers), -1, 0)
    # Its table gets the axes of the decision's rule, whatever the mechanism depends on.
    seen, named = diagram.parents(node.name), changed.parents(node.name)
    # Nodes that the decision no longer sees are averaged out, with equal weights.
    lost = tuple(1 + i for i, name in enumerate(named) if name not in seen)
    table = table.mean(axis=lost) if lost else table
    kept = [name for name in named if name in seen]
    lengths = dict(zip(kept, table.shape[1:-1], strict=True))
    wide = table.reshape(len(table), *(lengths.get(n, 1) for n in seen), table.shape[-1])
    sizes = [len(diagram.domains[name]) for name in seen]
    return np.broadcast_to(wide, (len(table), *sizes, table.shape[-1]))


def complexity_factors(
    diagram: Diagram,
    terms: Sequence[Any],
    numbers: Mapping[str, Float[np.ndarray, " draw"]],
    n_draws: int,
) -> dict[NodeName, Float[np.ndarray, " draw"]]:
    """By decision, what its owner's precision is multiplied by; nothing where complexity plays no role.

    Args:
        diagram: The graph.
        terms: The parts of the interests, with `player`, `scope` and `worth`.
        numbers: The numbers of the case.
        n_draws: Number of draws.
    """
    factors = {}
    for decision in diagram.decisions:
        factor = complexity_factor(diagram, terms, numbers, decision)
        if factor is not None:
            factors[decision.name] = np.broadcast_to(factor, (n_draws,))
    return factors


def complexity_factor(
    diagram: Diagram,
    terms: Sequence[Any],
    numbers: Mapping[str, Any],
    decision: Decision,
    xp: Any = np,
) -> Any:
    """What the owner's precision is multiplied by at one decision; None where complexity plays no role.

    Args:
        diagram: The graph.
        terms: The parts of the interests, with `player`, `scope` and `worth`.
        numbers: The numbers of the case.
        decision: The decision.
        xp: `numpy`, or `jax.numpy` inside compiled code.
    """
    powers = diagram.thinking.complexity.get(decision.player)
    if not powers:
        return None
    log: Any = 0.0
    for covariate, name in powers.items():
        log = log + numbers[name] * covariate_at(diagram, terms, decision, covariate, xp)
    return xp.exp(log)


def covariate_at(
    diagram: Diagram,
    terms: Sequence[Any],
    decision: Decision,
    covariate: Covariate,
    xp: Any = np,
) -> Any:
    """A covariate of complexity at one decision; one row if all draws are alike.

    `actions` is the logarithm of half the number of actions, `contexts` that of the number of contexts
    (all combinations of what the decision sees), and `range` that of the payoff range: the sum, over the
    parts of the owner's interests that the decision can influence, of highest less lowest worth.
    """
    if covariate == "actions":
        return np.array([np.log(len(actual_values(decision)) / 2)])
    if covariate == "contexts":
        sizes = [len(diagram.domains[name]) for name in diagram.parents(decision.name)]
        return np.array([np.log(prod(sizes))])
    below = nx.descendants(diagram.graph, decision.name) | {decision.name}
    stake = xp.zeros(1)
    for term in terms:
        if term.player == decision.player and below.intersection(term.scope):
            flat = term.worth.reshape(len(term.worth), -1)
            stake = stake + flat.max(axis=1) - flat.min(axis=1)
    # Where nothing is at stake, no precision moves the choice.
    return xp.log(xp.where(stake > 0, stake, 1.0))
