"""A compiled game: the diagram with its tables filled in, one row of numbers per draw."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod

import numpy as np
from jaxtyping import Bool, Float

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived, Interest
from backchannel.diagram.tables import menu_table, node_table, worth_terms
from backchannel.language.evaluation import evaluate
from backchannel.language.names import NodeName, ParameterName, PlayerName, precision_of
from backchannel.machine.memory import NUMBER
from backchannel.tensors.game_size import claim_tables
from backchannel.tensors.plan import Scope
from backchannel.tensors.thinking import PlayerTypes, thinking_tables

AT_ONCE = 4_000_000
"""Numbers of one node's table, in all draws, that are worked out at once."""
FLOOR = 1e-40
"""What a zero counts as when a player must form beliefs after a surprise.

It disappears in rounding beside anything reached with probability above 1e-24. So beliefs on the
path are exact, and beliefs off it are the limit (decision record 0002).
"""


@dataclass(frozen=True)
class Term:
    """A part of what one player wants, over the nodes in its scope."""

    player: PlayerName
    scope: Scope
    worth: Float[np.ndarray, "draw ..."]
    """In the case's utility unit."""


@dataclass(frozen=True)
class Game:
    """Everything that decides play, in numbers; axis 0 of every table is the draw.

    A table that no parameter enters has a draw axis of length 1.
    """

    diagram: Diagram
    n_draws: int
    factors: Mapping[NodeName, Float[np.ndarray, "draw ..."]]
    """P(node | parents) of chance and derived nodes; axes: draw, parents, node."""
    beliefs: Mapping[NodeName, Float[np.ndarray, "draw ..."]]
    """The same with zeros lifted to `FLOOR` where a surprise is conceivable."""
    terms: tuple[Term, ...]
    precision: Mapping[PlayerName, Float[np.ndarray, " draw"]]
    """λ of each player, per utility unit."""
    menus: Mapping[NodeName, Bool[np.ndarray, "1 ..."]]
    """Which actions a decision has in each context; axes: 1, what it sees, action."""
    conceivable: Mapping[NodeName, Bool[np.ndarray, "1 ..."]]
    """The same with actions that a player has not thought of: they can happen by surprise."""
    scale: Mapping[NodeName, Float[np.ndarray, " draw"]]
    """What turns worths in `terms` into worths at a decision's own round; 1 without discounting."""
    numbers: Mapping[ParameterName, Float[np.ndarray, " draw"]]
    """The parameters behind the tables."""
    types: Mapping[PlayerName, PlayerTypes] = field(default_factory=dict)
    """How players reason who may not be at equilibrium."""
    level_0: Mapping[NodeName, Float[np.ndarray, "draw ..."]] = field(default_factory=dict)
    """What level 0 does at a decision, where it is not uniform; axes as those of the rule, before n/a
    and the menu are put in."""
    complexity: Mapping[NodeName, Float[np.ndarray, " draw"]] = field(default_factory=dict)
    """What the owner's precision is multiplied by at a decision; 1 where there is none."""

    @cached_property
    def at_stake(self) -> Float[np.ndarray, " draw"]:
        """The most that any player has at stake, in logit units."""
        most = np.zeros(self.n_draws)
        for player, precision in self.precision.items():
            here = precision * self.stake_of(player)
            for decision in self.diagram.decisions if self.complexity else ():
                if decision.player == player:
                    here = np.maximum(here, self.lambda_at(decision.name) * self.stake_of(player))
            most = np.maximum(most, here)
        return most

    def stake_of(self, player: PlayerName) -> Float[np.ndarray, " draw"]:
        """The most that a player has at stake, in utility units; one row if all draws are alike."""
        stake = np.zeros(1)
        for term in self.terms:
            if term.player == player:
                flat = term.worth.reshape(len(term.worth), -1)
                stake = stake + flat.max(axis=1) - flat.min(axis=1)
        return stake

    @cached_property
    def rule_cells(self) -> int:
        """Cells of everyone's rules, in one draw."""
        return sum(menu[0].size for menu in self.menus.values())

    @cached_property
    def stored(self) -> int:
        """Bytes of all its tables and of everyone's rules, in every draw."""
        tables = [*self.factors.values(), *self.beliefs.values(), *(t.worth for t in self.terms)]
        distinct = {id(table): table.nbytes for table in tables}
        return sum(distinct.values()) + NUMBER * self.rule_cells * self.n_draws

    def rule_scope(self, decision: NodeName) -> Scope:
        """Axes of a decision's rule after the draw: what it sees, then the action."""
        return (*self.diagram.parents(decision), decision)

    def precision_at(self, decision: NodeName) -> Float[np.ndarray, " draw"]:
        """Precision per unit of the worths in `terms`: λ of the owner, who looks from its round.

        A player at round t answers to λ Σ δ^(s-t) u_s; the terms hold δ^s u_s, so that λ δ^-t is
        what multiplies them. Any solver multiplies action values by this and by nothing else.
        """
        return self.lambda_at(decision) * self.scale[decision]

    def lambda_at(self, decision: NodeName) -> Float[np.ndarray, " draw"]:
        """λ of a decision's owner at this decision, per utility unit: its precision, by complexity."""
        node = self.diagram.node[decision]
        assert isinstance(node, Decision)
        own = self.precision[node.player]
        return own * self.complexity[decision] if decision in self.complexity else own

    def worths_of(self, interest: Interest) -> list[tuple[Scope, Float[np.ndarray, "draw ..."]]]:
        """One interest by itself, as scopes and tables that add up."""
        pieces = worth_terms(self.diagram, interest, self.numbers)
        return [(scope, np.moveaxis(table, -1, 0)) for scope, table in pieces]


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
