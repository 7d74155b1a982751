"""The future part of a game: what lies ahead of a day, with the past summed up in one table.

What was decided before the day is decided; its rules stand. So everything that the past still
means for the future is the joint distribution of the past nodes that the future looks at, the
interface. It is worked out once, and the game that is solved again is much smaller. Past nodes that
the record has settled, and that every player who would care knows, have no axis in it: all tables are
cut at their values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from jaxtyping import Float, Int
from numpy import ndarray

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision
from backchannel.equilibrium.frame import Frame
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.game import Game
from backchannel.tensors.plan import Scope


@dataclass(frozen=True)
class Future:
    """Which part of a diagram lies ahead of a day, and which decisions are promised there."""

    diagram: Diagram
    since: date
    promised: tuple[NodeName, ...]
    """Decisions that a deal fixes, in order of time; all of them lie ahead."""
    terms: tuple[tuple[PlayerName, Scope], ...]
    """Owner and scope of each part of the interests of the whole game, without the settled nodes."""
    settled: Mapping[NodeName, int] = field(default_factory=dict)
    """Past nodes that no table has an axis for, with the position of the value that all are cut at."""

    def parents(self, name: NodeName) -> Scope:
        """A node's parents without the settled ones, in order of time."""
        return tuple(p for p in self.diagram.parents(name) if p not in self.settled)

    @cached_property
    def nodes(self) -> tuple[NodeName, ...]:
        """What comes about on the day or later, in order of time."""
        dates = self.diagram.dates
        return tuple(name for name in self.diagram.order if dates[name] >= self.since)

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions ahead, in order of time."""
        return tuple(d for d in self.diagram.decisions if d.name in self.nodes)

    @cached_property
    def terms_at(self) -> Mapping[NodeName, tuple[int, ...]]:
        """For each node ahead the parts of the interests of which it is the latest node.

        Parts over past nodes alone are the same with and without a deal, and are left out.
        """
        terms: dict[NodeName, list[int]] = {name: [] for name in self.nodes}
        for i, (_, scope) in enumerate(self.terms):
            ahead = [name for name in self.nodes if name in scope]
            if ahead:
                terms[ahead[-1]].append(i)
        return {name: tuple(parts) for name, parts in terms.items()}

    @cached_property
    def interface(self) -> Scope:
        """Past nodes that something ahead depends on, in order of time."""
        wanted = {p for name in self.nodes for p in self.parents(name)}
        for parts in self.terms_at.values():
            wanted = wanted.union(*(self.terms[i][1] for i in parts))
        return tuple(n for n in self.diagram.order if n in wanted and n not in self.nodes)

    @cached_property
    def owners(self) -> tuple[PlayerName, ...]:
        """Players to whom something ahead matters, in the case's order."""
        owners = {self.terms[i][0] for parts in self.terms_at.values() for i in parts}
        return tuple(player for player in self.diagram.players if player in owners)

    @cached_property
    def frame(self) -> Frame:
        """What lies ahead, all decisions free; the past is summed up in the interface."""
        return self._frame(in_force=False)

    @cached_property
    def frame_in_force(self) -> Frame:
        """The same while the deal is kept: no table has an axis for a promised decision but its own."""
        return self._frame(in_force=True)

    def _frame(self, *, in_force: bool) -> Frame:
        promised = self.promised if in_force else ()

        def left(scope: Scope) -> Scope:
            return tuple(name for name in scope if name not in promised)

        domains, known = self.diagram.domains, {*self.interface, *self.nodes}
        return Frame(
            cards={name: len(domains[name]) for name in self.diagram.order if name in known},
            parents={
                **dict.fromkeys(self.interface, ()),
                **{name: left(self.parents(name)) for name in self.nodes},
            },
            owner={decision.name: decision.player for decision in self.decisions},
            terms=tuple((player, left(scope)) for player, scope in self.terms),
            interface=self.interface,
            promised=promised,
        )

    def scope(self, name: NodeName) -> Scope:
        """A node's own table: its parents in order of time, without the settled ones, then the node."""
        return (*self.parents(name), name)

    def in_force(self, scope: Scope, *, own: NodeName | None = None) -> Scope:
        """What is left of a scope while the deal is kept: promised decisions are as promised.

        Args:
            scope: Nodes.
            own: A promised decision that is being taken, and so is still open.
        """
        return tuple(name for name in scope if name not in self.promised or name == own)


@dataclass(frozen=True)
class View:
    """The future as one model of the case sees it, in numbers; axis 0 is the draw."""

    future: Future
    game: Game
    rules: Mapping[NodeName, Float[ndarray, "draw ..."]]
    """Everyone's rules without a deal: the disagreement play."""
    fixed: frozenset[NodeName]
    """Decisions ahead that this view takes for chance."""
    prior: Float[ndarray, "draw ..."]
    """Joint of the interface as the players' beliefs need it: zeros of the past lifted."""
    posterior: Float[ndarray, "draw ..."]
    """Joint of the interface given the record; sums to 1, or is nan where that is impossible."""

    def of(self, draws: Int[ndarray, " some"]) -> View:
        """The same view of some draws."""

        def cut(table: ndarray) -> ndarray:
            return table if len(table) == 1 else table[draws]

        game = self.game
        return replace(
            self,
            game=replace(
                game,
                n_draws=len(draws),
                factors={name: cut(table) for name, table in game.factors.items()},
                beliefs={name: cut(table) for name, table in game.beliefs.items()},
                terms=tuple(replace(term, worth=cut(term.worth)) for term in game.terms),
                precision={name: row[draws] for name, row in game.precision.items()},
                scale={name: row[draws] for name, row in game.scale.items()},
                numbers={name: cut(row) for name, row in game.numbers.items()},
            ),
            rules={name: cut(rule) for name, rule in self.rules.items()},
            prior=self.prior[draws],
            posterior=self.posterior[draws],
        )
