"""The compiled update of play while a deal is in force, repeated until every draw has converged.

Tables have the draw as their last axis, as everywhere in compiled code.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

import jax
import jax.numpy as jnp

from backchannel.equilibrium.compiling import FEW_PASSES, PLAIN_LOOPS, WIDE, processor_options
from backchannel.equilibrium.deals.future import Future
from backchannel.equilibrium.deals.plan import BrokenPlan, DealPlan, broken_plan, deal_plan
from backchannel.equilibrium.deals.traced_package import TracedPackage
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
        package = TracedPackage(self.future, inputs)
        tables = package.tables()
        prepared = self.plan.update.prepare(tables)
        end = settle(
            lambda rules, share: self._updated(package, prepared, rules, share, damping),
            package.first_rules(from_uniform),
            most=most,
            distance=lambda new, old: largest_move(new, old) / damping,
            ladder=Ladder(rungs, CLOSE_ON_RUNG),
        )
        return end.rules, (*self._report(package, tables, prepared, end.rules), end.change)

    def _report(
        self,
        package: TracedPackage,
        tables: dict[TableKey, Any],
        prepared: Prepared,
        rules: LaneRules,
    ) -> tuple[Any, ...]:
        plan, evaluator = self.plan, self.plan.report
        shape = next(iter(rules.values())).shape[-1:]
        for name in self.future.promised:
            able, best = package.judge(name, rules[name])
            tables = {**tables, ("is able", name): able, ("is best", name): best}
        made = evaluator.evaluate(
            evaluator.prepare(tables, prepared), rules, **_hands(package, rules, 1.0, 1.0)
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

    def _updated(
        self,
        package: TracedPackage,
        prepared: Prepared,
        rules: LaneRules,
        share: Any,
        damping: Any,
    ) -> LaneRules:
        plan = self.plan
        made = carry_out_stretches(
            plan.plan,
            plan.stretches,
            {**prepared, **{table: rules[name] for name, table in plan.old.items()}},
            free={name: package.is_open(name) for name in self.names},
            held={name: package.bind(name, rules[name]) for name in self.names},
            xp=jnp,
            **_hands(package, rules, share, damping),
        )
        return {name: made[table] for name, table in plan.new.items()}


def _hands(package: TracedPackage, rules: LaneRules, share: Any, damping: Any) -> dict[str, Any]:
    """How action values become rules, and how zeros are lifted."""
    inputs = package.inputs

    def respond(name: NodeName, worth: Any) -> Any:
        precision, menu = inputs["precision"][name] * share, inputs["menu"][name]
        response = logit_response(worth, precision=precision, menu=menu, xp=jnp)
        return package.bind(name, damping * response + (1 - damping) * rules[name])

    def floor(name: NodeName, rule: Any) -> Any:
        return lift_zeros(rule, inputs["conceivable"][name], jnp)

    return {"respond": respond, "floor": floor}


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
