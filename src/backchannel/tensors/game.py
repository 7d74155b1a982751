"""A compiled game: the diagram with its tables filled in, one row of numbers per draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision, Interest
from backchannel.diagram.tables import worth_terms
from backchannel.language.names import NodeName, ParameterName, PlayerName
from backchannel.machine.memory import NUMBER
from backchannel.tensors.plan import Scope
from backchannel.tensors.thinking import PlayerTypes

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
