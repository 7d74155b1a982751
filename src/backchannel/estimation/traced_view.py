"""Play in one view of the case, as a function of the numbers: a sweep and its fixed point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Int

from backchannel.diagram.relevance import solution_blocks
from backchannel.equilibrium.beliefs.models import Model
from backchannel.equilibrium.frame import frame_of
from backchannel.equilibrium.reasoning.ladders import ladder_key
from backchannel.equilibrium.response import lift_zeros, logit_response
from backchannel.equilibrium.settle import LaneRules
from backchannel.equilibrium.sweep.plan import SweepPlan, sweep_plan
from backchannel.estimation.fixed_point import fixed_point
from backchannel.estimation.traced import TracedGame, TracedNumbers
from backchannel.estimation.traced_ladder import TracedLadder
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.evaluator import Prepared
from backchannel.tensors.game import Game
from backchannel.tensors.interpreter import draws_first, draws_last

FEW = 48
"""Unknowns up to which a linear system is written out from the first."""
MOST = 600
"""Unknowns up to which it is written out where sweeps do not converge."""

TracedRules = dict[NodeName, Any]
"""Rules by decision; axes: row, what the decision sees, action."""


class TracedView:
    """One view of the case, ready to be played at any numbers."""

    def __init__(self, traced: TracedGame, about: Mapping[PlayerName, tuple[int, Model]]) -> None:
        """Prepare.

        Args:
            traced: The view's tables.
            about: The models in which others plan here, and where these stand in the order.
        """
        self.traced, self.about = traced, dict(about)
        game, fixed = traced.game, traced.model.fixed
        diagram = game.diagram
        frame = frame_of(diagram, [(term.player, term.scope) for term in game.terms], held=())
        self.menus = {name: menu[0] > 0 for name, menu in game.menus.items()}
        self.sweeps = [sweep_plan(frame, block) for block in solution_blocks(diagram)]
        self.borrowed = {
            d.name: d.player
            for d in diagram.decisions
            if d.player in self.about and d.name not in fixed
        }
        """Decisions whose rules come from another view."""
        self.thinking = {
            d.name: d.player
            for d in diagram.decisions
            if d.player in game.types
            and game.types[d.player].level[0] >= 0
            and d.name not in {*self.borrowed, *fixed}
        }
        """Decisions of players who think some levels ahead, with their players."""
        self.ladders = {
            key: TracedLadder(traced, frame, key)
            for key in dict.fromkeys(ladder_key(game, player) for player in self.thinking.values())
        }
        self.joint = tuple(
            name
            for sweep in self.sweeps
            if sweep.block.is_joint
            for name in sweep.block.decisions
            if name not in self.borrowed and name not in fixed and name not in self.thinking
        )
        """Decisions whose rules need each other, and that are planned in this view."""
        self.unknown = {
            name: self._choices(name)
            for sweep in self.sweeps
            for name in sweep.block.decisions
            if name in self.joint and sweep.evaluator.reads(name)
        }
        """The cells of their rules that a sweep starts from: where there is a choice at all, and
        somebody draws conclusions from it."""

    @property
    def game(self) -> Game:
        """Its structure, and its tables where no free number enters."""
        return self.traced.game

    @property
    def size(self) -> int:
        """How many unknowns its fixed point has."""
        return sum(map(len, self.unknown.values()))

    @property
    def repeats(self) -> bool:
        """Whether some level takes several passes."""
        return any(ladder.repeats for ladder in self.ladders.values())

    def uniform(self, rows: int) -> TracedRules:
        """Uniform play in every row."""
        rules = {}
        for name, menu in self.game.menus.items():
            rule = menu / menu.sum(axis=-1, keepdims=True)
            rules[name] = np.broadcast_to(rule, (rows, *rule.shape[1:]))
        return rules

    def play(
        self,
        free: TracedNumbers,
        played: Sequence[TracedRules],
        start: TracedRules,
        *,
        newton: bool,
    ) -> tuple[TracedRules, Any]:
        """Everyone's rules in this view, and the rows in which they and their slopes are found.

        Args:
            free: The free numbers.
            played: Rules of the views that come before it.
            start: Rules to start from.
            newton: Write the linear system out if it is not too large.
        """
        # Where nobody decides, the numbers alone say how many rows there are.
        rows = next((len(numbers) for numbers in (*start.values(), *free.values())), 1)
        tables = self._tables(free, played, rows)

        # Inside, rows are the last axis, as everywhere in compiled code.
        uniform = {name: draws_last(rule) for name, rule in self.uniform(rows).items()}

        def sweep(x: Any, tables: Any) -> LaneRules:
            rules = {**uniform, **tables["held"]}
            rules |= self._filled(x, rules)
            for plan, prepared in zip(self.sweeps, tables["prepared"], strict=True):
                rules |= self._swept(plan, prepared, tables, rules)
            return rules

        if not self.unknown:
            solution, good = sweep(jnp.zeros((0, rows)), tables), jnp.ones(rows, dtype=bool)
        else:
            written = self.size <= (MOST if newton else FEW)
            first = self._cut({name: draws_last(jnp.asarray(r)) for name, r in start.items()})
            solution, good = fixed_point(sweep, self._cut, tables, first, written_out=written)
        return {name: draws_first(rule) for name, rule in solution.items()}, good

    def _tables(
        self, free: TracedNumbers, played: Sequence[TracedRules], rows: int
    ) -> dict[str, Any]:
        """What a sweep needs beside the unknowns; all that no rule enters is worked out once."""
        tables = self.traced.tables(free)
        given = {
            (kind, name): draws_last(jnp.asarray(table, float))
            for kind in ("factor", "belief", "term")
            for name, table in tables[kind].items()
        }
        prepared = [sweep.evaluator.prepare(given) for sweep in self.sweeps]
        held = dict(tables["given"])
        for name, player in self.borrowed.items():
            place, model = self.about[player]
            held[name] = model.rule(played[place], name, self.game.diagram, jnp)
        climbed = {
            key: ladder.rules(given, tables["precision"], free, rows)
            for key, ladder in self.ladders.items()
        }
        types = self.game.types
        mine = {
            name: climbed[ladder_key(self.game, player)][name][round(float(types[player].level[0]))]
            for name, player in self.thinking.items()
        }
        return {
            "prepared": prepared,
            "precision": tables["precision"],
            "held": {
                name: draws_last(
                    jnp.broadcast_to(jnp.asarray(rule, float), (rows, *self.menus[name].shape))
                )
                for name, rule in held.items()
            }
            | mine,
        }

    def _swept(
        self, sweep: SweepPlan, prepared: Prepared, tables: Any, rules: LaneRules
    ) -> LaneRules:
        """Update every rule of a block once, each from the newest."""
        held = tables["held"]

        def respond(name: NodeName, worth: Any) -> Any:
            if name in held:
                return held[name]
            precision, menu = tables["precision"][name], self.menus[name][..., None]
            return logit_response(worth, precision=precision, menu=menu, xp=jnp)

        def floor(name: NodeName, rule: Any) -> Any:
            return lift_zeros(rule, draws_last(self.game.conceivable[name]), jnp)

        made = sweep.evaluator.evaluate(prepared, rules, respond=respond, floor=floor)
        return {name: made[table] for name, table in sweep.new.items()}

    def _cut(self, rules: LaneRules) -> Any:
        """The unknowns among the rules; axes: unknown, row."""
        cells = [rules[n].reshape(-1, rules[n].shape[-1])[at] for n, at in self.unknown.items()]
        return jnp.concatenate(cells)

    def _filled(self, x: Any, rules: LaneRules) -> LaneRules:
        """Rules with the unknowns written in; elsewhere there is no choice."""
        filled, begin = {}, 0
        for name, at in self.unknown.items():
            cells = x[begin : begin + len(at)]
            shape = (*self.menus[name].shape, x.shape[-1])
            if len(at) < self.menus[name].size:
                rest = jnp.asarray(rules[name]).reshape(-1, x.shape[-1])
                order = np.arange(len(rest)) + len(at)
                order[at] = np.arange(len(at))
                cells = jnp.concatenate([cells, rest])[order]
            filled[name] = cells.reshape(shape)
            begin += len(at)
        return filled

    def _choices(self, name: NodeName) -> Int[np.ndarray, " cell"]:
        menu = self.menus[name]
        return np.flatnonzero(menu & (menu.sum(axis=-1, keepdims=True) > 1))
