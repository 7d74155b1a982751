"""Compile a diagram to a game: fill its tables in for all draws, or again where some numbers changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from math import prod

import numpy as np
from jaxtyping import Float

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived
from backchannel.diagram.tables import menu_table, node_table, worth_terms
from backchannel.language.evaluation import evaluate
from backchannel.language.names import NodeName, PlayerName, precision_of
from backchannel.tensors.game import FLOOR, Game, Term
from backchannel.tensors.game_size import claim_tables
from backchannel.tensors.thinking import thinking_tables

AT_ONCE = 4_000_000
"""Numbers of one node's table, in all draws, that are worked out at once."""


def compile_game(diagram: Diagram, parameters: Mapping[str, Float[np.ndarray, " draw"]]) -> Game:
    """Fill a diagram's tables in for a batch of draws.

    Args:
        diagram: Who decides what, seeing what, wanting what.
        parameters: For each parameter (precisions included) its value in every draw.

    Raises:
        MechanismError: Some draw gives numbers that are no probabilities.
    """
    n_draws = max((len(np.atleast_1d(value)) for value in parameters.values()), default=1)
    numbers = {name: np.atleast_1d(np.asarray(value, float)) for name, value in parameters.items()}
    claim_tables(diagram, numbers, n_draws)
    factors, beliefs, menus, scale = {}, {}, {}, {}
    for name in diagram.order:
        node, like = diagram.node[name], diagram.likeness[name]
        if isinstance(node, Decision):
            menus[name] = menus[like] if like in menus else menu_table(diagram, node)[None]
            scale[name] = np.broadcast_to(_scale(node, numbers), (n_draws,))
        elif like in factors:
            factors[name], beliefs[name] = factors[like], beliefs[like]
        else:
            factors[name] = node_factor(diagram, node, numbers)
            beliefs[name] = lifted(node, factors[name])
    terms = _terms(diagram, numbers, diagram.players)
    return Game(
        diagram=diagram,
        n_draws=n_draws,
        factors=factors,
        beliefs=beliefs,
        terms=terms,
        precision={
            p: np.broadcast_to(numbers[precision_of(p)], (n_draws,)) for p in diagram.players
        },
        menus=menus,
        conceivable=dict(menus),
        scale=scale,
        numbers=numbers,
        **thinking_tables(diagram, terms, numbers, n_draws),
    )


def refilled(
    game: Game, parameters: Mapping[str, Float[np.ndarray, " draw"]], changed: frozenset[str]
) -> Game:
    """Fill in the tables that some parameters enter again; every other table is the old game's own.

    A table that comes out unchanged is the old one too, so that identity shows that nothing changed.
    Menus stay: they do not depend on numbers.

    Args:
        game: The old game.
        parameters: For each parameter its value in every draw.
        changed: Which of them differ from the old game's.
    """
    diagram = game.diagram
    numbers = {name: np.atleast_1d(np.asarray(value, float)) for name, value in parameters.items()}
    factors, beliefs, scale = dict(game.factors), dict(game.beliefs), dict(game.scale)
    made: dict[NodeName, NodeName] = {}
    for name in diagram.order:
        node, like = diagram.node[name], diagram.likeness[name]
        if isinstance(node, Decision):
            scale[name] = np.broadcast_to(_scale(node, numbers), (game.n_draws,))
        elif like in made:
            factors[name], beliefs[name] = factors[made[like]], beliefs[made[like]]
        elif node.names & changed:
            made[like] = name
            factor = node_factor(diagram, node, numbers)
            factors[name] = _same_or_new(game.factors[name], factor)
            beliefs[name] = _same_or_new(game.beliefs[name], lifted(node, factor))
    owners = {i.player for i in diagram.interests if i.worth.names & changed}
    terms = _refilled_terms(game, numbers, owners)
    return replace(
        game,
        factors=factors,
        beliefs=beliefs,
        terms=terms,
        precision={
            p: np.broadcast_to(numbers[precision_of(p)], (game.n_draws,)) for p in diagram.players
        },
        scale=scale,
        numbers=numbers,
        **thinking_tables(diagram, terms, numbers, game.n_draws),
    )


def _refilled_terms(
    game: Game, numbers: Mapping[str, np.ndarray], owners: Collection[PlayerName]
) -> tuple[Term, ...]:
    """The terms, with those of some players filled in again."""
    kept = [term for term in game.terms if term.player not in owners]
    old = {(t.player, t.scope): t for t in game.terms}
    for term in _terms(game.diagram, numbers, owners):
        before = old.get((term.player, term.scope))
        if before is not None and np.array_equal(before.worth, term.worth):
            term = before
        kept.append(term)
    return _sorted_terms(game.diagram, kept)


def _same_or_new(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    return old if np.array_equal(old, new) else new


def node_factor(
    diagram: Diagram, node: Chance | Derived, numbers: Mapping[str, np.ndarray]
) -> Float[np.ndarray, "draw ..."]:
    """P(node | parents) in every draw; axes: draw, parents in order of time, node."""
    own = {name: numbers[name] for name in node.names if name in numbers}
    n = max((len(row) for row in own.values()), default=1)
    shape = tuple(len(diagram.domains[name]) for name in (*diagram.parents(node.name), node.name))
    together = max(AT_ONCE // prod(shape), 1)
    if n <= together:
        return np.moveaxis(node_table(diagram, node, numbers), -1, 0)
    # Working a table out takes several times its size, so a large one is filled in bit by bit.
    table = np.empty((*shape, n))
    for start in range(0, n, together):
        draws = slice(start, start + together)
        some = {name: row if len(row) == 1 else row[draws] for name, row in own.items()}
        table[..., draws] = node_table(diagram, node, some)
    return np.moveaxis(table, -1, 0)


def lifted(node: Chance | Derived, factor: np.ndarray, *, by_hand: bool = False) -> np.ndarray:
    """Lift the zeros of a chance node's table, for beliefs after a surprise.

    A derived node's zeros stay: they contradict the case, unless the node is set by hand.
    """
    if isinstance(node, Derived) and not by_hand:
        return factor
    return np.maximum(factor, FLOOR)


def _scale(decision: Decision, numbers: Mapping[str, np.ndarray]) -> np.ndarray:
    if decision.scale is None:
        return np.ones(1)
    return evaluate(decision.scale, {name: numbers[name] for name in decision.scale.names})


def _terms(
    diagram: Diagram, numbers: Mapping[str, np.ndarray], owners: Collection[PlayerName]
) -> tuple[Term, ...]:
    # A term whose nodes are all in another term of the same player is added to it.
    terms: list[Term] = []
    pieces = [
        Term(interest.player, scope, np.moveaxis(table, -1, 0))
        for interest in diagram.interests
        if interest.player in owners
        for scope, table in worth_terms(diagram, interest, numbers)
    ]
    for piece in sorted(pieces, key=lambda term: -len(term.scope)):
        for i, wider in enumerate(terms):
            if wider.player == piece.player and set(piece.scope) <= set(wider.scope):
                lengths = dict(zip(piece.scope, piece.worth.shape[1:], strict=True))
                shape = [lengths.get(name, 1) for name in wider.scope]
                grown = wider.worth + piece.worth.reshape(len(piece.worth), *shape)
                terms[i] = replace(wider, worth=grown)
                break
        else:
            terms.append(piece)
    return _sorted_terms(diagram, terms)


def _sorted_terms(diagram: Diagram, terms: list[Term]) -> tuple[Term, ...]:
    rank = diagram.rank
    order = {player: i for i, player in enumerate(diagram.players)}
    return tuple(sorted(terms, key=lambda t: (order[t.player], [rank[n] for n in t.scope])))
