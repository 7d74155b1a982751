"""Play while a deal is in force: compiled once for a deal, run for every package and every view.

Packages differ only in numbers: which action is promised, and what keeping or breaking costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.diagram.reasoning import type_node
from backchannel.equilibrium.deals.disagreement import disagreement
from backchannel.equilibrium.deals.future import Future, View
from backchannel.equilibrium.deals.program import program_of
from backchannel.equilibrium.deals.tables import BY_DECISION, PackageTables
from backchannel.language.names import NodeName, PlayerName

Row: TypeAlias = Float[np.ndarray, " draw"]


@dataclass(frozen=True)
class Taken:
    """A rule that one view takes over from the view in which it was planned."""

    view: str
    draws: Bool[np.ndarray, " draw"] | None = None
    """The draws in which it is taken; all, if left out."""
    share: Row | None = None
    """Where its player may be at several levels, the share of this one; they follow each other from 0."""

    def of(self, draws: Int[np.ndarray, " some"]) -> Taken:
        """The same for some draws."""
        return replace(
            self,
            draws=None if self.draws is None else self.draws[draws],
            share=None if self.share is None else self.share[draws],
        )


Takes: TypeAlias = Mapping[str, Mapping[NodeName, tuple[Taken, ...]]]
"""For each view, the decisions whose rules other views have planned. A draw has at most one of them, or one
for each hidden level."""


@dataclass(frozen=True)
class Terms:
    """One package in numbers, for some draws."""

    promised: Mapping[NodeName, int]
    """For each promised decision the position of the promised action."""
    due: Mapping[str, Mapping[tuple[NodeName, PlayerName], tuple[Row, Row]]]
    """By view: what keeping a promise, and breaking it, adds to a player's worth."""
    forced: bool
    """Keep every promise that can be kept, whatever it is worth: the deal on paper."""


@dataclass(frozen=True)
class Outcome:
    """What becomes of one package in one view; axis 0 is the draw."""

    worth: Mapping[PlayerName, Row]
    """Expected worth of what lies ahead, given the record."""
    kept: Mapping[NodeName, Row]
    """P(this promise and all of earlier steps are kept | record)."""
    able: Mapping[NodeName, Row]
    """P(the promises of earlier steps are kept and this one can be | record)."""
    best: Mapping[NodeName, Row]
    """P(the promises of earlier steps are kept and keeping this one is a best reply | record)."""
    through: Mapping[NodeName, Row]
    """For the last decision of each step, P(all promises of this step and earlier ones are kept | record)."""
    change: Row
    """Largest change of any rule in the last update."""


class DealSolver:
    """Solves the packages of one deal in all views of some draws.

    Args:
        future: What lies ahead in the case as it is.
        views: The models of the case, each after those whose rules it takes. What lies ahead in them is the same,
            except for hidden levels.
        takes: For each view, decisions whose rules other views have planned, in all draws or in some.
        concerned: Players whom keeping or breaking costs or pays something.
    """

    def __init__(
        self,
        future: Future,
        views: Mapping[str, View],
        takes: Takes,
        concerned: tuple[PlayerName, ...],
    ) -> None:
        self.future = future
        self.views = views
        self.n_draws = next(iter(views.values())).game.n_draws
        self.takes = takes
        all_taken = [taken for own in takes.values() for some in own.values() for taken in some]
        self.differs_by_draw = any(taken.draws is not None for taken in all_taken)
        self.concerned = concerned
        self.programs = {name: program_of(view.future, concerned) for name, view in views.items()}
        self.broken = {
            name: disagreement(self.programs[name].broken, view) for name, view in views.items()
        }
        self.tables: dict[str, PackageTables] = {}
        for program in dict.fromkeys(self.programs.values()):
            own = {name: view for name, view in views.items() if self.programs[name] is program}
            seen = next(iter(own.values())).future
            tables = PackageTables(seen, own, program, self.broken)
            self.tables |= dict.fromkeys(own, tables)

    def disagreement(self, view: str) -> dict[PlayerName, Row]:
        """Expected worth of what lies ahead without a deal, given the record."""
        start = self.broken[view].start
        return {player: start[player] for player in self.future.owners}

    def solve(self, terms: Terms, **how: Any) -> dict[str, Outcome]:
        """Solve one package in every view, in the views' order.

        Args:
            terms: The package.
            how: As `DealProgram.solve` takes it.
        """
        rules: dict[str, dict[NodeName, Any]] = {}
        outcomes = {}
        with jax.enable_x64(True):
            for name in self.views:
                inputs = self._inputs(name, terms, rules)
                played, report = self.programs[name].solve(inputs, **how)
                rules[name] = played
                outcomes[name] = Outcome(*jax.tree.map(np.asarray, report))
        return outcomes

    def _held(self, is_held: bool) -> Bool[np.ndarray, " draw"]:
        """Whether a rule is held, by draw where that differs, or once for all of them."""
        lanes = (self.n_draws,) if self.differs_by_draw else ()
        return np.full(lanes, is_held)

    def _inputs(
        self, name: str, terms: Terms, rules: Mapping[str, Mapping[NodeName, Any]]
    ) -> dict[str, Any]:
        view, takes = self.views[name], self.takes[name]
        tables = self.tables[name].of(name, terms.promised)
        held, given = {}, {}
        for decision in self.future.decisions:
            d = decision.name
            held[d], given[d] = self._held(d in view.fixed), tables["start", d]
            taken_rules = [(taken, rules[taken.view][d]) for taken in takes.get(d, ())]
            if taken_rules and taken_rules[0][0].share is not None:
                is_hidden = type_node(decision.player) in view.future.diagram.node
                held[d], given[d] = self._held(True), _of_levels(taken_rules, is_hidden=is_hidden)
                continue
            for taken, rule in taken_rules:
                if taken.draws is None:
                    held[d], given[d] = self._held(True), rule
                else:
                    held[d] = held[d] | taken.draws
                    given[d] = jnp.where(taken.draws, rule, given[d])
        due = terms.due[name]
        by_decision = {
            kind: {key[1]: table for key, table in tables.items() if key[0] == kind}
            for kind in BY_DECISION
        }
        return {
            "tables": {key: table for key, table in tables.items() if key[0] not in BY_DECISION},
            **by_decision,
            "held": held,
            "given": given,
            "promise": {
                d: np.eye(len(self.future.diagram.domains[d]))[position][:, None]
                for d, position in terms.promised.items()
            },
            "due": {(d, p): due[d, p] for d in self.future.promised for p in self.concerned},
            "forced": np.asarray(terms.forced),
        }


def _of_levels(taken_rules: Sequence[tuple[Taken, Any]], *, is_hidden: bool) -> Any:
    """The rule of a player who may be at several levels: by its hidden level, or the average."""
    if is_hidden:
        # A hidden level comes before all that its player sees.
        return jnp.stack([rule for _, rule in taken_rules])
    return sum(taken.share * rule for taken, rule in taken_rules)
