"""The compiled update of play while a deal is in force, repeated until every draw has settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from threading import Lock
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from backchannel.equilibrium.future import Future
from backchannel.equilibrium.keeping_plan import BrokenPlan, KeepingPlan, broken_plan, keeping_plan
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.game import FLOOR
from backchannel.tensors.plan_size import size_of
from backchannel.tensors.run import run

SETTLED = 1e-11
"""Largest change of a probability in the next update at which a draw counts as settled."""
FAST = 0.03
"""Rate of contraction below which the next update's change is judged from the last two, with a
margin of one over this."""
SETTLED_ON_RUNG = 1e-2
"""The same on the rungs of a ladder below the last."""
BRISK = {"rungs": 1, "damping": 1.0, "most": 30, "afresh": False}
LADDER = {"rungs": 32, "damping": 0.7, "most": 800, "afresh": True}


class Program:
    """The compiled update of one deal's structure."""

    def __init__(self, future: Future, concerned: tuple[PlayerName, ...]) -> None:
        self.future = future
        self.broken: BrokenPlan = broken_plan(future)
        self.keeping: KeepingPlan = keeping_plan(future, self.broken, concerned)
        self.names = tuple(d.name for d in future.decisions)
        self._solve: Any = jax.jit(self._traced)
        self._compiling = Lock()
        self._compiled = False

    def draws_at_once(self, most: int) -> int:
        """How many draws of a package may be solved at once.

        Raises:
            TooLargeError: Not even one; the nodes that make it large are named.
        """
        keep = {step.out for step in self.keeping.updating}
        plan, steps = self.keeping.plan, (*self.keeping.updating, *self.keeping.reporting)
        size = size_of(plan, [s for s in plan.steps if s in set(steps)], keep)
        return size.draws_at_once(most, "Solving the packages of the deal")

    def solve(
        self, inputs: dict[str, Any], *, rungs: int, damping: float, most: int, afresh: bool
    ) -> tuple[Any, Any]:
        """Update until every draw has settled, and report.

        Args:
            inputs: As the keeper lays them out.
            rungs: Steps of the ladder of precisions.
            damping: Share of each update that is taken over.
            most: Updates at most.
            afresh: Start from uniform play instead of the play without a deal.

        Returns:
            Everyone's rules, and the fields of an outcome in their order.
        """
        how = (jnp.asarray(int(rungs)), jnp.asarray(float(damping)), jnp.asarray(int(most)))
        if self._compiled:
            return self._solve(inputs, *how, jnp.asarray(afresh))
        with self._compiling:
            # Threads that come while one compiles wait, or each would compile.
            solved = self._solve(inputs, *how, jnp.asarray(afresh))
            self._compiled = True
            return solved

    def _traced(
        self, inputs: dict[str, Any], rungs: Any, damping: Any, most: Any, afresh: Any
    ) -> tuple[Any, Any]:
        plan = self.keeping.plan
        given = self._given(inputs)
        once = [s for s in self.keeping.updating if not plan.varies(s.out)]
        given = run(plan, once, given)
        rules = {name: self._first(inputs, name, afresh) for name in self.names}
        rules, change = self._climbed(inputs, given, rules, rungs, damping, most)
        final = {**given, **self._rules(rules)}
        for name in self.future.promised:
            able, best = self._judged(inputs, name, rules[name])
            final[plan.inputs["is able", name]] = able
            final[plan.inputs["is best", name]] = best
        reporting = [step for step in self.keeping.reporting if step.out not in final]
        made = run(plan, reporting, final, **self._hands(inputs, rules, 1.0, 1.0))
        worth = {
            player: sum((made[t] for t in tables), start=jnp.zeros_like(change))
            for player, tables in self.keeping.worth.items()
        }
        masses = [
            {name: jnp.broadcast_to(made[table], change.shape) for name, table in tables.items()}
            for tables in (self.keeping.kept, self.keeping.able, self.keeping.best)
        ]
        return rules, (worth, *masses, change)

    def _given(self, inputs: dict[str, Any]) -> dict[int, Any]:
        plan = self.keeping.plan
        given = {}
        for key, table in plan.inputs.items():
            assert isinstance(key, tuple)
            if key in inputs["tables"]:
                given[table] = inputs["tables"][key]
            elif key[0] == "promise":
                given[table] = inputs["promise"][key[1]]
            elif key[0] == "else":
                given[table] = 1.0 - inputs["promise"][key[1]]
            elif key[0] == "due":
                given[table] = self._due(inputs, key[1], key[2])
        return given

    def _due(self, inputs: dict[str, Any], name: NodeName, player: PlayerName) -> Any:
        """What keeping a promise adds, and breaking it where it could have been kept."""
        promise, possible = self._promise(inputs, name)
        kept, broken = (
            row.reshape(-1, *(1,) * (promise.ndim - 1)) for row in inputs["due"][f"{name}:{player}"]
        )
        return kept * promise + broken * (1.0 - promise) * possible[..., None].astype(promise.dtype)

    def _rules(self, rules: Mapping[NodeName, Any]) -> dict[int, Any]:
        return {self.keeping.plan.inputs["rule", name]: rule for name, rule in rules.items()}

    def _hands(
        self, inputs: dict[str, Any], rules: Mapping[NodeName, Any], scale: Any, damping: Any
    ) -> dict[str, Any]:
        """How a plan's action values become rules, and how zeros are lifted."""

        def respond(name: NodeName, values: list[Any]) -> Any:
            worth = sum(values, start=jnp.zeros_like(rules[name]))
            precision = inputs["precision"][name] * scale
            response = _response(worth, precision, inputs["menu"][name])
            mixed = damping * response + (1 - damping) * rules[name]
            return self._bound(inputs, name, mixed)

        def floor(name: NodeName, rule: Any) -> Any:
            return jnp.maximum(rule, FLOOR) * inputs["conceivable"][name]

        return {"respond": respond, "floor": floor}

    def _bound(self, inputs: dict[str, Any], name: NodeName, rule: Any) -> Any:
        """A rule, unless it is planned elsewhere or the deal is kept by force."""
        rule = jnp.where(inputs["held"][name], inputs["given"][name], rule)
        if name in self.future.promised:
            promise, possible = self._promise(inputs, name)
            rule = jnp.where(inputs["forced"] & possible[..., None], promise, rule)
        return rule

    def _promise(self, inputs: dict[str, Any], name: NodeName) -> tuple[Any, Any]:
        """The promised action, laid out like a rule, and where it is on the menu."""
        menu = inputs["menu"][name]
        promise = inputs["promise"][name].reshape(1, *(1,) * (menu.ndim - 2), -1)
        return promise, _over_actions(jnp.add, menu * promise) > 0

    def _first(self, inputs: dict[str, Any], name: NodeName, afresh: Any) -> Any:
        menu = inputs["menu"][name]
        uniform = menu / menu.sum(axis=-1, keepdims=True)
        return self._bound(inputs, name, jnp.where(afresh, uniform, inputs["start"][name]))

    def _judged(self, inputs: dict[str, Any], name: NodeName, rule: Any) -> tuple[Any, Any]:
        """Where the promised action is on the menu, and where besides no other is worth more.

        Logit play takes better actions more often, so the likeliest action is the best reply.
        """
        promise, possible = self._promise(inputs, name)
        own = _over_actions(jnp.add, rule * promise)
        best = possible & (own >= _over_actions(jnp.maximum, rule * (1.0 - promise)))
        return possible.astype(rule.dtype), best.astype(rule.dtype)

    def _climbed(
        self,
        inputs: dict[str, Any],
        given: Mapping[int, Any],
        rules: dict[NodeName, Any],
        rungs: Any,
        damping: Any,
        most: Any,
    ) -> tuple[dict[NodeName, Any], Any]:
        plan = self.keeping.plan
        draws = max(rule.shape[0] for rule in rules.values())
        updating = [s for s in self.keeping.updating if plan.varies(s.out)]

        def settled(state: tuple) -> Any:
            _, rung, change, _, count = state
            return (count < most) & jnp.any((rung < rungs - 1) | (change > SETTLED))

        def step(state: tuple) -> tuple:
            old, rung, change, last, count = state
            hands = self._hands(inputs, old, (rung + 1) / rungs, damping)
            made = run(plan, updating, {**given, **self._rules(old)}, **hands)
            new = {name: made[table] for name, table in self.keeping.new.items()}
            moved = jnp.zeros(draws)
            for name, rule in new.items():
                gap = jnp.abs(rule - old[name])
                moved = jnp.maximum(moved, gap.reshape(draws, -1).max(axis=1))
            moved = moved / damping
            # Updates that contract fast need no repetition to see that the next would move little.
            rate = jnp.where(jnp.isfinite(last), moved / last, jnp.inf)
            coming = jnp.where(rate < FAST, jnp.minimum(moved, moved * rate / FAST), moved)
            done = (rung == rungs - 1) & (change <= SETTLED)
            up = (rung < rungs - 1) & (moved < SETTLED_ON_RUNG)
            kept = {
                name: jnp.where(done.reshape(-1, *(1,) * (rule.ndim - 1)), old[name], rule)
                for name, rule in new.items()
            }
            return (
                kept,
                jnp.where(up, rung + 1, rung),
                jnp.where(done, change, coming),
                jnp.where(up, jnp.inf, moved),
                count + 1,
            )

        unsettled = jnp.full(draws, jnp.inf)
        start = (rules, jnp.zeros(draws, dtype=int), unsettled, unsettled, 0)
        rules, rung, change, _, _ = lax.while_loop(settled, step, start)
        return rules, jnp.where(rung == rungs - 1, change, jnp.inf)


def _response(values: Any, precision: Any, menu: Any) -> Any:
    """Logit response: P(action | context) ∝ exp(λ Q), over the actions on the menu.

    Source: McKelvey & Palfrey (1998), logit choice for agent-form games.
    """
    scaled = values * precision.reshape(-1, *(1,) * (values.ndim - 1))
    scaled = jnp.where(menu > 0, scaled, -jnp.inf)
    # Few actions, many contexts: slices are much faster here than reductions.
    weights = jnp.exp(scaled - _over_actions(jnp.maximum, scaled)[..., None])
    return weights / _over_actions(jnp.add, weights)[..., None]


def _over_actions(operation: Any, table: Any) -> Any:
    return reduce(operation, [table[..., i] for i in range(table.shape[-1])])


_programs: dict[tuple, Program] = {}


def program_of(future: Future, concerned: Sequence[PlayerName]) -> Program:
    """Fetch the compiled program of a deal's structure, or make it."""
    diagram = future.diagram
    key = (
        tuple(
            (n, len(diagram.domains[n]), diagram.parents(n), getattr(diagram.node[n], "player", ""))
            for n in diagram.order
        ),
        future.nodes,
        future.promised,
        future.terms,
        tuple(concerned),
    )
    if key not in _programs:
        _programs[key] = Program(future, tuple(concerned))
    return _programs[key]
