"""The compiled update of play while a deal is in force, repeated until every draw has converged.

Tables have the draw as their last axis, as everywhere in compiled code.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from threading import Lock
from typing import Any

import jax
import jax.numpy as jnp

from backchannel.equilibrium.compiling import FEW_PASSES, PLAIN_LOOPS, WIDE, processor_options
from backchannel.equilibrium.deals.future import Future
from backchannel.equilibrium.deals.plan import BrokenPlan, DealPlan, broken_plan, deal_plan
from backchannel.equilibrium.response import lift_zeros, logit_response
from backchannel.equilibrium.settle import Ladder, LaneRules, largest_move, settle
from backchannel.equilibrium.skipping import carry_out_stretches
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.evaluator import Prepared, TableKey
from backchannel.tensors.plan_size import size_of

CLOSE_ON_RUNG = 1e-2
"""Largest move of a probability in an update at which a draw goes up a rung of the ladder."""
QUICK = {"rungs": 1, "damping": 1.0, "most": 30, "from_uniform": False}
"""Updates at full precision from the play without a deal."""
LADDER = {"rungs": 32, "damping": 0.7, "most": 800, "from_uniform": True}
"""Damped updates from uniform play, at ever higher precision."""


class DealProgram:
    """The compiled update of one deal's structure.

    Args:
        future: What lies ahead.
        concerned: Players whom keeping or breaking a promise costs or pays something.
    """

    def __init__(self, future: Future, concerned: tuple[PlayerName, ...]) -> None:
        self.future = future
        self.broken: BrokenPlan = broken_plan(future)
        self.plan: DealPlan = deal_plan(future, self.broken, concerned)
        self.names = tuple(d.name for d in future.decisions)
        options = processor_options(WIDE, PLAIN_LOOPS, FEW_PASSES)
        self._solve: Any = jax.jit(self._traced, compiler_options=options)
        self._compiling = Lock()
        self._is_compiled = False

    def draws_at_once(self, most: int) -> int:
        """How many draws of a package may be solved at once.

        Raises:
            TooLargeError: Not even one; the nodes that make it large are named.
        """
        update, report = self.plan.update, self.plan.report
        plan = self.plan.plan
        needed = {*update.steps, *report.steps}
        steps = [step for step in plan.steps if step in needed]
        size = size_of(plan, steps, {step.out for step in update.steps})
        return size.draws_at_once(most, "Solving the packages of the deal")

    def solve(
        self, inputs: dict[str, Any], *, rungs: int, damping: float, most: int, from_uniform: bool
    ) -> tuple[Any, Any]:
        """Update until every draw has converged, and report.

        Args:
            inputs: As `DealSolver` arranges them.
            rungs: Rungs of the ladder of precisions.
            damping: Weight of each new rule; the rest is that of the old one.
            most: Updates at most.
            from_uniform: Start from uniform play instead of the play without a deal.

        Returns:
            Everyone's rules, and the fields of an outcome in their order.
        """
        how = (jnp.asarray(int(rungs)), jnp.asarray(float(damping)), jnp.asarray(int(most)))
        if self._is_compiled:
            return self._solve(inputs, *how, jnp.asarray(from_uniform))
        with self._compiling:
            # Threads that arrive during a compilation wait, or each of them would compile.
            solved = self._solve(inputs, *how, jnp.asarray(from_uniform))
            self._is_compiled = True
            return solved

    def _traced(
        self, inputs: dict[str, Any], rungs: Any, damping: Any, most: Any, from_uniform: Any
    ) -> tuple[Any, Any]:
        tables = self._tables(inputs)
        prepared = self.plan.update.prepare(tables)
        end = settle(
            lambda rules, share: self._updated(inputs, prepared, rules, share, damping),
            self._first(inputs, from_uniform),
            most=most,
            distance=lambda new, old: largest_move(new, old) / damping,
            ladder=Ladder(rungs, CLOSE_ON_RUNG),
        )
        return end.rules, (*self._report(inputs, tables, prepared, end.rules), end.change)

    def _report(
        self,
        inputs: dict[str, Any],
        tables: dict[TableKey, Any],
        prepared: Prepared,
        rules: LaneRules,
    ) -> tuple[Any, ...]:
        plan, evaluator = self.plan, self.plan.report
        shape = next(iter(rules.values())).shape[-1:]
        for name in self.future.promised:
            able, best = self._judged(inputs, name, rules[name])
            tables = {**tables, ("is able", name): able, ("is best", name): best}
        made = evaluator.evaluate(
            evaluator.prepare(tables, prepared), rules, **self._hands(inputs, rules, 1.0, 1.0)
        )
        worth = {
            player: sum((made[t] for t in parts), start=jnp.zeros(shape))
            for player, parts in plan.worth.items()
        }
        masses = [
            {name: jnp.broadcast_to(made[table], shape) for name, table in by_promise.items()}
            for by_promise in (plan.kept, plan.able, plan.best, plan.through)
        ]
        return worth, *masses

    def _tables(self, inputs: dict[str, Any]) -> dict[TableKey, Any]:
        """Everything that the plan takes, except rules and what is told of them."""
        tables = dict(inputs["tables"])
        for name, promise in inputs["promise"].items():
            tables["promise", name] = promise
            if self.future.ends_step(name):
                tables["else", name] = 1.0 - self._all_promised(inputs, name)
        for (name, player), (kept, broken) in inputs["due"].items():
            if len(self.future.step_of(name)) > 1:
                tables["paid", name, player], kept = kept, jnp.zeros_like(kept)
            tables["due", name, player] = self._due(inputs, name, kept, broken)
        return tables

    def _all_promised(self, inputs: dict[str, Any], name: NodeName) -> Any:
        """1 where every decision of a step is as promised; one axis for each decision, then the draw."""
        step = self.future.step_of(name)
        alone = [
            inputs["promise"][other].reshape(*(1,) * i, -1, *(1,) * (len(step) - 1 - i), 1)
            for i, other in enumerate(step)
        ]
        return reduce(jnp.multiply, alone)

    def _due(self, inputs: dict[str, Any], name: NodeName, kept: Any, broken: Any) -> Any:
        """What keeping a promise adds, and breaking it where it could have been kept."""
        promise, possible = self._promise(inputs, name)
        return kept * promise + broken * (1.0 - promise) * possible[..., None, :].astype(
            promise.dtype
        )

    def _updated(
        self, inputs: dict[str, Any], prepared: Prepared, rules: LaneRules, share: Any, damping: Any
    ) -> LaneRules:
        plan = self.plan
        made = carry_out_stretches(
            plan.plan,
            plan.stretches,
            {**prepared, **{table: rules[name] for name, table in plan.old.items()}},
            free={name: self._is_open(inputs, name) for name in self.names},
            held={name: self._bound(inputs, name, rules[name]) for name in self.names},
            xp=jnp,
            **self._hands(inputs, rules, share, damping),
        )
        return {name: made[table] for name, table in plan.new.items()}

    def _hands(
        self, inputs: dict[str, Any], rules: LaneRules, share: Any, damping: Any
    ) -> dict[str, Any]:
        """How action values become rules, and how zeros are lifted."""

        def respond(name: NodeName, worth: Any) -> Any:
            precision, menu = inputs["precision"][name] * share, inputs["menu"][name]
            response = logit_response(worth, precision=precision, menu=menu, xp=jnp)
            return self._bound(inputs, name, damping * response + (1 - damping) * rules[name])

        def floor(name: NodeName, rule: Any) -> Any:
            return lift_zeros(rule, inputs["conceivable"][name], jnp)

        return {"respond": respond, "floor": floor}

    def _bound(self, inputs: dict[str, Any], name: NodeName, rule: Any) -> Any:
        """A rule, unless it is planned elsewhere or the deal is kept by force."""
        rule = jnp.where(inputs["held"][name], inputs["given"][name], rule)
        if name in self.future.promised:
            promise, possible = self._promise(inputs, name)
            rule = jnp.where(inputs["forced"] & possible[..., None, :], promise, rule)
        return rule

    def _is_open(self, inputs: dict[str, Any], name: NodeName) -> Any:
        """Whether a rule depends on what actions are worth: it is not planned elsewhere, nor forced throughout."""
        is_open = ~inputs["held"][name].all()
        if name in self.future.promised:
            _, possible = self._promise(inputs, name)
            is_open = is_open & ~(inputs["forced"] & possible.all())
        return is_open

    def _promise(self, inputs: dict[str, Any], name: NodeName) -> tuple[Any, Any]:
        """The promised action, with the axes of a rule, and where it is on the menu."""
        menu = inputs["menu"][name]
        promise = inputs["promise"][name].reshape(*(1,) * (menu.ndim - 2), -1, 1)
        return promise, _over_actions(jnp.add, menu * promise) > 0

    def _first(self, inputs: dict[str, Any], from_uniform: Any) -> LaneRules:
        rules = {}
        for name in self.names:
            menu = inputs["menu"][name]
            uniform = menu / menu.sum(axis=-2, keepdims=True)
            start = jnp.where(from_uniform, uniform, inputs["start"][name])
            rules[name] = self._bound(inputs, name, start)
        lanes = max(rule.shape[-1] for rule in rules.values())
        return {
            name: jnp.broadcast_to(rule, (*rule.shape[:-1], lanes)) for name, rule in rules.items()
        }

    def _judged(self, inputs: dict[str, Any], name: NodeName, rule: Any) -> tuple[Any, Any]:
        """Where the promised action is on the menu, and where besides no other is worth more.

        Logit play takes better actions more often, so the most likely action is the best reply.
        """
        promise, possible = self._promise(inputs, name)
        own = _over_actions(jnp.add, rule * promise)
        best = possible & (own >= _over_actions(jnp.maximum, rule * (1.0 - promise)))
        return possible.astype(rule.dtype), best.astype(rule.dtype)


def _over_actions(operation: Any, table: Any) -> Any:
    # Few actions, many contexts: slices are much faster here than reductions.
    return reduce(operation, [table[..., i, :] for i in range(table.shape[-2])])


_programs: dict[tuple[Any, ...], DealProgram] = {}


def program_of(future: Future, concerned: Sequence[PlayerName]) -> DealProgram:
    """Fetch the compiled program of a deal's structure, or make it."""
    diagram = future.diagram
    key = (
        tuple(
            (n, len(diagram.domains[n]), diagram.parents(n), getattr(diagram.node[n], "player", ""))
            for n in diagram.order
        ),
        future.nodes,
        future.promised,
        future.joint,
        future.terms,
        tuple(future.settled),
        tuple(concerned),
    )
    if key not in _programs:
        _programs[key] = DealProgram(future, tuple(concerned))
    return _programs[key]
