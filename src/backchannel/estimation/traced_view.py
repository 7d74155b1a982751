"""Play in one view of the case, as a function of the numbers: a sweep and its fixed point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Int

from backchannel.diagram.relevance import solution_blocks
from backchannel.equilibrium.action_values import SweepPlan, sweep_plan
from backchannel.equilibrium.models import Model
from backchannel.estimation.fixed_point import fixed_point
from backchannel.estimation.traced import Numbers, TracedGame
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.game import FLOOR, Game
from backchannel.tensors.run import run

FEW = 48
"""Unknowns up to which a linear system is written out from the first."""
MOST = 600
"""Unknowns up to which it is written out where sweeps do not settle."""

Rules = dict[NodeName, Any]


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
        terms = [(term.player, term.scope) for term in game.terms]
        self.menus = {name: menu[0] > 0 for name, menu in game.menus.items()}
        self.sweeps = [sweep_plan(diagram, block, terms) for block in solution_blocks(diagram)]
        self.borrowed = {
            d.name: d.player
            for d in diagram.decisions
            if d.player in self.about and d.name not in fixed
        }
        """Decisions whose rules come from another view."""
        self.joint = tuple(
            name
            for sweep in self.sweeps
            if sweep.block.is_joint
            for name in sweep.block.decisions
            if name not in self.borrowed and name not in fixed
        )
        """Decisions whose rules need each other, and that are planned in this view."""
        self.unknown = {
            name: self._choices(name)
            for sweep in self.sweeps
            for name in sweep.block.decisions
            if name in self.joint and _is_looked_back_on(sweep, name)
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

    def uniform(self, rows: int) -> Rules:
        """Uniform play in every row."""
        found = {}
        for name, menu in self.game.menus.items():
            rule = menu / menu.sum(axis=-1, keepdims=True)
            found[name] = np.broadcast_to(rule, (rows, *rule.shape[1:]))
        return found

    def play(
        self, free: Numbers, played: Sequence[Rules], start: Rules, *, newton: bool
    ) -> tuple[Rules, Any]:
        """Everyone's rules in this view, and the rows in which they and their slopes are found.

        Args:
            free: The free numbers.
            played: Rules of the views that come before it.
            start: Rules to start from.
            newton: Write the linear system out if it is not too large.
        """
        # Where nobody decides, the numbers alone say how many rows there are.
        rows = next((len(one) for one in (*start.values(), *free.values())), 1)
        tables = self._tables(free, played, rows)

        def sweep(x: Any, tables: Any) -> Rules:
            rules = {**self.uniform(rows), **tables["held"]}
            rules |= self._filled(x, rules)
            for plan, once in zip(self.sweeps, tables["once"], strict=True):
                rules |= self._swept(plan, once, tables, rules)
            return rules

        if not self.unknown:
            return sweep(jnp.zeros((rows, 0)), tables), jnp.ones(rows, dtype=bool)
        written = self.size <= (MOST if newton else FEW)
        return fixed_point(sweep, self._cut, tables, self._cut(start), written_out=written)

    def _tables(self, free: Numbers, played: Sequence[Rules], rows: int) -> dict[str, Any]:
        """What a sweep needs beside the unknowns; all that no rule enters is worked out once."""
        tables = self.traced.tables(free)
        once = []
        for sweep in self.sweeps:
            inputs = cast("Any", sweep.plan.inputs)
            given = {
                table: jnp.asarray(tables[kind][name], float)
                for (kind, name), table in inputs.items()
                if kind != "rule"
            }
            steps = [step for step in sweep.steps if not sweep.plan.varies(step.out)]
            once.append(run(sweep.plan, steps, given))
        held = dict(tables["given"])
        for name, player in self.borrowed.items():
            place, model = self.about[player]
            held[name] = model.rule(played[place], name, self.game.diagram, jnp)
        return {
            "once": once,
            "precision": tables["precision"],
            "held": {
                name: jnp.broadcast_to(jnp.asarray(rule, float), (rows, *self.menus[name].shape))
                for name, rule in held.items()
            },
        }

    def _swept(self, sweep: SweepPlan, once: Mapping[int, Any], tables: Any, rules: Rules) -> Rules:
        """Update every rule of a block once, each from the newest."""
        plan, held = sweep.plan, tables["held"]
        inputs = cast("Any", plan.inputs)
        given = dict(once)
        given |= {table: rules[name] for (kind, name), table in inputs.items() if kind == "rule"}

        def respond(name: NodeName, values: list[Any]) -> Any:
            if name in held:
                return held[name]
            worth = sum(values, start=jnp.zeros_like(rules[name]))
            precision = tables["precision"][name]
            scaled = worth * precision.reshape(-1, *(1,) * (worth.ndim - 1))
            menu = self.menus[name]
            return jnp.where(menu, jax.nn.softmax(jnp.where(menu, scaled, -jnp.inf), axis=-1), 0.0)

        def floor(name: NodeName, rule: Any) -> Any:
            return jnp.maximum(rule, FLOOR) * self.game.conceivable[name].astype(float)

        steps = [step for step in sweep.steps if plan.varies(step.out)]
        made = run(plan, steps, given, respond=respond, floor=floor)
        return {name: made[table] for name, table in sweep.new.items()}

    def _cut(self, rules: Rules) -> Any:
        laid = [rules[n].reshape(len(rules[n]), -1)[:, at] for n, at in self.unknown.items()]
        return jnp.concatenate(laid, axis=1)

    def _filled(self, x: Any, rules: Rules) -> Rules:
        """Rules with the unknowns written in; elsewhere there is no choice."""
        found, begin = {}, 0
        for name, at in self.unknown.items():
            laid = x[:, begin : begin + len(at)]
            shape = (len(x), *self.menus[name].shape)
            if len(at) < self.menus[name].size:
                rest = jnp.asarray(rules[name]).reshape(len(x), -1)
                order = np.arange(rest.shape[1]) + len(at)
                order[at] = np.arange(len(at))
                laid = jnp.concatenate([laid, rest], axis=1)[:, order]
            found[name] = laid.reshape(shape)
            begin += len(at)
        return found

    def _choices(self, name: NodeName) -> Int[np.ndarray, " cell"]:
        menu = self.menus[name]
        return np.flatnonzero(menu & (menu.sum(axis=-1, keepdims=True) > 1))


def _is_looked_back_on(sweep: SweepPlan, decision: NodeName) -> bool:
    """Whether a sweep uses the rule that a decision had before it."""
    old = sweep.old[decision]
    return any(old in step.operands for step in sweep.steps)
